"""Taking in a class list: pick it, see how it is read and what would happen, answer what is open, import it.

Main thread; reading runs in tasks.
"""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QTabWidget, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.list_columns import ListChoices
from kiosk.domain.courses.list_questions import Answers
from kiosk.domain.people.students import fold
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.courses.list_tables import LongTable, QuestionsModel, RowsModel
from kiosk.gui.courses.reading_choices import ReadingChoices
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.core import Core
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.courses.list_import import ImportReport
from kiosk.services.ports.outputs import ListChoiceError
from kiosk.translation import N_, _, ngettext
from kiosk.wording.class_lists import unanswered_words

WIDTH_PX = 1320
TABLE_PX = 224


@dataclass(frozen=True, slots=True)
class _Wanted:
    path: Path
    course_code: str | None
    choices: ListChoices = field(default_factory=ListChoices)


IMPORTED: Final = {
    True: N_("{added} added, {updated} changed, {registered} registered in {code}."),
    False: N_("{added} added, {updated} changed, {registered} registered in the school."),
}
"""Whether a course was named."""

SUMMARIES: Final = {
    (True, True): N_(
        "{added} new, {updated} changed, {unchanged} known already, {refused} refused; "
        "{registered} would be registered in {code}."
    ),
    (True, False): N_(
        "{added} new, {updated} changed, {unchanged} known already, {refused} refused; "
        "{registered} would be registered."
    ),
    (False, True): N_(
        "{added} new, {updated} changed, {unchanged} known already, {refused} refused; "
        "{registered} were registered in {code}."
    ),
    (False, False): N_(
        "{added} new, {updated} changed, {unchanged} known already, {refused} refused; "
        "{registered} were registered."
    ),
}
"""Whether it was only tried, and whether a course was named."""


