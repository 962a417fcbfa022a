"""The form of a person: names, number, address. Main thread; saving runs in a task."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QGridLayout

from kiosk.domain.people.names import family_name_of
from kiosk.domain.people.person import MAX_CALLED, MAX_EMAIL, MAX_NAME, Person
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Right
from kiosk.errors import KioskError
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.people.person.part import PersonPart
from kiosk.gui.people.person.two_versions import FIELDS, TwoVersionsDialog
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import PrimaryButton, QuietButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.services.app import KioskApp
from kiosk.services.people.persons import PersonChangedError
from kiosk.translation import _

_LONGEST = {
    "full_name": MAX_NAME,
    "family_name": MAX_NAME,
    "called": MAX_CALLED,
    "student_no": 32,
    "email": MAX_EMAIL,
}


class DetailsForm(PersonPart):
    """Shows the fields; who manages people may change them."""

    def __init__(self, app: KioskApp, theme: Theme, opener: DialogOpener) -> None:
        super().__init__(app, theme, opener)
        self._known: Student | None = None
        self.versions: TwoVersionsDialog | None = None
        help_texts = {
            "family_name": _("Lists are sorted by it. Empty: as the full name gives it."),
            "called": _("What the screen in the room greets with. Empty: the full name."),
        }
        self.fields = {
            name: LineField(theme, _(title), help_text=help_texts.get(name, ""))
            for name, title in FIELDS.items()
        }
        card, grid = self.card(_("Details")), QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(2))
        for place, (name, field) in enumerate(self.fields.items()):
            field.edit.setMaxLength(_LONGEST[name])
            field.edit.textEdited.connect(self._allow)
            field.edit.returnPressed.connect(self._save)
            row, column = (0, 0) if place == 0 else divmod(place + 1, 2)
            grid.addWidget(field, row, column, 1, 2 if place == 0 else 1)
        card.body.addLayout(grid)
        self.save_button = PrimaryButton(_("Save"))
        self.save_button.clicked.connect(self._save)
        self.undo_button = QuietButton(_("Discard"))
        self.undo_button.clicked.connect(self.discard)
        card.body.addLayout(horizontal(1, self.undo_button, self.save_button, spacing=theme.space(1.5)))
        self.fields["full_name"].edit.textChanged.connect(self._say_family)

    @property
    def typed(self) -> Student | None:
        """The person as the form says it now; None before somebody was shown."""
        if self._known is None:
            return None
        texts = {name: " ".join(field.text.split()) for name, field in self.fields.items()}
        return replace(
            self._known,
            full_name=texts["full_name"],
            family_name=texts["family_name"],
            called=texts["called"],
            student_no=texts["student_no"],
            email=texts["email"] or None,
        )

    @property
    def holds_work(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.typed != self._known

    def fill(self, person: Person) -> None:
        """What was typed for the same person stays: its saving says when somebody else was faster."""
        for field in self.fields.values():
            field.edit.setReadOnly(not self.actor.may(Right.MANAGE_PEOPLE))
        self.save_button.setVisible(self.actor.may(Right.MANAGE_PEOPLE))
        self.fields["email"].setVisible(
            person.student.email is not None or self.actor.may(Right.MANAGE_PEOPLE)
        )
        is_same = self._known is not None and self._known.student_id == person.student.student_id
        if not (is_same and self.holds_work):
            self._show(person.student)

    def discard(self) -> None:
        """Forget what was typed."""
        if self._known is not None:
            self._show(self._known)

    def _show(self, student: Student) -> None:
        self._known = student
        for name, field in self.fields.items():
            field.edit.setText(getattr(student, name) or "")
            field.edit.setCursorPosition(0)
            field.clear_error()
        self._allow()

    def _allow(self) -> None:
        self.save_button.setEnabled(self.holds_work)
        self.undo_button.setVisible(self.holds_work)

    def _say_family(self, name: str) -> None:
        self.fields["family_name"].edit.setPlaceholderText(family_name_of(name))

    def _save(self) -> None:
        before, after = self._known, self.typed
        if before is None or after is None or not self.holds_work or not self.actor.may(Right.MANAGE_PEOPLE):
            return
        self._write(before, after)

    def _write(self, before: Student, after: Student) -> None:
        self.save_button.setEnabled(False)
        work = partial(self.app.people.persons.change, before, after, actor=self.actor)
        self.tasks.run(work, then=self._saved, failed=partial(self._refused, before, after))

    def _saved(self, student: Student) -> None:
        self._show(student)
        self.changed.emit(_("{name} is saved.", name=student.full_name))

    def _refused(self, before: Student, mine: Student, error: KioskError) -> None:
        """What somebody else changed meanwhile in other fields stays, whichever version is chosen."""
        self._allow()
        if not isinstance(error, PersonChangedError):
            self.failed.emit(error)
            return
        mine = _over(error.now, before, mine)
        self.versions = TwoVersionsDialog(
            self.theme,
            self,
            theirs=error.now,
            mine=mine,
            keep_mine=lambda: self._write(error.now, mine),
            keep_theirs=lambda: self._saved(error.now),
        )
        self.opener.hold(self.versions)
        self.versions.open()


def _over(theirs: Student, before: Student, mine: Student) -> Student:
    """Their version with what I changed."""

    def changed(name: str) -> bool:
        return bool(getattr(mine, name) != getattr(before, name))

    return replace(
        theirs,
        full_name=mine.full_name if changed("full_name") else theirs.full_name,
        family_name=mine.family_name if changed("family_name") else theirs.family_name,
        called=mine.called if changed("called") else theirs.called,
        student_no=mine.student_no if changed("student_no") else theirs.student_no,
        email=mine.email if changed("email") else theirs.email,
    )
