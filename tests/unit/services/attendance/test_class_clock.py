"""Leaps of the PC's clock while a class is open: forward, back, by an hour, by days, over a restart."""

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, StorageError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import CheckInResult, IncidentNoted, RuntimeStopped, SessionStarted
from tests.fakes.actors import admin
from tests.fakes.clock import FakeClock
from tests.world.kiosk import Parts, build_kiosk
from tests.world.school import SmallSchool, open_school

pytestmark = pytest.mark.logs_warnings
HOUR_S, DAY_S = 3600.0, 86400.0
LEAPS = [HOUR_S, -HOUR_S, DAY_S, -DAY_S, 11 * 365 * DAY_S, -11 * 365 * DAY_S]
PAST_LATE_S = 11 * 60.0


class Room:
    """A class of three that is shown, at a kiosk whose housekeeping comes when it is called."""

    def __init__(self, school: SmallSchool, *, policy: ProofPolicy = ProofPolicy.EITHER) -> None:
        self.school = school
        self.course: Course
        self.students: list[Student]
        self.course, self.students = school.add_course()
        self.session = school.sessions.start(
            self.course.course_id, actor=admin("Anna"), model="m", policy=policy
        )
        self.show()

    def show(self) -> None:
        session = self.school.sessions.session(self.session.session_id)
        self.school.hub.emit(SessionStarted(session, self.course, 3))

    def scan(self, number: int) -> CheckInResult:
        evidence = Evidence(Method.PHONE, self.school.cases.core.clock.now(), device=f"phone {number}")
        return self.submit(number, evidence)

    def submit(self, number: int, evidence: Evidence) -> CheckInResult:
        claim = Claim(self.session.session_id, self.students[number].student_id, evidence)
        return self.school.checkin.submit(claim).result()

    def keep_house(self) -> list[int]:
        self.school.cases.attendance.clock.tick()
        return self.school.sessions.end_forgotten(shown=self.session.session_id)

    def record(self, number: int) -> AttendanceRecord:
        record = self.scan(number).record
        assert record is not None
        return record

    def moved_incidents(self) -> list[Incident]:
        return self.school.incidents.of_session(self.session.session_id, actor=admin())

    def stored(self) -> ClassSession:
        return self.school.sessions.session(self.session.session_id)


@pytest.fixture
def room(school: SmallSchool) -> Room:
    return Room(school)


@pytest.mark.parametrize("leap_s", LEAPS)
def test_a_leap_makes_nobody_late_and_nobody_early(room: Room, leap_s: float) -> None:
    room.school.clock.advance(60)
    room.school.clock.set_wall_clock(leap_s)

    assert room.record(0).status is Status.PRESENT  # also before anybody noticed
    room.keep_house()
    assert room.record(1).status is Status.PRESENT
    room.school.clock.advance(PAST_LATE_S)
    assert room.record(2).status is Status.LATE


@pytest.mark.parametrize("leap_s", LEAPS)
def test_a_leap_does_not_end_a_class_which_still_ends_when_it_was_forgotten(
    room: Room, leap_s: float
) -> None:
    room.school.clock.set_wall_clock(leap_s)

    assert room.keep_house() == []
    room.school.clock.advance(4 * HOUR_S - 60)
    assert room.keep_house() == []
    room.school.clock.advance(120)
    assert room.keep_house() == [room.session.session_id]
    assert room.stored().ended_at == room.session.started_at + timedelta(hours=4)


@pytest.mark.parametrize("leap_s", LEAPS)
def test_a_leap_does_not_end_a_class_that_waits_to_be_resumed(school: SmallSchool, leap_s: float) -> None:
    course, _students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="m")
    school.clock.set_wall_clock(leap_s)

    assert school.sessions.end_forgotten() == []
    assert school.sessions.session(session.session_id).is_open
    school.clock.advance(4 * HOUR_S)
    school.clock.set_wall_clock(-leap_s)
    assert school.sessions.end_forgotten() == [session.session_id]


@pytest.mark.parametrize("leap_s", LEAPS)
def test_a_claim_lives_as_long_as_it_would_without_the_leap(school: SmallSchool, leap_s: float) -> None:
    room = Room(school, policy=ProofPolicy.BOTH)
    school.enrol(room.students[0], 1)
    session_id = room.session.session_id
    face = Evidence(Method.FACE, room.session.started_at, distance=0.1)
    room.submit(0, face)
    school.clock.set_wall_clock(leap_s)
    room.keep_house()

    school.clock.advance(170)
    assert school.claims.waiting(session_id, actor=admin())[room.students[0].student_id].is_good
    school.clock.advance(20)
    assert not school.claims.waiting(session_id, actor=admin())[room.students[0].student_id].is_good


def test_a_leap_is_kept_with_the_class_said_and_logged(room: Room) -> None:
    room.school.clock.set_wall_clock(HOUR_S)
    room.keep_house()
    room.keep_house()

    moved = timedelta(hours=1)
    assert room.stored().clock_moved == moved
    at = room.session.started_at
    incident = Incident(room.session.session_id, IncidentKind.CLOCK_MOVED, None, None, at, 1, moved)
    assert room.moved_incidents() == [incident]
    assert room.school.events[-1] == IncidentNoted(incident)
    newest = room.school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (newest.action, newest.detail) == ("session.clock_moved", "by +3600 s, +3600 s since the start")


