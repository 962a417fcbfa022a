"""What live cameras share, whether plugged in, built in or in the network. Camera thread only."""

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass

from kiosk.camera.capture import Capture, PatientCapture, hush
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.errors import SourceError
from kiosk.services.ports.clock import SYSTEM_CLOCK, Clock
from kiosk.services.ports.sources import SourceInfo

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a camera may keep the kiosk waiting.

    Attributes:
        open_s: Longest wait for it to open and give its first picture.
        read_s: Longest wait for one picture before it counts as lost.
        first_reads: How often the first picture is tried for.
        reads: How often each later one is.
        pause_s: Between two tries of a later one.
    """

    open_s: float
    read_s: float
    first_reads: int = 1
    reads: int = 1
    pause_s: float = 0.0


class LiveSource(ABC):
    """A camera that gives pictures until it is closed or lost.

    Args:
        name: As people read it.
        thread: Name of the thread that waits for OpenCV.
        usual_fps: Frames a second where the camera does not say.
    """

    def __init__(
        self, *, name: str, thread: str, usual_fps: float, patience: Patience, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self.name = name
        self._thread = thread
        self._usual_fps = usual_fps
        self._patience = patience
        self._clock = clock
        self._capture: PatientCapture | None = None
        self._first: BgrImage | None = None
        self._count = 0

    @abstractmethod
    def open_capture(self) -> Capture:
        """Open it with OpenCV, on a thread that may hang."""

    @abstractmethod
    def missing(self) -> SourceError:
        """What to say when it does not open or gives no first picture."""

    @abstractmethod
    def lost(self) -> SourceError:
        """What to say when it stopped giving pictures."""

    def open(self) -> SourceInfo:
        """Open the camera and wait for its first picture.

        Raises:
            SourceError: There is no such camera, another program has it, or it gives no picture in time.
        """
        self.close()
        hush()
        self._capture = PatientCapture(self, name=self._thread)
        try:
            self._first = self._capture.picture(
                tries=self._patience.first_reads, timeout_s=self._patience.open_s
            )
        except TimeoutError:
            self._first = None
        if self._first is None:
            self.close()
            raise self.missing()
        self._count = 0
        height, width = self._first.shape[:2]
        _log.info("%s opened: %d x %d", self.name, width, height)
        return SourceInfo(self.name, width, height, self._capture.fps or self._usual_fps, live=True)

    def read(self) -> Frame | None:
        """The next picture, stamped with the monotonic clock when it arrived.

        Raises:
            SourceError: The camera was unplugged, or its connection ended or stalled.
        """
        image, self._first = self._first, None
        if image is None:
            image = self._next()
        frame = Frame(image, self._clock.monotonic(), self._count)
        self._count += 1
        return frame

    def close(self) -> None:
        capture, self._capture, self._first = self._capture, None, None
        if capture is not None:
            capture.close()

    def _next(self) -> BgrImage:
        if self._capture is None:
            raise self.lost()
        for _unused in range(self._patience.reads):
            try:
                image = self._capture.picture(tries=1, timeout_s=self._patience.read_s)
            except TimeoutError:
                break
            if image is not None:
                return image
            self._clock.sleep(self._patience.pause_s)
        raise self.lost()
