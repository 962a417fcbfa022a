"""Starts the window: application object, bridge, kiosk, main window; and stops the kiosk when it closes. Main thread."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication
from tzlocal import get_localzone_name

from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor
from kiosk.errors import DamageError, DatabaseError, KioskError
from kiosk.gui.automation import WindowHandle
from kiosk.gui.bridge import Bridge
from kiosk.gui.collecting import MainThreadCollector
from kiosk.gui.icons import ASSETS
from kiosk.gui.sounds import Sounds
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.trust.restore_backup import RestoreDialog
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ErrorDialog
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WaitingDialog
from kiosk.gui.window import MainWindow
from kiosk.services.app import KioskApp
from kiosk.services.ports.progress import Progress
from kiosk.services.trust.backups import Restoring
from kiosk.translation import N_, _

NAME: Final = N_("Attendance Kiosk")
BEFORE_START: Final = Actor.system("at the screen, before the start")
"""Who restores a backup while nobody can sign in."""

SIGNALS_MS: Final = 200
"""How often Python gets a chance to see Ctrl+C while Qt waits for events."""

TRY_AGAIN: Final = 75
"""What `run_window` returns where the kiosk is to be started anew (EX_TEMPFAIL)."""

AGAIN_MS: Final = 10_000

SWITCH_S: Final = 0.001
"""How long a busy worker may keep the interpreter from the window; Python's own 5 ms add up to visible stalls."""


@dataclass(frozen=True, slots=True)
class AutoStart:
    """Start a class without anybody pressing anything, as the demo does.

    Attributes:
        user: Who is signed in.
        course_id: Which class to start.
        locked: Whether leaving asks for a password.
        on_shown: Called on the main thread when the window stands and the class was asked for. The handle lets a
            script look at the window and close it.
    """

    user: User
    course_id: int
    locked: bool = True
    on_shown: Callable[[WindowHandle], None] | None = None


def prepare_application(arguments: Sequence[str]) -> QApplication:
    """The application object with our fonts and language; the one that exists already, if there is one."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([NAME, *arguments])
    application.setApplicationName(NAME)
    application.setStyle("Fusion")
    QLocale.setDefault(QLocale.c())  # Qt's own dates and numbers in English, whatever the PC speaks
    for font in sorted((ASSETS / "fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(font))
    return application


class RescueOf(Restoring, Protocol):
    """Restores a backup where the kiosk cannot start."""

    def can_help(self, error: KioskError) -> bool:
        """Whether that may let it start again."""


def run_window(
    opened: AbstractContextManager[KioskApp],
    *,
    windowed: bool,
    auto: AutoStart | None = None,
    rescue: RescueOf | None = None,
) -> int:
    """Run the desktop program until it is closed.

    Args:
        opened: Makes and starts the kiosk, and stops it in the end.
        windowed: Never fill the screen.
        auto: Start a class at once.
        rescue: Offered where the kiosk cannot start.

    Returns:
        The exit code: 0, or 1 when a thread did not end; `TRY_AGAIN` where the database may be there in a moment.

    Raises:
        KioskError: The kiosk could not start; shown in a window too.
    """
    application = prepare_application(sys.argv[1:])
    sys.setswitchinterval(SWITCH_S)
    application.setQuitOnLastWindowClosed(False)
    with ExitStack() as stack:
        try:
            app = stack.enter_context(opened)
        except KioskError as error:
            if _show_failure(error, rescue):
                return TRY_AGAIN
            raise
        return _run(application, app, windowed=windowed, auto=auto)


def show_work(title: str, words: str, work: Callable[[Progress], str]) -> bool:
    """Show that something goes on while no kiosk runs, and then what came of it, until somebody has read it.

    Args:
        title: Of the window.
        words: What goes on.
        work: Runs in a task; what it returns is said.

    Returns:
        Whether it worked; what it raises is shown.
    """
    prepare_application(sys.argv[1:])
    theme = Theme(scale=screen_scale())
    theme.apply()
    dialog = WaitingDialog(theme, title)
    dialog.begin(words, work)
    dialog.exec()
    return dialog.worked


def _run(application: QApplication, app: KioskApp, *, windowed: bool, auto: AutoStart | None) -> int:
    bridge = Bridge(app.core.events)
    look = app.core.settings.look
    theme = Theme(look.theme, scale=screen_scale(), motion=look.motion)
    theme.apply()
    window = MainWindow(
        app,
        bridge,
        windowed=windowed,
        theme=theme,
        sounds=Sounds(enabled=lambda: app.core.settings.look.sounds),
    )
    window.quit_requested.connect(application.quit)
    window.show_window()
    collector = MainThreadCollector(application)
    with _stopping_on_signals(window):
        if auto is not None:
            _start(window, auto)
        application.exec()
    window.hide()
    again = window.starts_again
    stuck = app.runtime.stop()
    bridge.close()
    window.deleteLater()
    collector.stop()
    if stuck:
        return 1
    return TRY_AGAIN if again else 0


def screen_scale() -> float:
    """Pixels of the primary screen for one at 1080p; between 0.7 and 2."""
    size = QGuiApplication.primaryScreen().availableSize()
    return scale_of(size.width(), size.height())


def scale_of(width: int, height: int) -> float:
    """Pixels for one at 1080p where so many may be used, without the system's own bars."""
    return max(0.7, min(2.0, width / 1920, height / 1040))


