from datetime import timedelta

import pytest

from kiosk.domain.people.consents import AnsweredBy, Answerer, ConsentKind, ConsentState
from kiosk.domain.people.notices import hash_of
from kiosk.errors import ConflictError, ForbiddenError
from kiosk.services.events import GalleryChanged
from kiosk.settings import SchoolRules
from tests.fakes.actors import admin, teacher
from tests.world.school import SmallSchool

FACE = ConsentKind.FACE_RECOGNITION
DAY_S = 86400.0


def counting(school: SmallSchool, *student_ids: int) -> set[int]:
    return school.store.read(lambda repositories: repositories.consents.given_by(student_ids, FACE))


def test_a_school_that_publishes_nothing_keeps_all_its_consents(school: SmallSchool) -> None:
    _course, (anna, *_rest) = school.add_course()
    school.enrol(anna, 0)
    notices = school.cases.people.notices
    assert notices.current().version == 1
    school.clock.advance(800 * DAY_S)
    notices.tick()
    assert counting(school, anna.student_id) == {anna.student_id}


def test_faces_of_an_older_notice_are_used_until_the_day_that_the_school_set(school: SmallSchool) -> None:
    _course, (anna, ben, _carl) = school.add_course()
    for person, one in enumerate((anna, ben)):
        school.enrol(one, person)
    people = school.cases.people
    school.school.change_rules(SchoolRules(consent_renewal_days=10), actor=admin())
    notice = people.notices.publish("  We look at faces.  \n\n It is voluntary. ", actor=admin("Ada"))
    assert (notice.version, notice.text) == (2, "We look at faces.\n\n It is voluntary.")
    assert notice.hash == hash_of("We look at faces.\n\n It is voluntary.")
    assert people.notices.current() == notice
    states = {one.student: one.standing.state for one in people.consents.overview(actor=admin())}
    assert [states[anna], states[ben]] == [ConsentState.RENEW, ConsentState.RENEW]

    eva = Answerer(AnsweredBy.GUARDIAN, "Eva")
    people.consents.record(anna.student_id, given=True, actor=admin("Ada"), answerer=eva)
    newest = people.consents.newest(anna.student_id)
    assert newest is not None
    assert (newest.notice, newest.notice_hash, newest.answerer) == (2, notice.hash, eva)

    school.clock.advance(9 * DAY_S)
    people.notices.tick()
    assert counting(school, anna.student_id, ben.student_id) == {anna.student_id, ben.student_id}
    school.clock.advance(DAY_S)
    school.events.clear()
    people.notices.tick()
    people.notices.tick()
    assert counting(school, anna.student_id, ben.student_id) == {anna.student_id}
    assert sum(isinstance(one, GalleryChanged) for one in school.events) == 1
    assert school.store.read(lambda repositories: repositories.faces.sample_counts())[ben.student_id] == 1


def test_a_class_begins_by_what_is_in_force_that_day(school: SmallSchool) -> None:
    course, (anna, *_rest) = school.add_course()
    school.enrol(anna, 0)
    school.cases.people.notices.publish("New words.", actor=admin())
    school.clock.advance(timedelta(days=30).total_seconds())
    session = school.sessions.start(course.course_id, actor=admin(), model="m")
    assert counting(school, anna.student_id) == set()
    school.sessions.end(session.session_id, actor=admin())


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2501, "a\x00b", "say \u202e it"])
def test_a_text_that_cannot_be_printed_is_refused(school: SmallSchool, text: str) -> None:
    with pytest.raises(ConflictError):
        school.cases.people.notices.publish(text, actor=admin())
    assert school.cases.people.notices.current().version == 1


def test_the_same_text_is_no_new_version_and_a_teacher_publishes_none(school: SmallSchool) -> None:
    notices = school.cases.people.notices
    notices.publish("Words.", actor=admin())
    with pytest.raises(ConflictError, match="in force"):
        notices.publish("Words. ", actor=admin())
    with pytest.raises(ForbiddenError):
        notices.publish("Other words.", actor=teacher())
    assert notices.current().version == 2
