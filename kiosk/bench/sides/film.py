"""The bench's own pictures: drawn people filmed in 720p, and portraits of them to enrol. Runs in a child process.

Nothing is downloaded and no photograph is needed; the people are the demo's, picked so that the built-in model tells
them apart.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from kiosk.bench.passing import Passing, crowd, single_file
from kiosk.bench.sides.child import CORES, BenchError
from kiosk.demo.cast import Cast, enrolment_pictures, render_cast
from kiosk.demo.classroom import ClassroomCamera
from kiosk.demo.people import DrawnPerson
from kiosk.demo.pool import pool
from kiosk.demo.walks import FPS, FRAME_HEIGHT, FRAME_WIDTH
from kiosk.domain.faces.frames import BgrImage
from kiosk.translation import _

PEOPLE: Final = 30
"""In the class, and in every contender's gallery."""
PORTRAITS: Final = 3
"""Enrolled for each of them."""
QUEUE_SPEED: Final = 900.0
"""Pixels a second: a head of 300 pixels is 0.24 m high, so this is 0.7 m/s, and 0.7 m from one to the next."""


@dataclass(frozen=True, slots=True)
class Film:
    """Where the pictures are.

    Attributes:
        crowd: A video with about three faces a frame.
        five: One with about five.
        queue: Everybody in single file, one a second.
        portraits: One folder for each student number, as a school would hand them in.
        gallery: One portrait of each, ``<student_no>.jpg``, for programs that want a flat folder.
        crops: (n, 160, 160, 3) uint8 BGR portraits of heads, as ``.npy``: the same input for every network.
    """

    crowd: Path
    five: Path
    queue: Path
    portraits: Path
    gallery: Path
    crops: Path


@dataclass(frozen=True, slots=True)
class FilmTask:
    """Draws and films everything into a folder.

    Attributes:
        folder: Where to.
        seconds: Length of the crowd's video; that with five faces is half as long.
        people: In the class.
    """

    folder: Path
    seconds: float
    people: int = PEOPLE

    def rounds(self) -> Iterator[Film]:
        people = pool()[: self.people]
        portraits, gallery, crops = self.folder / "portraits", self.folder / "gallery", []
        gallery.mkdir(parents=True)
        with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as drawing:
            for number, pictures in enumerate(drawing.map(_portraits, people)):
                student_no = student_number(number)
                (portraits / student_no).mkdir(parents=True)
                for place, picture in enumerate(pictures):
                    cv2.imwrite(str(portraits / student_no / f"{place}.png"), picture)
                cv2.imwrite(str(gallery / f"{student_no}.jpg"), pictures[0])
                crops.append(_head(pictures[0]))
        np.save(self.folder / "crops.npy", np.stack(crops))
        cast = render_cast(people, workers=CORES)
        keys = [person.key for person in people]
        three = crowd(keys, faces=3, seconds=self.seconds, speed=300.0, scale=0.95)
        five = crowd(keys, faces=5, seconds=self.seconds / 2, speed=250.0, scale=0.78)
        queue = queue_ways(self.people)
        yield Film(
            _record(self.folder / "crowd.mp4", three, cast, self.seconds),
            _record(self.folder / "five.mp4", five, cast, self.seconds / 2),
            _record(self.folder / "queue.mp4", queue, cast, queue[-1].end_s + 0.5),
            portraits,
            gallery,
            self.folder / "crops.npy",
        )


def queue_ways(people: int) -> tuple[Passing, ...]:
    """How the class comes in single file, one a second, in the order of `student_number`."""
    keys = [person.key for person in pool()[:people]]
    return single_file(keys, every_s=1.0, speed=QUEUE_SPEED, scale=0.95)


def student_number(place: int) -> str:
    """The number of the student at a place in the pool."""
    return f"b{place + 1:02}"


def _portraits(person: DrawnPerson) -> list[BgrImage]:
    return enrolment_pictures(person, PORTRAITS)


def _head(picture: BgrImage) -> BgrImage:
    # `portrait` puts the point between the eyes at (480, 310), the head about 300 pixels high.
    return np.asarray(
        cv2.resize(picture[190:430, 360:600], (160, 160), interpolation=cv2.INTER_AREA), np.uint8
    )


def _record(path: Path, ways: Sequence[Passing], cast: Cast, seconds: float) -> Path:
    """Film for so many seconds, as MPEG-4 at 30 frames a second.

    Raises:
        BenchError: OpenCV cannot write videos here.
    """
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), code, FPS, (FRAME_WIDTH, FRAME_HEIGHT))
    if not writer.isOpened():
        raise BenchError(_("This OpenCV cannot write videos."))
    camera = ClassroomCamera(walks=ways, cast=cast)
    camera.open()
    try:
        for tick in range(round(seconds * FPS)):
            writer.write(camera.compose(tick / FPS))
    finally:
        camera.close()
        writer.release()
    return path
