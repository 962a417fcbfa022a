"""The very first start: the first admin is made, then the recovery passphrase is shown once; or a backup is restored. Main thread.

There is no default password anywhere; until somebody is made here, nobody can sign in.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, SignInError
from kiosk.gui.people.reveal import reveal_box
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.trust.recovery import RecoveryPage
from kiosk.gui.trust.restore_backup import RestoreDialog
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, QuietButton
from kiosk.gui.widgets.centred import CentredPage
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.app import PeopleCases, TrustCases
from kiosk.services.core import Core
from kiosk.services.people.accounts import MIN_PASSWORD
from kiosk.translation import _

WIDTH_PX = 620
ACTOR = Actor.system("first start")


class FirstStartView(QWidget):
    """Makes the first admin; `done` carries that user, after the passphrase was written down."""

    done = Signal(User)

    def __init__(
        self,
        core: Core,
        people: PeopleCases,
        trust: TrustCases,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._people = people
        self._trust = trust
        self._theme = theme
        self._tasks = Tasks(self)
        self.banner = Banner(theme)
        self.name = LineField(theme, _("Your name"))
        self.password = LineField(
            theme,
            _("Password"),
            secret=True,
            help_text=_(
                "At least {min_password} characters. A short sentence is easy to keep in mind.",
                min_password=MIN_PASSWORD,
            ),
        )
        self.again = LineField(theme, _("The same password again"), secret=True)
        self.reveal = reveal_box(self.password, self.again)
        self.button = PrimaryButton(_("Make the first admin"))
        self.restore_button = QuietButton(_("Restore a backup instead…"))
        self.restoring: RestoreDialog | None = None
        self.recovery: RecoveryPage | None = None
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._form())
        self.name.edit.returnPressed.connect(self.password.edit.setFocus)
        self.password.edit.returnPressed.connect(self.again.edit.setFocus)
        self.again.edit.returnPressed.connect(self._submit)
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self._submit)
        self.restore_button.clicked.connect(self._open_restore)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous() and self.recovery is None:
            self.name.edit.setFocus()

    def _form(self) -> QWidget:
        page = CentredPage(self._theme, width=WIDTH_PX)
        body = page.card.body
        body.addWidget(PageTitle(_("Welcome")))
        body.addWidget(
            Text(
                _(
                    "This kiosk is new. Make the first admin: the person who imports class lists, adds teachers and "
                    "exports records."
                ),
                tone=Tone.MUTED,
                wrap=True,
            )
        )
        for part in (self.banner, self.name, self.password, self.again, self.reveal):
            body.addWidget(part)
        body.addSpacing(self._theme.space(1))
        body.addWidget(self.button)
        body.addWidget(self.restore_button)
        return page

    def _open_restore(self) -> None:
        self.restoring = RestoreDialog(self._core.zone, self._trust.backups, self._theme, ACTOR, self)
        self.restoring.open()

    def _submit(self) -> None:
        if not self.button.isEnabled():
            return
        self.banner.clear()
        name, password = self.name.text, self.password.text
        if not name.strip():
            self.name.set_error(_("Please type your name."))
            self.name.edit.setFocus()
            return
        if password != self.again.text:
            self.again.set_error(_("The two passwords differ."))
            self.again.edit.setFocus()
            return
        self.button.setEnabled(False)

        def work() -> User:
            return self._people.accounts.add(name=name, role=Role.ADMIN, password=password, actor=ACTOR)

        self._tasks.run(work, then=self._made, failed=self._refused)

    def _refused(self, error: KioskError) -> None:
        self.button.setEnabled(True)
        if isinstance(error, SignInError):
            self.password.set_error(str(error))
            self.password.edit.setFocus()
        else:
            self.banner.show_error(error)

    def _made(self, user: User) -> None:
        for field in (self.password, self.again):
            field.edit.clear()
        self.reveal.setChecked(False)
        passphrase = self._trust.recovery_passphrase
        if passphrase is None:
            self.done.emit(user)
            return
        self.recovery = RecoveryPage(self._theme, passphrase)
        self.recovery.done.connect(lambda: self.done.emit(user))
        self._pages.addWidget(self.recovery)
        self._pages.setCurrentWidget(self.recovery)
        self.recovery.note.written.setFocus()
