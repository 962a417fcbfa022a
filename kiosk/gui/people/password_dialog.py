"""Asks a teacher for name and password before the kiosk screen is left. Main thread; the check runs in a thread."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from kiosk.domain.people.staff import User
from kiosk.domain.people.students import fold
from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.store_banner import StoreBanner
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.people.accounts import Accounts
from kiosk.translation import _


class PasswordDialog(Dialog):
    """One action that needs a password; `allowed` is emitted with whoever gave it. Any teacher or admin may."""

    allowed = Signal(User)
    keeps_typed = False

    def __init__(
        self,
        theme: Theme,
        accounts: Accounts,
        trouble: StoreBanner,
        *,
        title: str,
        text: str,
        button: QPushButton,
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title, parent)
        self._accounts = accounts
        self._asked = name
        self.trouble = trouble
        self._tasks = Tasks(self)
        self.banner = Banner(theme)
        self.name_field = LineField(theme, _("Name"))
        self.name_field.edit.setText(name)
        self.password_field = LineField(theme, _("Password"), secret=True)
        if text:
            self.body.addWidget(Text(text, tone=Tone.MUTED, wrap=True))
        for part in (trouble, self.name_field, self.password_field, self.banner):
            self.body.addWidget(part)
        self.add_button(SecondaryButton(_("Cancel")), self.reject)
        self.action_button = self.add_button(button, self.submit)
        self.action_button.setDefault(True)
        (self.password_field if name else self.name_field).edit.setFocus()

    def submit(self) -> None:
        """Check what was typed."""
        name, password = self.name_field.text, self.password_field.text
        if not name.strip() or not password:
            self.password_field.set_error(_("Please type your name and password."))
            return
        self._wait(True)
        self.banner.clear()
        self._tasks.run(
            partial(self._accounts.sign_in, name, password, again=fold(name) == fold(self._asked)),
            then=self._accept,
            failed=self._refuse,
        )

    def _accept(self, user: User) -> None:
        self.accept()
        self.allowed.emit(user)

    def _refuse(self, error: KioskError) -> None:
        self._wait(False)
        self.password_field.edit.clear()
        self.password_field.edit.setFocus()
        if not self.trouble.says(error):
            self.banner.show_error(error)

    def _wait(self, waiting: bool) -> None:
        self.action_button.setEnabled(not waiting)
        self.password_field.edit.setReadOnly(waiting)
