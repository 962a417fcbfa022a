"""Asking a signed-in person for their password again. Main thread; hashing runs in a task."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.people import User
from kiosk.errors import KioskError
from kiosk.gui.dialogs.work_dialog import WorkDialog
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp


class PasswordPrompt(WorkDialog):
    """Closes with `confirmed` when the password of `name` was typed; wrong ones are throttled by the service."""

    confirmed = Signal(User)

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        name: str,
        *,
        title: str = "Your password",
        reason: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(app, theme, title, parent, width=560)
        self._name = name
        self.password = LineField(theme, f"Password of {name}", secret=True)
        if reason:
            self.form.addWidget(Text(reason, tone=Tone.MUTED, wrap=True))
        self.form.addWidget(self.password)
        self.ok_button = self.add_button(PrimaryButton("Go on"), self._check)
        self.ok_button.setDefault(True)
        self.password.edit.setFocus()

    def _check(self) -> None:
        password = self.password.text
        if not password:
            self.password.set_error("Please type your password.")
            return
        self.start(
            lambda: self.app.accounts.sign_in(self._name, password),
            words="Checking…",
            then=self._right,
            failed=self._wrong,
        )

    def _right(self, user: User) -> None:
        self.confirmed.emit(user)
        self.accept()

    def _wrong(self, error: KioskError) -> None:
        self.password.edit.clear()
        self.banner.show_error(error)
        self.password.edit.setFocus()
