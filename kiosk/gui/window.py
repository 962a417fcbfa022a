"""The main window: first start → sign-in → desk → class, and back. Main thread only."""

from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.attendance.class_page import ASKED_S, ClassPage
from kiosk.gui.attendance.class_starter import ClassStarter
from kiosk.gui.attendance.lesson.after_class import AfterClass
from kiosk.gui.bridge import Bridge
from kiosk.gui.idle import IdleWatch
from kiosk.gui.people.closing_question import ClosingQuestion
from kiosk.gui.people.password_dialog import PasswordDialog
from kiosk.gui.people.sign_in_watch import SignInWatch
from kiosk.gui.set_up.entry_page import EntryPage
from kiosk.gui.sounds import Sounds
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme
from kiosk.gui.views_in_use import Views
from kiosk.gui.widgets.dialogs import Dialog, ErrorDialog, dismiss_dialogs
from kiosk.gui.widgets.keys_help import show_keys
from kiosk.gui.widgets.toast import Toast
from kiosk.services.app import KioskApp
from kiosk.services.events import Event, RestartAsked, RestoreAsked, SessionEnded, SessionStarted
from kiosk.translation import N_, _

SIGNED_IN_IDLE_S: Final = 600.0
"""Nobody touched *Today* for so long: sign out."""

CHECK_MS: Final = 5000

ENDED: Final = {
    True: N_("{code} has ended: {present} present, {late} late, {absent} absent."),
    False: N_("The class has ended: {present} present, {late} late, {absent} absent."),
}
"""Whether the course is known."""


