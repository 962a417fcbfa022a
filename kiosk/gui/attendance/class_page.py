"""A class on the screen: the kiosk screen, its lock, and the roster beside it. Main thread only.

Starting a class locks it. *Roster* and leaving the full screen ask for the PIN of the lesson or a password once and stay open
until somebody goes back or nobody touched anything for two minutes; *End…* asks for it and says what will happen. Closing the
program asks for the password.
"""

from enum import Enum, auto
from functools import partial
from typing import Any, Final, assert_never

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.kiosk_lock import KioskLock
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.attendance.lesson.roster_place import RosterPlace
from kiosk.gui.attendance.roster.headcount_row import surplus_words
from kiosk.gui.bridge import Bridge
from kiosk.gui.idle import IdleWatch
from kiosk.gui.people.password_dialog import GuardedAction, PasswordDialog
from kiosk.gui.remembered import Remembered
from kiosk.gui.sounds import Sounds
from kiosk.gui.theme import Theme
from kiosk.gui.views_in_use import Views
from kiosk.gui.widgets.buttons import DangerButton, PrimaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog, Dialog, dismiss_dialogs
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.store_banner import StoreBanner
from kiosk.services.app import KioskApp
from kiosk.services.events import Event, SessionStarted
from kiosk.translation import _, ngettext

CHECK_MS: Final = 1000
ASKED_S: Final = 30.0
"""A password dialog that somebody opened and left would dim the kiosk screen for everybody."""

ROSTER_WIDTH: Final = 640


class Wish(Enum):
    """What a teacher wants of a class, and gives a password for."""

    ROSTER = auto()
    LEAVE = auto()
    END = auto()
    QUIT = auto()