class ImportClassListDialog(WorkDialog):
    """Shows a rehearsal first; only what was rehearsed can be imported. `imported` follows a real import."""

    imported = Signal()

    def __init__(
        self,
        core: Core,
        courses: ClassLists,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        course_code: str = "",
    ) -> None:
        """`course_code` stands in the field at first."""
        super().__init__(theme, _("Import a class list"), parent, width=WIDTH_PX)
        self._core = core
        self._courses = courses
        self._actor = actor
        self._rehearsed: _Wanted | None = None
        self._tried: _Wanted | None = None
        self._is_overtaken = self._is_reading = False
        self._read: Path | None = None
        self._report: ImportReport | None = None
        self.file = PathField(
            theme,
            _("Class list"),
            PathKind.FILE,
            pattern=_("Class lists (*.csv *.txt *.tsv *.xlsx *.xlsm *.ods)"),
        )
        self.code = QComboBox()
        self.code.setEditable(True)
        self.code.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.reading = ReadingChoices(theme)
        self.summary = Text(style=TextStyle.STRONG, wrap=True)
        self._rows = RowsModel(theme, (_("What"), _("Number"), _("Name"), _("Line"), _("Why")))
        self.table = LongTable(theme, self._rows, name=_("What the import does"), widths=(130, 180, 330, 70))
        self.questions = QuestionsModel()
        self.asked = LongTable(
            theme, self.questions, name=_("What has to be answered"), widths=(170, 240, 240, 280)
        )
        self.alike_button = SecondaryButton(_("The same answer to all of this kind"))
        self.tabs = self._make_tabs(theme)
        self.import_button = self.add_button(PrimaryButton(_("Import")), self._import)
        self.import_button.setEnabled(False)
        self._code_field = Field(theme, _("Course code (a new one makes a course)"), self.code)
        self.form.addLayout(horizontal((self.file, 3), (self._code_field, 2), spacing=theme.space(2)))
        self.form.addWidget(self.reading)
        self.form.addWidget(self.summary)
        self.form.addWidget(self.tabs)
        self.summary.setText(_("Choose a file to see what would happen."))
        self._connect()
        self.code.setEditText(course_code)
        self.tasks.run(courses.courses, then=self._fill, failed=self.banner.show_error)

    def _make_tabs(self, theme: Theme) -> QTabWidget:
        """Rows on one page, questions on the other, which is there only where something is asked."""
        tabs = QTabWidget()
        self._asking = QWidget()
        self.alike_button.setEnabled(False)
        vertical(self.asked, horizontal(1, self.alike_button), on=self._asking, spacing=theme.space(1))
        tabs.addTab(self.table, _("What happens"))
        tabs.addTab(self._asking, _("Questions"))
        tabs.setTabVisible(1, False)
        tabs.setFixedHeight(theme.px(TABLE_PX + 60))
        return tabs

    def _connect(self) -> None:
        self.file.chosen.connect(self._rehearse)
        self.code.activated.connect(self._rehearse)
        self.reading.changed.connect(self._rehearse)
        self.questions.answered.connect(self._say)
        self.alike_button.clicked.connect(self._answer_alike)
        self.asked.selectionModel().currentChanged.connect(self._enable_alike)
        typed = QLineEdit()
        typed.setStyleSheet("QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }")
        self.code.setLineEdit(typed)
        typed.editingFinished.connect(self._rehearse)
        typed.textEdited.connect(self._forget)
        self.file.edit.textEdited.connect(self._forget)

    def _fill(self, courses: list[Course]) -> None:
        typed = self.code.currentText()
        self.code.addItems([course.code for course in courses])
        self.code.setCurrentIndex(-1)
        self.code.setEditText(typed)

    def _wanted(self) -> _Wanted | None:
        path = self.file.path
        if path is None:
            return None
        if path != self._read:  # what was chosen was chosen of another file
            self.reading.forget()
            self._read = path
        return _Wanted(path, self.code.currentText().strip() or None, self.reading.chosen)

    def _forget(self) -> None:
        self._rehearsed = None
        self.import_button.setEnabled(False)
        self._code_field.clear_error()

    def _rehearse(self) -> None:
        wanted = self._wanted()
        if wanted is None or wanted == self._rehearsed:
            return
        if self.busy or self._is_reading:  # the form that goes to rest lets go of a field, which asks again
            self._is_overtaken = wanted != self._tried
            return
        if wanted.course_code is None:
            self.summary.setText(_("Now say which course it is."))
            return
        self._forget()
        self._tried, self._is_overtaken, self._is_reading = wanted, False, True
        focused = self.focusWidget()

        def then(report: ImportReport) -> None:
            self._is_reading = False
            self._rehearsed = wanted
            self._show(report)
            if focused is not None:
                focused.setFocus()
            self._catch_up()

        self.start(
            partial(self._call, wanted, dry_run=True),
            words=_("Reading the class list…"),
            then=then,
            failed=self._refused,
        )

    def _catch_up(self) -> None:
        """Rehearse anew where something else was chosen while the file was read."""
        if self._is_overtaken:
            self._rehearse()

    def _import(self) -> None:
        wanted = self._wanted()
        if wanted is None or wanted != self._rehearsed:
            self._rehearse()
            return

        def then(report: ImportReport) -> None:
            self._show(report)
            self.import_button.setEnabled(False)
            self.banner.say(
                _(
                    IMPORTED[report.course is not None],
                    added=len(report.added),
                    updated=len(report.updated),
                    registered=len(report.registered),
                    code=report.course.code if report.course else "",
                ),
                tone=Tone.PRESENT,
            )
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.imported.emit()

        self.start(
            partial(self._call, wanted, dry_run=False), words=_("Importing…"), then=then, failed=self._refused
        )

    def _call(self, wanted: _Wanted, *, dry_run: bool) -> ImportReport:
        return self._courses.import_roster(
            wanted.path,
            course_code=wanted.course_code,
            since=self._core.today(),
            actor=self._actor,
            dry_run=dry_run,
            choices=wanted.choices,
            answers=None if dry_run else self._answers(),
        )

    def _answers(self) -> Answers:
        given = [one for one in self.questions.questions if one.answer is not None]
        return Answers(
            frozenset((one.answer, fold(one.student_no)) for one in given if one.answer is not None)
        )

    def _refused(self, error: KioskError) -> None:
        self._is_reading = False
        self.summary.setText(_("Nothing was imported."))
        self._rows.show_rows(())
        self.questions.show_questions(())
        self.tabs.setTabVisible(1, False)
        if isinstance(error, ListChoiceError):
            self.reading.show_reading(error.reading)
        self.banner.show_error(error)
        self._catch_up()

    def _show(self, report: ImportReport) -> None:
        self._report = report
        self.reading.show_reading(report.reading)
        self._rows.show_rows(import_rows(report))
        asked = report.questions if report.dry_run else report.open_questions
        self.questions.show_questions(asked)
        self.tabs.setTabVisible(1, bool(asked))
        self.tabs.setTabText(1, ngettext("{n} question", "{n} questions", len(asked), n=len(asked)))
        self.tabs.setCurrentIndex(1 if asked and report.dry_run else 0)
        if asked:
            self.asked.setCurrentIndex(self.questions.index(0, 3))
        self._say()

    def _say(self) -> None:
        """The sums, and how much is open; something to do makes the button work."""
        report = self._report
        if report is None:
            return
        words = _(
            SUMMARIES[report.dry_run, report.course is not None],
            added=len(report.added),
            updated=len(report.updated),
            unchanged=len(report.unchanged),
            refused=len(report.refused),
            registered=len(report.registered),
            code=report.course.code if report.course else "",
        )
        answered = [one for one in self.questions.questions if one.answer is not None]
        left = len(self.questions.questions) - len(answered)
        if left:
            open_ones = ngettext(
                "{n} question is open; without an answer nothing is done about it.",
                "{n} questions are open; without an answer nothing is done about them.",
                left,
                n=left,
            )
            words = f"{words} {open_ones}"
        self.summary.setText(words)
        self.import_button.setEnabled(report.dry_run and (report.changes or bool(answered)))

    def _enable_alike(self) -> None:
        index = self.asked.currentIndex()
        kinds = [one.kind for one in self.questions.questions]
        is_answer = index.isValid() and bool(index.flags() & Qt.ItemFlag.ItemIsUserCheckable)
        self.alike_button.setEnabled(is_answer and kinds.count(kinds[index.row()]) > 1)

    def _answer_alike(self) -> None:
        index = self.asked.currentIndex()
        if index.isValid():
            self.questions.tick_alike(index.row(), index.column())


