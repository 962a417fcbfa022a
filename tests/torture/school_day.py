"""The real window in a process of its own, in which school is held: class after class without the hours between.

    python -c 'from tests.torture.school_day import main; main()' DATA_DIR --models MODELS_DIR [--classes N] [--kinds]

(Not with ``-m``: the code reader's process would import all this before it begins.)

Everything is what a school runs but the camera (drawn students), the phones (a browser that reads the code from the window),
the display (none) and the clock, which is put forward between two classes. After each class there is one line on standard
output: a `Census`. ``--kinds`` says on standard error which types of objects became more.
"""

import argparse
import csv
import logging
import os
import socket
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from kiosk import bootstrap
from kiosk.bootstrap import data_dir as logs
from kiosk.demo.lesson import COURSE, Lesson
from kiosk.demo.pool import pool
from kiosk.demo.script import plan_class
from kiosk.domain.people.staff import Role
from kiosk.gui.application import AutoStart, run_window
from kiosk.gui.automation import WindowHandle
from kiosk.gui.window import MainWindow
from kiosk.services.ports.outputs import PinSlip
from kiosk.settings import KioskSettings, LookSettings, WebSettings
from tests.fakes.actors import admin
from tests.fakes.steered_clock import SteeredClock
from tests.torture.day_camera import DayCamera
from tests.torture.day_script import NAME, PASSWORD, DayScript, School
from tests.world.kiosk import Parts, build_kiosk

WALKING: Final = 6
STRANGERS: Final = 1
OTHERS: Final = 20
"""Students who are never drawn, beside the two of the drawn class."""

LOG_BYTES: Final = 2_000
"""Instead of 2 MB, so that a few classes fill it."""

STEP_MS: Final = 20
LONGEST_S: Final = 180.0
"""A step of the script that takes longer failed."""

SCREEN: Final = '{"screens": [{"name": "kiosk", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1}]}'


class Player(QObject):
    """Plays a script on the main thread, from timer to timer, and closes the window after it or where it failed."""

    def __init__(self, script: DayScript, handle: WindowHandle, window: MainWindow) -> None:
        super().__init__(window)
        self._script = script
        self._steps = script.steps(window, handle)
        self._handle = handle
        self._is_due = next(self._steps)
        self._waited_ms = 0
        self.failure: BaseException | None = None
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        try:
            self._waited_ms += STEP_MS
            if self._waited_ms > LONGEST_S * 1000:
                self._steps.throw(TimeoutError(f"nothing came in {LONGEST_S:.0f} s"))
            if self._is_due():
                self._is_due = next(self._steps)
                self._waited_ms = 0
        except StopIteration:
            self._end()
        except Exception as error:  # noqa: BLE001 - the top of the script
            self.failure = error
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        self._handle.close_window()


def main() -> int:
    """Hold school; the exit code is that of the window."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--classes", type=int, default=8)
    parser.add_argument("--kinds", action="store_true")
    asked = parser.parse_args()
    asked.data_dir.mkdir(parents=True, exist_ok=True)
    screen = asked.data_dir / "screen.json"
    screen.write_text(SCREEN, encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"
    logs.LOG_BYTES = LOG_BYTES  # type: ignore[misc]
    logs.log_to_file(asked.data_dir)
    logging.getLogger("kiosk").propagate = False
    clock = SteeredClock()
    camera = DayCamera(plan_class(1, WALKING, STRANGERS, pool()), clock)
    kiosk = build_kiosk(
        asked.data_dir,
        models_dir=asked.models,
        parts=Parts(clock=clock),
        settings=KioskSettings(web=_on_this_pc(), look=LookSettings(sounds=False)),
        source=camera,
        with_web=True,
        for_window=True,
    )
    preview = kiosk.app.runtime.preview
    camera.seen = lambda: analysis.frame_index if (analysis := preview.analysis()) is not None else None
    kiosk.start()
    try:
        return _show(kiosk, camera, clock, asked.classes, kinds=asked.kinds, data_dir=asked.data_dir)
    finally:
        kiosk.stop()


def _show(
    kiosk: bootstrap.Kiosk,
    camera: DayCamera,
    clock: SteeredClock,
    classes: int,
    *,
    kinds: bool,
    data_dir: Path,
) -> int:
    user = kiosk.app.people.accounts.add(name=NAME, role=Role.ADMIN, password=PASSWORD, actor=admin("test"))
    lesson = Lesson(
        plan=camera.plan,
        camera=camera,
        realtime=True,
        directory=data_dir,
        models_dir=data_dir,
        say=lambda _words: None,
    )
    prepared = lesson.prepare(kiosk)
    school = School(
        kiosk, camera, clock, prepared.course, [*prepared.slips, *_more_students(kiosk, data_dir)]
    )
    script = DayScript(school, classes=classes, kinds=kinds)
    players: list[Player] = []

    def begin(handle: WindowHandle) -> None:
        window = handle.parent()
        assert isinstance(window, MainWindow)
        players.append(Player(script, handle, window))

    auto = AutoStart(user=user, course_id=prepared.course.course_id, on_shown=begin)
    code = run_window(nullcontext(kiosk.app), windowed=False, auto=auto)
    for player in players:
        if player.failure is not None:
            raise player.failure
    return code


def _more_students(kiosk: bootstrap.Kiosk, data_dir: Path) -> list[PinSlip]:
    app = kiosk.app
    class_list = data_dir / "more.csv"
    with class_list.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student_no", "full_name"])
        writer.writerows([f"26-{301 + number}", f"Student {number + 1}"] for number in range(OTHERS))
    app.courses.lists.import_roster(
        class_list, course_code=COURSE, since=app.core.today(), actor=admin("test")
    )
    course = app.courses.lists.course(COURSE)
    slips, keep = app.people.pins.prepare(course.course_id, on=app.core.today(), actor=admin("test"))
    keep()
    return slips


def _on_this_pc() -> WebSettings:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return WebSettings(host="127.0.0.1", address="127.0.0.1", port=free.getsockname()[1])