class MainWindow(QMainWindow):
    """Holds the pages and who is signed in.

    Attributes:
        starts_again: Whether the program is to be started again once it is closed.

    Signals:
        quit_requested: The program should end.
        class_over: The class that was shown has ended.
    """

    quit_requested = Signal()
    class_over = Signal()

    def __init__(
        self,
        app: KioskApp,
        bridge: Bridge,
        *,
        windowed: bool,
        theme: Theme | None = None,
        sounds: Sounds | None = None,
        views: Views | None = None,
    ) -> None:
        super().__init__()
        self._app = app
        self._windowed = windowed
        self._theme = theme or Theme(app.core.settings.look.theme)
        self._views = views or Views()
        self._sounds = sounds
        self._classes = ClassStarter(app, self)
        self._tasks = Tasks(self)
        self._may_close = False
        self.starts_again = False
        self.user: User | None = None
        self.message: Dialog | None = None
        self.setWindowTitle(_("Attendance Kiosk"))
        self.pages = QStackedWidget()
        self.setCentralWidget(self.pages)
        self._bridge = bridge
        bridge.arrived.connect(self._on_event)
        self.class_page = ClassPage(app, bridge, self._theme, sounds, self._views, windowed=windowed)
        self.pages.addWidget(self.class_page)
        self._entry = EntryPage(self.pages, self.sign_in)
        self._closing = ClosingQuestion(app, self._theme, bridge, self)
        self._closing.allowed.connect(self.close_now)
        self._size = WindowSize(self, windowed=windowed)
        self._desk: Any = None
        self._after_class = AfterClass(app, self._theme, bridge, self._views, self.pages)
        self._after_class.done.connect(self.sign_out)
        self.toast = Toast(self._theme, self)
        self._classes.not_started.connect(self._say_not_started)
        self._classes.not_ended.connect(self._say_not_ended)
        self.class_page.end_confirmed.connect(self._classes.end)
        self.class_page.fill_wanted.connect(self._size.fill)
        self.class_page.quit_confirmed.connect(self.close_now)
        bridge.arrived.connect(self._on_event_seen)
        QShortcut(QKeySequence("F11"), self).activated.connect(self._toggle_full_screen)
        QShortcut(QKeySequence("F1"), self).activated.connect(self._show_keys)
        self._idle = IdleWatch(app.core.clock, self)
        self._watch = SignInWatch(app.people.accounts, self)
        self._watch.ended.connect(self._end_sign_in)
        self._idle_timer = QTimer(self, interval=CHECK_MS)
        self._idle_timer.timeout.connect(self.check_idle)
        self._idle_timer.timeout.connect(self._watch.look)
        self._idle_timer.start()
        self._is_new = app.people.accounts.needs_first_admin()
        if self._is_new:
            self._entry.show(self._views.first_start(app, self._theme), "done")
        else:
            self._show_sign_in()

    @property
    def shows_class(self) -> bool:
        """Whether the kiosk screen is there."""
        return self.pages.currentWidget() is self.class_page

    @property
    def closing(self) -> PasswordDialog | None:
        """The question whether to close the program, while it is asked."""
        return self._closing.dialog

    def show_window(self) -> None:
        """Show it as large as the screen allows, with its frame."""
        self._size.show()

    def sign_in(self, user: User) -> None:
        """Show the desk to somebody who gave a password, here or elsewhere."""
        self.user, self._is_new = user, False
        self._watch.begin(user)
        self._idle.touch()
        if not Actor.of(user).may(Right.ADMINISTER):
            self._show_desk(user)
            return
        self._entry.rest()
        self._tasks.run(
            lambda: self._app.school.set_up.progress().is_running,
            then=partial(self._go_on, user),
            failed=lambda _error: self._go_on(user, False),  # the desk says that the database cannot be read
        )

    def _go_on(self, user: User, is_set_up_unfinished: bool) -> None:
        """To the steps of setting up for an admin whom the power left in the middle of them, or to the desk."""
        if user is not self.user or self.shows_class:
            return
        if is_set_up_unfinished:
            self._entry.show(self._views.set_up(self._app, self._theme, user), "done")
        else:
            self._show_desk(user)

    def _show_desk(self, user: User) -> None:
        if self._desk is None:
            self._desk = self._views.desk(self._app, self._theme, self._bridge)
            self._desk.start_requested.connect(self.start_class)
            self._desk.resume_requested.connect(self.resume_class)
            self._desk.sign_out_requested.connect(self.sign_out)
            self.pages.addWidget(self._desk)
        self._desk.show_for(user)
        self.pages.setCurrentWidget(self._desk)
        self._entry.drop()
        QTimer.singleShot(0, self, self._prepare_sounds)

    def sign_out(self) -> None:
        """Back to the sign-in page."""
        self.user = None
        self._watch.begin(None)
        self._show_sign_in()
        self._after_class.drop()

    def start_class(
        self,
        course_id: int,
        liveness: LivenessMode | None = None,
        policy: ProofPolicy | None = None,
        *,
        locked: bool = True,
    ) -> None:
        """Start a class; the kiosk screen comes with its event. What is not chosen is as usual for the course."""
        self._classes.start(course_id, liveness, policy, actor=self._actor, locked=locked)

    def _end_sign_in(self) -> None:
        """The account was closed, or has another password or role: nobody goes on under what it was."""
        if self.shows_class:
            self.class_page.lock_again()  # the class itself goes on
            return
        dismiss_dialogs()
        self.sign_out()
        self.toast.say(_("This account was changed. Please sign in again."))

    def resume_class(self, session_id: int) -> None:
        """Go on with an open class."""
        self._classes.resume(session_id, actor=self._actor)

    def check_idle(self) -> None:
        """Sign out whoever left the desk alone, and take a question back that nobody answers: it would keep it open."""
        if self._idle.idle_s >= ASKED_S:
            self._closing.take_back()
        asked = QApplication.activeModalWidget() is not None
        if self._after_class.is_left(self._idle.idle_s) and not asked:
            self.sign_out()
        if self._shows_desk() and self._idle.idle_s >= SIGNED_IN_IDLE_S and not asked:
            self.sign_out()

    def close_now(self) -> None:
        """Close without asking: the system or a signal wants it."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.shows_class and not self._may_close:
            event.ignore()
            self.class_page.ask_to_quit()
            return
        if not (self._may_close or self._windowed or self._is_new):
            event.ignore()
            self._closing.ask(self.user.name if self.user is not None else "")
            return
        event.accept()
        self.quit_requested.emit()

    # -- events --------------------------------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        if isinstance(event, SessionStarted):
            self._prepare_sounds()
            self.class_page.begin(self.user, locked=self._classes.locked)
            self.pages.setCurrentWidget(self.class_page)
        elif isinstance(event, RestoreAsked):
            self.close_now()
        elif isinstance(event, RestartAsked):
            self.starts_again = True
            self.close_now()

    def _on_event_seen(self, event: Event) -> None:
        """Comes after the class page has seen it."""
        state = self.class_page.screen_view.state
        if not isinstance(event, SessionEnded) or not self.shows_class:
            return
        if state.session is None or state.session.session_id != event.session_id:
            return
        ender = self.class_page.ender
        self.class_page.lock_again()
        self._size.fill(False)
        if ender is not None and self._classes.locked:
            self.user = ender
            self._watch.begin(ender)
            self._idle.touch()
            self._after_class.show(event.session_id, ender)
        else:
            self.sign_out()
        self.toast.say(_ended_words(state.course, event.tally))
        self.class_over.emit()

    # -- inside --------------------------------------------------------------------------------------------------

    @property
    def _actor(self) -> Actor:
        return Actor.of(self.user) if self.user is not None else NOBODY

    def _shows_desk(self) -> bool:
        return self._desk is not None and self.pages.currentWidget() is self._desk

    def _prepare_sounds(self) -> None:
        if self._sounds is not None:
            self._sounds.prepare()

    def _say_not_started(self, error: KioskError) -> None:
        if self._shows_desk():
            self._desk.show_error(error)
        else:
            self._tell(_("The class was not started"), error)

    def _say_not_ended(self, error: KioskError) -> None:
        self._tell(_("The class was not ended"), error)

    def _tell(self, title: str, error: KioskError) -> None:
        self.message = ErrorDialog(self._theme, title, error, self)
        self.message.finished.connect(self._forget_message)
        self.message.open()

    def _forget_message(self) -> None:
        self.message = None

    def _show_sign_in(self) -> None:
        self._entry.show(self._views.sign_in(self._app, self._theme, self._bridge), "signed_in")

    def _show_keys(self) -> None:
        """Not over a class that nobody unlocked: the screen belongs to the students."""
        if not self.shows_class or self.class_page.shows_roster:
            show_keys(self._theme)

    def _toggle_full_screen(self) -> None:
        if self.shows_class:
            self.class_page.screen_view.leave_requested.emit()


class WindowSize:
    """How large the window is: as its screen allows, and all of it while a class fills it."""

    def __init__(self, window: QMainWindow, *, windowed: bool) -> None:
        self._window = window
        self._windowed = windowed

    def show(self) -> None:
        """Show the window, with its frame."""
        window = self._window
        available = window.screen().availableGeometry()
        window.setMinimumSize(min(960, available.width()), min(600, available.height()))
        if self._windowed:
            window.resize(min(1280, available.width()), min(800, available.height()))
            window.show()
        else:
            # A kiosk may run without a window manager: then nobody else makes it large.
            window.setGeometry(available)
            window.showMaximized()

    def fill(self, fill: bool) -> None:
        """Cover the screen, or leave its edges again; a window that somebody sizes by hand stays as it is."""
        window = self._window
        if self._windowed or not window.isVisible():
            return
        if fill and not window.isFullScreen():
            window.setGeometry(window.screen().geometry())
            window.showFullScreen()
        elif not fill and window.isFullScreen():
            window.showMaximized()


def _ended_words(course: Course | None, tally: ClassTally) -> str:
    return _(
        ENDED[course is not None],
        code=course.code if course is not None else "",
        present=tally.present,
        late=tally.late,
        absent=tally.absent,
    )
