"""The re-embedding thread over a real store, with two models."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.people.students import Student
from kiosk.errors import ModelError
from kiosk.pipeline.re_embedding_worker import ReEmbeddingWorker
from kiosk.services.events import Event, ReEmbeddingProgress, WorkerFailed
from kiosk.services.models.re_embedding import ReEmbedding
from kiosk.services.ports.vision import Detector, Embedder
from tests.fakes.attendance.classes import SwitchedClass
from tests.fakes.models.two_models import NEW_MODEL, NewEmbedder, read_stored
from tests.fakes.recorder import WAIT_S, EventRecorder
from tests.fakes.vision.recognition import FakeDetector
from tests.world.school import SmallSchool, open_school

NEW = NEW_MODEL.name


class GatedEmbedder(NewEmbedder):
    """Stops before its second picture until the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.second = threading.Event()
        self.go_on = threading.Event()

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        if len(self.embedded) == 1:
            self.second.set()
            assert self.go_on.wait(WAIT_S)
        return super().embed(image, faces)


class Bench:
    def __init__(self, school: SmallSchool) -> None:
        self.school = school
        self.recorder = EventRecorder()
        self.embedder: NewEmbedder = NewEmbedder()
        self.failure: Exception | None = None
        self.built: list[str] = []
        self.running = SwitchedClass()
        self.students: list[Student] = school.add_course(students=3)[1]
        self.worker = ReEmbeddingWorker(
            re_embedding=ReEmbedding(
                store=school.store, clock=school.clock, read_picture=read_stored, lookalikes=school.lookalikes
            ),
            build=self._build,
            running=self.running,
            events=self.recorder.hub,
            give_way_s=0.001,
        )

    def _build(self, model: str) -> tuple[Detector, Embedder]:
        self.built.append(model)
        if self.failure is not None:
            raise self.failure
        return FakeDetector(), self.embedder

    def enrolled(self) -> dict[int, int]:
        return self.school.store.read(lambda repositories: repositories.faces.enrolled(NEW))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_school(tmp_path / "data") as school:
        made = Bench(school)
        yield made
        assert made.worker.stop(WAIT_S)


def at_end(event: Event) -> bool:
    return isinstance(event, ReEmbeddingProgress) and event.done == event.of and not event.stopped


def test_pictures_are_prepared_in_the_background_with_progress(bench: Bench) -> None:
    bench.school.enrol(bench.students[0], 1, pictures=2)
    bench.school.enrol(bench.students[1], 2)
    bench.running.switched_on = True

    bench.worker.start(NEW)
    bench.recorder.wait_for(at_end)

    assert bench.recorder.of(ReEmbeddingProgress) == [
        ReEmbeddingProgress(NEW, 0, 3),
        ReEmbeddingProgress(NEW, 1, 3),
        ReEmbeddingProgress(NEW, 2, 3),
        ReEmbeddingProgress(NEW, 3, 3),
    ]
    assert bench.worker.newest == ReEmbeddingProgress(NEW, 3, 3)
    assert bench.enrolled() == {bench.students[0].student_id: 2, bench.students[1].student_id: 1}


def test_where_nothing_is_missing_no_model_is_loaded(bench: Bench) -> None:
    bench.worker.start(NEW)
    assert bench.worker.stop(WAIT_S)

    assert bench.built == []
    assert bench.recorder.events == []
    assert bench.worker.newest is None


def test_stopping_ends_after_the_picture_under_way_and_keeps_what_is_done(bench: Bench) -> None:
    embedder = bench.embedder = GatedEmbedder()
    bench.school.enrol(bench.students[0], 1, pictures=4)
    bench.worker.start(NEW)
    assert embedder.second.wait(WAIT_S)

    stopping = threading.Thread(target=bench.worker.stop, args=(WAIT_S,))
    stopping.start()
    embedder.go_on.set()
    stopping.join(WAIT_S)

    assert not stopping.is_alive()
    assert len(embedder.embedded) < 4
    assert bench.enrolled() == {bench.students[0].student_id: len(embedder.embedded)}
    newest = bench.worker.newest
    assert newest is not None
    assert newest.stopped
    bench.worker.start(NEW)  # a kiosk that closes starts nothing any more
    assert len(bench.built) == 1


def test_another_choice_puts_the_first_one_off(bench: Bench) -> None:
    embedder = bench.embedder = GatedEmbedder()
    bench.school.enrol(bench.students[0], 1, pictures=3)
    bench.worker.start(NEW)
    assert embedder.second.wait(WAIT_S)

    bench.worker.start("a third model")
    embedder.go_on.set()
    bench.recorder.wait_for(lambda event: isinstance(event, ReEmbeddingProgress) and event.model != NEW)

    assert bench.built == [NEW, "a third model"]


def test_following_starts_once_for_each_model(bench: Bench) -> None:
    bench.school.enrol(bench.students[0], 1)
    bench.worker.follow(NEW)
    bench.recorder.wait_for(at_end)
    bench.worker.follow(NEW)
    assert bench.worker.stop(WAIT_S)

    assert bench.built == [NEW]


def test_students_of_whom_nothing_can_be_used_are_named_at_the_end(bench: Bench) -> None:
    bench.school.enrol(bench.students[0], 0)
    bench.school.enrol(bench.students[1], 2)
    bench.worker.start(NEW)

    last = bench.recorder.wait_for(at_end)

    assert isinstance(last, ReEmbeddingProgress)
    assert last.lost == (bench.students[0].student_no,)


@pytest.mark.logs_warnings
@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (ModelError("The model is damaged.", "Install it again."), "The model is damaged."),
        (ValueError("nobody foresaw this"), "The stored pictures could not be prepared"),
    ],
)
def test_a_model_that_cannot_be_loaded_is_said_and_the_old_gallery_stays(
    bench: Bench, failure: Exception, words: str
) -> None:
    bench.failure = failure
    bench.school.enrol(bench.students[0], 1)
    bench.worker.start(NEW)

    event = bench.recorder.wait_for(lambda event: isinstance(event, WorkerFailed))

    assert isinstance(event, WorkerFailed)
    assert event.user_text.startswith(words)
    assert bench.enrolled() == {}
