"""A video file of people who walk as a test says: sprites on paths, before the demo's drawn classroom.

`Actor` is a figure and its ways through the picture; `render` writes the file. Figures come from `drawn` (a person of the
demo's pool), or from `card` (a photograph held up before the camera; for attacks). The same arguments give the same
frames, but the codec loses a little, as cameras do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.demo.cast import walking_pose
from kiosk.demo.classroom import paint_room
from kiosk.demo.drawing import EYES, draw
from kiosk.demo.people import DrawnPerson
from kiosk.domain.faces.frames import BgrImage

WIDTH, HEIGHT, FPS = 1280, 720, 30
FRONTAL = 3
"""The walking pose that looks into the camera."""
NOISE = 2.0
"""Standard deviation of the sensor's noise, grey levels."""
SHIFTS = 48


@dataclass(frozen=True)
class Figure:
    """What an actor looks like.

    Attributes:
        picture: (height, width, 4) blue-green-red-alpha, colours multiplied by alpha.
        anchor: (x, y) in it that stands on the path: between the eyes of a person, the middle of a card.
    """

    picture: NDArray[np.uint8]
    anchor: tuple[float, float]


@dataclass(frozen=True)
class At:
    """A point of a way: where the anchor is at a time. At scale 1 a drawn head is about 300 pixels high."""

    time_s: float
    x: float
    y: float = 330.0
    scale: float = 0.9


@dataclass(frozen=True)
class Actor:
    """A figure and its ways, each a sequence of points in the order of time; between two ways it is away.

    The way is straight from point to point. Who has the larger scale stands before the others.
    """

    figure: Figure
    ways: Sequence[Sequence[At]]

    def at(self, time_s: float) -> At | None:
        """Where the actor is; None while away."""
        for way in self.ways:
            if way[0].time_s <= time_s <= way[-1].time_s:
                times = [point.time_s for point in way]
                x, y, scale = (
                    float(np.interp(time_s, times, [getattr(point, name) for point in way]))
                    for name in ("x", "y", "scale")
                )
                return At(time_s, x, y, scale)
        return None

    @property
    def end_s(self) -> float:
        return max(way[-1].time_s for way in self.ways)


def drawn(person: DrawnPerson, pose: int = FRONTAL) -> Figure:
    """A person of the demo's pool, in one of the seven walking poses."""
    return Figure(draw(person, walking_pose(person, pose)), EYES)


def card(photograph: BgrImage, *, height: int = 420, border: int = 14) -> Figure:
    """A photograph printed with a white border, `height` pixels high in all at scale 1."""
    inner = height - 2 * border
    width = max(1, round(photograph.shape[1] * inner / photograph.shape[0]))
    scaled = cv2.resize(photograph, (width, inner), interpolation=cv2.INTER_AREA)
    framed = cv2.copyMakeBorder(
        scaled, border, border, border, border, cv2.BORDER_CONSTANT, value=(235, 235, 235)
    )
    opaque = np.full((*framed.shape[:2], 1), 255, np.uint8)
    return Figure(np.dstack([framed, opaque]), (framed.shape[1] / 2, framed.shape[0] / 2))


def across(
    start_s: float, *, seconds: float, rightwards: bool, y: float = 330.0, scale: float = 0.9
) -> list[At]:
    """A way from outside one edge to outside the other, at constant speed."""
    left, right = At(start_s, -300.0, y, scale), At(start_s, WIDTH + 300.0, y, scale)
    begin, end = (left, right) if rightwards else (right, left)
    return [begin, At(start_s + seconds, end.x, y, scale)]


def frames(actors: Sequence[Actor], *, linger_s: float = 0.5, seed: int = 5) -> Iterator[BgrImage]:
    """All pictures, the last ones of an empty room so that every track ends."""
    grain = _grain(seed)
    room = paint_room()
    last = max(actor.end_s for actor in actors) + linger_s
    for index in range(round(last * FPS)):
        places = [(actor.at(index / FPS), actor.figure) for actor in actors]
        picture = room.copy()
        for place, figure in sorted(
            ((place, figure) for place, figure in places if place is not None), key=lambda pair: pair[0].scale
        ):
            _lay(picture, figure, place)
        down, right = (index * 29) % SHIFTS, (index * 17) % SHIFTS
        noise = grain[down : down + HEIGHT, right : right + WIDTH]
        yield np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), np.uint8)


def _grain(seed: int) -> NDArray[np.int16]:
    """Noise to cut pieces from: to draw it anew for each frame would take longer than the frame."""
    size = (HEIGHT + SHIFTS, WIDTH + SHIFTS, 3)
    noise = np.random.default_rng(seed).standard_normal(size, dtype=np.float32) * np.float32(NOISE)
    return np.asarray(np.rint(noise), np.int16)


def render(path: Path, actors: Sequence[Actor], *, linger_s: float = 0.5, seed: int = 5) -> float:
    """Write a video of all ways, at 30 frames a second; returns its length in seconds.

    Motion JPEG in AVI: every OpenCV writes and reads it.
    """
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (WIDTH, HEIGHT))
    assert writer.isOpened(), "this OpenCV writes no motion JPEG"
    count = 0
    for picture in frames(actors, linger_s=linger_s, seed=seed):
        writer.write(picture)
        count += 1
    writer.release()
    return count / FPS


def _lay(picture: BgrImage, figure: Figure, place: At) -> None:
    """Draw a figure in place, sub-pixel exact."""
    matrix = np.array(
        [
            [place.scale, 0, place.x - figure.anchor[0] * place.scale],
            [0, place.scale, place.y - figure.anchor[1] * place.scale],
        ],
        np.float32,
    )
    layer = cv2.warpAffine(figure.picture, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    through = cv2.bitwise_not(np.repeat(layer[..., 3:], 3, axis=2))
    behind = cv2.multiply(picture, through, scale=1 / 255)
    picture[:] = cv2.add(behind, np.ascontiguousarray(layer[..., :3]))
