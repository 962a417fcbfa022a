from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy, Status
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.faces.frames import BgrImage
from kiosk.domain.people.students import Student
from kiosk.domain.phones.passes import ROTATION
from kiosk.errors import CodeError, StorageError
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.events import CheckInResult, PassExpired, WorkerFailed
from kiosk.services.phones.bad_codes import LEAST_OF_BROWSER, BadCodes
from kiosk.services.phones.passes import TELL_EXPIRED_S, Passes
from tests.fakes.actors import admin
from tests.world.classroom import Classroom
from tests.world.school import ZONE

PHONE = "a" * 22


@dataclass
class NotedCodes:
    """A drawer that notes the texts it was to draw."""

    texts: list[str] = field(default_factory=list)

    def modules(self, text: str) -> NDArray[np.bool_]:
        self.texts.append(text)
        return np.ones((25, 25), np.bool_)

    def picture(self, text: str, *, module_px: int = 8) -> BgrImage:
        return np.full((25 * module_px, 25 * module_px, 3), 255, np.uint8)


class Bench:
    """Passes of a classroom, whose texts can be seen."""

    def __init__(self, room: Classroom, checkin: CheckIn | None = None) -> None:
        self.room = room
        self.drawn = NotedCodes()
        self.passes = Passes(
            running=room.running,
            checkin=checkin or room.checkin,
            clock=room.clock,
            qr=self.drawn,
            bad_codes=BadCodes(running=room.running, incidents=room.incidents, clock=room.clock),
            events=room.hub,
        )

    def show(self, student: Student | None = None, device: str = PHONE) -> str:
        self.passes.show(student or self.room.anita, device, address="10.0.0.9", agent="kind")
        return self.drawn.texts[-1]

    def result(self, student: Student | None = None, device: str = PHONE) -> CheckInResult | None:
        self.room.store.write(lambda _: None)  # the store takes one after the other
        return self.passes.answer(student or self.room.anita, device)

    def told(self) -> int:
        return sum(isinstance(event, PassExpired) for event in self.room.events)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    classroom = Classroom(tmp_path)
    yield classroom
    classroom.close()


@pytest.fixture
def bench(room: Classroom) -> Bench:
    return Bench(room)


def test_a_pass_before_the_camera_marks_the_student_with_the_phone_as_evidence(
    bench: Bench, room: Classroom
) -> None:
    session = room.open_class()
    bench.passes.take(bench.show())
    result = bench.result()
    assert result is not None
    assert result.outcome is CheckInOutcome.MARKED_PRESENT
    (record,) = room.records(session)
    assert (record.status, record.method) == (Status.PRESENT, Method.PASS)
    (proof,) = record.evidence
    assert (proof.device, proof.address, proof.agent) == (PHONE, "10.0.0.9", "kind")


def test_without_a_class_there_is_no_pass(bench: Bench) -> None:
    with pytest.raises(CodeError, match="No class is open"):
        bench.show()
    assert bench.result() is None


def test_a_pass_that_stays_before_the_camera_is_submitted_once_a_step(bench: Bench, room: Classroom) -> None:
    room.open_class()
    text = bench.show()
    before = room.store.writes
    for _ in range(30):
        bench.passes.take(text)
    assert room.store.writes == before + 1
    room.clock.advance(ROTATION.period_s)
    bench.passes.take(text)  # still good, but used
    assert room.store.writes == before + 1
    bench.passes.take(bench.show())
    assert room.store.writes == before + 2
    result = bench.result()
    assert result is not None
    assert result.outcome is CheckInOutcome.ALREADY_MARKED


def test_an_older_step_is_not_taken_after_a_newer_one(bench: Bench, room: Classroom) -> None:
    room.open_class()
    old = bench.show()
    room.clock.advance(ROTATION.period_s)
    new = bench.show()
    assert new != old
    bench.passes.take(new)
    before = room.store.writes
    bench.passes.take(old)
    assert room.store.writes == before


def test_a_photographed_pass_expires_and_that_is_said_now_and_then(bench: Bench, room: Classroom) -> None:
    session = room.open_class()
    text = bench.show()
    room.clock.advance(2 * ROTATION.period_s)
    for _ in range(5):
        bench.passes.take(text)
    assert bench.told() == 1
    room.clock.advance(TELL_EXPIRED_S)
    bench.passes.take(text)
    assert bench.told() == 2
    assert room.records(session) == []


