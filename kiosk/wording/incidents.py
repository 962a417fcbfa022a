"""What a teacher is told beside the records: it says what was seen, and accuses nobody. Pure; any thread."""

from datetime import timedelta
from typing import Literal, assert_never

from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.translation import _
from kiosk.wording.dates import span

_OfCodes = Literal[
    IncidentKind.EXPIRED_CODES,
    IncidentKind.FOREIGN_CODES,
    IncidentKind.MISTYPED_CODES,
    IncidentKind.MANY_SCANS,
]


def incident_sentence(kind: IncidentKind, *, who: str, other: str, moved: timedelta = timedelta()) -> str:
    """What was seen, without its time and its full stop.

    Args:
        kind: What it was.
        who: Whom it is about; unused where nobody is known.
        other: For phones: who had been marked with it.
        moved: For the clock: how far it was set forward.
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
        case (
            IncidentKind.EXPIRED_CODES
            | IncidentKind.FOREIGN_CODES
            | IncidentKind.MISTYPED_CODES
            | IncidentKind.MANY_SCANS
        ):
            said = _code_sentence(kind)
        case IncidentKind.GUESSED_PINS:
            said = _("Wrong PINs were tried for one student after the other from one place")
        case IncidentKind.PHONE_NOT_ENROLLED:
            said = _("A phone that is not enrolled for {who} tried to mark {who}, and was refused")
        case IncidentKind.NEW_BROWSERS:
            said = _("Browsers that nobody ever used mark one student after the other from one address")
        case IncidentKind.CLOCK_MOVED:
            said = clock_sentence(moved)
        case _:
            assert_never(kind)
    return said.format(who=who, other=other)


def _code_sentence(kind: _OfCodes) -> str:
    match kind:
        case IncidentKind.EXPIRED_CODES:
            return _("Codes that had expired were scanned again and again")
        case IncidentKind.FOREIGN_CODES:
            return _("Codes that this class never showed were scanned")
        case IncidentKind.MISTYPED_CODES:
            return _("Wrong codes were typed again and again")
        case IncidentKind.MANY_SCANS:
            return _("Somebody scans the code again and again without signing in")
        case _:
            assert_never(kind)


def clock_sentence(moved: timedelta) -> str:
    """What became of the PC's clock while a class was open, without a full stop."""
    if not is_moved(moved):
        return _("The clock of this PC was moved, and is back at the time of this class")
    words = (
        _("The clock of this PC was set forward by {span}; the times of this class are by the clock before")
        if moved > timedelta()
        else _("The clock of this PC was set back by {span}; the times of this class are by the clock before")
    )
    return words.format(span=span(moved))


def clock_words(moved: timedelta) -> tuple[str, ...]:
    """The same for the head of the screen that students see, and shorter."""
    return (
        _("The clock of this PC was moved by {span}; this class goes on as before.", span=span(moved)),
        _("The PC's clock was moved by {span}.", span=span(moved)),
        _("Clock moved by {span}.", span=span(moved)),
    )


def clock_ahead(seconds: float) -> str:
    """How far the PC's clock stood from the time of its class when a proof was given, inside a sentence."""
    words = _("the PC's clock was {span} ahead") if seconds > 0 else _("the PC's clock was {span} behind")
    return words.format(span=span(timedelta(seconds=seconds)))


def is_moved(moved: timedelta) -> bool:
    """Whether there is something to say."""
    return abs(moved) >= timedelta(seconds=1)
