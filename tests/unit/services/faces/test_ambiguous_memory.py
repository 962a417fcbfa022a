from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.frames import BgrImage, Box, Detection
from kiosk.domain.faces.recognition import Decision, Match, Outcome
from kiosk.services.events import RuntimeStopped, SessionEnded, SessionStarted
from kiosk.services.faces.ambiguous_memory import KEPT, KEPT_S, AmbiguousMemory
from kiosk.services.faces.recognition.analysis import TrackDecision
from kiosk.services.faces.recognition.track_memory import ClosestLook
from tests.fakes.clock import FakeClock
from tests.fakes.vision.recognition import picture_of, vector_of

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BOX = Box(10, 10, 50, 50)


def write_picture(image: BgrImage) -> bytes:
    return b"jpeg of %d" % image[0, 0, 0]


def decision(
    track: int, outcome: Outcome = Outcome.AMBIGUOUS, *, candidate: int = 1, image: BgrImage | None = None
) -> TrackDecision:
    match = Match(candidate, 0.52, 0.7)
    picture = picture_of(candidate) if image is None else image
    closest = ClosestLook(match, picture, Detection(BOX, 1.0), vector_of(candidate), 1.0)
    ambiguous = outcome is Outcome.AMBIGUOUS
    return TrackDecision(
        track, BOX, Decision(outcome, match, 1.0, 12), None, 0.5, closest if ambiguous else None
    )


def started(session_id: int) -> SessionStarted:
    session = ClassSession(
        session_id,
        1,
        NINE,
        None,
        timedelta(minutes=10),
        ProofPolicy.EITHER,
        LivenessMode.OFF,
        "Tom",
        "fake",
        bytes(32),
    )
    return SessionStarted(session, Course(1, "CS 101", "Algorithms"), 3)


class Memory(AmbiguousMemory):
    """The memory of an open class 1 with a clock that tests move."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        super().__init__(clock=self.clock, write_picture=write_picture)
        self.on_event(started(1))

    def tracks(self) -> list[int]:
        return [face.track_id for face in self.of_session(1)]


@pytest.fixture
def memory() -> Memory:
    return Memory()


def test_an_ambiguous_face_is_kept_with_its_picture_time_and_candidate(memory: Memory) -> None:
    memory.take(1, decision(5, candidate=2), NINE)

    (face,) = memory.of_session(1)
    assert (face.track_id, face.candidate_id, face.seen_at) == (5, 2, NINE)
    assert face.picture == b"jpeg of 2"
    assert memory.get(face.face_id) is face
    assert "jpeg" not in repr(face)


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.ACCEPTED, Outcome.ATTACK_SUSPECTED])
def test_any_other_verdict_keeps_nothing_and_drops_what_was_kept(memory: Memory, outcome: Outcome) -> None:
    memory.take(1, decision(5, outcome), NINE)
    assert memory.tracks() == []

    memory.take(1, decision(5), NINE)
    memory.take(1, decision(6), NINE)
    memory.take(1, decision(5, outcome), NINE)
    assert memory.tracks() == [6]


def test_a_better_look_replaces_the_older_one(memory: Memory) -> None:
    memory.take(1, decision(5, candidate=1), NINE)
    memory.take(1, decision(6), NINE)
    memory.take(1, decision(5, candidate=2), NINE)

    assert memory.tracks() == [6, 5]
    assert memory.of_session(1)[-1].candidate_id == 2


def test_only_the_newest_are_kept(memory: Memory) -> None:
    for track in range(KEPT + 5):
        memory.take(1, decision(track), NINE)

    assert memory.tracks() == list(range(5, KEPT + 5))


def test_a_face_is_forgotten_after_ten_minutes_also_when_nobody_looks(memory: Memory) -> None:
    memory.take(1, decision(5), NINE)
    face_id = memory.of_session(1)[0].face_id
    memory.clock.advance(KEPT_S - 1)
    memory.take(1, decision(6), NINE)
    memory.clock.advance(1)

    memory.tick()

    assert [face.track_id for face in memory._faces.values()] == [6]
    assert memory.get(face_id) is None


@pytest.mark.parametrize("event", [SessionEnded(1, NINE), RuntimeStopped(), started(2)])
def test_the_end_of_the_class_forgets_everything(
    memory: Memory, event: SessionEnded | RuntimeStopped | SessionStarted
) -> None:
    memory.take(1, decision(5), NINE)

    memory.on_event(event)
    memory.take(1, decision(6), NINE)  # a frame that was still under way

    assert memory._faces == {}


def test_the_end_of_another_class_changes_nothing(memory: Memory) -> None:
    memory.take(1, decision(5), NINE)
    memory.on_event(SessionEnded(7, NINE))

    assert memory.tracks() == [5]
    assert memory.of_session(7) == []


def test_a_dropped_face_is_gone(memory: Memory) -> None:
    memory.take(1, decision(5), NINE)
    face_id = memory.of_session(1)[0].face_id

    memory.drop(face_id)
    memory.drop(face_id)

    assert memory.tracks() == []


def test_a_face_outside_the_picture_is_not_kept(memory: Memory) -> None:
    memory.take(1, decision(5, image=np.zeros((0, 0, 3), np.uint8)), NINE)

    assert memory.tracks() == []
