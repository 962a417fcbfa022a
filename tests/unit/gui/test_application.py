"""The program from start to quit, with the real pages, offscreen."""

import signal
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from kiosk.errors import DamageError, DatabaseError, StorageError
from kiosk.gui.application import TRY_AGAIN, AutoStart, failure_dialog, run_window
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.services.app import KioskApp
from kiosk.services.events import RuntimeStopped
from tests.world.gui_kiosk import GuiKiosk

ROOT = Path(__file__).parents[3]


def main_window() -> MainWindow:
    (found,) = (
        one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()
    )
    return found


@pytest.fixture(autouse=True)
def _clean_application(qapp: QApplication) -> None:
    """Nothing of an earlier test's window is left."""
    qapp.processEvents()


def test_window_shows_sign_in_and_closing_it_stops_the_kiosk(qtbot: QtBot, kiosk: GuiKiosk) -> None:
    seen: list[str] = []

    def look() -> None:
        window = main_window()
        seen.append(type(window.pages.currentWidget()).__name__)
        window.close()

    QTimer.singleShot(200, look)
    assert run_window(nullcontext(kiosk.app), windowed=True) == 0
    assert seen == ["SignInView"]
    assert kiosk.runtime.stopped
    assert kiosk.events[-1] == RuntimeStopped()


def test_interrupt_closes_the_window_even_during_a_class(qtbot: QtBot, kiosk: GuiKiosk) -> None:
    def interrupt() -> None:
        assert main_window().shows_class
        signal.raise_signal(signal.SIGINT)

    QTimer.singleShot(1500, interrupt)
    auto = AutoStart(user=kiosk.teacher, course_id=kiosk.course.course_id)
    assert run_window(nullcontext(kiosk.app), windowed=True, auto=auto) == 0
    assert kiosk.runtime.stopped
    (session,) = kiosk.app.attendance.sessions.of_course(kiosk.course.course_id)
    assert session.is_open


def test_kiosk_that_cannot_start_says_so_to_the_caller(qtbot: QtBot) -> None:
    class Opened(AbstractContextManager[KioskApp, None]):
        def __enter__(self) -> KioskApp:
            raise StorageError("The disk is full.", "Make room.")

        def __exit__(self, *_error: object) -> None: ...

    with pytest.raises(StorageError, match="disk is full"):
        run_window(Opened(), windowed=True)


def test_a_database_that_may_be_there_in_a_moment_is_tried_again_without_anybody(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.gui.application.AGAIN_MS", 10)
    gone = DatabaseError("The database server cannot be reached.", "Check the network.")
    with qtbot.waitSignal(failure_dialog(theme, gone, None).finished) as finished:
        pass
    assert finished.args == [TRY_AGAIN]

    monkeypatch.setattr("kiosk.gui.application._show_failure", lambda error, _rescue: error is gone)

    class Opened(AbstractContextManager[KioskApp, None]):
        def __enter__(self) -> KioskApp:
            raise gone

        def __exit__(self, *_error: object) -> None: ...

    assert run_window(Opened(), windowed=True) == TRY_AGAIN


def test_damage_is_not_tried_again(qtbot: QtBot, theme: Theme) -> None:
    dialog = failure_dialog(theme, DamageError("The database file is damaged."), None)
    qtbot.addWidget(dialog)
    assert not [one for one in dialog.findChildren(QLabel) if "by itself" in one.text()]


def test_window_imports_nothing_heavy() -> None:
    program = (
        "import sys, kiosk.gui.application, kiosk.gui.attendance.kiosk_screen.screen\n"
        "heavy = {'cv2', 'onnxruntime', 'dlib', 'tensorflow', 'sqlalchemy', 'fastapi', 'openpyxl',"
        " 'PySide6.QtMultimedia'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
