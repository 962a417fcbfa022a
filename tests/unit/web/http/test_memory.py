from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.errors import StorageError
from kiosk.services.attendance.running_class import ShownClass
from kiosk.services.events import CheckInResult
from kiosk.web.http.memory import KEEP_S, Answer, Answers, Memory
from tests.fakes.clock import FakeClock

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SESSION = ClassSession(
    1, 1, BEGAN, None, timedelta(0), ProofPolicy.EITHER, LivenessMode.OFF, "Anna", "none", b""
)
LIVE = ShownClass(SESSION, Course(1, "CS 101", "Algorithms"), 0.0, b"")


def test_a_value_is_kept_for_a_quarter_of_an_hour() -> None:
    clock = FakeClock()
    memory: Memory[int] = Memory(clock)
    memory.put("a", 1)
    clock.advance(KEEP_S - 1)
    assert memory.get("a") == 1
    clock.advance(1)
    assert memory.get("a") is None
    assert memory.get("b") is None


def test_the_oldest_goes_when_there_are_too_many() -> None:
    memory: Memory[int] = Memory(FakeClock(), most=2)
    for value, key in enumerate("abac"):
        memory.put(key, value)
    assert [memory.get(key) for key in "abc"] == [2, None, 3]


def test_a_popped_value_is_forgotten() -> None:
    memory: Memory[int] = Memory(FakeClock())
    memory.put("a", 1)
    assert memory.pop("a") == 1
    assert memory.pop("a") is None


def test_what_a_browser_was_told_is_dropped_and_what_it_waits_for_is_not() -> None:
    waiting: Future[CheckInResult] = Future()
    told: Future[CheckInResult] = Future()
    told.set_exception(StorageError("The disk is full."))
    answers = Answers(FakeClock())
    for browser, future in (("mine", told), ("mine", waiting), ("another", told)):
        answers.put(f"{browser} {future.done()}", Answer(browser, 1, LIVE, future))
    answers.forget_settled("mine")
    assert answers.get("mine True") is None
    assert answers.get("mine False") is not None
    assert answers.get("another True") is not None


def test_what_is_too_old_is_let_go_of_with_the_next_value() -> None:
    clock = FakeClock()
    memory: Memory[int] = Memory(clock)
    memory.put("a", 1)
    clock.advance(KEEP_S / 2)
    memory.put("b", 2)
    clock.advance(KEEP_S / 2)
    memory.put("c", 3)
    assert len(memory) == 2
    assert memory.get("b") == 2
