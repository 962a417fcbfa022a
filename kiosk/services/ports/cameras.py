"""Which cameras there are, and looking through one before it is chosen."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.faces.frames import Frame
from kiosk.errors import KioskError


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """A camera of this PC.

    Attributes:
        source: What the settings call it; the same after it was plugged in elsewhere, where the system tells cameras apart.
        name: What its maker calls it.
    """

    source: str
    name: str


class CameraLister(Protocol):
    """Any thread; takes up to some seconds where cameras have to be tried."""

    def __call__(self) -> list[FoundCamera]:
        """The cameras that are plugged in now, in the system's order."""


class CameraTrial(Protocol):
    """Somebody looks through a camera. Any thread."""

    def frame(self) -> Frame | None:
        """The newest picture; None until there is one."""

    def trouble(self) -> KioskError | None:
        """Why there is no picture; None while there is one or it is awaited."""

    def stop(self) -> None:
        """Let go of the camera; calling it twice does nothing more."""
