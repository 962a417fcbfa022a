from datetime import UTC, date, datetime, time, timedelta

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.afterwards.adding import NewSession
from kiosk.services.attendance.afterwards.held_sessions import SessionWords
from kiosk.services.events import ClassSessionChanged
from tests.fakes.actors import admin, teacher
from tests.unit.services.attendance.classes import actions, mark, meet, statuses
from tests.world.school import ZONE, SmallSchool

HOUR = timedelta(hours=1)


def add(
    school: SmallSchool, course: Course, started_at: datetime, *, note: str = "", room: str = ""
) -> ClassSession:
    new = NewSession(course.course_id, started_at, HOUR, note, room)
    return school.cases.attendance.afterwards.adding.add(new, actor=teacher())


def test_everybody_in_a_session_that_was_added_begins_without_a_record(school: SmallSchool) -> None:
    course, (anna, *_others) = school.add_course()
    began = school.clock.now() - 3 * HOUR
    session = add(school, course, began, note=" Group\t B ", room="H 2")

    assert (session.started_at, session.ended_at) == (began, began + HOUR)
    assert (session.note, session.room, session.added_at) == ("Group B", "H 2", school.clock.now())
    assert statuses(school, session) == [None, None, None]
    assert actions(school)[-1] == "session.added"
    assert school.events[-1] == ClassSessionChanged(session.session_id, course.course_id)

    mark(school, session, anna, Status.PRESENT, "paper list")
    assert statuses(school, session) == [Status.PRESENT, None, None]
    facts = school.cases.attendance.afterwards.held.facts(session.session_id, actor=teacher())
    assert (facts.count.present, facts.count.total, facts.unmarked) == (1, 1, 2)


def test_the_log_proves_an_added_session_and_its_records(school: SmallSchool) -> None:
    course, (anna, *_others) = school.add_course()
    session = add(school, course, school.clock.now() - 3 * HOUR)
    mark(school, session, anna, Status.PRESENT)
    audit = school.cases.trust.audit
    assert audit.verify(actor=admin()) is None
    found = audit.verify_records(actor=admin())
    assert (found.changed, found.uncovered) == ((), 0)


def test_no_session_is_added_that_is_still_to_come_or_has_no_length(school: SmallSchool) -> None:
    course, _students = school.add_course()
    now, adding = school.clock.now(), school.cases.attendance.afterwards.adding
    with pytest.raises(ConflictError, match="not over yet"):
        add(school, course, now - HOUR / 2)
    for length in (timedelta(0), timedelta(hours=25)):
        with pytest.raises(ConflictError, match="must end after it began"):
            adding.add(NewSession(course.course_id, now - 30 * HOUR, length), actor=teacher())
    with pytest.raises(NotFoundError):
        adding.add(NewSession(99, now - 3 * HOUR, HOUR), actor=teacher())
    assert school.sessions.of_course(course.course_id) == []


def test_a_second_one_at_the_same_time_needs_a_room_or_a_note(school: SmallSchool) -> None:
    course, _students = school.add_course()
    began = school.clock.now() - 5 * HOUR
    first = add(school, course, began)
    with pytest.raises(ConflictError, match="has a session at that time already"):
        add(school, course, began + HOUR / 2)
    second = add(school, course, began + HOUR / 2, note="Group B")
    third = add(school, course, began + HOUR)
    assert [one.session_id for one in school.sessions.of_course(course.course_id)] == [
        third.session_id,
        second.session_id,
        first.session_id,
    ]
    with pytest.raises(ConflictError, match="too long"):
        add(school, course, began - 3 * HOUR, note="x" * 201)


def test_a_session_from_before_the_class_list_has_the_first_list_after_it(school: SmallSchool) -> None:
    course, students = school.add_course()
    today = school.clock.now().astimezone(ZONE).date()
    monday = school.clock.now() - timedelta(days=2)
    adding = school.cases.attendance.afterwards.adding
    seen = adding.look(course.course_id, today - timedelta(days=2), actor=teacher())
    assert (seen.students, seen.list_of, seen.others) == (3, today, ())
    session = add(school, course, monday)
    assert [one.student for one in school.sessions.roster(session.session_id)] == students
    seen = adding.look(course.course_id, today - timedelta(days=2), actor=teacher())
    assert seen.others == (session,)
    seen = adding.look(course.course_id, today, actor=teacher())
    assert (seen.students, seen.list_of) == (3, None)


