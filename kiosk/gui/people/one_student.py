"""Everything about one student as a file, and deleting a student. Main thread; both run in tasks."""

from functools import partial

from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import DangerButton, PrimaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.parts import documents
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases, RecordCases
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.people.student_removal import RemovedStudent
from kiosk.services.records.everything import WrittenFile
from kiosk.translation import _, ngettext


def delete_question(theme: Theme, parent: QWidget, student: Student) -> ConfirmDialog:
    """Ask before a student is deleted."""
    return ConfirmDialog(
        theme,
        parent,
        title=_("Delete {name}?", name=student.full_name),
        text=_(
            "Name, number, address, PIN, face, answers, traces and messages are deleted. Counts of past classes stay. This "
            "cannot be undone. Older backups hold the student until newer ones replace them."
        ),
        action=_("Delete student"),
        danger=True,
    )


class OneStudentDialog(WorkDialog):
    """Choose a student; then save everything, or delete."""

    def __init__(
        self,
        courses: ClassLists,
        people: PeopleCases,
        records: RecordCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        student: Student | None = None,
    ) -> None:
        """`student` is chosen first, where it is known who is meant."""
        super().__init__(theme, _("One student"), parent)
        self._courses = courses
        self._people = people
        self._records = records
        self._actor = actor
        self._suggested = ""
        self._meant = student
        self.question: ConfirmDialog | None = None
        words = _(
            "For the person who asks what is kept: one file with answers, attendance, messages, traces and pictures. It is "
            "for that person alone. Deleting a student leaves the counts of past classes, under a number that says nothing."
        )
        self.form.addWidget(Text(words, tone=Tone.MUTED, wrap=True))
        self.student = QComboBox()
        self.student.setEditable(True)
        self.student.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.form.addWidget(Field(theme, _("Student"), self.student))
        self.target = PathField(
            theme, _("File"), PathKind.TARGET, pattern=_("ZIP files (*.zip)"), suffix=".zip"
        )
        self.form.addWidget(self.target)
        self.delete_button = self.add_button(DangerButton(_("Delete student…")), self._ask)
        self.save_button = self.add_button(PrimaryButton(_("Save everything")), self._save)
        self.student.currentTextChanged.connect(lambda _text: self._on_choice())
        self._on_choice()
        self.tasks.run(courses.students, then=self._fill, failed=self.banner.show_error)

    @property
    def chosen(self) -> Student | None:
        """Whose line is chosen; what is typed half is nobody."""
        place = self.student.findText(self.student.currentText())
        data = self.student.itemData(place) if place >= 0 else None
        return data if isinstance(data, Student) else None

    def _fill(self, students: list[Student]) -> None:
        self.student.clear()
        for one in students:
            self.student.addItem(f"{one.full_name}, {one.student_no}", one)
        self.student.setCurrentIndex(-1)
        meant, self._meant = self._meant, None
        self.student.setEditText(f"{meant.full_name}, {meant.student_no}" if meant is not None else "")

    def _on_choice(self) -> None:
        chosen = self.chosen
        for button in (self.delete_button, self.save_button):
            button.setEnabled(chosen is not None)
        if chosen is not None and self.target.text in {"", self._suggested}:
            number = "".join(letter for letter in chosen.student_no if letter.isalnum())
            self._suggested = str(documents() / f"everything-{number}.zip")
            self.target.edit.setText(self._suggested)

    def _save(self) -> None:
        chosen, path = self.chosen, self.target.path
        if chosen is None or path is None:
            return

        def then(written: WrittenFile) -> None:
            words = _(
                "Everything about {name} is saved: {records} records, {pictures} pictures.",
                name=chosen.full_name,
                records=written.records,
                pictures=written.pictures,
            )
            self.banner.say(words, str(path), Tone.PRESENT)

        save = partial(self._records.everything.save, path, chosen, actor=self._actor)
        self.start(save, words=_("Writing…"), then=then)

    def _ask(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        self.question = delete_question(self.theme, self, chosen)
        self.question.accepted.connect(partial(self._delete, chosen))

    def _delete(self, chosen: Student) -> None:
        def work() -> tuple[RemovedStudent, list[Student]]:
            return self._people.removal.remove(chosen, actor=self._actor), self._courses.students()

        def then(done: tuple[RemovedStudent, list[Student]]) -> None:
            removed, students = done
            self._fill(students)
            words = ngettext(
                "{name} is deleted. {n} record stays, nameless.",
                "{name} is deleted. {n} records stay, nameless.",
                removed.records,
                name=chosen.full_name,
                n=removed.records,
            )
            receipt = _("Receipt: entry {number} of the log.", number=removed.number)
            self.banner.say(words, receipt, Tone.PRESENT)

        self.start(work, words=_("Deleting…"), then=then)
