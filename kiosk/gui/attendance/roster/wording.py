"""What the roster says about corrections, by its own hand and by others. Pure; any thread."""

from typing import assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import Correction
from kiosk.gui.attendance.roster.state import RosterFilter
from kiosk.services.faces.ambiguous_faces import Confirmed
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.attendance import proof_words, state_word, status_word, status_words
from kiosk.wording.dates import clock_time, day_and_time


def confirmed_words(confirmed: Confirmed, zone: ZoneInfo) -> str:
    """What came of naming an ambiguous face, in a sentence or more."""
    record = confirmed.record
    status, seen = status_word(record.shown), clock_time(record.marked_at, zone)
    words = [
        _(
            "{full_name} is marked {status}, seen at {seen}.",
            full_name=confirmed.student.full_name,
            status=status,
            seen=seen,
        )
    ]
    if confirmed.learnt is not None:
        words.append(_("The picture was learnt."))
    elif confirmed.refusal:
        words.append(_("The picture was not learnt: {refusal}", refusal=confirmed.refusal))
    return " ".join([*words, *(warning.text for warning in confirmed.warnings)])


def filter_title(chosen: RosterFilter) -> str:
    """Which rows are shown, alone."""
    match chosen:
        case RosterFilter.ALL:
            return _("All")
        case RosterFilter.MISSING:
            return _("Not here")
        case RosterFilter.PRESENT:
            return status_words(Status.PRESENT).title
        case RosterFilter.LATE:
            return status_words(Status.LATE).title
        case RosterFilter.EXCUSED:
            return status_words(Status.EXCUSED).title
        case _:
            assert_never(chosen)


def correction_words(correction: Correction, zone: ZoneInfo) -> str:
    """What a record was before, who changed it and why."""
    before = correction.before
    proof = proof_words(before, zone)
    was = state_word(before) + (f" ({proof})" if proof else "")
    changed = day_and_time(correction.corrected_at, zone)
    return _(
        "Was {was}; {actor} changed it on {changed}: {reason}",
        was=was,
        actor=actor_name(correction.actor),
        changed=changed,
        reason=_(correction.reason),
    )