def import_rows(report: ImportReport) -> list[tuple[Tone, tuple[str, ...]]]:
    """What becomes of each row of the list: refused ones first, then what is left out, noted, new, changed and known."""
    names = {row.student_no: (row.full_name, str(row.line)) for row in report.rows}
    registered = set(report.registered)
    open_ones = {one.student_no: unanswered_words(one.kind) for one in report.open_questions}
    also = _("Also registered in the course")

    def row(tone: Tone, what: str, number: str, why: str = "") -> tuple[Tone, tuple[str, ...]]:
        name, line = names.get(number, ("", ""))
        return tone, (what, number, name, line, why or (also if number in registered else ""))

    rows: list[tuple[Tone, tuple[str, ...]]] = [
        (Tone.REFUSED, (_("Refused"), one.student_no, "", str(one.line), one.reason))
        for one in report.refused
    ]
    rows += [row(Tone.LATE, _("Left out"), one, open_ones.get(one, "")) for one in report.left_out]
    rows += [
        (Tone.LATE, (_("Note"), "", "", str(one.line) if one.line else "", one.text)) for one in report.notes
    ]
    rows += [
        (Tone.LATE, (_("Kept"), former, "", "", _("Had the number {number} until now", number=number)))
        for number, former in report.passed_on.items()
    ]
    rows += [row(Tone.PRESENT, _("New"), one) for one in report.added]
    rows += [row(Tone.LATE, _("Changed"), one) for one in report.updated]
    rows += [
        row(
            Tone.LATE,
            _("Parent’s e-mail"),
            one.student_no,
            f"{one.old or '–'} → {one.new}",
        )
        for one in report.guardians
    ]
    rows += [row(Tone.MUTED, _("Left"), one, _("Not in the course any more")) for one in report.ended]
    rows += [row(Tone.MUTED, _("Known"), one) for one in report.unchanged]
    return rows
