"""Choosing a frame source by what the user wrote."""

import re
from pathlib import Path
from typing import Final

from kiosk.camera.device import DeviceSource
from kiosk.camera.picture import SUFFIXES
from kiosk.camera.picture_folder import PictureFolderSource
from kiosk.camera.stream import StreamSource
from kiosk.camera.video_file import VideoFileSource
from kiosk.errors import SourceError
from kiosk.services.ports.sources import FrameSource
from kiosk.translation import _

_INDEX: Final = re.compile(r"[0-9]{1,2}")
_ADDRESS: Final = re.compile(r"(rtsps?|https?)://", re.IGNORECASE)


def open_source(text: str) -> FrameSource:
    """The source that a text names, not opened yet: camera index or device, address, folder, or video or picture file.

    Raises:
        SourceError: It is none of these.
    """
    text = text.strip()
    if _INDEX.fullmatch(text):
        return DeviceSource(int(text))
    if text.startswith("/dev/"):
        return DeviceSource(link=Path(text))
    if _ADDRESS.match(text):
        return StreamSource(text)
    path = Path(text).expanduser()
    try:
        if text and path.is_dir():
            return PictureFolderSource(path)
        if path.is_file():
            picture = path.suffix.lower() in SUFFIXES
            return PictureFolderSource(path) if picture else VideoFileSource(path)
    except (OSError, ValueError) as error:
        raise _nothing(text) from error
    raise _nothing(text)


def _nothing(text: str) -> SourceError:
    # A misspelt address may have a password in it, so it is not repeated.
    secret = not text or "@" in text or "://" in text
    return SourceError(
        _("That is not a camera, file, folder or address.")
        if secret
        else _("There is no file or folder {text}.", text=text),
        _(
            "Write a camera index such as 0, a video file, a folder of pictures, or an address that begins with"
            " rtsp:// or http://."
        ),
    )
