"""Times of a class after the clock was set right in the middle of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import SessionStarted
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

pytestmark = pytest.mark.logs_warnings
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Corrected:
    """A class of three: one marked, the clock set forward by an hour, one marked, one absent, and one excused after the end."""

    school: SmallSchool
    course: Course
    students: list[Student]
    session: ClassSession

    def stored(self) -> ClassSession:
        return self.school.sessions.session(self.session.session_id)

    def records(self) -> list[AttendanceRecord]:
        entries = {
            one.student.student_id: one.record for one in self.school.sessions.roster(self.session.session_id)
        }
        found = [entries[student.student_id] for student in self.students]
        return [record for record in found if record is not None]

    def correct(self, *, dry_run: bool = False) -> int:
        correction = self.school.cases.attendance.clock_correction
        return correction.correct(self.session.session_id, actor=admin("Ada"), dry_run=dry_run).records


@pytest.fixture
def held(school: SmallSchool) -> Corrected:
    course, students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="m")
    made = Corrected(school, course, students, session)
    school.hub.emit(SessionStarted(session, course, 3))
    for number in range(2):
        school.clock.advance(60)
        now = school.cases.core.clock.now()
        evidence = Evidence(Method.FACE, now, first_seen_at=now, distance=0.1)
        school.checkin.submit(Claim(session.session_id, students[number].student_id, evidence)).result()
        if number == 0:
            school.clock.set_wall_clock(HOUR.total_seconds())
            school.cases.attendance.clock.tick()
    school.clock.advance(60)
    school.sessions.end(session.session_id, actor=admin("Anna"))
    return made


def test_what_the_clock_was_moved_by_is_added_to_all_times_of_the_class(held: Corrected) -> None:
    before, records = held.stored(), held.records()
    assert held.correct() == 3

    after = held.stored()
    assert before.ended_at is not None
    assert (after.started_at, after.ended_at) == (before.started_at + HOUR, before.ended_at + HOUR)
    assert after.clock_moved == timedelta()
    corrected = held.records()
    assert [one.marked_at for one in corrected] == [one.marked_at + HOUR for one in records]
    assert [one.status for one in corrected] == [Status.PRESENT, Status.PRESENT, Status.ABSENT]
    early, late = corrected[0].evidence[0], corrected[1].evidence[0]
    assert (early.at, early.first_seen_at) == (corrected[0].marked_at, corrected[0].marked_at)
    assert (early.clock_moved_s, late.clock_moved_s) == (-3600.0, None)  # the PC's own clock at that moment


def test_what_the_records_were_stays_in_their_history_and_the_log_says_who_did_it(held: Corrected) -> None:
    before = held.records()[1]
    held.correct()

    (was,) = held.school.sessions.history(before.record_id, actor=admin())
    assert (was.before, was.actor) == (before, "Ada")
    assert was.reason == "The PC's clock was set right during the class."
    newest = held.school.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (newest.actor, newest.action) == ("Ada", "session.clock_corrected")
    assert newest.detail == "by +3600 s, 3 records"


def test_what_a_teacher_marked_after_the_class_goes_by_the_right_clock_already(held: Corrected) -> None:
    school = held.school
    school.clock.advance(600)
    session_id, absent = held.session.session_id, held.students[2].student_id
    by_hand = school.marks.mark(session_id, absent, Status.EXCUSED, actor=admin("Anna"), reason="ill")

    assert held.correct() == 2
    assert held.records()[2] == by_hand


def test_a_second_time_it_is_said_to_be_done(held: Corrected) -> None:
    held.correct()
    records = held.records()
    with pytest.raises(ConflictError, match="corrected already"):
        held.correct()
    assert held.records() == records
    assert held.school.cases.attendance.clock_correction.moved(actor=admin()) == []


def test_a_dry_run_changes_nothing(held: Corrected) -> None:
    before, records = held.stored(), held.records()
    assert held.correct(dry_run=True) == 3
    assert (held.stored(), held.records()) == (before, records)
    assert held.school.cases.attendance.clock_correction.moved(actor=admin()) == [(held.course, before)]


def test_a_class_whose_clock_nobody_moved_has_nothing_to_correct(school: SmallSchool) -> None:
    course, _students = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="m")
    correction = school.cases.attendance.clock_correction
    with pytest.raises(ConflictError, match="still open"):
        correction.correct(session.session_id, actor=admin())
    school.sessions.end(session.session_id, actor=admin("Anna"))
    with pytest.raises(ConflictError, match="not moved"):
        correction.correct(session.session_id, actor=admin())
    with pytest.raises(NotFoundError):
        correction.correct(99, actor=admin())
