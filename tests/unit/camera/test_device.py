import threading
from dataclasses import replace

import pytest

from kiosk.camera.capture import Capture
from kiosk.camera.device import PATIENCE, DeviceSource
from kiosk.camera.live import Patience
from kiosk.errors import SourceError
from tests.fakes.camera.captures import FakeCapture, plain
from tests.fakes.clock import FakeClock


class Device(DeviceSource):
    """Camera 0 with a capture that does what a test says."""

    def __init__(self, capture: FakeCapture, clock: FakeClock, patience: Patience = PATIENCE) -> None:
        super().__init__(0, patience=patience, clock=clock)
        self.capture = capture

    def open_capture(self) -> Capture:
        return self.capture


def test_camera_gives_numbered_frames_stamped_with_the_monotonic_clock() -> None:
    capture = FakeCapture([plain(1), plain(2)])
    clock = FakeClock()
    camera = Device(capture, clock)
    info = camera.open()
    clock.advance(2.5)
    first, second = camera.read(), camera.read()
    camera.close()
    assert (info.name, info.width, info.height, info.fps, info.live) == ("Camera 0", 64, 48, 30.0, True)
    assert first is not None
    assert second is not None
    assert [int(frame.image[0, 0, 0]) for frame in (first, second)] == [1, 2]
    assert (first.index, second.index, second.time_s) == (0, 1, 1002.5)


def test_camera_is_read_and_released_by_one_thread_of_its_own() -> None:
    capture = FakeCapture([plain(1), plain(2)])
    camera = Device(capture, FakeClock())
    camera.open()
    camera.read()
    camera.read()
    camera.close()
    camera.close()
    assert capture.read_by == {"camera-device-0"}
    assert capture.released.is_set()
    assert "camera-device-0" not in {thread.name for thread in threading.enumerate()}


def test_missing_camera_is_said_in_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SourceError) as caught:
        DeviceSource(63).open()
    assert caught.value.user_text == "No camera at index 63 gives a picture."
    assert "Plug a camera in" in caught.value.hint
    assert capfd.readouterr().err == ""


def test_camera_that_opens_but_gives_nothing_is_an_error_and_is_released() -> None:
    capture = FakeCapture([])
    with pytest.raises(SourceError):
        Device(capture, FakeClock()).open()
    assert capture.released.wait(60)


def test_single_failed_reads_are_forgiven() -> None:
    camera = Device(FakeCapture([plain(1), None, None, plain(2)]), FakeClock())
    camera.open()
    camera.read()
    frame = camera.read()
    camera.close()
    assert frame is not None
    assert int(frame.image[0, 0, 0]) == 2


def test_unplugged_camera_is_lost_after_a_second_of_failed_reads() -> None:
    clock = FakeClock()
    camera = Device(FakeCapture([plain(1)]), clock)
    camera.open()
    camera.read()
    with pytest.raises(SourceError, match="stopped giving pictures"):
        camera.read()
    camera.close()
    assert sum(clock.slept) == pytest.approx(1.0)


def test_stalled_camera_is_lost_and_does_not_hold_up_closing() -> None:
    capture = FakeCapture([plain(1)], hangs=True)
    camera = Device(capture, FakeClock(), replace(PATIENCE, read_s=0.05))
    camera.open()
    camera.read()
    with pytest.raises(SourceError, match="stopped giving pictures"):
        camera.read()
    camera.close()
    assert not capture.released.is_set()
    capture.release_hang.set()
    assert capture.released.wait(60)


def test_camera_that_hangs_while_opening_is_an_error() -> None:
    capture = FakeCapture([], hangs=True)
    with pytest.raises(SourceError):
        Device(capture, FakeClock(), replace(PATIENCE, open_s=0.05)).open()
    capture.release_hang.set()
    assert capture.released.wait(60)


def test_reading_after_close_is_an_error() -> None:
    camera = Device(FakeCapture([plain(1)]), FakeClock())
    camera.open()
    camera.close()
    with pytest.raises(SourceError):
        camera.read()
