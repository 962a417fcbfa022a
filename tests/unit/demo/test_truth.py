"""The demo's own judge must be able to find fault."""

from kiosk.demo.pool import pool
from kiosk.demo.script import ClassPlan, plan_class
from kiosk.demo.truth import misnamed
from kiosk.domain.faces.frames import Box
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.people.students import Student
from kiosk.services.events import FaceDecided


def accepted(plan: ClassPlan, key: str, as_number: str, began_s: float = 0.0) -> FaceDecided:
    """An accepted face where the person of `key` stands, named `as_number`."""
    walk = next(walk for walk in plan.walks if walk.key == key)
    place = walk.at(walk.arrive_s)
    assert place is not None
    student = Student(1, as_number, "Somebody")
    box = Box(place.x - 50, place.y - 50, 100, 100)
    at = walk.arrive_s + began_s
    return FaceDecided(1, 1, Outcome.ACCEPTED, student, at, at, 0.1, 0.3, box)


PLAN = plan_class(3, 4, 1, pool())
OWNERS = {one.person.key: one.student_no for one in PLAN.students if one.person is not None}


def test_right_names_are_right() -> None:
    events = [accepted(PLAN, key, number) for key, number in OWNERS.items()]

    assert misnamed(PLAN, events, 0.0) == (0, 0)


def test_a_stranger_who_was_named_is_counted() -> None:
    event = accepted(PLAN, PLAN.strangers[0].key, PLAN.students[0].student_no)

    assert misnamed(PLAN, [event], 0.0) == (1, 0)


def test_a_student_taken_for_another_is_counted() -> None:
    first, second = list(OWNERS)[:2]

    assert misnamed(PLAN, [accepted(PLAN, first, OWNERS[second])], 0.0) == (0, 1)


def test_a_face_where_nobody_stood_counts_as_a_stranger() -> None:
    event = accepted(PLAN, next(iter(OWNERS)), next(iter(OWNERS.values())), began_s=1000.0)

    assert misnamed(PLAN, [event], 0.0) == (1, 0)
    assert misnamed(PLAN, [event], 1000.0) == (0, 0)
