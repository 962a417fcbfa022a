from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import SESSIONS_KEPT_DAYS, ClassSession
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import Days, ReportFilter
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.records.reading import Slice
from tests.fakes.actors import admin, teacher
from tests.unit.services.attendance.afterwards.test_adding import add
from tests.unit.services.attendance.classes import actions, end, face, mark, start, statuses
from tests.world.school import SmallSchool, open_school

DAY_S = 86400.0


def held(school: SmallSchool) -> tuple[Course, Student, ClassSession]:
    course, (anna, *_others) = school.add_course()
    session = start(school, course)
    record = face(school, session, anna)
    end(school, session)
    school.cases.records.objections.make(anna.student_id, record.record_id, "I was early")
    return course, anna, session


def delete(school: SmallSchool, session: ClassSession) -> None:
    school.cases.attendance.afterwards.deleting.delete(session.session_id, actor=teacher())


def test_a_deleted_session_is_seen_by_nobody(school: SmallSchool) -> None:
    course, anna, session = held(school)
    record = school.sessions.roster(session.session_id)[0].record
    assert record is not None
    delete(school, session)

    assert school.sessions.of_course(course.course_id) == []
    assert school.sessions.today()[0].last_started_at is None
    for ask in (
        lambda: school.sessions.session(session.session_id),
        lambda: school.sessions.roster(session.session_id),
        lambda: school.cases.records.reading.session(session.session_id),
        lambda: school.cases.records.reading.record(record.record_id),
        lambda: school.cases.records.objections.own(anna.student_id, record.record_id),
        lambda: mark(school, session, anna, Status.LATE),
        lambda: end(school, session),
        lambda: school.cases.attendance.afterwards.held.facts(session.session_id, actor=teacher()),
    ):
        with pytest.raises(NotFoundError):
            ask()
    assert school.cases.attendance.afterwards.held.newest(None, actor=teacher()) == []
    assert school.cases.records.objections.open_by_session(course.course_id) == {}


def test_a_message_about_a_deleted_session_is_not_answered_and_comes_back_with_it(
    school: SmallSchool,
) -> None:
    _course, _anna, session = held(school)
    objections = school.cases.records.objections
    (waiting,) = objections.waiting(session.session_id, actor=teacher())
    delete(school, session)

    assert objections.waiting(session.session_id, actor=teacher()) == []
    with pytest.raises(NotFoundError, match="was deleted"):
        objections.answer(waiting, status=None, answer="you were not", actor=teacher())

    school.cases.attendance.afterwards.deleting.restore(session.session_id, actor=teacher())
    assert objections.waiting(session.session_id, actor=teacher()) == [waiting]


def test_it_is_not_put_back_beside_a_copy_that_nothing_tells_from_it(school: SmallSchool) -> None:
    course, _students = school.add_course()
    began = school.clock.now() - timedelta(hours=3)
    session = add(school, course, began)
    delete(school, session)
    copy = add(school, course, began + timedelta(minutes=5))
    deleting = school.cases.attendance.afterwards.deleting

    with pytest.raises(ConflictError, match="has another session at that time by now"):
        deleting.restore(session.session_id, actor=teacher())
    assert school.sessions.of_course(course.course_id) == [copy]

    held = school.cases.attendance.afterwards.held
    held.describe(copy.session_id, note="Group B", room="", actor=teacher())
    deleting.restore(session.session_id, actor=teacher())
    assert len(school.sessions.of_course(course.course_id)) == 2


def test_a_deleted_session_counts_nowhere(school: SmallSchool) -> None:
    course, anna, session = held(school)
    delete(school, session)
    data = school.cases.records.student_data.overview(anna.student_id)
    assert (data.latest, [one.count for one in data.courses]) == ((), [AttendanceCount()])
    reading, wanted = school.cases.records.reading, Slice(0, 50)
    assert reading.sessions(Days(), is_open=None, wanted=wanted) == []
    assert reading.records(Days(), wanted=wanted) == []
    chosen = ReportFilter(course.course_id)
    assert school.store.read(
        lambda repositories: (
            repositories.records.count(course.course_id, anna.student_id),
            repositories.reports.sessions(chosen),
            repositories.reports.cancelled(chosen),
            list(repositories.reports.rows(chosen)),
        )
    ) == (AttendanceCount(), [], [], [])


def test_it_is_put_back_after_a_restart_with_all_that_it_was(data_dir: Path) -> None:
    with open_school(data_dir) as school:
        _course, _anna, session = held(school)
        before = school.sessions.roster(session.session_id)
        delete(school, session)
        assert school.cases.trust.audit.verify_records(actor=admin()).changed == ()
    with open_school(data_dir) as school:
        deleting = school.cases.attendance.afterwards.deleting
        (line,) = deleting.deleted(actor=teacher())
        assert (line.deleted.deleted_by, line.course.code, line.count.total) == ("Tom", "CS 101", 3)
        deleting.restore(session.session_id, actor=teacher())
        assert deleting.deleted(actor=teacher()) == []
        assert school.sessions.roster(session.session_id) == before
        assert school.cases.trust.audit.verify(actor=admin()) is None
        assert school.cases.trust.audit.verify_records(actor=admin()).changed == ()
        assert [one for one in actions(school) if one.startswith("session.")][-2:] == [
            "session.deleted",
            "session.restored",
        ]
        with pytest.raises(NotFoundError, match="not among the deleted"):
            deleting.restore(session.session_id, actor=teacher())


def test_after_a_month_it_is_removed_for_good_and_the_log_says_so(school: SmallSchool) -> None:
    _course, _anna, session = held(school)
    delete(school, session)
    kept = school.cases.school.kept
    school.clock.advance((SESSIONS_KEPT_DAYS - 1) * DAY_S)
    assert kept.remove_old(actor=admin()) == 0
    school.clock.advance(1 * DAY_S + 1)
    assert kept.remove_old(actor=admin()) == 1
    assert school.cases.attendance.afterwards.deleting.deleted(actor=teacher()) == []
    assert "kept.expired" in actions(school)
    assert school.cases.trust.audit.verify(actor=admin()) is None
    assert school.cases.trust.audit.verify_records(actor=admin()).changed == ()


def test_deleted_ones_are_listed_by_course_and_an_open_class_is_not_deleted(school: SmallSchool) -> None:
    _course, _anna, session = held(school)
    delete(school, session)
    other, _students = school.add_course("BIO 1")
    open_one = start(school, other)
    with pytest.raises(ConflictError, match="still open"):
        delete(school, open_one)
    deleting = school.cases.attendance.afterwards.deleting
    assert deleting.deleted(other.course_id, actor=teacher()) == []
    assert len(deleting.deleted(session.course_id, actor=teacher())) == 1
    assert statuses(school, open_one) == [None] * 3
