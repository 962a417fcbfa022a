"""Enrolling a face with the camera: the real dialog, detector and network, a drawn person."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QApplication, QWidget

from kiosk import bootstrap
from kiosk.demo.cast import portrait
from kiosk.demo.people import Pose
from kiosk.demo.pool import pool
from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.guided_enrolment import Step
from kiosk.domain.trust.rights import Actor
from kiosk.errors import SourceError
from kiosk.gui.faces.enrol_guided import GuidedEnrolmentDialog
from kiosk.services.ports.sources import SourceInfo
from kiosk.settings import KioskSettings, WebSettings, default_models_dir
from tests.world.kiosk import build_kiosk
from tests.world.screens.school import NAMES
from tests.world.screens.shot import READY_S, Screen, Shot, settle

PERSON: Final = 0
YAW_OF: Final = {None: 0.0, Step.STRAIGHT: 0.0, Step.LEFT: 22.0, Step.RIGHT: -22.0, Step.STRAIGHT_AGAIN: 0.0}
FPS: Final = 15.0


class Sitter:
    """A camera before which a drawn person turns as told; `lost` pulls its plug."""

    def __init__(self) -> None:
        self.yaw = 0.0
        self.lost = False
        self._index = 0
        self._noise = np.random.default_rng(3)
        self._poses = {
            yaw: portrait(pool()[PERSON], Pose(yaw=yaw, smile=0.3)) for yaw in set(YAW_OF.values())
        }

    def open(self) -> SourceInfo:
        if self.lost:
            raise SourceError("Camera 0 is not there.", "Plug it in again.")
        return SourceInfo("Drawn person", 960, 720, FPS, live=True)

    def read(self) -> Frame | None:
        if self.lost:
            raise SourceError("Camera 0 gives no pictures any more.", "Plug it in again.")
        time.sleep(1 / FPS)
        picture = self._poses[self.yaw]
        self._index += 1
        grain = self._noise.integers(0, 4, picture.shape, np.uint8)
        return Frame(np.minimum(picture, 251) + grain, time.monotonic(), self._index)

    def close(self) -> None:
        """There is nothing to let go of."""


@contextmanager
def kiosk_of(sitter: Sitter) -> Iterator[bootstrap.Kiosk]:
    """A kiosk at work with the models of this PC."""
    with tempfile.TemporaryDirectory() as folder:
        kiosk = build_kiosk(
            Path(folder),
            models_dir=default_models_dir(),
            settings=KioskSettings(web=WebSettings(enabled=False)),
            source=sitter,
        )
        kiosk.start()
        try:
            app = kiosk.app

            def add(repositories: Any) -> list[int]:
                return [
                    repositories.students.add(
                        student_no=f"S2{number:03}", full_name=name, email=None
                    ).student_id
                    for number, name in enumerate(NAMES, 41)
                ]

            for student_id in app.core.store.write(add)[::2]:
                app.people.consents.record(student_id, given=True, actor=Actor.system("Ada Lindgren"))
            yield kiosk
        finally:
            kiosk.stop()


class Sitting:
    """The dialog over an empty window, and who sits before the camera."""

    def __init__(self, dialog: GuidedEnrolmentDialog, sitter: Sitter) -> None:
        self.dialog = dialog
        self.sitter = sitter
        self.until(lambda: self.dialog.students.table.rowCount() > 0)

    def until(self, ready: Callable[[], object]) -> None:
        """Let the program work, and the person turn as told, until something is there."""
        deadline = time.monotonic() + READY_S
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"never ready: {self.dialog.camera.view}")
            self.sitter.yaw = YAW_OF[self.dialog.camera.view.step]
            QApplication.processEvents()
            time.sleep(0.01)

    def choose(self, name: str) -> None:
        self.dialog.students.search.edit.setText(name)

    def start(self) -> None:
        self.choose("anita")
        self.dialog.start_button.click()
        self.until(lambda: self.dialog.camera.view.ready)


def enrolling(arrange: Callable[[Sitting], None]) -> Screen:
    """The dialog, brought to where it is worth seeing."""

    @contextmanager
    def shown(shot: Shot) -> Iterator[QWidget]:
        sitter = Sitter()
        with kiosk_of(sitter) as kiosk, shot.window(QWidget()) as window:
            dialog = GuidedEnrolmentDialog(
                *(kiosk.app.core, kiosk.app.faces, kiosk.app.people),
                *(shot.theme, Actor.system("Ada Lindgren"), window),
            )
            dialog.open()
            try:
                arrange(Sitting(dialog, sitter))
                settle()
                yield window
            finally:
                sitter.lost = False
                dialog.done(0)
                settle()

    return shown


def students(sitting: Sitting) -> None:
    sitting.choose("okafor")


def turning(sitting: Sitting) -> None:
    sitting.start()
    page = sitting.dialog.camera
    sitting.until(lambda: len(page.view.taken) == 5 and page.advice.text().startswith("Good"))


def finished(sitting: Sitting) -> None:
    sitting.start()
    sitting.until(lambda: sitting.dialog.camera.view.complete)


def lost(sitting: Sitting) -> None:
    sitting.start()
    sitting.until(lambda: len(sitting.dialog.camera.view.taken) == 2)
    sitting.sitter.lost = True
    sitting.until(lambda: len(sitting.dialog.camera.mirror.words) > 1)


SCREENS: Final[dict[str, Screen]] = {
    "enrol-guided-students": enrolling(students),
    "enrol-guided": enrolling(turning),
    "enrol-guided-finished": enrolling(finished),
    "enrol-guided-lost": enrolling(lost),
}
