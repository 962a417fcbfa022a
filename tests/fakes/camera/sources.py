"""Frame sources that do as they are told."""

from collections.abc import Iterable, Sequence
from queue import SimpleQueue

from kiosk.domain.faces.frames import Frame
from kiosk.errors import SourceError
from kiosk.services.ports.sources import SourceInfo


class ScriptedSource:
    """Gives frames in order; an exception in the script is raised where it stands; then the recording ends.

    Each `open` goes on with the next script; after the last one there is no such source.
    """

    def __init__(self, *scripts: Iterable[Frame | SourceError], live: bool = False) -> None:
        self._scripts = [list(script) for script in scripts]
        self._current: list[Frame | SourceError] = []
        self._live = live
        self.opened = 0
        self.closed = 0

    def open(self) -> SourceInfo:
        if not self._scripts:
            raise SourceError("No camera.", "Plug one in.")
        self._current = self._scripts.pop(0)
        self.opened += 1
        return SourceInfo("Scripted", 320, 180, 10.0, self._live)

    def read(self) -> Frame | None:
        if not self._current:
            return None
        item = self._current.pop(0)
        if isinstance(item, SourceError):
            raise item
        return item

    def close(self) -> None:
        self.closed += 1


class FedSource:
    """A live camera that gives what a test feeds it, one by one; it waits for more."""

    def __init__(self) -> None:
        self._fed: SimpleQueue[Frame | SourceError | None] = SimpleQueue()
        self.opened = 0
        self.closed = 0

    def feed(self, *items: Frame | SourceError) -> None:
        for item in items:
            self._fed.put(item)

    def release(self) -> None:
        """Let a waiting reader go."""
        self._fed.put(None)

    def open(self) -> SourceInfo:
        self.opened += 1
        return SourceInfo("Fed", 320, 180, 10.0, live=True)

    def read(self) -> Frame | None:
        item = self._fed.get()
        if isinstance(item, SourceError):
            raise item
        return item

    def close(self) -> None:
        self.closed += 1


def recording(frames: Sequence[Frame]) -> ScriptedSource:
    return ScriptedSource(frames)
