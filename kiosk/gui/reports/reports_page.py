"""Reports: what was recorded, drawn to look at, as a table, and to take along as PDF or workbook. Main thread; read and drawn off it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.domain.reports.reports import Report
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.dialog_catalogue import EXPORT
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.messages.warn_dialog import WarnDialog
from kiosk.gui.remembered import Remembered
from kiosk.gui.reports.report_card import ReportCard
from kiosk.gui.reports.report_choice import ReportChoice
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import documents, open_file
from kiosk.gui.widgets.surfaces import PageTitle
from kiosk.services.app import KioskApp
from kiosk.translation import _


class ReportsPage(QWidget):
    """Chooses and shows one report."""

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        opener: DialogOpener,
        remembered: Remembered,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._opener = opener
        self._remembered = remembered
        self._actor = NOBODY
        self._turn = 0
        self._written: Path | None = None
        self._tasks = Tasks(self)
        self.choice = ReportChoice(theme, app.core.today(), remembered)
        self.card = ReportCard(theme)
        self.banner = Banner(theme)
        self.save_button = PrimaryButton(_("Save as PDF…"))
        self.open_button = SecondaryButton(_("Open it"))
        self.export_button = SecondaryButton(_("Export to Excel…"))
        self.dialog: WarnDialog | None = None
        self._lay_out()
        self._connect()

    @property
    def report(self) -> Report | None:
        """What is shown; None while nothing is."""
        return self.card.report

    def show_for(self, actor: Actor) -> None:
        """It came to the front for this person."""
        self._actor = actor
        for button in (self.save_button, self.export_button, self.open_button):
            button.hide()
        self.banner.clear()
        self._tasks.run(
            partial(self._read_courses, actor), then=self._take_courses, failed=self.banner.show_error
        )

    def ask(self, kind: ReportKind, *, student_id: int | None = None) -> None:
        """Show a report, such as one student's calendar."""
        self.choice.ask(kind, student_id=student_id)

    # -- laying out -------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        space = self._theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        vertical(
            horizontal(
                PageTitle(_("Reports")),
                1,
                self.open_button,
                self.export_button,
                self.save_button,
                spacing=space(1.5),
            ),
            self.choice,
            self.banner,
            (self.card, 1),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(2),
        )

    def _connect(self) -> None:
        self.choice.changed.connect(self.reload)
        self.choice.students_wanted.connect(self._want_students)
        self.card.view.opened.connect(lambda student_id: self.ask(ReportKind.STUDENT, student_id=student_id))
        self.save_button.clicked.connect(self._ask_where)
        self.open_button.clicked.connect(lambda: open_file(self._written) if self._written else None)
        self.export_button.clicked.connect(self._export)
        self.card.warn_button.clicked.connect(self._warn)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.activated.connect(self.card.copy)

    # -- reading ----------------------------------------------------------------------------------------------------

    def _read_courses(self, actor: Actor) -> tuple[list[Course], bool]:
        """The courses to choose from, and whether their records may be taken along."""
        seen = self._app.courses.teachers.seen_by(actor=actor)
        courses = self._app.courses.lists.all_courses()
        may = actor.may(Right.EXPORT) and (seen is not None or actor.may(Right.ADMINISTER))
        return [course for course in courses if seen is None or course.course_id in seen], may

    def _take_courses(self, found: tuple[list[Course], bool]) -> None:
        courses, may = found
        self.card.may_take_along = may
        self.save_button.setVisible(may)
        self.export_button.setVisible(may)
        self.choice.fill_courses(courses)
        if self.choice.kind is ReportKind.STUDENT:
            self._want_students()
        else:
            self.reload()

    def _want_students(self) -> None:
        course = self.choice.course.course()
        courses = [course] if course is not None else self._courses()
        is_all = course is None and self._actor.may(Right.ADMINISTER)
        self._tasks.run(
            partial(self._read_students, None if is_all else courses),
            then=self._take_students,
            failed=self.banner.show_error,
        )

    def _courses(self) -> list[Course]:
        box = self.choice.course
        found = (box.itemData(place) for place in range(box.count()))
        return [course for course in found if isinstance(course, Course)]

    def _read_students(self, courses: Sequence[Course] | None) -> list[Student]:
        lists, today = self._app.courses.lists, self._app.core.today()
        if courses is None:
            return lists.students()
        found = {one.student_id: one for course in courses for one in lists.roster(course.course_id, today)}
        return list(found.values())

    def _take_students(self, students: list[Student]) -> None:
        self.choice.fill_students(students)
        self.reload()

    def reload(self) -> None:
        """Read the report that is chosen."""
        self._turn += 1
        self.banner.clear()
        self.open_button.hide()
        question = self.choice.question
        if question is None:
            self.save_button.setEnabled(False)
            self.card.show_nothing(
                _("There is no course yet. Import a class list under People.")
                if not self._courses()
                else _("Please choose a student.")
            )
            return
        self.card.wait(True)
        self._tasks.run(
            partial(self._app.reports.shown.report, question, actor=self._actor),
            then=partial(self._take, self._turn),
            failed=partial(self._fail, self._turn),
        )

    def _take(self, turn: int, report: Report) -> None:
        if turn != self._turn:
            return
        self.card.show_report(report)
        self.save_button.setEnabled(True)

    def _fail(self, turn: int, error: KioskError) -> None:
        if turn != self._turn:
            return
        self.save_button.setEnabled(False)
        self.card.show_nothing("")
        self.banner.show_error(error)

    # -- taking along -----------------------------------------------------------------------------------------------

    def _warn(self) -> None:
        question = self.choice.question
        if question is None:
            return
        self.dialog = WarnDialog(self._app.core, self._app.messages, question, self._theme, self._actor, self)
        self.dialog.finished.connect(self._forget_dialog)
        self.dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None
        self.reload()

    def _export(self) -> None:
        course = self.choice.course.course()
        self._opener.open(EXPORT, course_id=course.course_id if course is not None else None)

    def _ask_where(self) -> None:
        question, report = self.choice.question, self.report
        if question is None or report is None:
            return
        dialog = QFileDialog(self, _("Save as PDF"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_("PDF (*.pdf)")])
        dialog.setDefaultSuffix("pdf")
        dialog.setDirectory(str(self._remembered.folder(documents())))
        course = self.choice.course.course()
        label = course.code if course is not None else ""
        dialog.selectFile(self._app.reports.files.suggested_name(question.kind, label))
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path), question))
        dialog.open()

    def save_to(self, path: Path, question: ReportQuestion) -> None:
        """Write the report as PDF."""
        self._remembered.keep_folder(path)
        self.save_button.setEnabled(False)
        self.card.wait(True)
        self._tasks.run(
            partial(self._app.reports.files.save, path, question, actor=self._actor),
            then=partial(self._saved, path),
            failed=self._not_saved,
        )

    def _saved(self, path: Path, _report: Report) -> None:
        self._end_saving()
        self._written = path
        self.open_button.show()
        self.banner.say(_("The report was written."), str(path), Tone.PRESENT)

    def _not_saved(self, error: KioskError) -> None:
        self._end_saving()
        self.banner.show_error(error)

    def _end_saving(self) -> None:
        self.card.wait(False)
        self.save_button.setEnabled(self.report is not None)
