"""How Today tells an admin what was deleted because it is no longer needed, or will be. Pure."""

from kiosk.services.school.retention import ExpiredData
from kiosk.services.school.retention_rounds import RetentionRound
from kiosk.translation import _, ngettext
from kiosk.wording.dates import numeric_day
from kiosk.wording.lists import listed


def retention_words(newest: RetentionRound) -> tuple[str, str]:
    """A sentence, and what can be done about it."""
    what = _listed(newest.due)
    if newest.held_until is None:
        return _("Deleted, because no longer needed: {what}.", what=what), _(
            "Attendance stays. The log says whose faces."
        )
    return (
        _(
            "No longer needed, and deleted from {held_until} on: {what}.",
            held_until=numeric_day(newest.held_until),
            what=what,
        ),
        _("To keep them longer, change “Faces are deleted after” in the school's rules before."),
    )


def _listed(due: ExpiredData) -> str:
    traces = due.traces.device_uses + due.traces.incidents
    parts = []
    if due.faces:
        parts.append(
            ngettext(
                "the face of {faces} student",
                "the faces of {faces} students",
                len(due.faces),
                faces=len(due.faces),
            )
        )
    if traces:
        parts.append(ngettext("{traces} trace of phones", "{traces} traces of phones", traces, traces=traces))
    return listed(parts)
