"""Printing PIN slips for a course. Main thread; hashing and writing run in a task.

The slips are written before the PINs come into force, so that nothing is lost when the disk is full.
"""

from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QWidget

from kiosk.domain.people import Course
from kiosk.gui.dialogs.parts import CourseBox, documents, open_folder_of
from kiosk.gui.dialogs.path_field import PathField, PathKind
from kiosk.gui.dialogs.work_dialog import WorkDialog
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp


class PinSlipsDialog(WorkDialog):
    """Makes PINs for those who have none, or, once confirmed, new ones for everybody."""

    def __init__(self, app: KioskApp, theme: Theme, actor: str, parent: QWidget | None = None) -> None:
        super().__init__(app, theme, "PIN slips", parent)
        self._actor = actor
        self._written: Path | None = None
        self._suggested = ""
        self.course = CourseBox()
        self.missing = QRadioButton("Only for students who have no PIN yet")
        self.everyone = QRadioButton("New PINs for everyone in the course")
        self.confirmed = QCheckBox("The old PINs stop working; everyone gets a new slip")
        self.target = PathField(theme, "Slips", PathKind.TARGET, pattern="PDF (*.pdf)", suffix=".pdf")
        self.folder_button = self.add_button(SecondaryButton("Open folder"), self._open_folder)
        self.folder_button.hide()
        self.make_button = self.add_button(PrimaryButton("Make slips"), self._make)
        self._lay_out()
        self.course.currentIndexChanged.connect(self._suggest)
        self.tasks.run(app.people.courses, then=self._fill, failed=self.banner.show_error)

    @property
    def written(self) -> Path | None:
        """The slips that were written last."""
        return self._written

    def _lay_out(self) -> None:
        self.form.addWidget(
            Text(
                "Students sign in on their phones with their number and a PIN. Each slip shows a PIN once; the kiosk "
                "itself cannot show it again.",
                tone=Tone.MUTED,
                wrap=True,
            )
        )
        self.form.addWidget(Field(self.theme, "Course", self.course))
        group = QButtonGroup(self)
        for choice in (self.missing, self.everyone):
            group.addButton(choice)
            self.form.addWidget(choice)
        self.missing.setChecked(True)
        self.form.addWidget(self.confirmed)
        self.form.addWidget(self.target)
        self.confirmed.setEnabled(False)
        self.everyone.toggled.connect(self._on_choice)
        self.confirmed.toggled.connect(lambda _checked: self._allow())
        self._allow()

    def _fill(self, courses: list[Course]) -> None:
        self.course.fill(courses)
        self._suggest()
        self._allow()
        if not courses:
            self.banner.say("There is no course yet.", "Import a class list first.")

    def _on_choice(self, everyone: bool) -> None:
        self.confirmed.setEnabled(everyone)
        self.confirmed.setChecked(False)
        self._allow()

    def _allow(self) -> None:
        sure = self.missing.isChecked() or self.confirmed.isChecked()
        self.make_button.setEnabled(sure and self.course.course() is not None)

    def _suggest(self) -> None:
        course = self.course.course()
        if course is not None and self.target.text in {"", self._suggested}:
            label = "".join(letter for letter in course.code if letter.isalnum())
            self._suggested = str(documents() / f"pin-slips-{label}-{self.app.today().isoformat()}.pdf")
            self.target.edit.setText(self._suggested)

    def _make(self) -> None:
        course, target = self.course.course(), self.target.path
        if target is None:
            self.target.set_error("Please say where the slips go.")
            self.target.edit.setFocus()
            return
        if course is None:
            return
        renew = self.everyone.isChecked()
        self.folder_button.hide()

        def work() -> int:
            return self.app.issue_pin_slips(
                target, course, renew=renew, actor=self._actor, progress=self.progress.report
            )

        def then(slips: int) -> None:
            if slips == 0:
                self.banner.say("Everyone in this course has a PIN already.", "No file was written.")
                return
            self._written = target
            self.missing.setChecked(True)
            self.banner.say(
                f"{slips} slips were written. Print them, hand them out, then delete the file.",
                str(target),
                Tone.PRESENT,
            )
            self.folder_button.show()
            self.folder_button.setFocus()

        self.start(work, words="Making PINs…", then=then)

    def _open_folder(self) -> None:
        if self._written is not None:
            open_folder_of(self._written)
