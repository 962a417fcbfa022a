"""Writing the Excel workbook: what, from when to when, and where to. Main thread; writing runs in a task."""

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCheckBox, QDateEdit, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.records.filters import Days
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.day_edit import DayEdit
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.parts import CourseBox, documents, open_folder_of
from kiosk.gui.widgets.path_field import PathField, PathKind
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import CourseCases
from kiosk.services.core import Core
from kiosk.services.reports.exports import Exports
from kiosk.translation import _, ngettext

MONTH_DAYS = 30


class ExportDialog(WorkDialog):
    """Exports one course or all of them, of all days or between two."""

    def __init__(
        self,
        core: Core,
        courses: CourseCases,
        reports: Exports,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        course_id: int | None = None,
    ) -> None:
        super().__init__(theme, _("Export to Excel"), parent)
        self._core = core
        self._reports = reports
        self._actor = actor
        self._written: Path | None = None
        self._suggested = ""
        self.course = CourseBox(everything=_("All courses"))
        self.between = QCheckBox(_("Only between two days"))
        self.first_day = self._day_edit(MONTH_DAYS)
        self.last_day = self._day_edit(0)
        self.first_field = Field(theme, _("First day"), self.first_day)
        self.last_field = Field(theme, _("Last day"), self.last_day)
        self.target = PathField(
            theme, _("Workbook"), PathKind.TARGET, pattern=_("Excel workbooks (*.xlsx)"), suffix=".xlsx"
        )
        self.folder_button = self.add_button(SecondaryButton(_("Open folder")), self._open_folder)
        self.folder_button.hide()
        self.export_button = self.add_button(PrimaryButton(_("Export")), self._export)
        self.export_button.setDefault(True)
        self._lay_out()
        self.course.currentIndexChanged.connect(self._suggest)
        self.tasks.run(
            partial(_courses_of, courses, actor),
            then=lambda courses: self._fill(courses, course_id),
            failed=self.banner.show_error,
        )

    @property
    def written(self) -> Path | None:
        """The workbook that was written last."""
        return self._written

    def _day_edit(self, days_ago: int) -> QDateEdit:
        today = self._core.today()
        return DayEdit(QDate(today.year, today.month, today.day).addDays(-days_ago))

    def _lay_out(self) -> None:
        self.form.addWidget(Field(self.theme, _("Course"), self.course))
        self.form.addWidget(self.between)
        days = horizontal((self.first_field, 1), (self.last_field, 1), spacing=self.theme.space(2))
        self.form.addLayout(days)
        for field in (self.first_field, self.last_field):
            field.setEnabled(False)
            self.between.toggled.connect(field.setEnabled)
        self.form.addWidget(self.target)

    def _fill(self, courses: list[Course], chosen: int | None) -> None:
        self.course.fill(courses, chosen=chosen)
        self._suggest()

    def _suggest(self) -> None:
        if self.target.text in {"", self._suggested}:
            self._suggested = str(documents() / self._reports.suggested_name(self.course.course()))
            self.target.edit.setText(self._suggested)

    def _export(self) -> None:
        target = self.target.path
        if target is None:
            self.target.set_error(_("Please say where the workbook goes."))
            self.target.edit.setFocus()
            return
        course = self.course.course()
        some = self.between.isChecked()
        choice = Days(
            course_id=course.course_id if course else None,
            first=_date_of(self.first_day) if some else None,
            last=_date_of(self.last_day) if some else None,
        )
        self.folder_button.hide()

        def then(records: int) -> None:
            self._written = target
            said = ngettext(
                "{records} record was written.", "{records} records were written.", records, records=records
            )
            self.banner.say(said, str(target), Tone.PRESENT)
            self.folder_button.show()
            self.folder_button.setFocus()

        self.start(
            partial(self._reports.workbook, target, choice, actor=self._actor),
            words=_("Writing the workbook…"),
            then=then,
        )

    def _open_folder(self) -> None:
        if self._written is not None:
            open_folder_of(self._written)


def _courses_of(courses: CourseCases, actor: Actor) -> list[Course]:
    """Those whose records the actor may take along."""
    seen = courses.teachers.seen_by(actor=actor)
    return [one for one in courses.lists.all_courses() if seen is None or one.course_id in seen]


def _date_of(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())
