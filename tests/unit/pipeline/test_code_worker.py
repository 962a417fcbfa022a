import threading

import numpy as np
import pytest

from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.pipeline.code_worker import FAILURES, CodeReading, CodeWorker, smaller
from kiosk.services.events import WorkerFailed
from kiosk.services.faces.recognition.slots import LatestSlot
from tests.fakes.recorder import WAIT_S, EventRecorder


class FakeReader:
    """Finds the texts that a test lays before it."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.shapes: list[tuple[int, ...]] = []
        self.closed = 0
        self.fails = False
        self.failures = 0
        self.more_failures: list[int] = []
        self.looked = threading.Semaphore(0)

    def read(self, image: BgrImage, *, timeout_s: float = 2.0) -> list[str]:
        if self.fails:
            raise MemoryError
        self.shapes.append(image.shape)
        self.looked.release()
        self.failures = self.more_failures.pop(0) if self.more_failures else self.failures
        return self._answers.pop(0) if self._answers else []

    def close(self) -> None:
        self.closed += 1


class Bench:
    def __init__(self, reader: FakeReader) -> None:
        self.reader = reader
        self.frames: LatestSlot[Frame] = LatestSlot()
        self.recorder = EventRecorder()
        self.heard: list[tuple[str, str]] = []
        self.enough = threading.Event()
        self.worker = CodeWorker(
            frames=self.frames, reading=CodeReading(reader, self), events=self.recorder.hub, tries_per_s=1000
        )

    def take(self, text: str) -> None:
        self.heard.append((text, threading.current_thread().name))
        self.enough.set()

    def show(self, width: int = 1280, height: int = 720) -> None:
        assert self.frames.put(Frame(np.zeros((height, width, 3), np.uint8), 0.0, 0))


def test_texts_are_heard_on_the_codes_thread_and_the_reader_is_closed() -> None:
    bench = Bench(FakeReader(["one", "two"]))
    bench.show()
    bench.worker.start()
    assert bench.enough.wait(WAIT_S)
    assert bench.worker.stop(WAIT_S)
    assert bench.heard == [("one", "codes"), ("two", "codes")]
    assert bench.reader.shapes == [(504, 896, 3)]
    assert bench.reader.closed == 1


def test_it_ends_with_the_frames() -> None:
    bench = Bench(FakeReader())
    bench.worker.start()
    bench.frames.close()
    assert bench.worker.ended.wait(WAIT_S)
    assert bench.worker.stop(WAIT_S)
    assert bench.reader.closed == 1


def test_the_camera_is_never_made_to_wait() -> None:
    bench = Bench(FakeReader())
    for _ in range(50):
        bench.show()
    assert bench.frames.dropped == 49


def test_something_unforeseen_is_told_and_the_reader_closed(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(FakeReader())
    bench.reader.fails = True
    bench.show()
    bench.worker.start()
    bench.recorder.wait_for(lambda event: isinstance(event, WorkerFailed) and event.worker == "codes")
    assert bench.worker.stop(WAIT_S)
    assert bench.reader.closed == 1
    caplog.clear()


def test_a_reader_that_reads_no_picture_is_said_once_and_taken_back_when_it_reads_one() -> None:
    bench = Bench(FakeReader())
    bench.reader.more_failures = [1, FAILURES - 1, 0, FAILURES, FAILURES + 1, 1, 0, 0]
    bench.worker.start()
    for _ in range(8):
        bench.show()
        assert bench.reader.looked.acquire(timeout=WAIT_S)
    assert bench.worker.stop(WAIT_S)

    said = bench.recorder.of(WorkerFailed)
    assert [event.user_text for event in said] == ["Passes are not read for a moment.", ""]


@pytest.mark.parametrize(
    ("size", "looked_at"),
    [
        ((640, 360), [(640, 360)] * 2),
        ((896, 504), [(896, 504)] * 2),
        ((1280, 720), [(896, 504)] * 2),
        ((1920, 1080), [(896, 504), (1344, 756)]),
    ],
)
def test_frames_are_read_at_a_size_that_is_cheap(
    size: tuple[int, int], looked_at: list[tuple[int, int]]
) -> None:
    image = np.zeros((size[1], size[0], 3), np.uint8)
    assert [smaller(image, turn).shape[1::-1] for turn in (0, 1)] == looked_at
