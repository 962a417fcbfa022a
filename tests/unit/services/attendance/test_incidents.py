from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.services.events import IncidentNoted, SignInResting
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


def noted(school: SmallSchool) -> list[tuple[int, IncidentKind, int | None]]:
    school.store.write(lambda _repositories: None)  # what is noted was written before
    found = [one.incident for one in school.events if isinstance(one, IncidentNoted)]
    return [(one.session_id, one.kind, one.student_id) for one in found]


def test_a_number_that_rests_is_noted_in_the_class(school: SmallSchool) -> None:
    course, students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.running.show(session, course)

    school.hub.emit(SignInResting(students[0]))

    assert noted(school) == [(session.session_id, IncidentKind.SIGN_IN_RESTS, students[0].student_id)]


def test_between_classes_nobody_is_told(school: SmallSchool) -> None:
    _, students = school.add_course()

    school.hub.emit(SignInResting(students[0]))

    assert noted(school) == []