class ClassPage(QWidget):
    """Kiosk screen and roster.

    Attributes:
        ender: Who ended the class at this screen; None while nobody has.

    Signals:
        end_confirmed: The actor who ended the class.
        fill_wanted: True: fill the screen again. False: a teacher may see the desktop.
        quit_confirmed: A teacher closes the program; the class stays open.
    """

    end_confirmed = Signal(object)
    fill_wanted = Signal(bool)
    quit_confirmed = Signal()

    def __init__(
        self,
        app: KioskApp,
        bridge: Bridge,
        theme: Theme,
        sounds: Sounds | None,
        views: Views,
        *,
        windowed: bool,
    ) -> None:
        super().__init__()
        self._app = app
        self._bridge = bridge
        self._theme = theme
        self._views = views
        self._windowed = windowed
        self._locked_by_default = True
        self._actor: User | None = None
        self.lock = KioskLock()
        self.ender: User | None = None
        self.roster: Any = None
        self.dialog: Dialog | None = None
        self.screen_view = KioskScreen(app.core, app.attendance, app.phones.qr, app.runtime, theme, sounds)
        self._row = horizontal((self.screen_view, 1), on=self, spacing=0)
        self.place = RosterPlace(self, self._row, theme, Remembered(app.core.directories.data))
        self.place.moved.connect(self._follow_place)
        self.place.closed.connect(self.lock_again)
        self.screen_view.roster_requested.connect(self._roster_pressed)
        self.screen_view.end_requested.connect(self._end_pressed)
        self.screen_view.leave_requested.connect(self._leave_pressed)
        self._idle = IdleWatch(app.core.clock, self)
        self._idle.touched.connect(self._touched)
        self._timer = QTimer(self, interval=CHECK_MS)
        self._timer.timeout.connect(self.check_idle)
        self._timer.start()
        bridge.arrived.connect(self.screen_view.on_event)
        bridge.arrived.connect(self._on_event)

    @property
    def shows_roster(self) -> bool:
        """Whether the roster stands beside the kiosk screen."""
        return self.roster is not None and not self.roster.isHidden()

    def begin(self, user: User | None, *, locked: bool = True) -> None:
        """Prepare for a class of `user`; an unlocked one (the demo's) never asks for a password."""
        self._actor = user
        self.ender = None
        self._locked_by_default = locked
        self.lock_again()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, SessionStarted):
            self.screen_view.setFocus()

    def lock_again(self) -> None:
        """Close the roster, lock, fill the screen."""
        dismiss_dialogs()
        if self.roster is not None:
            self.roster.hide()
        self.place.hide()
        self.lock.lock()
        self.fill_wanted.emit(True)
        self.screen_view.setFocus()

    def check_idle(self) -> None:
        """Lock when nobody touched it for a while; a question that nobody answers goes sooner."""
        now_s = self._app.core.clock.monotonic()
        if self.lock.expired(now_s):
            self.lock_again()
        elif self.dialog is not None and self.lock.user is None and self.lock.idle(now_s) >= ASKED_S:
            self.dialog.dismiss()

    def ask_to_quit(self) -> None:
        """Somebody tries to close the window."""
        self._ask(
            Wish.QUIT,
            title=_("Close the program?"),
            text=_(
                "The class stays open and can be continued after the next start. Until then nobody is marked."
            ),
            action=_("Close"),
        )

    # -- what was pressed ----------------------------------------------------------------------------------------

    def _roster_pressed(self) -> None:
        if self.shows_roster:
            self.lock_again()
            return
        self._ask(
            Wish.ROSTER,
            title=_("Open the roster"),
            text=_("It closes by itself when nobody uses it for two minutes."),
            action=_("Open"),
        )

    def _end_pressed(self) -> None:
        state = self.screen_view.state
        missing = state.counts.missing
        if missing == 0:
            text = _("Everybody is here.")
        else:
            text = ngettext(
                "One student is not here yet and will be written down as absent.",
                "{missing} students are not here yet and will be written down as absent.",
                missing,
                missing=missing,
            )
        scanned = (
            self._app.attendance.awaited.left_to_teacher(state.session.session_id) if state.session else 0
        )
        if scanned:
            unseen = ngettext(
                "One of them scanned and nobody confirmed it: look at the roster first.",
                "{scanned} of them scanned and nobody confirmed it: look at the roster first.",
                scanned,
                scanned=scanned,
            )
            text = f"{text} {unseen}"
        if state.session is not None and (surplus := surplus_words(state.session, state.counts.attended)):
            text = " ".join((surplus, _("Look at the roster first."), text))
        title = _("End {code}?", code=state.course.code) if state.course is not None else _("End the class?")
        self._ask(Wish.END, title=title, text=text, action=_("End class"))

    def _leave_pressed(self) -> None:
        if self.lock.user is not None:
            self.lock_again()
        elif not self._windowed:
            self._ask(
                Wish.LEAVE,
                title=_("Leave the full screen"),
                text=_(
                    "The class goes on. The kiosk fills the screen again when nobody uses it for two minutes."
                ),
                action=_("Leave"),
            )

    # -- the lock ------------------------------------------------------------------------------------------------

    def _ask(self, wish: Wish, *, title: str, text: str, action: str) -> None:
        """Do something once a password was given; whoever is unlocked already confirms, or just does it."""
        if self.dialog is not None:
            return
        self._touched()
        danger = wish in {Wish.END, Wish.QUIT}
        user = self._who_may(wish)
        if user is None:
            asked = PasswordDialog(
                self._theme,
                self._app.people.accounts,
                StoreBanner(self._theme, self._app.core.store, self._bridge),
                GuardedAction(title, text, DangerButton(action) if danger else PrimaryButton(action)),
                name=self._actor.name if self._actor is not None else "",
                pins=None if wish is Wish.QUIT else self._app.people.lesson_pins,
                may=partial(self._require, wish, self.screen_view.state.session),
                parent=self,
            )
            asked.allowed.connect(partial(self._allowed, wish))
            asked.open()
            self.dialog = asked
        elif danger:
            self.dialog = ConfirmDialog(
                self._theme, self, title=title, text=text, action=action, danger=True, by_enter=True
            )
            self.dialog.accepted.connect(partial(self._fulfil, wish, user))
        else:
            self._allowed(wish, user, by_password=self.lock.by_password)
            return
        self.dialog.finished.connect(self._forget_dialog)

    def _require(self, wish: Wish, session: ClassSession | None, user: User) -> None:
        """In a thread: refuse whoever reaches a class of somebody else's. Leaving the screen and closing show nothing of it."""
        if session is None:
            return
        match wish:
            case Wish.ROSTER:
                self._app.attendance.sessions.require_reached(session.session_id, Actor.of(user))
            case Wish.END:
                self._app.attendance.sessions.require_may_end(session.session_id, Actor.of(user))
            case Wish.LEAVE | Wish.QUIT:
                pass
            case _:
                assert_never(wish)

    def _who_may(self, wish: Wish) -> User | None:
        """Who need not be asked for anything more; None: a PIN or password is asked for."""
        if self.lock.user is None:
            return None if self._locked_by_default else self._actor
        return None if wish is Wish.QUIT and not self.lock.by_password else self.lock.user

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _allowed(self, wish: Wish, user: User, by_password: bool) -> None:
        self.lock.unlock(user, self._app.core.clock.monotonic(), by_password=by_password)
        self._fulfil(wish, user)

    def _fulfil(self, wish: Wish, user: User) -> None:
        match wish:
            case Wish.ROSTER:
                self._open_roster(user)
            case Wish.LEAVE:
                self.fill_wanted.emit(False)
            case Wish.END:
                self.ender = user
                self.end_confirmed.emit(Actor.of(user))
            case Wish.QUIT:
                self.quit_confirmed.emit()
            case _:
                assert_never(wish)

    def _open_roster(self, user: User) -> None:
        session = self.screen_view.state.session
        if session is None:
            return
        if self.roster is None:
            self.roster = self._views.roster(self._app, self._theme, self._bridge)
            self.roster.closed.connect(self.lock_again)
            self.place.hold(self.roster)
            self.roster.setMinimumWidth(0)  # the place is as wide as it should be
            self.roster.setMaximumWidth(16_777_215)
        self.place.show(min(self._theme.px(ROSTER_WIDTH), self.width() // 2))
        self.roster.show_session(session.session_id, Actor.of(user))
        self._follow_place()
        self.roster.show()

    def _follow_place(self) -> None:
        """Beside the kiosk screen the class reads along."""
        if self.roster is not None:
            self.roster.veil(not self.place.is_apart)

    def _touched(self) -> None:
        self.lock.touch(self._app.core.clock.monotonic())
