"""A real kiosk over the drawn classroom, for the benchmarks: everything but the camera is what a school runs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from kiosk import bootstrap
from kiosk.demo.cast import render_cast
from kiosk.demo.classroom import ClassroomCamera
from kiosk.demo.lesson import Lesson
from kiosk.demo.pool import pool
from kiosk.demo.script import ClassPlan, plan_class
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.frames import BgrImage, Frame
from kiosk.services.ports.sources import SourceInfo

FULL_LOAD_FRAMES: Final = 240
FULL_LOAD_PERIOD_S: Final = 0.008
"""120 frames a second: recognition looks at about 65."""


class EndlessClassroom:
    """The drawn classroom in real time; when everybody has left they come again."""

    def __init__(self, plan: ClassPlan) -> None:
        self._plan = plan
        self._cast = render_cast(plan.cast)
        self._camera = self._new()
        self._began_s: float | None = None
        self._index = 0

    @property
    def duration_s(self) -> float:
        return self._camera.duration_s

    def _new(self) -> ClassroomCamera:
        return ClassroomCamera(walks=self._plan.walks, cast=self._cast, realtime=True)

    def open(self) -> SourceInfo:
        self._began_s = None
        return self._camera.open()

    def read(self) -> Frame | None:
        frame = self._camera.read()
        if frame is None:
            return None
        if self._began_s is None:
            self._began_s = frame.time_s
        if frame.time_s - self._began_s > self._camera.duration_s:
            self.close()
            self._camera = self._new()
            self.open()
        self._index += 1
        return Frame(frame.image, frame.time_s, self._index)

    def close(self) -> None:
        self._camera.close()


class FullLoadClassroom:
    """The same from memory, with a newer frame every time recognition asks: it never waits, and drawing costs nothing."""

    def __init__(self, plan: ClassPlan) -> None:
        self._plan = plan
        self._images: list[BgrImage] = []
        self._index = 0

    @property
    def duration_s(self) -> float:
        return FULL_LOAD_FRAMES / 30

    def open(self) -> SourceInfo:
        camera = ClassroomCamera(walks=self._plan.walks, cast=render_cast(self._plan.cast))
        info = camera.open()
        self._images = [frame.image for frame in islice(iter(camera.read, None), FULL_LOAD_FRAMES)]
        camera.close()
        return replace(info, live=True)

    def read(self) -> Frame | None:
        time.sleep(FULL_LOAD_PERIOD_S)
        self._index += 1
        return Frame(self._images[self._index % len(self._images)], time.monotonic(), self._index)

    def close(self) -> None:
        self._images = []


@dataclass(frozen=True)
class DrawnClass:
    kiosk: bootstrap.Kiosk
    course: Course
    lesson: Lesson


@contextmanager
def open_class(data_dir: Path, *, students: int = 10, full_load: bool = False) -> Iterator[DrawnClass]:
    """A started kiosk with enrolled drawn students, whose camera never ends; the class is not begun.

    With `full_load` the camera gives more frames than recognition can look at.
    """
    plan = plan_class(1, students, 2, pool())
    lesson = Lesson(
        plan=plan,
        camera=FullLoadClassroom(plan) if full_load else EndlessClassroom(plan),
        realtime=True,
        directory=bootstrap.prepare_data_dir(data_dir),
        models_dir=data_dir / "models",
        say=lambda _: None,
    )
    kiosk = lesson.build()
    kiosk.start()
    try:
        yield DrawnClass(kiosk, lesson.prepare(kiosk).course, lesson)
    finally:
        kiosk.stop()
