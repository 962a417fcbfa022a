from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from kiosk.domain.courses.day_states import MeetingState
from kiosk.domain.courses.meetings import SingleDate, WeeklySlot
from kiosk.domain.courses.terms import Holiday, Span
from kiosk.domain.people.staff import Role
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.courses.timetable_queries import TimetableQueries
from kiosk.services.courses.timetables import Timetables
from kiosk.storage.database.sql_database import SqlDatabase
from tests.fakes.actors import admin
from tests.unit.services.attendance.classes import end, start
from tests.unit.services.courses.timetables import MONDAY, at, span
from tests.unit.storage.classroom import add_classroom
from tests.world.school import ZONE, SmallSchool

HOUR_S = 3600
NINE = at(9)


@pytest.fixture
def timetables(school: SmallSchool) -> Timetables:
    return school.cases.courses.timetables


def slot(course_id: int, weekday: int = 0, begins: time = NINE, room: str = "") -> WeeklySlot:
    return WeeklySlot(0, course_id, weekday, begins, 90, room)


def moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, at(hour), tzinfo=ZONE).astimezone(UTC)


def test_slots_are_kept_changed_and_removed_and_the_log_says_so(
    school: SmallSchool, timetables: Timetables
) -> None:
    course, _ = school.add_course()
    saved = timetables.save_slot(slot(course.course_id, room=" 4 "), actor=admin()).slot
    moved = timetables.save_slot(replace(saved, weekday=2), actor=admin()).slot
    assert timetables.of_course(course.course_id).slots == (moved,)
    assert (moved.room, moved.slot_id) == ("4", saved.slot_id)
    timetables.remove_slot(moved, actor=admin())
    timetables.remove_slot(moved, actor=admin())
    assert timetables.of_course(course.course_id).slots == ()
    log = school.store.read(lambda repositories: repositories.audit.entries())
    assert [(one.action, one.detail) for one in log[:3]] == [
        ("timetable.slot_removed", "Wed 09:00, 90 min"),
        ("timetable.slot", "Wed 09:00, 90 min"),
        ("timetable.slot", "Mon 09:00, 90 min"),
    ]
    with pytest.raises(NotFoundError):
        timetables.save_slot(moved, actor=admin())


def test_of_two_who_change_one_weekly_time_the_second_is_told(
    school: SmallSchool, timetables: Timetables
) -> None:
    course, _ = school.add_course()
    seen = timetables.save_slot(slot(course.course_id, room="4"), actor=admin()).slot
    mine = timetables.save_slot(replace(seen, begins=at(10)), actor=admin(), seen=seen).slot
    with pytest.raises(ConflictError, match="changed this weekly time meanwhile: Mon 10:00, 90 min, 4"):
        timetables.save_slot(replace(seen, room="5"), actor=admin(), seen=seen)
    assert timetables.of_course(course.course_id).slots == (mine,)


def test_an_archived_course_gets_no_times(school: SmallSchool, timetables: Timetables) -> None:
    course, _ = school.add_course()
    school.cases.courses.editing.archive(course, actor=admin())
    with pytest.raises(ConflictError, match="CS 101 is archived"):
        timetables.save_slot(slot(course.course_id), actor=admin())
    with pytest.raises(ConflictError, match="CS 101 is archived"):
        timetables.add_date(SingleDate(0, course.course_id, moment(MONDAY, 9), 90), actor=admin())
    found = timetables.of_course(course.course_id)
    assert (found.slots, found.dates) == ((), ())


def test_slots_of_a_course_do_not_overlap(school: SmallSchool, timetables: Timetables) -> None:
    course, _ = school.add_course()
    saved = timetables.save_slot(slot(course.course_id), actor=admin()).slot
    with pytest.raises(ConflictError, match="CS 101 meets at that time already: Mon 09:00"):
        timetables.save_slot(slot(course.course_id, begins=at(10)), actor=admin())
    assert timetables.save_slot(replace(saved, begins=at(9, 30)), actor=admin()).slot.begins == at(9, 30)
    assert timetables.save_slot(slot(course.course_id, begins=at(11)), actor=admin()).same_room == ()


def test_another_course_in_the_same_room_at_that_time_is_named_and_not_refused(
    school: SmallSchool, timetables: Timetables
) -> None:
    course, other = school.add_course()[0], school.add_course("MA 2")[0]
    timetables.save_slot(slot(other.course_id, room="Lab"), actor=admin())
    assert timetables.save_slot(slot(course.course_id), actor=admin()).same_room == ()
    both = timetables.save_slot(slot(course.course_id, begins=at(10, 30), room="lab"), actor=admin())
    assert both.same_room == ()
    timetables.remove_slot(both.slot, actor=admin())
    known = timetables.of_course(course.course_id).slots[0]
    assert timetables.save_slot(replace(known, room="lab"), actor=admin()).same_room == (other,)


