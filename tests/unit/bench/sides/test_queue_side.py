"""What is made of the events of a class in single file."""

from datetime import UTC, datetime

import pytest

from kiosk.bench.passing import single_file
from kiosk.bench.sides.queue_side import QueueLog
from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.faces.frames import Box
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.people.students import Student
from kiosk.services.events import CameraState, CameraStateChanged, CheckInResult, FaceDecided

NUMBERS = ("b01", "b02")
WAYS = single_file(["one", "two"], every_s=1.0, speed=900, scale=1.0)
BEGAN_S = 1000.0


def student(number: str) -> Student:
    return Student(student_id=int(number[1:]), student_no=number, full_name=number, email=None)


def decided(number: str, *, where: int, at_s: float, outcome: Outcome = Outcome.ACCEPTED) -> FaceDecided:
    """A face that stands where the person at place `where` of the queue is `at_s` seconds into the film."""
    place = WAYS[where].at(at_s)
    assert place is not None
    box = Box(place.x - 80, place.y - 60, 160, 160)
    first_s = BEGAN_S + at_s - 0.3
    return FaceDecided(1, where, outcome, student(number), first_s, BEGAN_S + at_s, 0.2, 0.3, box)


def marked(number: str, outcome: CheckInOutcome = CheckInOutcome.MARKED_PRESENT) -> CheckInResult:
    return CheckInResult(outcome, 1, student(number), Method.FACE, None, datetime(2026, 3, 2, 8, tzinfo=UTC))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("kiosk.bench.sides.queue_side.time.monotonic", lambda: now[0])
    return now


def test_times_run_from_the_capture_to_the_event(clock: list[float]) -> None:
    log = QueueLog()
    clock[0] = BEGAN_S + 1.040
    log.on_event(decided("b01", where=0, at_s=1.0))
    clock[0] = BEGAN_S + 1.060
    log.on_event(marked("b01"))
    answer = log.answer(NUMBERS, WAYS, BEGAN_S, (30, 1))
    assert answer.decision_ms == pytest.approx((40.0,))
    assert answer.record_s == pytest.approx((0.36,))
    assert (answer.students, answer.marked, answer.mistaken, answer.frames) == (2, 1, 0, (30, 1))


def test_name_of_somebody_who_stands_elsewhere_is_a_mistake() -> None:
    log = QueueLog()
    log.on_event(decided("b02", where=0, at_s=1.5))
    assert log.answer(NUMBERS, WAYS, BEGAN_S, (0, 0)).mistaken == 1


def test_undecided_faces_and_second_claims_count_for_nothing() -> None:
    log = QueueLog()
    log.on_event(decided("b01", where=0, at_s=1.0, outcome=Outcome.UNKNOWN))
    log.on_event(marked("b01", CheckInOutcome.ALREADY_MARKED))
    answer = log.answer(NUMBERS, WAYS, BEGAN_S, (0, 0))
    assert answer.marked == 0
    assert answer.decision_ms == ()


def test_film_s_end_is_noticed() -> None:
    log = QueueLog()
    log.on_event(CameraStateChanged(CameraState.RUNNING))
    assert not log.ended.is_set()
    log.on_event(CameraStateChanged(CameraState.ENDED))
    assert log.ended.is_set()
