"""What a teacher is told beside the records: it says what was seen, and accuses nobody. Pure; any thread."""

from typing import assert_never

from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.translation import _


def incident_sentence(kind: IncidentKind, *, who: str, other: str) -> str:
    """What was seen, without its time and its full stop.

    Args:
        kind: What it was.
        who: Whom it is about; unused where nobody is known.
        other: For phones: who had been marked with it.
    """
    match kind:
        case IncidentKind.SECOND_DEVICE_REFUSED:
            said = _("The phone that marked {other} tried to mark {who}, and was refused")
        case IncidentKind.SECOND_DEVICE_FLAGGED:
            said = _("The same phone marked {other} and {who}")
        case IncidentKind.SAME_ADDRESS:
            said = _("{who} and {other} checked in from one address with the same kind of phone")
        case IncidentKind.SIGN_IN_RESTS:
            said = _("Too many wrong PINs were tried for {who}")
        case IncidentKind.OUTSIDE_NETWORK:
            said = _("A phone outside of the allowed networks was refused")
        case IncidentKind.EXPIRED_CODES:
            said = _("Codes that had expired were scanned again and again")
        case IncidentKind.FOREIGN_CODES:
            said = _("Codes that this class never showed were scanned")
        case IncidentKind.MISTYPED_CODES:
            said = _("Wrong codes were typed again and again")
        case _:
            assert_never(kind)
    return said.format(who=who, other=other)
