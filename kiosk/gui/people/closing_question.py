"""Asks for a password before the program closes: whoever comes by must not reach the desktop. Main thread only."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk.gui.bridge import Bridge
from kiosk.gui.people.password_dialog import GuardedAction, PasswordDialog
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import DangerButton
from kiosk.gui.widgets.store_banner import StoreBanner
from kiosk.services.app import KioskApp
from kiosk.translation import _


class ClosingQuestion(QObject):
    """The question between classes; the class page asks its own while a class is open.

    Attributes:
        dialog: What is asked now; None when nothing is.

    Signals:
        allowed: Somebody who may close the program gave a password.
    """

    allowed = Signal()

    def __init__(self, app: KioskApp, theme: Theme, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._app = app
        self._theme = theme
        self._bridge = bridge
        self._window = window
        self.dialog: PasswordDialog | None = None

    def ask(self, name: str) -> None:
        """Ask, with the name of who is signed in; one question at a time."""
        if self.dialog is not None:
            return
        self.dialog = PasswordDialog(
            self._theme,
            self._app.people.accounts,
            StoreBanner(self._theme, self._app.core.store, self._bridge),
            GuardedAction(
                _("Close the program?"),
                _("A teacher or an admin may. Until the next start nobody is marked."),
                DangerButton(_("Close")),
            ),
            name=name,
            parent=self._window,
        )
        self.dialog.allowed.connect(lambda _user, _by_password: self.allowed.emit())
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def take_back(self) -> None:
        """Ask no longer."""
        if self.dialog is not None:
            self.dialog.dismiss()

    def _forget(self) -> None:
        self.dialog = None
