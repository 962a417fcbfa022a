"""The first pages of the assistant: a new school or a backup, the school, the first admin. Main thread."""

from functools import partial
from zoneinfo import available_timezones

import tzlocal
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from kiosk.domain.people.staff import Role, User
from kiosk.domain.school.set_up import SetUpStep, StepState
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, SignInError
from kiosk.gui.people.reveal import reveal_box
from kiosk.gui.set_up.step_page import StepPage
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.trust.restore_backup import RestoreDialog
from kiosk.gui.widgets.buttons import QuietButton
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import PeopleCases, SchoolCases, TrustCases
from kiosk.services.core import Core
from kiosk.services.people.accounts import MIN_PASSWORD
from kiosk.settings import SchoolRules
from kiosk.translation import _


def zones() -> list[str]:
    """Names of time zones by continent and city, without those that systems keep from earlier times."""
    found = {
        name for name in available_timezones() if "/" in name and not name.startswith(("posix", "right"))
    }
    return sorted(found | {"UTC", tzlocal.get_localzone_name()})


class WelcomePage(StepPage):
    """A new school is set up, or a backup brought back."""

    def __init__(
        self, core: Core, trust: TrustCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme,
            _("Welcome"),
            _(
                "This kiosk is new. A few questions set it up, in five minutes or so. Each can be skipped but the first admin, "
                "and what is skipped is found again on Today."
            ),
            parent,
        )
        self._core = core
        self._trust = trust
        self._first = actor
        self.restoring: RestoreDialog | None = None
        self.restore_button = QuietButton(_("I have a backup…"))
        self.restore_button.clicked.connect(self._open_restore)
        self.body.addWidget(self.restore_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)

    @property
    def next_words(self) -> str:
        return _("Set up a new school")

    def _open_restore(self) -> None:
        self.restoring = RestoreDialog(self._core.zone, self._trust.backups, self.theme, self._first, self)
        self.restoring.open()


class SchoolPage(StepPage):
    """Name and time zone."""

    step = SetUpStep.SCHOOL

    def __init__(self, school: SchoolCases, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            _("Your school"),
            _("The name stands on printed slips, letters and reports. All times are shown in the time zone."),
            parent,
        )
        self._school = school
        self.name = LineField(theme, _("Name of the school"))
        self.name.edit.setMaxLength(80)
        self.zone = QComboBox()
        self.zone.setEditable(True)
        self.zone.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.own = tzlocal.get_localzone_name()
        self.zone.addItems(zones())
        self.zone.setCurrentText(self.own)
        completer = QCompleter(self.zone.model(), self.zone)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.zone.setCompleter(completer)
        self.zone_field = Field(
            theme, _("Time zone"), self.zone, help_text=_("Found by typing a city, such as Berlin.")
        )
        self.zone.editTextChanged.connect(lambda _text: self.zone_field.clear_error())
        self.body.addWidget(self.name)
        self.body.addWidget(self.zone_field)
        self.body.addStretch(1)

    def enter(self, actor: Actor) -> None:
        super().enter(actor)
        self.name.edit.setFocus()
        self.tasks.run(self._school.shared.rules, then=self._show, failed=self.banner.show_error)

    def save(self) -> None:
        zone = self.zone.currentText().strip()
        if zone and self.zone.findText(zone) < 0:
            self.zone_field.set_error(
                _("There is no such time zone. Type a city, such as Berlin, and choose one.")
            )
            self.changed.emit()
            return
        name, kept = self.name.text.strip(), "" if zone == self.own else zone
        state = StepState.DONE if name else StepState.SKIPPED

        def work() -> None:
            rules = self._school.shared.rules()
            changed = rules.model_copy(update={"school_name": name, "time_zone": kept})
            self._school.shared.change_rules(changed, actor=self.actor)

        self.tasks.run(work, then=lambda _none: self.finished.emit(state), failed=self.refuse)

    def _show(self, rules: SchoolRules) -> None:
        if not self.name.text:
            self.name.edit.setText(rules.school_name)
        if rules.time_zone:
            self.zone.setCurrentText(rules.time_zone)


class AdminPage(StepPage):
    """There is no default password anywhere; until somebody is made here, nobody can sign in.

    Signals:
        made: Carries the first admin.
    """

    step = SetUpStep.ADMIN
    made = Signal(User)

    def __init__(
        self, people: PeopleCases, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme,
            _("The first admin"),
            _("The person who imports class lists, adds teachers and exports records. That may be you."),
            parent,
        )
        self._people = people
        self._first = actor
        self._user: User | None = None
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
        self.known = Text(tone=Tone.PRESENT, wrap=True)
        self.known.hide()
        for part in (self.known, self.name, self.password, self.again, self.reveal):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.name.edit.returnPressed.connect(self.password.edit.setFocus)
        self.password.edit.returnPressed.connect(self.again.edit.setFocus)

    def know(self, user: User) -> None:
        """There is one already, from before or made here."""
        self._user = user
        self.known.show_if_any(_("{name} is the first admin.", name=user.name))
        for part in (self.name, self.password, self.again, self.reveal):
            part.hide()

    def enter(self, actor: Actor) -> None:
        super().enter(actor)
        self.name.edit.setFocus()

    def save(self) -> None:
        if self._user is not None:
            self.finished.emit(StepState.DONE)
            return
        self.banner.clear()
        name, password = self.name.text, self.password.text
        if not name.strip():
            self._wrong(self.name, _("Please type your name."))
        elif password != self.again.text:
            self._wrong(self.again, _("The two passwords differ."))
        else:
            self.tasks.run(
                partial(
                    self._people.accounts.add,
                    name=name,
                    role=Role.ADMIN,
                    password=password,
                    actor=self._first,
                ),
                then=self._made,
                failed=self.refuse,
            )

    def refuse(self, error: KioskError) -> None:
        if isinstance(error, SignInError):
            self._wrong(self.password, str(error))
        else:
            super().refuse(error)

    def _wrong(self, field: LineField, words: str) -> None:
        field.set_error(words)
        field.edit.setFocus()
        self.changed.emit()

    def _made(self, user: User) -> None:
        for field in (self.password, self.again):
            field.edit.clear()
        self.reveal.setChecked(False)
        self.know(user)
        self.made.emit(user)
        self.finished.emit(StepState.DONE)
