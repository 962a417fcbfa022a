"""The pictures of a class that may be learned from, in memory."""

import pytest

from kiosk.domain.faces.frames import BgrImage
from kiosk.services.events import ConsentWithdrawn, RuntimeStopped
from kiosk.services.faces.clear_faces import ClearFaces
from kiosk.services.faces.recognition.track_memory import ClearLook
from tests.fakes.vision.recognition import picture_of
from tests.unit.services.faces.test_ambiguous_memory import NINE, started


class Memory(ClearFaces):
    """That of an open class 1; counts the picture files that it made."""

    def __init__(self) -> None:
        self.written = 0
        super().__init__(write_picture=self._write)
        self.on_event(started(1))

    def _write(self, image: BgrImage) -> bytes:
        self.written += 1
        return b"jpeg of %d" % image[0, 0, 0]

    def see(self, student_id: int, fitness: float, picture: int = 0, session_id: int = 1) -> None:
        self.take(session_id, ClearLook(student_id, fitness, picture_of(picture), 1.0), NINE)


@pytest.fixture
def memory() -> Memory:
    return Memory()


def test_the_fittest_look_of_each_student_is_kept(memory: Memory) -> None:
    memory.see(7, 0.5, 1)
    memory.see(7, 0.8, 2)
    memory.see(7, 0.82, 3)
    memory.see(8, 0.1, 4)

    kept = {one.student_id: one for one in memory.end(1)}

    assert {student: one.picture for student, one in kept.items()} == {7: b"jpeg of 2", 8: b"jpeg of 4"}
    assert kept[7].seen_at == NINE
    assert memory.written == 3


def test_it_is_handed_over_once_and_to_its_own_class_only(memory: Memory) -> None:
    memory.see(7, 0.5)
    assert memory.end(2) == ()
    assert len(memory.end(1)) == 1
    assert memory.end(1) == ()
    memory.see(7, 0.5)
    assert memory.end(1) == ()


def test_a_look_of_another_class_is_not_kept(memory: Memory) -> None:
    memory.see(7, 0.5, session_id=2)
    assert memory.end(1) == ()


def test_a_class_that_is_gone_on_with_keeps_what_it_has_and_another_one_begins_with_nothing(
    memory: Memory,
) -> None:
    memory.see(7, 0.5)
    memory.on_event(started(1))
    memory.see(8, 0.5)
    assert len(memory.end(1)) == 2
    memory.on_event(started(1))
    memory.see(7, 0.5)
    memory.on_event(started(2))
    assert memory.end(2) == ()


def test_a_withdrawn_consent_takes_that_picture_out_at_once(memory: Memory) -> None:
    memory.see(7, 0.5)
    memory.see(8, 0.5)
    memory.on_event(ConsentWithdrawn(7))
    assert [one.student_id for one in memory.end(1)] == [8]


def test_a_kiosk_that_closes_forgets_everything(memory: Memory) -> None:
    memory.see(7, 0.5)
    memory.on_event(RuntimeStopped())
    assert memory.end(1) == ()


def test_no_picture_stands_in_a_log() -> None:
    memory = Memory()
    memory.see(7, 0.5)
    assert "jpeg" not in repr(memory.end(1))
