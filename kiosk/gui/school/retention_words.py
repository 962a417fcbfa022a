"""How Today tells an admin what was deleted because it is no longer needed, or will be. Pure."""

from kiosk.services.school.retention import Deleted
from kiosk.services.school.retention_rounds import RetentionRound
from kiosk.wording.dates import numeric_day


def retention_words(newest: RetentionRound) -> tuple[str, str]:
    """A sentence, and what can be done about it."""
    what = _listed(newest.due)
    if newest.held_until is None:
        return f"Deleted, because no longer needed: {what}.", "Attendance stays. The log says whose faces."
    return (
        f"No longer needed, and deleted from {numeric_day(newest.held_until)} on: {what}.",
        "To keep them longer, change “Faces are deleted after” in the school's rules before.",
    )


def _listed(due: Deleted) -> str:
    traces = due.traces.device_uses + due.traces.incidents
    parts = []
    if due.faces:
        parts.append(
            "the face of 1 student" if len(due.faces) == 1 else f"the faces of {len(due.faces)} students"
        )
    if traces:
        parts.append("1 trace of phones" if traces == 1 else f"{traces} traces of phones")
    return " and ".join(parts)