def test_a_single_date_is_added_called_off_and_removed(school: SmallSchool, timetables: Timetables) -> None:
    course, _ = school.add_course()
    timetables.save_slot(slot(course.course_id), actor=admin())
    extra = timetables.add_date(SingleDate(0, course.course_id, moment(MONDAY, 14), 45, "Lab"), actor=admin())
    off = timetables.add_date(
        SingleDate(0, course.course_id, moment(MONDAY, 9), 90, called_off=True), actor=admin()
    )
    assert [one.room for one in timetables.week(MONDAY).meetings] == ["Lab"]
    assert timetables.of_course(course.course_id).dates == (off, extra)
    timetables.remove_date(off, actor=admin())
    assert len(timetables.week(MONDAY, course_id=course.course_id).meetings) == 2
    with pytest.raises(ConflictError, match="meets at that time already"):
        timetables.add_date(SingleDate(0, course.course_id, moment(MONDAY, 10), 45), actor=admin())


def test_a_date_on_a_holiday_is_refused_and_the_week_says_the_holiday(
    school: SmallSchool, timetables: Timetables
) -> None:
    course, _ = school.add_course()
    year = school.cases.courses.year
    holiday = year.save_holiday(Holiday(0, Span("Founders' Day", MONDAY, MONDAY)), actor=admin())
    with pytest.raises(ConflictError, match="holiday: Founders' Day"):
        timetables.add_date(SingleDate(0, course.course_id, moment(MONDAY, 14), 45), actor=admin())
    assert timetables.week(MONDAY).holidays == (holiday,)
    assert timetables.week(MONDAY + timedelta(days=7)).holidays == ()


def test_today_is_the_days_list_and_the_timetable_says_what_is_preselected(
    school: SmallSchool, timetables: Timetables
) -> None:
    held, course = school.add_course("ART")[0], school.add_course("ZOO")[0]
    end(school, start(school, held))  # a guess would be ART
    school.clock.advance(HOUR_S)
    timetables.save_slot(slot(course.course_id, begins=at(10, 30)), actor=admin())

    first, second = school.sessions.today()

    assert (first.course, first.likely) == (course, True)
    assert [one.state for one in first.day] == [MeetingState.COMING]
    assert [(one.state, one.meeting) for one in second.day] == [(MeetingState.DONE, None)]
    school.clock.advance(3 * HOUR_S)
    lines = {one.course.code: [line.state for line in one.day] for one in school.sessions.today()}
    assert lines == {"ART": [MeetingState.DONE], "ZOO": [MeetingState.FORGOTTEN]}


def test_nothing_is_forgotten_on_a_holiday_or_of_an_archived_course(
    school: SmallSchool, timetables: Timetables
) -> None:
    course, other = school.add_course()[0], school.add_course("MA 2")[0]
    for one in (course, other):
        timetables.save_slot(slot(one.course_id), actor=admin())
    school.clock.advance(5 * HOUR_S)
    school.cases.courses.editing.archive(other, actor=admin())
    assert [line.state for one in school.sessions.today() for line in one.day] == [MeetingState.FORGOTTEN]
    school.cases.courses.year.save_holiday(Holiday(0, Span("Snow", MONDAY, MONDAY)), actor=admin())
    assert [line for one in school.sessions.today() for line in one.day] == []


def test_a_teachers_own_courses_come_first_and_decide_between_two_of_the_hour(
    school: SmallSchool, timetables: Timetables
) -> None:
    tom = school.accounts.add(name="Tom", role=Role.TEACHER, password="correct horse battery", actor=admin())
    first, second, third = (school.add_course(code)[0] for code in ("A", "B", "C"))
    teachers = school.cases.courses.teachers
    for one in (second, third):
        teachers.assign(one, [tom.user_id], actor=admin())
    listed = school.sessions.today(user_id=tom.user_id)
    assert [(one.course.code, one.is_own, one.likely) for one in listed] == [
        ("B", True, True),
        ("C", True, False),
        ("A", False, False),
    ]
    for one in (first, third):
        timetables.save_slot(slot(one.course_id), actor=admin())
    assert [one.course.code for one in school.sessions.today(user_id=tom.user_id)] == ["C", "B", "A"]
    assert school.sessions.today()[0].course.code == "A"


def test_the_timetable_reads_and_writes_the_same_on_both_databases(database: SqlDatabase) -> None:
    course = add_classroom(database).course
    with database.transaction() as repositories:
        queries = TimetableQueries(db_session=repositories.db_session)
        term = queries.put_term(span(0, "Autumn"))
        repositories.courses.update(replace(course, term_id=term.term_id))
        kept = queries.put_slot(slot(course.course_id))
        queries.put_holiday(Holiday(0, Span("Gone", MONDAY - timedelta(days=9), MONDAY - timedelta(days=8))))
        new = [SingleDate(0, course.course_id, moment(MONDAY, hour), 45) for hour in (14, 16)]
        assert len(queries.add_dates(new)) == 2
        with pytest.raises(ConflictError):
            queries.add_dates(new[:1])
        with pytest.raises(NotFoundError):
            queries.add_dates([replace(new[0], course_id=99)])
        assert queries.courses_in(term.term_id) == 1
    with database.snapshot() as repositories:
        queries = TimetableQueries(db_session=repositories.db_session)
        since = moment(MONDAY, 15)
        found = queries.timetable(ZONE, since=since)
        assert (found.terms, found.holidays, found.slots) == ({course.course_id: term}, [], [kept])
        assert [one.begins_at for one in found.dates] == [moment(MONDAY, 16)]
        assert len(queries.dates([course.course_id], until=since)) == 1
        assert queries.slots([99]) == []
