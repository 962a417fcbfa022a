"""Whose face was it really? The plan of the drawn class knows; recognition does not."""

from collections.abc import Iterable

from kiosk.demo.script import ClassPlan
from kiosk.domain.faces.recognition import Outcome
from kiosk.services.events import Event, FaceDecided


def misnamed(plan: ClassPlan, events: Iterable[Event], began_s: float) -> tuple[int, int]:
    """Compare every accepted face with who stood there.

    Args:
        plan: The class as it was planned.
        events: What happened.
        began_s: When the class began on the time scale of the camera's frames: 0 for a recording.

    Returns:
        How often a stranger was taken for a student, and a student for another one.
    """
    numbers = {one.person.key: one.student_no for one in plan.students if one.person is not None}
    strangers = mistaken = 0
    for event in events:
        if (
            not isinstance(event, FaceDecided)
            or event.outcome is not Outcome.ACCEPTED
            or event.student is None
        ):
            continue
        key = _who_stood_there(plan, event, event.decided_s - began_s)
        if key is None or key not in numbers:
            strangers += 1
        elif numbers[key] != event.student.student_no:
            mistaken += 1
    return strangers, mistaken


def _who_stood_there(plan: ClassPlan, event: FaceDecided, time_s: float) -> str | None:
    if event.box is None:
        return None
    x = event.box.centre[0]
    places = [(walk.at(time_s), walk.key) for walk in plan.walks]
    present = [(abs(place.x - x), key) for place, key in places if place is not None]
    return min(present)[1] if present else None
