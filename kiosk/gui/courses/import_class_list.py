"""Taking in a class list: pick it, see what would happen, import it. Main thread; reading runs in tasks."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.core import Core
from kiosk.services.courses.class_lists import ClassLists
from kiosk.services.courses.list_import import ImportReport
from kiosk.translation import N_, _

WIDTH_PX = 960
TABLE_PX = 296


@dataclass(frozen=True, slots=True)
class _Wanted:
    path: Path
    course_code: str | None


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
        self, core: Core, courses: ClassLists, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Import a class list"), parent, width=WIDTH_PX)
        self._core = core
        self._courses = courses
        self._actor = actor
        self._rehearsed: _Wanted | None = None
        self.file = PathField(
            theme,
            _("Class list"),
            PathKind.FILE,
            pattern=_("Class lists (*.csv *.xlsx)"),
            help_text=_("CSV or Excel with the columns student_no, full_name and, if you like, email."),
        )
        self.code = QComboBox()
        self.code.setEditable(True)
        self.code.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.summary = Text(style=TextStyle.STRONG, wrap=True)
        self.table = ResultTable(
            theme,
            (_("What"), _("Student"), _("Line"), _("Why")),
            name=_("What the import does"),
            height=TABLE_PX,
        )
        self.import_button = self.add_button(PrimaryButton(_("Import")), self._import)
        self.import_button.setEnabled(False)
        self._code_field = Field(
            theme, _("Course code"), self.code, help_text=_("A new code makes a new course, such as CS 101.")
        )
        self.form.addWidget(self.file)
        self.form.addWidget(self._code_field)
        self.form.addWidget(self.summary)
        self.form.addWidget(self.table)
        self.summary.setText(_("Choose a file to see what would happen."))
        self.file.chosen.connect(self._rehearse)
        self.code.activated.connect(self._rehearse)
        typed = QLineEdit()
        typed.setStyleSheet("QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }")
        self.code.setLineEdit(typed)
        typed.editingFinished.connect(self._rehearse)
        typed.textEdited.connect(self._forget)
        self.file.edit.textEdited.connect(self._forget)
        self.tasks.run(courses.courses, then=self._fill, failed=self.banner.show_error)

    def _fill(self, courses: list[Course]) -> None:
        typed = self.code.currentText()
        self.code.addItems([course.code for course in courses])
        self.code.setCurrentIndex(-1)
        self.code.setEditText(typed)

    def _wanted(self) -> _Wanted | None:
        path = self.file.path
        return None if path is None else _Wanted(path, self.code.currentText().strip() or None)

    def _forget(self) -> None:
        self._rehearsed = None
        self.import_button.setEnabled(False)
        self._code_field.clear_error()

    def _rehearse(self) -> None:
        wanted = self._wanted()
        if wanted is None or wanted == self._rehearsed or self.busy:
            return
        if wanted.course_code is None:
            self.summary.setText(_("Now say which course it is."))
            return
        self._forget()
        focused = self.focusWidget()

        def then(report: ImportReport) -> None:
            self._rehearsed = wanted
            self._show(report)
            self.import_button.setEnabled(bool(report.added or report.updated or report.registered))
            if focused is not None:
                focused.setFocus()

        self.start(
            partial(self._call, wanted, dry_run=True),
            words=_("Reading the class list…"),
            then=then,
            failed=self._refused,
        )

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
        )

    def _refused(self, error: KioskError) -> None:
        self.summary.setText(_("Nothing was imported."))
        self.table.show_rows(())
        self.banner.show_error(error)

    def _show(self, report: ImportReport) -> None:
        self.summary.setText(
            _(
                SUMMARIES[report.dry_run, report.course is not None],
                added=len(report.added),
                updated=len(report.updated),
                unchanged=len(report.unchanged),
                refused=len(report.refused),
                registered=len(report.registered),
                code=report.course.code if report.course else "",
            )
        )
        registered = set(report.registered)

        def note(student_no: str) -> str:
            return _("Also registered in the course") if student_no in registered else ""

        rows: list[tuple[Tone, tuple[str, ...]]] = [
            (Tone.REFUSED, (_("Refused"), "", str(row.line), row.reason)) for row in report.refused
        ]
        rows += [(Tone.PRESENT, (_("New"), one, "", note(one))) for one in report.added]
        rows += [(Tone.LATE, (_("Changed"), one, "", note(one))) for one in report.updated]
        rows += [(Tone.MUTED, (_("Known"), one, "", note(one))) for one in report.unchanged]
        self.table.show_rows(rows)
