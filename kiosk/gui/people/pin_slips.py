"""Printing PIN slips for a course. Main thread; hashing and writing run in a task.

The slips are written before the PINs come into force, so that nothing is lost when the disk is full.
"""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QRadioButton, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.parts import CourseBox, documents, open_folder_of
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import PeopleCases
from kiosk.services.core import Core
from kiosk.services.courses.class_lists import ClassLists
from kiosk.translation import N_, _, ngettext

EVERYONE_CONFIRMS: Final = N_("The old PIN stops working and ends its sign-ins")
ONE_CONFIRMS: Final = N_("The old PIN stops working and ends its sign-ins")


class PinSlipsDialog(WorkDialog):
    """Makes PINs for those who have none, or, once confirmed, new ones for everybody or for one student."""

    def __init__(
        self,
        core: Core,
        courses: ClassLists,
        people: PeopleCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        only: tuple[Course, Student] | None = None,
    ) -> None:
        """`only` is a student, and a course of theirs, for whom a new PIN is meant."""
        super().__init__(theme, _("PIN slips"), parent)
        self._core = core
        self._courses = courses
        self._people = people
        self._actor = actor
        self._written: Path | None = None
        self._suggested = ""
        self._meant = only
        self.course = CourseBox()
        self.missing = QRadioButton(_("Only for students who have no PIN yet"))
        self.everyone = QRadioButton(_("New PINs for everyone in the course"))
        self.single = QRadioButton(_("A new PIN for one student"))
        self.student = QComboBox()
        self.student.setAccessibleName(_("Student"))
        self.confirmed = QCheckBox(_(EVERYONE_CONFIRMS))
        self.target = PathField(theme, _("Slips"), PathKind.TARGET, pattern=_("PDF (*.pdf)"), suffix=".pdf")
        self.folder_button = self.add_button(SecondaryButton(_("Open folder")), self._open_folder)
        self.folder_button.hide()
        self.make_button = self.add_button(PrimaryButton(_("Make slips")), self._make)
        self._lay_out()
        self.course.currentIndexChanged.connect(self._suggest)
        self.course.currentIndexChanged.connect(self._fill_students)
        self.tasks.run(courses.courses, then=self._fill, failed=self.banner.show_error)

    @property
    def written(self) -> Path | None:
        """The slips that were written last."""
        return self._written

    def _lay_out(self) -> None:
        self.form.addWidget(
            Text(
                _(
                    "Students sign in on their phones with their number and a PIN. Each slip shows a PIN once; the kiosk "
                    "itself cannot show it again."
                ),
                tone=Tone.MUTED,
                wrap=True,
            )
        )
        self.form.addWidget(Field(self.theme, _("Course"), self.course))
        group = QButtonGroup(self)
        for choice in (self.missing, self.everyone, self.single):
            group.addButton(choice)
            self.form.addWidget(choice)
        self.missing.setChecked(True)
        self.form.addWidget(self.student)
        self.student.setEnabled(False)
        self.form.addWidget(self.confirmed)
        self.form.addWidget(self.target)
        self.confirmed.setEnabled(False)
        group.buttonToggled.connect(lambda _button, _checked: self._on_choice())
        self.confirmed.toggled.connect(self._allow)
        self._allow()

    def _fill(self, courses: list[Course]) -> None:
        if self._meant is not None:
            self.single.setChecked(True)
        self.course.fill(courses, chosen=self._meant[0].course_id if self._meant is not None else None)
        self._suggest()
        self._fill_students()
        self._allow()
        if not courses:
            self.banner.say(_("There is no course yet."), _("Import a class list first."))

    def _fill_students(self) -> None:
        course = self.course.course()
        self.student.clear()
        if course is None:
            return

        def then(students: list[Student]) -> None:
            if self.course.course() != course:
                return
            self.student.clear()
            for one in students:
                self.student.addItem(f"{one.full_name}, {one.student_no}", one)
                if self._meant is not None and one.student_id == self._meant[1].student_id:
                    self.student.setCurrentIndex(self.student.count() - 1)
            self._allow()

        self.tasks.run(
            partial(self._courses.roster, course.course_id, self._core.today()),
            then=then,
            failed=self.banner.show_error,
        )

    def _chosen_student(self) -> Student | None:
        data = self.student.currentData()
        return data if isinstance(data, Student) and self.single.isChecked() else None

    def _on_choice(self) -> None:
        self.confirmed.setText(_(ONE_CONFIRMS) if self.single.isChecked() else _(EVERYONE_CONFIRMS))
        self.confirmed.setEnabled(not self.missing.isChecked())
        self.confirmed.setChecked(False)
        self.student.setEnabled(self.single.isChecked())
        self._allow()

    def _allow(self) -> None:
        sure = self.missing.isChecked() or self.confirmed.isChecked()
        whom = not self.single.isChecked() or self._chosen_student() is not None
        self.make_button.setEnabled(sure and whom and self.course.course() is not None)

    def _suggest(self) -> None:
        course = self.course.course()
        if course is not None and self.target.text in {"", self._suggested}:
            label = "".join(letter for letter in course.code if letter.isalnum())
            self._suggested = str(documents() / f"pin-slips-{label}-{self._core.today().isoformat()}.pdf")
            self.target.edit.setText(self._suggested)

    def _make(self) -> None:
        course, target = self.course.course(), self.target.path
        if target is None:
            self.target.set_error(_("Please say where the slips go."))
            self.target.edit.setFocus()
            return
        if course is None:
            return
        renew, only = self.everyone.isChecked(), self._chosen_student()
        self.folder_button.hide()

        def work() -> int:
            return self._people.slips.issue(
                target, course, renew=renew, only=only, actor=self._actor, progress=self.progress
            )

        def then(slips: int) -> None:
            if slips == 0:
                self.banner.say(_("Everyone in this course has a PIN already."), _("No file was written."))
                return
            self._written = target
            self.missing.setChecked(True)
            written = ngettext(
                "{slips} slip was written. Print it, hand it out, then delete the file.",
                "{slips} slips were written. Print them, hand them out, then delete the file.",
                slips,
                slips=slips,
            )
            self.banner.say(written, str(target), Tone.PRESENT)
            self.folder_button.show()
            self.folder_button.setFocus()

        self.start(work, words=_("Making PINs…"), then=then)

    def _open_folder(self) -> None:
        if self._written is not None:
            open_folder_of(self._written)
