from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.errors import ConflictError
from kiosk.services.attendance.afterwards.session_times import MOVED, NewTimes
from tests.fakes.actors import admin, teacher
from tests.unit.services.attendance.classes import actions, end, face, mark, start, statuses
from tests.world.school import SmallSchool

QUARTER = timedelta(minutes=15)


def held(school: SmallSchool) -> tuple[Course, ClassSession]:
    """Began at the hour; Student 1 came at once, Student 2 after 12 minutes (late), Student 3 was marked late by hand."""
    course, (anna, ben, carl) = school.add_course()
    session = start(school, course)
    face(school, session, anna)
    school.clock.advance(12 * 60)
    face(school, session, ben)
    mark(school, session, carl, Status.LATE)
    school.clock.advance(30 * 60)
    end(school, session)
    return course, session


def look(school: SmallSchool, session: ClassSession, by: timedelta) -> NewTimes:
    ended_at = school.clock.now() + min(by, timedelta(0))
    times = school.cases.attendance.afterwards.times
    return times.look(session.session_id, session.started_at + by, ended_at, actor=teacher())


def test_a_later_beginning_shows_who_would_not_be_late(school: SmallSchool) -> None:
    _course, session = held(school)
    new = look(school, session, QUARTER)
    assert [(one.student.full_name, one.record.status, one.status) for one in new.changes] == [
        ("Student 2", Status.LATE, Status.PRESENT)
    ]
    assert statuses(school, session) == [Status.PRESENT, Status.LATE, Status.LATE]  # nothing was changed


def test_records_follow_only_when_asked(school: SmallSchool) -> None:
    _course, session = held(school)
    times = school.cases.attendance.afterwards.times
    changed = times.change(look(school, session, QUARTER), with_records=False, actor=teacher())
    assert changed.started_at == session.started_at + QUARTER
    assert statuses(school, session) == [Status.PRESENT, Status.LATE, Status.LATE]

    times.change(look(school, changed, timedelta(0)), with_records=True, actor=teacher())
    assert statuses(school, session) == [Status.PRESENT, Status.PRESENT, Status.LATE]
    record = school.sessions.roster(session.session_id)[1].record
    assert record is not None
    (before,) = school.sessions.history(record.record_id, actor=teacher())
    assert (before.before.status, before.reason, before.actor) == (Status.LATE, MOVED, "Tom")
    assert record.marked_at == before.before.marked_at
    assert "session.times_changed" in actions(school)
    assert school.cases.trust.audit.verify_records(actor=admin()).changed == ()


def test_an_earlier_beginning_makes_people_late(school: SmallSchool) -> None:
    _course, session = held(school)
    new = look(school, session, -QUARTER)
    assert [(one.student.full_name, one.status) for one in new.changes] == [("Student 1", Status.LATE)]


def test_what_changed_between_look_and_yes_changes_nothing(school: SmallSchool) -> None:
    _course, session = held(school)
    new = look(school, session, QUARTER)
    mark(school, session, new.changes[0].student, Status.EXCUSED)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        school.cases.attendance.afterwards.times.change(new, with_records=True, actor=teacher())
    assert school.sessions.session(session.session_id).started_at == session.started_at


def test_times_that_cannot_be_are_refused(school: SmallSchool) -> None:
    course, session = held(school)
    times, now = school.cases.attendance.afterwards.times, school.clock.now()
    with pytest.raises(ConflictError, match="not over yet"):
        times.look(session.session_id, now, now + QUARTER, actor=teacher())
    with pytest.raises(ConflictError, match="must end after it began"):
        times.look(session.session_id, now, now - QUARTER, actor=teacher())
    open_one = start(school, course)
    with pytest.raises(ConflictError, match="still open"):
        times.look(open_one.session_id, now - QUARTER, now, actor=teacher())