def _start(window: MainWindow, auto: AutoStart) -> None:
    window.user = auto.user
    window.start_class(auto.course_id, locked=auto.locked)
    if auto.on_shown is not None:
        shown, handle = auto.on_shown, WindowHandle(window)
        QTimer.singleShot(0, window, lambda: shown(handle))


@contextmanager
def _stopping_on_signals(window: MainWindow) -> Iterator[None]:
    """Close the window on Ctrl+C and SIGTERM; a timer lets Python look for them while Qt waits."""
    timer = QTimer(interval=SIGNALS_MS)
    timer.timeout.connect(lambda: None)
    timer.start()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_unused: window.close_now()) for number in numbers]
    try:
        yield
    finally:
        timer.stop()
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _show_failure(error: KioskError, rescue: RescueOf | None) -> bool:
    """Tell somebody who started the program by its icon and sees no terminal; whether to try again."""
    if QGuiApplication.platformName() in {"offscreen", "minimal"}:
        return False
    theme = Theme(scale=screen_scale())
    theme.apply()
    return failure_dialog(theme, error, rescue).exec() == TRY_AGAIN


def _try_again(dialog: ErrorDialog) -> None:
    if dialog.findChild(RestoreDialog) is None:  # not under somebody's hands
        dialog.done(TRY_AGAIN)


def failure_dialog(theme: Theme, error: KioskError, rescue: RescueOf | None) -> ErrorDialog:
    """What keeps the kiosk from starting, and the way to a backup where that may help."""
    dialog = ErrorDialog(theme, _("The kiosk cannot start"), error, action=_("Close"))
    if isinstance(error, DatabaseError) and not isinstance(error, DamageError):
        # After a power cut a kiosk is up before its server, and nobody may be there to start it again.
        dialog.body.addWidget(Text(_("The kiosk tries again by itself."), tone=Tone.MUTED, wrap=True))
        timer = QTimer(dialog, interval=AGAIN_MS)
        timer.timeout.connect(partial(_try_again, dialog))
        timer.start()
    if rescue is not None and rescue.can_help(error):
        helper = rescue

        def restore() -> None:
            zone = ZoneInfo(get_localzone_name())
            restoring = RestoreDialog(zone, helper, theme, BEFORE_START, dialog)
            restoring.accepted.connect(dialog.accept)
            restoring.open()

        dialog.add_button(SecondaryButton(_("Restore a backup…")), restore)
    return dialog
