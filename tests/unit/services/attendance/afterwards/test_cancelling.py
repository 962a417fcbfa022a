from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.people_list import PeopleColumn
from kiosk.domain.records.filters import Days, ReportFilter
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.records.reading import Slice
from kiosk.services.records.student_data import PAGE
from tests.fakes.actors import admin, teacher
from tests.unit.services.attendance.classes import actions, end, face, start
from tests.world.school import SmallSchool

WEEK_S = 7 * 86400.0


def held_and_cancelled(school: SmallSchool) -> tuple[Course, ClassSession, ClassSession]:
    """A class in which only Anna was there, and a week later one that was cancelled, in which nobody was."""
    course, (anna, *_others) = school.add_course()
    held = start(school, course)
    face(school, held, anna)
    end(school, held)
    school.clock.advance(WEEK_S)
    cancelled = start(school, course)
    end(school, cancelled)
    cancel(school, cancelled, "fire alarm")
    return course, held, cancelled


def cancel(school: SmallSchool, session: ClassSession, reason: str = "strike") -> ClassSession:
    cases = school.cases.attendance.afterwards
    return cases.cancelling.cancel(session.session_id, reason=reason, actor=teacher())


def student_ids(school: SmallSchool, session: ClassSession) -> list[int]:
    return [one.student.student_id for one in school.sessions.roster(session.session_id)]


def test_a_cancelled_session_keeps_its_records_and_says_who_and_why(school: SmallSchool) -> None:
    _course, _held, cancelled = held_and_cancelled(school)
    found = school.sessions.session(cancelled.session_id)
    assert found.cancelled is not None
    assert (found.cancelled.by, found.cancelled.reason, found.counts) == ("Tom", "fire alarm", False)
    records = [one.record for one in school.sessions.roster(cancelled.session_id)]
    assert [one.status for one in records if one is not None] == [Status.ABSENT] * 3
    assert actions(school)[-1] == "session.cancelled"


def test_a_phone_is_told_a_rate_without_the_cancelled_session(school: SmallSchool) -> None:
    course, held, _cancelled = held_and_cancelled(school)
    anna, ben, _carl = student_ids(school, held)
    counts = school.store.read(
        lambda repositories: [repositories.records.count(course.course_id, one) for one in (anna, ben)]
    )
    assert counts == [AttendanceCount(present=1), AttendanceCount(absent=1)]


def test_a_students_pages_say_why_it_does_not_count(school: SmallSchool) -> None:
    course, held, _cancelled = held_and_cancelled(school)
    anna = student_ids(school, held)[0]
    data = school.cases.records.student_data
    overview = data.overview(anna)
    assert [one.cancelled for one in overview.latest] == ["fire alarm", None]
    assert [one.count for one in overview.courses] == [AttendanceCount(present=1)]
    page = data.course(anna, course.course_id)
    assert [one.cancelled for one in page.records] == ["fire alarm", None]


def test_cancelled_records_take_room_on_a_students_pages(school: SmallSchool) -> None:
    course, (anna, *_others) = school.add_course()
    for _number in range(PAGE + 1):
        session = start(school, course)
        end(school, session)
        cancel(school, session)
        school.clock.advance(3600)
    found = school.cases.records.student_data.course(anna.student_id, course.course_id, page=2)
    assert (found.pages, len(found.records), found.course.count.total) == (2, 1, 0)


def test_no_report_counts_it_and_each_names_it(school: SmallSchool) -> None:
    course, held, cancelled = held_and_cancelled(school)
    chosen = ReportFilter(course.course_id)

    def asked(chosen: ReportFilter) -> tuple[list[int], list[int], set[int]]:
        return school.store.read(
            lambda repositories: (
                [one.session_id for one in repositories.reports.sessions(chosen)],
                [one.session_id for one in repositories.reports.cancelled(chosen)],
                {row.session.session_id for row in repositories.reports.rows(chosen)},
            )
        )

    assert asked(chosen) == ([held.session_id], [cancelled.session_id], {held.session_id})


