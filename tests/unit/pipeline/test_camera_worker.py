import time

import pytest

from kiosk.domain.faces.frames import Frame
from kiosk.errors import SourceError
from kiosk.pipeline.camera_worker import CameraWorker
from kiosk.services.events import CameraState, CameraStateChanged, WorkerFailed
from kiosk.services.faces.recognition.slots import HandoffSlot, LatestSlot
from kiosk.services.ports.sources import FrameSource, SourceInfo
from tests.fakes.camera.sources import ScriptedSource, recording
from tests.fakes.recorder import WAIT_S, EventRecorder
from tests.fakes.vision.recognition import frames_of, picture_of

LOST = SourceError("The camera was unplugged.", "Plug it in again.")
PAUSE_S = 0.01


class Bench:
    def __init__(self, source: FrameSource, *, every_frame: bool = False, pause_s: float = PAUSE_S) -> None:
        self.frames: LatestSlot[Frame] = HandoffSlot() if every_frame else LatestSlot()
        self.preview: LatestSlot[Frame] = LatestSlot()
        self.recorder = EventRecorder()
        self.worker = CameraWorker(
            source=source,
            frames=self.frames,
            preview=self.preview,
            events=self.recorder.hub,
            first_pause_s=pause_s,
        )

    def run_to_the_end(self) -> None:
        self.worker.start()
        assert self.worker.ended.wait(WAIT_S)
        assert self.worker.stop(WAIT_S)

    def states(self) -> list[CameraState]:
        return [event.state for event in self.recorder.of(CameraStateChanged)]

    def wait_for(self, state: CameraState, times: int = 1) -> None:
        self.recorder.wait_for(lambda _: self.states().count(state) >= times)


def test_a_recording_is_read_to_its_end_and_released() -> None:
    source = recording(frames_of([0] * 5))
    bench = Bench(source)

    bench.run_to_the_end()

    assert bench.recorder.events == [
        CameraStateChanged(CameraState.OPENING),
        CameraStateChanged(CameraState.RUNNING, "Scripted"),
        CameraStateChanged(CameraState.ENDED),
        CameraStateChanged(CameraState.CLOSED),
    ]
    assert (source.opened, source.closed) == (1, 1)


def test_frames_nobody_took_in_time_are_dropped_and_counted_and_the_newest_stays() -> None:
    bench = Bench(recording(frames_of([0] * 5)))

    bench.run_to_the_end()

    assert bench.frames.dropped == 4
    newest = bench.frames.take(0)
    assert newest is not None
    assert newest.index == 4
    assert bench.frames.closed


def test_the_window_has_the_newest_frame_even_when_recognition_is_behind() -> None:
    bench = Bench(recording(frames_of([0] * 5)), every_frame=True)
    bench.worker.start()

    bench.recorder.wait_for(lambda event: event == CameraStateChanged(CameraState.RUNNING, "Scripted"))
    seen = []
    while (frame := bench.frames.take(WAIT_S)) is not None:
        shown = bench.preview.peek()
        assert shown is not None
        assert shown.index >= frame.index
        seen.append(frame.index)
    assert bench.worker.stop(WAIT_S)

    assert seen == [0, 1, 2, 3, 4]
    assert bench.frames.dropped == 0


@pytest.mark.logs_warnings
def test_a_camera_that_was_lost_is_opened_again_and_again() -> None:
    source = ScriptedSource([*frames_of([0]), LOST], [LOST], frames_of([0, 0]), live=True)
    bench = Bench(source)

    bench.run_to_the_end()

    assert bench.states() == [
        CameraState.OPENING,
        CameraState.RUNNING,
        CameraState.LOST,
        CameraState.OPENING,
        CameraState.RUNNING,
        CameraState.LOST,
        CameraState.OPENING,
        CameraState.RUNNING,
        CameraState.ENDED,
        CameraState.CLOSED,
    ]
    assert (source.opened, source.closed) == (3, 3)
    assert CameraStateChanged(CameraState.LOST, LOST.user_text, LOST.hint) in bench.recorder.events


