from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.services.attendance.incidents import ClassIncidents
from kiosk.services.events import IncidentNoted, OutsiderRefused, SignInResting
from tests.fakes.school import FakeSchool, open_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[FakeSchool]:
    with open_school(tmp_path) as made:
        in_class = ClassIncidents(running=made.live, incidents=made.incidents)
        made.hub.subscribe(SignInResting, in_class.on_event)
        made.hub.subscribe(OutsiderRefused, in_class.on_event)
        yield made


def noted(school: FakeSchool) -> list[tuple[int, IncidentKind, int | None]]:
    found = [one.incident for one in school.events if isinstance(one, IncidentNoted)]
    return [(one.session_id, one.kind, one.student_id) for one in found]


def test_what_happens_around_a_class_is_noted_in_it(school: FakeSchool) -> None:
    course, students = school.add_course()
    session = school.sessions.start(course.course_id, actor="Anna", model="fake").result()
    school.live.show(session, course)

    school.hub.emit(SignInResting(students[0]))
    school.hub.emit(OutsiderRefused())

    assert noted(school) == [
        (session.session_id, IncidentKind.SIGN_IN_RESTS, students[0].student_id),
        (session.session_id, IncidentKind.OUTSIDE_NETWORK, None),
    ]


def test_between_classes_nobody_is_told(school: FakeSchool) -> None:
    _, students = school.add_course()

    school.hub.emit(SignInResting(students[0]))
    school.hub.emit(OutsiderRefused())

    assert noted(school) == []
