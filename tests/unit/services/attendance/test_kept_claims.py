"""The database server is away: claims are kept on this PC, and delivered once each when it is back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.people.students import Student
from kiosk.errors import DatabaseError, UnknownOutcomeError
from kiosk.services.attendance.away.class_copy import REFRESH_S
from kiosk.services.attendance.check_in import DELIVERED
from kiosk.services.events import ConsentWithdrawn, RuntimeStopped, StoreStateChanged
from kiosk.storage.database.tables import ClassSessionRow
from kiosk.storage.kept_claims import KEPT_CLAIMS_FILE, undelivered
from tests.fakes.actors import admin
from tests.fakes.clock import FakeClock
from tests.world.away_school import WAIT_S, AwaySchool, away_school
from tests.world.school import open_school

LOST = UnknownOutcomeError("The database server was lost while saving.", "Look again.")

pytestmark = pytest.mark.logs_warnings


@pytest.fixture
def away(data_dir: Path) -> Iterator[AwaySchool]:
    with away_school(data_dir) as opened:
        yield opened


def add_record(away: AwaySchool, session: ClassSession, student: Student, evidence: Evidence) -> None:
    """As another kiosk of the school does."""
    with away.database.transaction() as repositories:
        repositories.records.add(
            session_id=session.session_id,
            student_id=student.student_id,
            status=Status.PRESENT,
            method=evidence.method,
            marked_at=evidence.at,
            evidence=[evidence],
        )


def test_who_comes_while_the_server_is_away_is_kept_and_marked_at_the_own_time(away: AwaySchool) -> None:
    session, (first, second, _third) = away.open_class()
    away.clock.advance(60)
    came_at = away.clock.now()
    away.go_away()

    kept = [away.come(session, first, Method.FACE), away.come(session, second, Method.PHONE)]
    away.clock.advance(3600)  # late by the time of delivery
    away.come_back()
    (event,) = away.delivered()

    assert [one.outcome for one in kept] == [CheckInOutcome.KEPT] * 2
    assert [one.outcome for one in event.results] == [CheckInOutcome.MARKED_PRESENT] * 2
    records = away.records(session)
    assert {one: (record.status, record.marked_at) for one, record in records.items()} == {
        first.student_id: (Status.PRESENT, came_at),
        second.student_id: (Status.PRESENT, came_at),
    }


def test_where_the_database_is_a_file_nothing_is_kept(data_dir: Path) -> None:
    with away_school(data_dir, keeps=False) as school:
        session, students = school.open_class()
        school.go_away()

        with pytest.raises(DatabaseError, match="cannot be reached"):
            school.come(session, students[0])

    assert not (data_dir / KEPT_CLAIMS_FILE).exists()


def test_while_it_is_known_to_be_away_nobody_waits_for_it(away: AwaySchool) -> None:
    session, (first, second, _third) = away.open_class()
    away.go_away()
    away.come(session, first)
    away.faulty.begin.clear()  # it says nothing at all from here on
    try:
        assert away.come(session, second).outcome is CheckInOutcome.KEPT
    finally:
        away.faulty.begin.set()


def test_a_second_claim_keeps_nothing_more(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away()

    first = away.come(session, student)
    away.clock.advance(60)
    again = away.come(session, student)
    away.come_back()
    away.delivered()

    assert (first.outcome, again.outcome) == (CheckInOutcome.KEPT, CheckInOutcome.KEPT)
    assert away.records(session)[student.student_id].marked_at == first.at


def test_who_is_kept_and_comes_again_before_delivery_has_the_first_time(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away(LOST)  # which says nothing of the next write, so that it is tried
    first = away.come(session, student)
    away.clock.advance(3600)

    again = away.come(session, student, Method.FACE)
    away.come_back()
    away.tick_until_delivered()  # a delivery that began before may be ending still

    assert again.outcome is CheckInOutcome.KEPT
    assert away.records(session)[student.student_id].marked_at == first.at


def test_who_is_marked_already_is_told_so_from_memory(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    marked = away.come(session, student)
    away.go_away()
    with pytest.raises(DatabaseError):
        away.worker.write(lambda _repositories: None)

    again = away.come(session, student, Method.FACE)

    assert (again.outcome, again.record) == (CheckInOutcome.ALREADY_MARKED, marked.record)
    assert not away.keeping.count


def test_whom_another_kiosk_marked_meanwhile_has_one_record_and_no_error(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away()
    away.come(session, student)
    add_record(away, session, student, Evidence(Method.PASS, away.clock.now()))

    away.come_back()
    (event,) = away.delivered()

    assert [one.outcome for one in event.results] == [CheckInOutcome.ALREADY_MARKED]
    assert (event.refused, away.records(session)[student.student_id].method) == ((), Method.PASS)


def test_what_was_kept_is_delivered_after_the_program_was_killed(data_dir: Path) -> None:
    clock = FakeClock()
    with away_school(data_dir, clock=clock) as school:
        session, (student, *_others) = school.open_class()
        school.go_away()
        came_at = school.come(session, student).at
    clock.advance(6 * 3600)  # the class is forgotten by now
    again = AwaySchool(data_dir, clock=clock)
    again.delivery.begin()
    ending = again.sessions.end_forgotten_later()
    again.worker.start()
    try:
        ending.result(WAIT_S)
        again.delivered()
        record = again.records(session)[student.student_id]
        assert (record.status, record.marked_at, record.version) == (Status.PRESENT, came_at, 1)
        assert not again.sessions.session(session.session_id).is_open
    finally:
        again.close()
    assert undelivered(data_dir) == []


def test_a_delivery_that_was_cut_off_after_the_commit_makes_no_second_record(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away()
    away.come(session, student)
    (kept,) = away.keeping.waiting()
    add_record(away, session, student, kept.evidence)

    away.come_back()
    (event,) = away.delivered()

    assert [one.outcome for one in event.results] == [CheckInOutcome.ALREADY_MARKED]
    assert away.records(session)[student.student_id].evidence == (kept.evidence,)


def test_a_claim_from_within_a_class_that_ended_meanwhile_replaces_the_absence(
    away: AwaySchool, data_dir: Path
) -> None:
    session, (student, other, _third) = away.open_class()
    away.go_away()
    away.clock.advance(120)
    came = away.come(session, student)
    away.clock.advance(3600)
    away.come(session, other)
    with open_school(data_dir, clock=away.clock) as elsewhere:
        ended_at = session.started_at + timedelta(minutes=30)
        elsewhere.sessions.end(session.session_id, actor=admin("Anna"), at=ended_at)

    away.come_back()
    (event,) = away.delivered()

    record = away.records(session)[student.student_id]
    assert (record.status, record.marked_at, record.version) == (Status.PRESENT, came.at, 2)
    (correction,) = away.sessions.history(record.record_id, actor=admin())
    assert (correction.before.status, correction.reason) == (Status.ABSENT, DELIVERED)
    assert [(one.student_id, one.outcome) for one in event.refused] == [
        (other.student_id, CheckInOutcome.SESSION_ENDED)
    ]


def test_what_a_teacher_decided_by_hand_stays(away: AwaySchool, data_dir: Path) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away()
    away.come(session, student)
    with open_school(data_dir, clock=away.clock) as elsewhere:
        mark = elsewhere.marks.mark
        mark(session.session_id, student.student_id, Status.ABSENT, actor=admin("Anna"), reason="went home")

    away.come_back()
    (event,) = away.delivered()

    assert away.records(session)[student.student_id].status is Status.ABSENT
    assert [one.outcome for one in event.refused] == [CheckInOutcome.HELD_BY_TEACHER]
    assert away.keeping.refused(session.session_id) == list(event.refused)
    entries = away.store.read(lambda repositories: repositories.audit.entries(1))
    subject = f"{student.student_no} #{session.session_id}"
    assert (entries[0].action, entries[0].subject) == ("claim.refused", subject)


def test_phone_and_face_that_were_both_kept_complete_each_other(data_dir: Path) -> None:
    with away_school(data_dir, policy=ProofPolicy.BOTH) as school:
        session, (student, *_others) = school.open_class()
        school.enrol(student, 1)
        school.go_away()
        scanned = school.come(session, student, Method.PHONE)
        school.clock.advance(30)
        seen = school.come(session, student, Method.FACE)
        school.clock.advance(3600)
        school.come_back()
        school.delivered()

        record = school.records(session)[student.student_id]
        assert (record.status, record.marked_at) == (Status.PRESENT, seen.at)
        assert [proof.at for proof in record.evidence] == [scanned.at, seen.at]


def test_a_scan_whose_face_never_came_waits_for_the_teacher(data_dir: Path) -> None:
    with away_school(data_dir, policy=ProofPolicy.BOTH) as school:
        session, (student, *_others) = school.open_class()
        school.enrol(student, 1)
        school.go_away()
        school.come(session, student, Method.PHONE)
        school.clock.advance(3600)
        school.come_back()
        (event,) = school.delivered()

        assert [one.outcome for one in event.results] == [CheckInOutcome.TEACHER_AWAITED]
        assert school.awaited.left_to_teacher(session.session_id) == 1


def test_a_face_whose_consent_was_withdrawn_leaves_no_measurement(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away()
    away.come(session, student, Method.FACE)
    assert away.keeping.waiting()[0].evidence.distance is not None

    away.hub.emit(ConsentWithdrawn(student.student_id))
    away.keeping.close()  # waits for what is under way

    (kept,) = away.keeping.waiting()
    assert (kept.method, kept.evidence.distance) == (Method.FACE, None)


def test_without_consent_a_face_is_delivered_without_what_was_measured(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away()
    away.come(session, student, Method.FACE)
    away.come_back()
    away.delivered()

    (proof,) = away.records(session)[student.student_id].evidence
    assert (proof.method, proof.distance) == (Method.FACE, None)


def test_a_commit_of_which_nobody_knows_is_kept_and_counts_once(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away(LOST)

    kept = away.come(session, student)
    away.come_back()
    away.tick_until_delivered()

    assert kept.outcome is CheckInOutcome.KEPT
    assert len(away.records(session)) == 1


def test_who_is_not_in_the_class_that_is_shown_is_refused_as_ever(away: AwaySchool) -> None:
    session, _students = away.open_class()
    _other, (stranger,) = away.add_course("BIO 1", 1)
    away.go_away()

    with pytest.raises(DatabaseError, match="cannot be reached"):
        away.come(session, stranger)


def test_where_this_pc_cannot_keep_it_either_nobody_is_told_that_it_is_kept(
    away: AwaySchool, data_dir: Path
) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away()
    away.keeping.close()
    (data_dir / KEPT_CLAIMS_FILE).unlink()
    (data_dir / KEPT_CLAIMS_FILE).mkdir()

    with pytest.raises(DatabaseError, match="cannot be reached"):
        away.come(session, student)

    assert not away.recorder.of(StoreStateChanged)[-1].is_keeping


def test_a_class_of_another_time_under_the_same_number_is_not_touched(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away()
    away.come(session, student)
    with away.database.transaction() as repositories:  # as after restoring the server from an older copy
        row = repositories.db_session.get(ClassSessionRow, session.session_id)
        assert row is not None
        row.started_at = session.started_at + timedelta(days=1)
    away.come_back()
    (event,) = away.delivered()

    assert away.records(session) == {}
    assert [(one.student_id, one.outcome) for one in event.refused] == [(student.student_id, None)]


def test_who_waits_and_comes_when_the_class_is_not_in_memory_goes_to_the_server(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    away.go_away(LOST)
    away.come(session, student)
    away.hub.emit(RuntimeStopped())  # the class is forgotten here

    with pytest.raises(UnknownOutcomeError, match="lost while saving"):
        away.come(session, student)


def test_what_another_kiosk_marked_is_known_after_half_a_minute(away: AwaySchool) -> None:
    session, (student, *_others) = away.open_class()
    add_record(away, session, student, Evidence(Method.PASS, away.clock.now()))
    away.clock.advance(REFRESH_S)
    away.cases.attendance.copy.tick()
    away.go_away()

    assert away.come(session, student).outcome is CheckInOutcome.ALREADY_MARKED
