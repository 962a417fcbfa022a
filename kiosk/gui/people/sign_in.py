"""Signing in with name and password. Main thread; hashing runs in a task.

Nothing is filled in beforehand: several people share the PC.
"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.staff import User
from kiosk.errors import KioskError
from kiosk.gui.people.reveal import reveal_box
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.centred import CentredPage
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.store_banner import StoreBanner
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.app import PeopleCases
from kiosk.services.attendance.sessions import Sessions
from kiosk.translation import _, ngettext

WIDTH_PX = 560


class SignInView(QWidget):
    """Asks who is there; `signed_in` carries the user."""

    signed_in = Signal(User)

    def __init__(
        self,
        people: PeopleCases,
        sessions: Sessions,
        trouble: StoreBanner,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._people = people
        self._sessions = sessions
        self._tasks = Tasks(self)
        self._busy = False
        self.trouble = trouble
        self.banner = Banner(theme)
        self.still_open = Banner(theme)
        self.name = LineField(theme, _("Name"))
        self.password = LineField(theme, _("Password"), secret=True)
        self.reveal = reveal_box(self.password)
        self.button = PrimaryButton(_("Sign in"))
        page = CentredPage(theme, width=WIDTH_PX)
        body = page.card.body
        body.addWidget(PageTitle(_("Sign in")))
        body.addWidget(Text(_("For teachers and admins of this kiosk."), tone=Tone.MUTED, wrap=True))
        for part in (self.trouble, self.still_open, self.banner, self.name, self.password, self.reveal):
            body.addWidget(part)
        body.addSpacing(theme.space(1))
        body.addWidget(self.button)
        vertical(page, on=self)
        self.name.edit.returnPressed.connect(self._on_name_entered)
        self.password.edit.returnPressed.connect(self._submit)
        self.trouble.over.connect(self._recover)
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self._submit)

    def reset(self) -> None:
        """Forget what was typed."""
        self.name.edit.clear()
        self.password.edit.clear()
        self.reveal.setChecked(False)
        self.banner.clear()
        self.name.edit.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.reset()
            self._look()

    def _recover(self) -> None:
        self.banner.clear()
        self._look()

    def _look(self) -> None:
        """See whether a class is still open, as after a power cut."""
        self._tasks.run(self._sessions.still_open, then=self._offer, failed=lambda _error: None)

    def _offer(self, courses: list[Course]) -> None:
        """Only staff may go on with it, so it is said here and pressed on Today."""
        self.still_open.clear()
        if courses:
            more = len(courses) - 1
            words = (
                ngettext(
                    "{course} and {n} more class are still open.",
                    "{course} and {n} more classes are still open.",
                    more,
                    course=courses[0].label,
                    n=more,
                )
                if more
                else _("{course} is still open.", course=courses[0].label)
            )
            self.still_open.say(words, _("Sign in and press Enter to go on."))

    def _on_name_entered(self) -> None:
        if self.password.text:
            self._submit()
        else:
            self.password.edit.setFocus()

    def _submit(self) -> None:
        if self._busy:
            return
        name, password = self.name.text, self.password.text
        if not name.strip():
            self.name.set_error(_("Please type your name."))
            self.name.edit.setFocus()
            return
        if not password:
            self.password.set_error(_("Please type your password."))
            self.password.edit.setFocus()
            return
        self._set_busy(True)
        self._tasks.run(
            partial(self._people.accounts.sign_in, name, password), then=self._welcome, failed=self._refuse
        )

    def _welcome(self, user: User) -> None:
        self._set_busy(False)
        self.reset()
        self.signed_in.emit(user)

    def _refuse(self, error: KioskError) -> None:
        self._set_busy(False)
        self.password.edit.clear()
        if not self.trouble.says(error):
            self.banner.show_error(error)
        self.password.edit.setFocus()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.button.setDisabled(busy)
        self.button.setText(_("Signing in…") if busy else _("Sign in"))
        if busy:
            self.banner.clear()
