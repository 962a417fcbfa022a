"""Where frames come from."""

from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.faces.frames import Frame


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What an opened source says of itself.

    Attributes:
        name: Words for the screen, such as ``Camera 0`` or a file's name; never a password in an address.
        width: Pixels, 0 where unknown before the first frame.
        height: Pixels, 0 where unknown before the first frame.
        fps: Nominal frames per second.
        live: True for cameras and network streams: time passes while nobody reads, a loss is worth waiting
            for, and frame times are the monotonic clock. False for recordings: they end, every frame can be
            looked at, and frame times are positions in seconds from 0.
    """

    name: str
    width: int
    height: int
    fps: float
    live: bool


class FrameSource(Protocol):
    """A camera, file, folder or stream. Only the camera thread opens, reads and closes it."""

    def open(self) -> SourceInfo:
        """Start delivering frames. Raises SourceError: there is no such source, or it gives no pictures."""

    def read(self) -> Frame | None:
        """The next frame; blocks until there is one (a few seconds at most). None at the end of a recording.

        Raises:
            SourceError: The source was lost (unplugged, connection gone, file damaged).
        """

    def close(self) -> None:
        """Release the device; safe to call twice and before `open`."""