class AbsentCamera:
    """Never there; notes when it was asked for."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def open(self) -> SourceInfo:
        self.asked.append(time.monotonic())
        raise SourceError("No camera.", "Plug one in.")

    def read(self) -> Frame | None:
        raise AssertionError("read without being open")

    def close(self) -> None:
        pass


@pytest.mark.logs_warnings
def test_a_camera_that_is_not_there_is_asked_for_less_and_less_often() -> None:
    camera = AbsentCamera()
    bench = Bench(camera, pause_s=0.02)
    bench.worker.start()

    bench.wait_for(CameraState.LOST, times=5)
    assert bench.worker.stop(WAIT_S)

    pauses = [later - earlier for earlier, later in zip(camera.asked, camera.asked[1:], strict=False)]
    for pause, least in zip(pauses, [0.02, 0.04, 0.08, 0.16], strict=False):
        assert pause >= least * 0.95


@pytest.mark.logs_warnings
def test_stopping_does_not_wait_for_the_next_try() -> None:
    bench = Bench(AbsentCamera(), pause_s=600.0)
    bench.worker.start()
    bench.wait_for(CameraState.LOST)

    assert bench.worker.stop(WAIT_S)
    assert bench.states()[-1] is CameraState.CLOSED


@pytest.mark.logs_warnings
def test_a_damaged_recording_ends_where_it_is_damaged() -> None:
    damaged = SourceError("The file is damaged.", "Record it again.")
    source = ScriptedSource([*frames_of([0] * 3), damaged], frames_of([0]))
    bench = Bench(source)

    bench.run_to_the_end()

    assert bench.states() == [CameraState.OPENING, CameraState.RUNNING, CameraState.LOST, CameraState.CLOSED]
    assert source.opened == 1
    assert bench.frames.dropped == 2


def test_stopping_frees_a_camera_that_waits_for_recognition() -> None:
    source = recording(frames_of([0] * 5))
    bench = Bench(source, every_frame=True)
    bench.worker.start()
    bench.recorder.wait_for(lambda event: event == CameraStateChanged(CameraState.RUNNING, "Scripted"))

    assert bench.worker.stop(WAIT_S)

    assert bench.states()[-1] is CameraState.CLOSED
    assert source.closed >= 1


@pytest.mark.logs_warnings
def test_a_defect_of_a_source_is_told_and_the_source_released() -> None:
    class Broken(ScriptedSource):
        def read(self) -> Frame | None:
            raise ZeroDivisionError

    source = Broken(frames_of([0]))
    bench = Bench(source)

    bench.run_to_the_end()

    assert [failure.worker for failure in bench.recorder.of(WorkerFailed)] == ["camera"]
    assert bench.states()[-1] is CameraState.CLOSED
    assert source.closed == 1
    assert bench.frames.closed


# -- a picture that does not change


@pytest.mark.logs_warnings
def test_a_frozen_camera_is_told_and_opened_again() -> None:
    frozen = [Frame(picture_of(1), index * 0.5, index) for index in range(20)]
    bench = Bench(ScriptedSource(frozen, frames_of([0, 1]), live=True))

    bench.run_to_the_end()

    lost = [event for event in bench.recorder.of(CameraStateChanged) if event.state is CameraState.LOST]
    assert [event.user_text for event in lost] == ["The camera's picture does not change."]
    assert "cover" in lost[0].hint
    assert bench.states().count(CameraState.RUNNING) == 2


@pytest.mark.logs_warnings
def test_recognition_gets_a_repeated_picture_once_and_the_window_gets_it_always() -> None:
    people = [1, 1, 1, 2, 2, 1]
    bench = Bench(ScriptedSource(frames_of(people), live=True), every_frame=True)
    bench.worker.start()
    seen = []
    while (frame := bench.frames.take(WAIT_S)) is not None:
        seen.append(frame.index)
    assert bench.worker.stop(WAIT_S)

    assert seen == [0, 3, 5]
    shown = bench.preview.peek()
    assert shown is not None
    assert shown.index == 5


def test_each_frame_of_a_recording_is_looked_at_even_if_it_repeats() -> None:
    bench = Bench(recording(frames_of([1] * 3)), every_frame=True)
    bench.worker.start()
    seen = []
    while (frame := bench.frames.take(WAIT_S)) is not None:
        seen.append(frame.index)
    assert bench.worker.stop(WAIT_S)

    assert seen == [0, 1, 2]