def test_a_course_without_students_gets_no_session(school: SmallSchool) -> None:
    course, _students = school.add_course(students=0)
    with pytest.raises(ConflictError, match="Nobody is in CS 101"):
        add(school, course, school.clock.now() - 3 * HOUR)
    seen = school.cases.attendance.afterwards.adding.look(course.course_id, date(2026, 3, 2), actor=teacher())
    assert seen.students == 0


def test_sessions_are_listed_with_what_they_came_to_the_newest_first(school: SmallSchool) -> None:
    maths, _students = school.add_course("MA 1")
    course, (anna, *_others) = school.add_course()
    meet(school, maths)
    session = add(school, course, school.clock.now() - 3 * HOUR)
    mark(school, session, anna, Status.LATE)
    held = school.cases.attendance.afterwards.held
    listed = held.newest(None, actor=teacher())
    assert [(one.course.code, one.count.absent, one.count.late) for one in listed] == [
        ("MA 1", 3, 0),
        ("CS 101", 0, 1),
    ]
    assert [one.session for one in held.newest(course.course_id, actor=teacher())] == [session]
    assert len(held.newest(None, actor=teacher(), limit=1)) == 1


def test_note_and_room_can_be_changed_of_an_open_class_too(school: SmallSchool) -> None:
    course, _students = school.add_course()
    session = school.sessions.start(course.course_id, actor=teacher(), model="fake")
    held = school.cases.attendance.afterwards.held
    held.describe(session.session_id, note="Lab", room="L 1", actor=teacher())
    changed = school.sessions.session(session.session_id)
    assert (changed.note, changed.room, changed.is_open) == ("Lab", "L 1", True)
    assert actions(school)[-1] == "session.described"
    with pytest.raises(NotFoundError):
        held.describe(99, note="", room="", actor=teacher())
    with pytest.raises(
        ConflictError, match="Somebody else changed the room or the note meanwhile: L 1 · Lab"
    ):
        held.describe(
            session.session_id, note="", room="L 2", actor=teacher(), seen=SessionWords(note="", room="")
        )
    held.describe(session.session_id, note="", room="L 2", actor=teacher(), seen=SessionWords("Lab", "L 1"))
    assert school.sessions.session(session.session_id).room == "L 2"


BERLIN_FORWARD, BERLIN_BACK = date(2025, 3, 30), date(2025, 10, 26)


@pytest.mark.parametrize(
    ("day", "hour", "length", "began_utc"),
    [(BERLIN_FORWARD, 1, 2, 0), (BERLIN_BACK, 1, 4, 23), (BERLIN_BACK, 2, 1, 0)],
)
def test_on_the_day_on_which_the_clocks_change_a_session_is_as_long_as_was_said(
    school: SmallSchool, day: date, hour: int, length: int, began_utc: int
) -> None:
    course, _students = school.add_course()
    began = datetime.combine(day, time(hour), tzinfo=ZONE)
    new = NewSession(course.course_id, began, length * HOUR)
    session = school.cases.attendance.afterwards.adding.add(new, actor=teacher())
    assert session.ended_at is not None
    assert session.ended_at.astimezone(UTC) - session.started_at.astimezone(UTC) == length * HOUR
    assert session.started_at.astimezone(UTC).hour == began_utc  # 02:00 of two: the first


def test_no_session_begins_at_a_time_that_the_clocks_leapt_over(school: SmallSchool) -> None:
    course, _students = school.add_course()
    began = datetime.combine(BERLIN_FORWARD, time(2, 30), tzinfo=ZONE)
    with pytest.raises(ConflictError, match="There was no 02:30 on"):
        add(school, course, began)
    session = add(school, course, began - 3 * HOUR)
    times = school.cases.attendance.afterwards.times
    with pytest.raises(ConflictError, match="There was no 02:30 on"):
        times.look(session.session_id, began, began + HOUR, actor=teacher())
