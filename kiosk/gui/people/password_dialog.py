"""Asks a teacher for the password, or the PIN of the lesson, before the kiosk screen is left.

Main thread; the check runs in a thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from kiosk.domain.attendance.lesson_pin import is_lesson_pin
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
from kiosk.services.attendance.lesson.lesson_pins import LessonPins
from kiosk.services.people.accounts import Accounts
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class GuardedAction:
    """What is done only after a password was given.

    Attributes:
        title: Asks for it.
        text: What follows from it; empty for nothing to say.
        button: Does it.
    """

    title: str
    text: str
    button: QPushButton


class PasswordDialog(Dialog):
    """One action that needs a password; with `pins`, that of the lesson does for whoever chose it.

    Any teacher or admin may, whom `may` does not refuse by a KioskError; that runs in the thread of the check.

    Signals:
        allowed: `User` who may, and whether it was the password and not the PIN of the lesson.
    """

    allowed = Signal(User, bool)
    keeps_typed = False

    def __init__(
        self,
        theme: Theme,
        accounts: Accounts,
        trouble: StoreBanner,
        action: GuardedAction,
        *,
        name: str,
        pins: LessonPins | None = None,
        may: Callable[[User], None] = lambda _user: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, action.title, parent)
        self._accounts = accounts
        self._may = may
        self._pins = pins if pins is not None and pins.holder else None
        if self._pins is not None:
            name = self._pins.holder
        self._asked = name
        self.trouble = trouble
        self._tasks = Tasks(self)
        self.banner = Banner(theme)
        self.name_field = LineField(theme, _("Name"))
        self.name_field.edit.setText(name)
        self.password_field = LineField(
            theme, _("PIN of this lesson, or password") if self._pins else _("Password"), secret=True
        )
        if action.text:
            self.body.addWidget(Text(action.text, tone=Tone.MUTED, wrap=True))
        for part in (trouble, self.name_field, self.password_field, self.banner):
            self.body.addWidget(part)
        self.add_button(SecondaryButton(_("Cancel")), self.reject)
        self.action_button = self.add_button(action.button, self.submit)
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
        by_pin = self._pins is not None and is_lesson_pin(password)
        check = (
            partial(self._pins.check, password, name=name)
            if self._pins is not None and by_pin
            else partial(self._accounts.sign_in, name, password, again=fold(name) == fold(self._asked))
        )
        self._tasks.run(
            partial(self._checked, check),
            then=partial(self._accept, by_password=not by_pin),
            failed=self._refuse,
        )

    def _checked(self, check: Callable[[], User]) -> User:
        """In a thread: who it is, and that this one may."""
        user = check()
        self._may(user)
        return user

    def _accept(self, user: User, *, by_password: bool) -> None:
        self.accept()
        self.allowed.emit(user, by_password)

    def _refuse(self, error: KioskError) -> None:
        self._wait(False)
        self.password_field.edit.clear()
        self.password_field.edit.setFocus()
        if not self.trouble.says(error):
            self.banner.show_error(error)

    def _wait(self, waiting: bool) -> None:
        self.action_button.setEnabled(not waiting)
        self.password_field.edit.setReadOnly(waiting)
