"""What is done with a person as a whole: everything stored as a file, active or not, deleting. Main thread."""

from functools import partial

from kiosk.domain.people.person import Person
from kiosk.domain.people.students import Student
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.people.one_student import OneStudentDialog, delete_question
from kiosk.gui.people.person.part import PersonPart
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import DangerButton, SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.services.people.student_removal import RemovedStudent
from kiosk.translation import _, ngettext
from kiosk.wording.dates import short_day


class WholePart(PersonPart):
    """A row of buttons; who does not manage people does not see it."""

    def __init__(self, app: KioskApp, theme: Theme, opener: DialogOpener) -> None:
        super().__init__(app, theme, opener)
        self._person: Person | None = None
        card = self.card(_("This person"))
        self.state = Text(wrap=True)
        row = Flow(theme)
        self.save_button = SecondaryButton(_("Save everything stored…"))
        self.active_button = SecondaryButton(_("Deactivate…"))
        self.delete_button = DangerButton(_("Delete student…"))
        for button, pressed in (
            (self.save_button, self._save),
            (self.active_button, self._switch),
            (self.delete_button, self._ask_to_delete),
        ):
            button.clicked.connect(pressed)
            row.add(button)
        card.body.addWidget(self.state)
        card.body.addWidget(row)

    def fill(self, person: Person) -> None:
        self._person = person
        since = person.inactive_from
        self.state.setText(
            _("Active: stands in the rosters of the own courses.")
            if since is None
            else _("Inactive since {day}: stands in no roster, everything is kept.", day=short_day(since))
        )
        self.state.set_tone(Tone.MUTED if since is None else Tone.LATE)
        self.active_button.setText(_("Deactivate…") if since is None else _("Reactivate"))

    def _save(self) -> None:
        if self._person is not None:
            parts = (self.app.courses.lists, self.app.people, self.app.records, self.theme, self.actor, self)
            self.open_dialog(OneStudentDialog(*parts, student=self._person.student))

    def _switch(self) -> None:
        person = self._person
        if person is None:
            return
        if person.inactive_from is not None:
            self._set_active(person.student, active=True)
            return
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Deactivate {name}?", name=person.student.full_name),
            text=_(
                "From today on the student stands in no roster and is not marked. Everything is kept, and the student can be "
                "reactivated at any time."
            ),
            action=_("Deactivate"),
        )
        self.question.accepted.connect(partial(self._set_active, person.student, active=False))

    def _set_active(self, student: Student, *, active: bool) -> None:
        words = (
            _("{name} is active again.", name=student.full_name)
            if active
            else _("{name} is inactive from today on.", name=student.full_name)
        )
        work = partial(self.app.people.persons.set_active, student, active, actor=self.actor)
        self.start(work, lambda _done: self.changed.emit(words))

    def _ask_to_delete(self) -> None:
        if self._person is not None:
            student = self._person.student
            self.question = delete_question(self.theme, self, student)
            self.question.accepted.connect(partial(self._delete, student))

    def _delete(self, student: Student) -> None:
        def then(removed: RemovedStudent) -> None:
            words = ngettext(
                "{name} is deleted. {n} record stays, nameless.",
                "{name} is deleted. {n} records stay, nameless.",
                removed.records,
                name=student.full_name,
                n=removed.records,
            )
            receipt = _("Receipt: entry {number} of the log.", number=removed.number)
            self.gone.emit(f"{words} {receipt}")

        self.start(partial(self.app.people.removal.remove, student, actor=self.actor), then)