def test_other_programs_see_the_session_and_not_its_records(school: SmallSchool) -> None:
    _course, held, cancelled = held_and_cancelled(school)
    reading, wanted = school.cases.records.reading, Slice(0, 50)
    sessions = reading.sessions(Days(), is_open=None, wanted=wanted)
    assert [one.session.session_id for one in sessions] == [held.session_id, cancelled.session_id]
    records = reading.records(Days(), wanted=wanted)
    assert {one.record.session_id for one in records} == {held.session_id}


def test_the_list_of_people_counts_without_it_at_once(school: SmallSchool) -> None:
    _course, held, cancelled = held_and_cancelled(school)
    people, cancelling = school.cases.people.listing, school.cases.attendance.afterwards.cancelling
    asked = ListQuestion("CS101-1", sort=PeopleColumn.ATTENDANCE)

    def count() -> AttendanceCount:
        (line,) = people.page(asked, first=0, most=9, actor=admin())
        return line.count

    assert count() == AttendanceCount(present=1)
    cancelling.take_back(cancelled.session_id, actor=teacher())
    assert count() == AttendanceCount(present=1, absent=1)
    school.cases.attendance.afterwards.deleting.delete(held.session_id, actor=teacher())
    assert count() == AttendanceCount(absent=1)


def test_the_course_was_met_last_when_it_was_met(school: SmallSchool) -> None:
    _course, held, _cancelled = held_and_cancelled(school)
    assert [one.last_started_at for one in school.sessions.today()] == [held.started_at]


def test_taken_back_it_counts_again(school: SmallSchool) -> None:
    course, held, cancelled = held_and_cancelled(school)
    cancelling = school.cases.attendance.afterwards.cancelling
    cancelling.take_back(cancelled.session_id, actor=teacher())
    anna = student_ids(school, held)[0]
    assert school.store.read(
        lambda repositories: repositories.records.count(course.course_id, anna)
    ) == AttendanceCount(present=1, absent=1)
    assert "session.cancel_taken_back" in actions(school)
    before = len(actions(school))
    cancelling.take_back(cancelled.session_id, actor=teacher())  # nothing more to do
    assert len(actions(school)) == before


def test_a_cancellation_needs_a_reason_and_an_end(school: SmallSchool) -> None:
    course, _students = school.add_course()
    session = start(school, course)
    with pytest.raises(ConflictError, match="still open"):
        cancel(school, session)
    end(school, session)
    with pytest.raises(ConflictError, match="say why"):
        cancel(school, session, " \n ")
    with pytest.raises(ConflictError, match="too long"):
        cancel(school, session, "x" * 201)
    cancel(school, session)
    with pytest.raises(ConflictError, match="already"):
        cancel(school, session)
    with pytest.raises(NotFoundError):
        school.cases.attendance.afterwards.cancelling.take_back(99, actor=teacher())


def test_that_a_session_counts_no_more_shows_when_somebody_changes_it_beside_the_program(
    school: SmallSchool,
) -> None:
    _course, held, cancelled = held_and_cancelled(school)
    audit = school.cases.trust.audit
    assert audit.verify_records(actor=admin()).changed == ()
    school.store.write(
        lambda repositories: repositories.db_session.connection().exec_driver_sql(
            f"UPDATE class_sessions SET cancelled_at = CASE id WHEN {held.session_id} "
            "THEN '2026-03-02 08:00:00.000000' END"
        )
    )
    changed = audit.verify_records(actor=admin()).changed
    assert changed == (held.session_id, cancelled.session_id)


def test_a_class_of_the_week_before_is_cancelled_as_well(school: SmallSchool) -> None:
    course, _students = school.add_course()
    session = start(school, course)
    end(school, session)
    school.clock.advance(timedelta(days=200).total_seconds())
    assert not cancel(school, session).counts