def test_a_clock_that_is_set_back_again_says_so(room: Room) -> None:
    for leap_s in (HOUR_S, -HOUR_S - 0.3):  # whole seconds are kept: clocks are never set to the fraction
        room.school.clock.set_wall_clock(leap_s)
        room.keep_house()

    assert room.stored().clock_moved == timedelta()
    assert room.record(0).evidence[0].clock_moved_s is None
    assert [(one.times, one.moved) for one in room.moved_incidents()] == [(2, timedelta())]


def test_a_clock_that_is_set_right_by_seconds_is_no_leap(room: Room) -> None:
    room.school.clock.set_wall_clock(8)
    room.keep_house()

    assert room.moved_incidents() == []


def test_records_after_a_leap_say_by_how_much_the_clock_was_off(room: Room) -> None:
    school = room.school
    before = room.record(0)
    school.clock.set_wall_clock(-DAY_S)
    room.keep_house()
    school.clock.advance(60)

    after = room.record(1)
    by_hand = school.marks.mark(
        room.session.session_id,
        room.students[2].student_id,
        Status.PRESENT,
        actor=admin("Anna"),
        reason="no phone",
    )

    assert before.evidence[0].clock_moved_s is None
    assert [one.evidence[0].clock_moved_s for one in (after, by_hand)] == [-DAY_S] * 2
    assert after.marked_at - before.marked_at == timedelta(seconds=60)
    assert after.marked_at + timedelta(seconds=-DAY_S) == school.clock.now()


def test_after_the_class_the_kiosk_goes_by_the_clock_as_it_was_set(room: Room) -> None:
    school = room.school
    school.clock.set_wall_clock(DAY_S)
    room.keep_house()
    school.clock.advance(60)
    ended = school.sessions.end(room.session.session_id, actor=admin("Anna"))

    assert ended.ended_at == room.session.started_at + timedelta(seconds=60)
    assert school.cases.core.clock.now() == school.clock.now()
    room.keep_house()
    assert [one.times for one in room.moved_incidents()] == [1]


@pytest.mark.parametrize("leap_s", LEAPS)
def test_a_class_that_is_resumed_goes_on_by_its_own_time(tmp_path: Path, leap_s: float) -> None:
    with open_school(tmp_path) as school:
        room = Room(school)
        school.clock.set_wall_clock(leap_s)
        room.keep_house()
        school.clock.advance(60)
        school.hub.emit(RuntimeStopped(()))
    with open_school(tmp_path, clock=school.clock) as again:
        assert again.sessions.end_forgotten() == []
        room.school = again
        room.show()
        assert room.record(0).status is Status.PRESENT
        assert room.record(1).marked_at == room.session.started_at + timedelta(seconds=60)
        again.clock.advance(PAST_LATE_S)
        assert room.record(2).status is Status.LATE
        room.keep_house()
        assert [one.times for one in room.moved_incidents()] == [1]


def test_a_clock_that_fell_back_while_the_kiosk_was_closed_does_not_go_before_what_is_known(
    tmp_path: Path,
) -> None:
    with open_school(tmp_path) as school:
        room = Room(school)
        school.clock.advance(300)
        known = room.record(0)
        school.hub.emit(RuntimeStopped(()))
    school.clock.set_wall_clock(-4000 * DAY_S)
    with open_school(tmp_path, clock=school.clock) as again:
        room.school = again
        room.show()
        room.keep_house()
        assert room.record(1).marked_at == known.marked_at
        assert [one.moved for one in room.moved_incidents()] == [timedelta(days=-4000)]


def test_a_leap_that_could_not_be_written_is_written_later(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_unused: object, **_named: object) -> None:
        raise StorageError("The disk is full.")

    room.school.clock.set_wall_clock(HOUR_S)
    with monkeypatch.context() as full:
        full.setattr(room.school.store, "write", fail)
        with pytest.raises(StorageError):
            room.keep_house()
    room.keep_house()

    assert [one.moved for one in room.moved_incidents()] == [timedelta(hours=1)]


def test_an_orderly_end_of_the_program_keeps_a_leap_of_the_last_moment(tmp_path: Path) -> None:
    with open_school(tmp_path) as school:
        course, _students = school.add_course()
    clock = FakeClock()
    kiosk = build_kiosk(tmp_path, models_dir=tmp_path / "models", parts=Parts(clock))
    kiosk.start()
    session = kiosk.app.attendance.sessions.start(course.course_id, actor=admin("Anna"), model="m")
    kiosk.events.emit(SessionStarted(session, course, 3))
    clock.set_wall_clock(HOUR_S)
    assert kiosk.stop() == ()

    with open_school(tmp_path, clock=clock) as again:
        assert again.sessions.session(session.session_id).clock_moved == timedelta(hours=1)


def test_no_class_begins_on_a_day_before_the_kiosks_own_past(school: SmallSchool) -> None:
    course, _students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="m")
    school.sessions.end(session.session_id, actor=admin("Anna"))
    school.clock.set_wall_clock(-4000 * DAY_S)

    with pytest.raises(ConflictError, match=r"clock of this PC says .* 2015"):
        school.sessions.start(course.course_id, actor=admin("Anna"), model="m")
