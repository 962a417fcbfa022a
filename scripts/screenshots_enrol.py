"""Makes the picture of the guided enrolment in docs/images: the real dialog, detector and network, a drawn person.

    python -m scripts.screenshots_enrol [FOLDER]

Without a folder the one picture goes to docs/images. With a folder every page is made, light and dark, at 1920×1080 and
1366×768. No display is needed; nobody in the pictures exists.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
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
from kiosk.gui.theme import Theme
from kiosk.services.ports.sources import SourceInfo
from kiosk.settings import KioskSettings, WebSettings, default_models_dir
from kiosk.settings import Theme as Look
from scripts.screenshots import picture_application
from scripts.screenshots_views import NAMES, Shot, picture_of

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent

PERSON = 0
YAW_OF = {None: 0.0, Step.STRAIGHT: 0.0, Step.LEFT: 22.0, Step.RIGHT: -22.0, Step.STRAIGHT_AGAIN: 0.0}
FPS = 15.0
SIZES = ((1920, 1080), (1366, 768))


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
    with tempfile.TemporaryDirectory() as folder:
        kiosk = bootstrap.build(
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


class Session:
    """The dialog over an empty window."""

    def __init__(self, shot: Shot, kiosk: bootstrap.Kiosk, sitter: Sitter) -> None:
        self.sitter = sitter
        self.window = shot.window(QWidget())
        self.dialog = GuidedEnrolmentDialog(
            kiosk.app.core,
            kiosk.app.faces,
            kiosk.app.people,
            shot.theme,
            Actor.system("Ada Lindgren"),
            self.window,
        )
        self.dialog.open()
        self.until(lambda: self.dialog.students.table.rowCount() > 0)

    def until(self, ready: Callable[[], bool], seconds: float = 30.0) -> None:
        """Let the program work, and the person turn as told, until something is there."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"never ready: {self.dialog.camera.view}")
            self.sitter.yaw = YAW_OF[self.dialog.camera.view.step]
            QApplication.processEvents()
            time.sleep(0.01)

    def choose(self, name: str) -> None:
        self.dialog.students.search.edit.setText(name)

    def start(self) -> None:
        self.dialog.start_button.click()
        self.until(lambda: self.dialog.camera.view.ready)

    def picture(self) -> Any:
        return picture_of(self.window, self.dialog)

    def close(self) -> None:
        self.sitter.lost = False
        self.dialog.done(0)
        self.until(lambda: True)
        self.window.close()


def students(session: Session) -> Any:
    session.choose("okafor")
    return session.picture()


def turning(session: Session) -> Any:
    session.choose("anita")
    session.start()
    page = session.dialog.camera
    session.until(lambda: len(page.view.taken) == 5 and page.advice.text().startswith("Good"))
    return session.picture()


def finished(session: Session) -> Any:
    session.choose("anita")
    session.start()
    session.until(lambda: session.dialog.camera.view.complete)
    return session.picture()


def lost(session: Session) -> Any:
    session.choose("anita")
    session.start()
    session.until(lambda: len(session.dialog.camera.view.taken) == 2)
    session.sitter.lost = True
    session.until(lambda: len(session.dialog.camera.mirror.words) > 1)
    return session.picture()


PAGES = {"students": students, "turning": turning, "finished": finished, "lost": lost}


def make(name: str, look: Look, size: tuple[int, int]) -> Any:
    theme = Theme(look, scale=size[1] / 1080)
    theme.apply()
    sitter = Sitter()
    with kiosk_of(sitter) as kiosk:
        session = Session(Shot(theme, size), kiosk, sitter)
        try:
            return PAGES[name](session)
        finally:
            session.close()


def main() -> None:
    with picture_application():
        make_pictures()


def make_pictures() -> None:
    if len(sys.argv) < 2:
        picture = make("turning", Look.LIGHT, (1920, 1080))
        smooth = Qt.TransformationMode.SmoothTransformation
        picture.scaledToWidth(1440, smooth).save(str(ROOT / "docs" / "images" / "enrol-guided.png"))
        return
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or PAGES:
        for look in (Look.LIGHT, Look.DARK):
            for size in SIZES:
                path = folder / f"{name}-{look.value}-{size[1]}.png"
                make(name, look, size).save(str(path))
                print(path)


if __name__ == "__main__":
    main()
