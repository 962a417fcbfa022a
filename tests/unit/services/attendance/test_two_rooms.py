"""Two kiosks of a school on one server: what comes to both at the same moment is one record, and nobody sees an error."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy
from kiosk.domain.trust.rights import Actor
from kiosk.domain.trust.throttle import staff_limits
from kiosk.errors import ConflictError, StorageError
from kiosk.services.events import CheckInResult
from kiosk.storage.database import engine
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.storage.postgresql import PostgresServer
from tests.fakes.storage.two_kiosks import WAIT_S, TwoRooms, come_to_a_kiosk, two_rooms
from tests.unit.storage.classroom import START, TERM, Classroom, add_session

ACTOR = Actor.system("the test")


@pytest.fixture
def rooms(
    postgres: PostgresServer, _server_database: str, data_dir: Path, key_ring: KeyRing
) -> Iterator[TwoRooms]:
    with two_rooms(postgres, _server_database, data_dir, key_ring) as opened:
        yield opened
    postgres.clear(_server_database)


def outcome(answer: "Future[CheckInResult]") -> CheckInOutcome:
    return answer.result(WAIT_S).outcome


def with_students(rooms: TwoRooms, count: int) -> Classroom:
    """The class with so many other students."""
    with rooms.database.transaction() as repositories:
        more = tuple(
            repositories.students.add(student_no=f"m{number}", full_name=f"Student {number}", email=None)
            for number in range(count)
        )
        for student in more:
            repositories.courses.register(rooms.classroom.course.course_id, student.student_id, TERM)
    return replace(rooms.classroom, students=more)


def test_a_student_who_comes_to_both_is_marked_once_and_told_already_by_the_other(rooms: TwoRooms) -> None:
    with rooms.here.committing_late():
        first = rooms.here.claim(rooms.classroom, 0)
        assert rooms.here.faulty.at_commit.wait(WAIT_S)
        second = rooms.there.claim(rooms.classroom, 0)
        rooms.wait_for_one_that_waits()
    assert outcome(first) is CheckInOutcome.MARKED_PRESENT
    assert outcome(second) is CheckInOutcome.ALREADY_MARKED
    with rooms.database.snapshot() as repositories:
        assert len(repositories.records.of_session(rooms.classroom.session.session_id)) == 1


def test_others_in_the_same_commit_are_marked_all_the_same(rooms: TwoRooms) -> None:
    with rooms.here.committing_late():
        first = rooms.here.claim(rooms.classroom, 0)
        assert rooms.here.faulty.at_commit.wait(WAIT_S)
        there = [rooms.there.claim(rooms.classroom, number) for number in (1, 0, 2)]
        rooms.wait_for_one_that_waits()
    assert outcome(first) is CheckInOutcome.MARKED_PRESENT
    present = CheckInOutcome.MARKED_PRESENT
    assert [outcome(one) for one in there] == [present, CheckInOutcome.ALREADY_MARKED, present]


def test_the_two_proofs_of_a_student_at_two_kiosks_complete_one_record(rooms: TwoRooms) -> None:
    rooms.follow(ProofPolicy.BOTH)
    with rooms.here.committing_late():
        face = rooms.here.claim(rooms.classroom, 0, method=Method.FACE)
        assert rooms.here.faulty.at_commit.wait(WAIT_S)
        scan = rooms.there.claim(rooms.classroom, 0, method=Method.PHONE, device="a")
        rooms.wait_for_one_that_waits()
    assert outcome(face) is CheckInOutcome.PHONE_AWAITED
    assert outcome(scan) is CheckInOutcome.MARKED_PRESENT


def test_the_same_first_proof_at_two_kiosks_is_one_claim(rooms: TwoRooms) -> None:
    rooms.follow(ProofPolicy.BOTH)
    with rooms.here.committing_late():
        first = rooms.here.claim(rooms.classroom, 0, method=Method.FACE)
        assert rooms.here.faulty.at_commit.wait(WAIT_S)
        second = rooms.there.claim(rooms.classroom, 0, method=Method.FACE, second=2)
        rooms.wait_for_one_that_waits()
    assert [outcome(first), outcome(second)] == [CheckInOutcome.PHONE_AWAITED] * 2
    with rooms.database.snapshot() as repositories:
        assert len(repositories.claims.of_session(rooms.classroom.session.session_id)) == 1


def test_one_phone_marks_one_student_also_at_two_kiosks(rooms: TwoRooms) -> None:
    with rooms.here.committing_late():
        first = rooms.here.claim(rooms.classroom, 0, method=Method.PHONE, device="a")
        assert rooms.here.faulty.at_commit.wait(WAIT_S)
        second = rooms.there.claim(rooms.classroom, 1, method=Method.PHONE, device="a")
        rooms.wait_for_one_that_waits()
    assert outcome(first) is CheckInOutcome.MARKED_PRESENT
    assert outcome(second) is CheckInOutcome.DEVICE_ALREADY_USED


def test_a_class_that_two_end_ends_once(rooms: TwoRooms) -> None:
    session_id = rooms.classroom.session.session_id
    with ThreadPoolExecutor(2) as pool, rooms.here.committing_late():
        first = pool.submit(rooms.here.sessions.end, session_id, actor=ACTOR)
        assert rooms.here.faulty.at_commit.wait(WAIT_S)
        second = pool.submit(rooms.there.sessions.end, session_id, actor=ACTOR)
        rooms.wait_for_one_that_waits()
        rooms.here.faulty.commit.set()
        assert first.result(WAIT_S) == second.result(WAIT_S)
    assert rooms.is_intact()


def test_a_course_that_two_start_is_started_once(rooms: TwoRooms) -> None:
    course_id = rooms.classroom.course.course_id
    rooms.here.sessions.end(rooms.classroom.session.session_id, actor=ACTOR)
    rooms.here.faulty.at_commit.clear()
    with ThreadPoolExecutor(2) as pool, rooms.here.committing_late():
        first = pool.submit(rooms.here.sessions.start, course_id, actor=ACTOR, model="m")
        assert rooms.here.faulty.at_commit.wait(WAIT_S)
        second = pool.submit(rooms.there.sessions.start, course_id, actor=ACTOR, model="m")
        rooms.wait_for_one_that_waits()
        rooms.here.faulty.commit.set()
        assert first.result(WAIT_S).is_open
        with pytest.raises(ConflictError, match="still open"):
            second.result(WAIT_S)
    assert rooms.is_intact()


def test_wrong_passwords_at_two_kiosks_are_all_counted(rooms: TwoRooms) -> None:
    with ThreadPoolExecutor(2) as pool, rooms.here.committing_late():
        first = pool.submit(rooms.here.throttle.reserve, staff_limits("anna"))
        assert rooms.here.faulty.at_commit.wait(WAIT_S)
        second = pool.submit(rooms.there.throttle.reserve, staff_limits("anna"))
        rooms.wait_for_one_that_waits()
        rooms.here.faulty.commit.set()
        counted = [count for one in (first, second) for count in one.result(WAIT_S).values()]
        assert [count.failures for count in counted] == [1, 2]


def test_writes_that_wait_for_each_other_are_all_written(rooms: TwoRooms) -> None:
    """Each kiosk holds what the other one waits for; the server ends one transaction, which is done again."""
    meet = Barrier(2)

    def taking(first: str, second: str) -> Callable[[Repositories], None]:
        tries = iter((True, False, False))

        def work(repositories: Repositories) -> None:
            repositories.failures.hold(first)
            if next(tries):
                meet.wait(WAIT_S)
            repositories.failures.hold(second)
            repositories.audit.add(START, "kiosk", "test", first)

        return work

    answers = [
        rooms.here.store.write_later(taking("a", "b")),
        rooms.there.store.write_later(taking("b", "a")),
    ]
    for answer in answers:
        answer.result(WAIT_S)
    assert rooms.is_intact()


def test_two_processes_that_mark_the_same_class_make_one_record_each(rooms: TwoRooms, data_dir: Path) -> None:
    crowd = with_students(rooms, 30)
    spawn = multiprocessing.get_context("spawn")
    start, told = spawn.Barrier(2), spawn.Queue()
    words = (rooms.url, data_dir, crowd, start, told)
    kiosks = [spawn.Process(target=come_to_a_kiosk, args=words) for _number in range(2)]
    for one in kiosks:
        one.start()
    outcomes = told.get(timeout=WAIT_S) + told.get(timeout=WAIT_S)
    for one in kiosks:
        one.join(WAIT_S)
    assert sorted(outcomes) == ["already_marked"] * 30 + ["marked_present"] * 30
    with rooms.database.snapshot() as repositories:
        assert len(repositories.records.of_session(crowd.session.session_id)) == 30
    assert rooms.is_intact()


def test_a_whole_class_at_both_kiosks_at_once_has_one_record_each(rooms: TwoRooms) -> None:
    crowd = with_students(rooms, 40)
    answers = [
        (number, room.claim(crowd, number))
        for number in range(40)
        for room in ((rooms.here, rooms.there) if number % 2 else (rooms.there, rooms.here))
    ]
    for number in range(40):
        told = sorted(outcome(answer).value for one, answer in answers if one == number)
        assert told == sorted((CheckInOutcome.MARKED_PRESENT.value, CheckInOutcome.ALREADY_MARKED.value))
    assert rooms.here.store.trouble is None
    assert rooms.there.store.trouble is None


def test_two_first_starts_at_once_make_one_database(postgres: PostgresServer, key_ring: KeyRing) -> None:
    url = postgres.address(postgres.make_database())
    with ThreadPoolExecutor(2) as pool:
        opened = [pool.submit(SqlDatabase.open, url, key_ring=key_ring) for _number in range(2)]
        for one in opened:
            one.result(WAIT_S).close()


@pytest.mark.logs_warnings
def test_a_kiosk_that_stops_in_the_middle_holds_up_nobody_for_long(
    rooms: TwoRooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "IDLE_S", 1)
    with rooms.here.committing_late():
        stopped = rooms.here.claim(rooms.classroom, 0)
        assert rooms.here.faulty.at_commit.wait(WAIT_S)
        assert outcome(rooms.there.claim(rooms.classroom, 0)) is CheckInOutcome.MARKED_PRESENT
    assert isinstance(stopped.exception(WAIT_S), StorageError)


def test_a_kiosk_whose_clock_is_far_ahead_ends_no_class_of_another_room(rooms: TwoRooms) -> None:
    with rooms.database.transaction() as repositories:
        session = repositories.class_sessions.get(rooms.classroom.session.session_id)
        moment = repositories.class_sessions.server_time()
        assert session is not None
        assert moment is not None
        repositories.class_sessions.end(session.session_id, START)
        open_one = add_session(repositories, rooms.classroom.course, moment)
    rooms.there.clock.advance((moment + timedelta(hours=9) - START).total_seconds())
    assert rooms.there.sessions.end_forgotten() == []
    assert rooms.here.sessions.session(open_one.session_id).is_open
