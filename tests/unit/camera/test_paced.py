import pytest

from kiosk.camera.paced import PacedSource
from kiosk.domain.faces.frames import Frame
from kiosk.services.ports.sources import SourceInfo
from tests.fakes.camera.captures import plain
from tests.fakes.clock import FakeClock


class Recording:
    """`length` frames at 10 frames/s; decoding each costs `cost_s` on the clock."""

    def __init__(self, length: int, clock: FakeClock, cost_s: float = 0.0) -> None:
        self.length = length
        self.clock = clock
        self.cost_s = cost_s
        self.at = 0
        self.opened = 0

    def open(self) -> SourceInfo:
        self.opened += 1
        self.at = 0
        return SourceInfo("lesson", 64, 48, 10.0, live=False)

    def read(self) -> Frame | None:
        self.clock.advance(self.cost_s)
        if self.at == self.length:
            return None
        self.at += 1
        return Frame(plain(self.at), (self.at - 1) / 10, self.at - 1)

    def close(self) -> None:
        self.at = self.length


def paced(recording: Recording, *, loop: bool = False) -> PacedSource:
    return PacedSource(recording, loop=loop, clock=recording.clock)


def test_frames_come_when_they_are_due_with_the_clocks_time() -> None:
    clock = FakeClock()
    source = paced(Recording(4, clock))
    assert source.open().live
    frames = list(iter(source.read, None))
    assert [frame.time_s for frame in frames] == pytest.approx([1000.0, 1000.1, 1000.2, 1000.3])
    assert sum(clock.slept) == pytest.approx(0.3)


def test_frames_that_are_overdue_are_dropped_and_the_rest_keeps_its_pace() -> None:
    clock = FakeClock()
    source = paced(Recording(20, clock))
    source.open()
    source.read()
    clock.advance(0.75)
    frame = source.read()
    assert frame is not None
    assert int(frame.image[0, 0, 0]) == 8
    assert frame.index == 1
    assert frame.time_s == pytest.approx(1000.7)


def test_decoding_that_cannot_keep_up_still_gives_frames() -> None:
    clock = FakeClock()
    source = paced(Recording(100, clock, cost_s=0.5))
    source.open()
    frames = list(iter(source.read, None))
    assert len(frames) > 5
    times = [frame.time_s for frame in frames]
    assert times == sorted(times)


def test_looping_begins_again_and_time_goes_on() -> None:
    clock = FakeClock()
    recording = Recording(3, clock)
    source = paced(recording, loop=True)
    source.open()
    frames = [source.read() for _ in range(7)]
    source.close()
    assert [int(frame.image[0, 0, 0]) for frame in frames if frame] == [1, 2, 3, 1, 2, 3, 1]
    times = [frame.time_s for frame in frames if frame]
    assert times == sorted(times)
    assert recording.opened == 3


def test_recording_that_turned_empty_ends_even_when_looping() -> None:
    clock = FakeClock()
    source = paced(Recording(0, clock), loop=True)
    source.open()
    assert source.read() is None
