"""A folder of pictures played like a recording, for trying recognition without a camera. Camera thread only.

Pictures come in name order, first those of the folder itself, then those of its subfolders, also in name order.
Each is fitted into 1280 x 720 and shown for 1.5 s at 30 frames/s with a slight camera movement; 0.3 s of grey
stands between two of them. The movement depends on the frame's number only, so each replay gives the same frames.
"""

import logging
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kiosk.camera.picture import SUFFIXES, read_picture
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.errors import FileFormatError, SourceError
from kiosk.services.ports.sources import SourceInfo
from kiosk.translation import _, ngettext

WIDTH: Final = 1280
HEIGHT: Final = 720
FPS: Final = 30
PICTURE_FRAMES: Final = 45
"""1.5 s."""
GREY_FRAMES: Final = 9
"""0.3 s."""

GREY: Final = 128
ZOOM: Final = 0.012
"""The picture grows and shrinks by this share."""
PAN_PX: Final = 5.0

_log = logging.getLogger(__name__)


class PictureFolderSource:
    """Pictures as a recording; see the module. `skipped` counts those that could not be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._frames: Iterator[BgrImage] | None = None
        self._count = 0
        self.skipped = 0

    def open(self) -> SourceInfo:
        """Find the pictures and decode the first one that can be read.

        Raises:
            SourceError: The folder cannot be read, or holds no picture that can.
        """
        self.close()
        self.skipped, self._count = 0, 0
        try:
            paths = list(pictures_below(self._path))
        except OSError as error:
            raise SourceError(
                _("The folder {name} cannot be read.", name=self._path.name),
                _("Check that it exists and may be opened."),
            ) from error
        if not paths:
            raise SourceError(
                _("There is no picture in {name}.", name=self._path.name),
                _("Put JPEG or PNG pictures into the folder."),
            )
        pictures = self._decoded(paths)
        first = next(pictures, None)
        if first is None:
            raise SourceError(
                ngettext(
                    "The only picture in {name} cannot be read.",
                    "None of the {n} pictures in {name} can be read.",
                    len(paths),
                    name=self._path.name,
                    n=len(paths),
                ),
                _("The files are damaged or too large; save them as JPEG again."),
            )
        self._frames = _play(first, pictures)
        return SourceInfo(self._path.name, WIDTH, HEIGHT, float(FPS), live=False)

    def read(self) -> Frame | None:
        """The next frame; None after the last picture."""
        image = None if self._frames is None else next(self._frames, None)
        if image is None:
            return None
        frame = Frame(image, self._count / FPS, self._count)
        self._count += 1
        return frame

    def close(self) -> None:
        self._frames = None

    def _decoded(self, paths: Sequence[Path]) -> Iterator[BgrImage]:
        for path in paths:
            try:
                yield fit(read_picture(path, enough=WIDTH))
            except FileFormatError as error:
                self.skipped += 1
                _log.warning("picture skipped: %s", error.user_text)


def pictures_below(path: Path) -> Iterator[Path]:
    """A single picture file itself; else a folder's pictures, then those of its subfolders, all in name order.

    Hidden files and folders are left out, and so are links to folders, which could lead in a circle.
    """
    if path.is_file():
        yield path
        return
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    for entry in entries:
        if entry.suffix.lower() in SUFFIXES and entry.is_file():
            yield entry
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            yield from pictures_below(entry)


def fit(image: BgrImage) -> BgrImage:
    """Scale a picture to the largest size that fits into 1280 x 720, keeping its proportions."""
    height, width = image.shape[:2]
    scale = min(WIDTH / width, HEIGHT / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=method), dtype=np.uint8)


def movement(step: int, size: tuple[int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The 2 x 3 matrix that puts a fitted picture of `size` (width, height) into frame number `step` of its 45.

    A hand-held camera: half a turn of zoom and a turn of pan, around the middle, nothing at the very start.
    """
    turn = 2 * math.pi * step / PICTURE_FRAMES
    zoom = 1 - ZOOM * (1 - math.cos(turn)) / 2
    right = WIDTH / 2 - zoom * size[0] / 2 + PAN_PX * math.sin(turn)
    down = HEIGHT / 2 - zoom * size[1] / 2 + PAN_PX / 2 * math.sin(2 * turn)
    return np.array([[zoom, 0.0, right], [0.0, zoom, down]])


def _play(first: BgrImage, rest: Iterator[BgrImage]) -> Iterator[BgrImage]:
    picture: BgrImage | None = first
    while picture is not None:
        size = picture.shape[1], picture.shape[0]
        for step in range(PICTURE_FRAMES):
            moved = cv2.warpAffine(
                picture,
                movement(step, size),
                (WIDTH, HEIGHT),
                flags=cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=(GREY, GREY, GREY),
            )
            yield np.asarray(moved, dtype=np.uint8)
        picture = next(rest, None)
        if picture is not None:
            for _unused in range(GREY_FRAMES):
                yield np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)
