"""Cameras to be looked through that show what a test says."""

import threading

from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.errors import KioskError
from kiosk.services.ports.cameras import FoundCamera


class FakeTrial:
    """`CameraTrial`."""

    def __init__(self, trials: "FakeTrials", source: str) -> None:
        self._trials = trials
        self.source = source

    def frame(self) -> Frame | None:
        return self._trials.newest

    def trouble(self) -> KioskError | None:
        return self._trials.trouble

    def stop(self) -> None:
        self._trials.let_go(self)


class FakeTrials:
    """What is plugged in, and which of them is looked through."""

    def __init__(self, found: list[FoundCamera]) -> None:
        self.found = found
        self.newest: Frame | None = None
        self.trouble: KioskError | None = None
        self._lock = threading.Lock()
        self._open: list[FakeTrial] = []

    def find(self) -> list[FoundCamera]:
        return list(self.found)

    def begin(self, source: str) -> FakeTrial:
        trial = FakeTrial(self, source)
        with self._lock:
            self._open.append(trial)
        return trial

    def let_go(self, trial: FakeTrial) -> None:
        with self._lock:
            self._open.remove(trial)

    def open_now(self) -> list[str]:
        with self._lock:
            return [one.source for one in self._open]

    def show(self, image: BgrImage) -> None:
        self.newest = Frame(image, 0.0, 0)

    def fail(self, error: KioskError) -> None:
        self.trouble = error
