"""The demo's camera: a generated classroom in which the cast walks past. It runs on the camera thread."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.demo.cast import WALKING_POSES, Cast, lay
from kiosk.demo.drawing import Sprite
from kiosk.demo.walks import FPS, FRAME_HEIGHT, FRAME_WIDTH, Way
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.errors import SourceError
from kiosk.services.ports.clock import SYSTEM_CLOCK, Clock
from kiosk.services.ports.sources import SourceInfo
from kiosk.translation import _

_LINGER_S: Final = 0.8
"""A recording goes on for so long after the last one left, so that every track ends inside it."""
_NOISE: Final = 2.0
"""Standard deviation of the sensor's noise, grey levels."""
_SHIFTS: Final = 48


class ClassroomCamera:
    """A `FrameSource` of 1280 x 720 pictures at 30 frames a second.

    As a recording (the default) it delivers every frame as fast as it is read, stamped ``index / 30``, and ends.
    In real time it is a live camera: it keeps to 30 frames a second, leaves frames out when nobody reads them,
    stamps them with the monotonic clock, and shows an empty room when everybody has left.
    """

    def __init__(
        self, *, walks: Sequence[Way], cast: Cast, realtime: bool = False, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        missing = {walk.key for walk in walks} - set(cast)
        if missing:
            raise ValueError(f"no sprites of {sorted(missing)[0]}")
        self._walks = tuple(walks)
        self._cast = cast
        self._realtime = realtime
        self._clock = clock
        self._room: BgrImage | None = None
        self._grain: tuple[BgrImage, BgrImage] | None = None
        self._started = 0.0
        self._tick = 0
        self._index = 0

    @property
    def duration_s(self) -> float:
        """Length of the recording in seconds."""
        return max((walk.end_s for walk in self._walks), default=0.0) + _LINGER_S

    @property
    def began_s(self) -> float:
        """When the class began, on the time scale of the frames: 0 for a recording."""
        return self._started if self._realtime else 0.0

    def open(self) -> SourceInfo:
        """Prepare the room and start from the beginning."""
        self._room = paint_room()
        self._grain = _make_grain()
        self._index = self._tick = 0
        self._started = self._clock.monotonic()
        return SourceInfo(_("Drawn classroom"), FRAME_WIDTH, FRAME_HEIGHT, float(FPS), live=self._realtime)

    def read(self) -> Frame | None:
        """The next frame; waits for its time when in real time. None at the end of the recording.

        Raises:
            SourceError: The camera is not open.
        """
        if self._room is None:
            raise SourceError(_("The drawn classroom is not open."))
        if self._realtime:
            self._wait()
        at = self._tick / FPS
        if not self._realtime and at >= self.duration_s:
            return None
        stamp = self._started + at if self._realtime else at
        frame = Frame(self.compose(at), stamp, self._index)
        self._index += 1
        self._tick += 1
        return frame

    def close(self) -> None:
        """Let go of the prepared pictures."""
        self._room = None
        self._grain = None

    def _wait(self) -> None:
        elapsed = self._clock.monotonic() - self._started
        # What nobody read in time is gone, as with a real camera.
        self._tick = max(self._tick, int(elapsed * FPS))
        early = self._tick / FPS - elapsed
        if early > 0:
            self._clock.sleep(early)

    def compose(self, at_s: float) -> BgrImage:
        """The picture at `at_s` seconds of the class. Raises SourceError: the camera is not open."""
        if self._room is None or self._grain is None:
            raise SourceError(_("The drawn classroom is not open."))
        picture = self._room.copy()
        present = [(walk.at(at_s), walk) for walk in self._walks]
        # Far ones first, so that near ones stand before them.
        for place, walk in sorted(
            ((place, walk) for place, walk in present if place), key=lambda pair: pair[0].scale
        ):
            sprite = _between(self._cast[walk.key], place.facing)
            lay(picture, sprite, x=place.x, y=place.y, scale=place.scale)
        tick = round(at_s * FPS)
        dy, dx = (tick * 29) % _SHIFTS, (tick * 17) % _SHIFTS
        brighter, darker = (g[dy : dy + FRAME_HEIGHT, dx : dx + FRAME_WIDTH] for g in self._grain)
        cv2.add(picture, brighter, picture)
        cv2.subtract(picture, darker, picture)
        return picture


def _between(sprites: tuple[Sprite, ...], facing: float) -> Sprite:
    """The sprite for a direction, cross-faded between the two nearest."""
    at = (facing + 1) / 2 * (len(WALKING_POSES) - 1)
    lower = min(int(at), len(sprites) - 2)
    share = at - lower
    if share < 0.02:
        return sprites[lower]
    if share > 0.98:
        return sprites[lower + 1]
    mixed = cv2.addWeighted(sprites[lower], 1 - share, sprites[lower + 1], share, 0)
    return np.asarray(mixed, np.uint8)


def _make_grain() -> tuple[BgrImage, BgrImage]:
    generator = np.random.default_rng(5)
    shape = (FRAME_HEIGHT + _SHIFTS, FRAME_WIDTH + _SHIFTS, 3)
    noise = generator.standard_normal(shape, dtype=np.float32) * np.float32(_NOISE)
    noise = np.rint(noise)
    return np.clip(noise, 0, 255).astype(np.uint8), np.clip(-noise, 0, 255).astype(np.uint8)


def paint_room() -> BgrImage:
    """The empty classroom, out of focus."""
    x = np.linspace(0, 1, FRAME_WIDTH, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, FRAME_HEIGHT, dtype=np.float32)[:, None]
    light = 1.0 + 0.07 * np.exp(-(((x - 0.02) / 0.3) ** 2)) - 0.09 * x - 0.03 * y
    room = light[..., None] * np.asarray((198, 194, 186), np.float32)
    room = np.clip(room, 0, 255).astype(np.uint8)
    _rectangle(room, 0, 566, 1280, 720, (112, 120, 128))
    _rectangle(room, 0, 560, 1280, 570, (150, 156, 160))
    _rectangle(room, 150, 66, 770, 372, (96, 116, 132))
    _rectangle(room, 162, 78, 758, 360, (88, 108, 74))
    _rectangle(room, 150, 368, 770, 380, (118, 138, 152))
    for row, (start, end) in enumerate(((210, 520), (210, 610), (210, 440))):
        cv2.line(room, (start, 130 + 62 * row), (end, 126 + 62 * row), (150, 164, 142), 5)
    _rectangle(room, 985, 90, 1165, 620, (148, 158, 170))
    _rectangle(room, 1000, 106, 1150, 620, (128, 146, 164))
    _rectangle(room, 1030, 140, 1120, 330, (196, 200, 196))
    cv2.circle(room, (878, 118), 36, (228, 230, 230), -1, cv2.LINE_AA)
    cv2.circle(room, (878, 118), 36, (96, 100, 104), 4, cv2.LINE_AA)
    cv2.line(room, (878, 118), (878, 96), (70, 70, 72), 4)
    cv2.line(room, (878, 118), (894, 124), (70, 70, 72), 4)
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 6), np.uint8)


def _rectangle(
    room: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int, colour: tuple[int, int, int]
) -> None:
    cv2.rectangle(room, (x0, y0), (x1 - 1, y1 - 1), colour, -1)
