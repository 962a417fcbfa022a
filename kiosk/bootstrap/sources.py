"""Chooses where frames come from, and the reader of codes in them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.services.ports.outputs import CodeReader
from kiosk.services.ports.sources import FrameSource


@dataclass(frozen=True, slots=True)
class ClassSource:
    """Where the frames of classes and sittings come from.

    Attributes:
        chosen: What the settings say now.
        given: Used instead; the same object each time.
        every_frame: Whether the camera waits for recognition (recordings) or drops frames (cameras).
    """

    chosen: Callable[[], str]
    given: FrameSource | None = None
    every_frame: bool = False

    @property
    def watches_people(self) -> bool:
        """Whether it is a camera. In a recording and in the demo every face is a picture."""
        path = Path(self.chosen()).expanduser()
        return self.given is None and not path.is_file() and not path.is_dir()

    def open(self) -> FrameSource:
        """The source for one class or sitting. Raises SourceError: the settings name no source."""
        return self.given or open_source(self.chosen())


def open_source(text: str) -> FrameSource:
    """A camera or stream, or a recording played at its own speed.

    Raises:
        SourceError: The text names no source.
    """
    from kiosk.camera.factory import open_source as by_name
    from kiosk.camera.paced import PacedSource
    from kiosk.camera.picture_folder import PictureFolderSource
    from kiosk.camera.video_file import VideoFileSource

    found = by_name(text)
    return PacedSource(found) if isinstance(found, PictureFolderSource | VideoFileSource) else found


def open_recording(text: str) -> FrameSource:
    """A source whose every frame is to be looked at; times are its own.

    Raises:
        SourceError: The text names no source.
    """
    from kiosk.camera.factory import open_source as by_name

    return by_name(text)


def open_code_reader() -> CodeReader:
    """A reader of QR codes in a process of its own; close it after use."""
    from kiosk.codes.reader import PyzbarReader

    return PyzbarReader()