def test_a_pass_dies_with_the_class(bench: Bench, room: Classroom) -> None:
    first = room.open_class()
    text = bench.show()
    room.end_class(first)
    bench.passes.take(text)
    second = room.open_class()
    bench.passes.take(text)
    assert room.records(first) == room.records(second) == []
    assert bench.told() == 0
    assert bench.result() is None


def test_what_came_of_a_pass_is_forgotten_with_the_class(bench: Bench, room: Classroom) -> None:
    session = room.open_class()
    bench.passes.take(bench.show())
    assert bench.result() is not None
    room.end_class(session)
    assert bench.result() is None
    room.open_class()
    assert bench.result() is None


@pytest.mark.parametrize(
    "text", ["", "PASS1:", "PASS1:" + "A" * 22, "hello", "x' OR 1=1 --", "\ufffd" * 2900, "http://e.example"]
)
def test_foreign_texts_are_ignored(bench: Bench, room: Classroom, text: str) -> None:
    session = room.open_class()
    bench.show()
    told = len(room.events)
    bench.passes.take(text)
    assert room.records(session) == []
    assert len(room.events) == told


def test_a_forged_mac_under_a_genuine_handle_is_ignored(bench: Bench, room: Classroom) -> None:
    session = room.open_class()
    text = bench.show()
    bench.passes.take(text[:-1] + ("B" if text[-1] == "A" else "A"))
    assert room.records(session) == []


def test_one_phone_marks_one_student(bench: Bench, room: Classroom) -> None:
    room.register(room.ben)
    session = room.open_class()
    bench.passes.take(bench.show())
    bench.passes.take(bench.show(room.ben))
    result = bench.result(room.ben)
    assert result is not None
    assert result.outcome is CheckInOutcome.DEVICE_ALREADY_USED
    assert result.incident is not None
    assert len(room.records(session)) == 1


def test_a_pass_counts_as_phone_where_both_are_demanded(bench: Bench, room: Classroom) -> None:
    room.allow_face()
    session = room.open_class(ProofPolicy.BOTH)
    bench.passes.take(bench.show())
    result = bench.result()
    assert result is not None
    assert result.outcome is CheckInOutcome.FACE_AWAITED
    assert room.records(session) == []


def test_a_step_is_drawn_once(bench: Bench, room: Classroom) -> None:
    room.open_class()
    for _ in range(3):
        bench.show()
    assert len(bench.drawn.texts) == 1


def test_many_forged_passes_are_told_and_one_that_is_held_still_is_not(bench: Bench, room: Classroom) -> None:
    session = room.open_class()
    for _ in range(50):
        bench.passes.take("PASS1:" + "A" * 22)
    for letter in "BCDEFG"[: LEAST_OF_BROWSER - 2]:
        bench.passes.take("PASS1:" + letter * 22)
    room.store.write(lambda _: None)
    assert room.incidents.of_session(session.session_id, actor=admin()) == []
    bench.passes.take("PASS1:" + "H" * 22)
    room.store.write(lambda _: None)
    (incident,) = room.incidents.of_session(session.session_id, actor=admin())
    assert (incident.kind, incident.times) == (IncidentKind.FOREIGN_CODES, LEAST_OF_BROWSER)


class FullDisk(CheckIn):
    """A door whose store cannot write."""

    def __init__(self, room: Classroom) -> None:
        super().__init__(store=room.store, zone=ZONE, events=room.hub)

    def submit(self, claim: Claim) -> "Future[CheckInResult]":
        answer: Future[CheckInResult] = Future()
        answer.set_exception(StorageError("The disk is full.", "Make room."))
        return answer


def test_a_mark_that_could_not_be_written_is_told(room: Classroom, caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(room, FullDisk(room))
    room.open_class()
    bench.passes.take(bench.show())
    assert WorkerFailed("store", "The disk is full.", "Make room.") in room.events
    assert "could not be written" in caplog.text
    caplog.clear()


def test_a_recheck_wants_the_pass_again_and_takes_it_once(bench: Bench, room: Classroom) -> None:
    session = room.open_class()
    bench.passes.take(bench.show())
    assert bench.result() is not None
    room.clock.advance(600)
    room.begin_recheck(session)
    assert bench.result() is None, "the phone shows the pass again"
    room.clock.advance(ROTATION.period_s)
    bench.passes.take(bench.show())
    result = bench.result()
    assert result is not None
    assert result.outcome is CheckInOutcome.SEEN_AGAIN
