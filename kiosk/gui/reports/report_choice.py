"""What somebody wants to see: which report, of which course or student, of which days. Remembered. Main thread."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, assert_never

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QCompleter, QDateEdit, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.day_edit import DayEdit
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.parts import CourseBox
from kiosk.gui.widgets.surfaces import tool_tip
from kiosk.translation import N_, _
from kiosk.wording.reports import report_words

KEY: Final = "reports"


class Span(StrEnum):
    """Which days; the value is what the box says."""

    ALL = N_("All days")
    WEEK = N_("Last 7 days")
    MONTH = N_("Last 30 days")
    QUARTER = N_("Last 90 days")
    BETWEEN = N_("Between two days")

    def days(self, today: date) -> tuple[date | None, date | None]:
        """First and last day; of `BETWEEN` nothing is known here."""
        match self:
            case Span.ALL | Span.BETWEEN:
                return None, None
            case Span.WEEK:
                return today - timedelta(days=6), today
            case Span.MONTH:
                return today - timedelta(days=29), today
            case Span.QUARTER:
                return today - timedelta(days=89), today
            case _:
                assert_never(self)


class ReportChoice(QWidget):
    """Chips for the reports, boxes for the rest.

    Signals:
        changed: Something else is asked for.
        students_wanted: The students to choose from are those of another course.
    """

    changed = Signal()
    students_wanted = Signal()

    def __init__(
        self, theme: Theme, today: date, remembered: Remembered, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._today = today
        self._remembered = remembered
        self._is_filling = True
        self.chips = {kind: Chip(theme, report_words(kind).title) for kind in ReportKind}
        self.course = CourseBox(everything=_("All courses"))
        self.student = QComboBox()
        self.span = QComboBox()
        self.first_day, self.last_day, self.day = (self._day_edit() for _number in range(3))
        self._fields = {
            "course": Field(theme, _("Course"), self.course),
            "student": Field(theme, _("Student"), self.student),
            "span": Field(theme, _("Days"), self.span),
            "first": Field(theme, _("First day"), self.first_day),
            "last": Field(theme, _("Last day"), self.last_day),
            "day": Field(theme, _("Day"), self.day),
        }
        self._lay_out(theme)
        self._restore()
        self._connect()
        self._is_filling = False
        self._show_fields()

    @property
    def kind(self) -> ReportKind:
        """Which report."""
        return next(kind for kind, chip in self.chips.items() if chip.isChecked())

    @property
    def question(self) -> ReportQuestion | None:
        """What is asked for; None while a course or student is missing that it needs."""
        kind, course = self.kind, self.course.course()
        course_id = course.course_id if course is not None else None
        student_id = self.student.currentData() if kind is ReportKind.STUDENT else None
        if kind is ReportKind.DAY:
            return ReportQuestion(kind, course_id, first=_date_of(self.day))
        if (kind.needs_course and course is None) or (kind is ReportKind.STUDENT and student_id is None):
            return None
        first, last = self._days()
        # A calendar has all courses of the student; the course only finds who it is.
        of_course = None if kind is ReportKind.STUDENT else course_id
        return ReportQuestion(kind, of_course, student_id, first, last)

    def fill_courses(self, courses: Sequence[Course]) -> None:
        """Offer these courses; the remembered one is chosen, else the first where the report needs one."""
        self._is_filling = True
        self.course.fill(courses, chosen=self._remembered.get(f"{KEY}.course", 0))
        self._is_filling = False
        self._choose_needed_course()

    def fill_students(self, students: Sequence[Student]) -> None:
        """Offer these students; who was chosen before stays chosen where possible."""
        wanted = self.student.currentData() or self._remembered.get(f"{KEY}.student", 0)
        self._is_filling = True
        self.student.clear()
        self.student.addItems([f"{one.full_name} ({one.student_no})" for one in students])
        for place, one in enumerate(students):
            self.student.setItemData(place, one.student_id)
        place = self.student.findData(wanted)
        self.student.setCurrentIndex(max(place, 0) if students else -1)
        self._is_filling = False

    def ask(self, kind: ReportKind, *, student_id: int | None = None) -> None:
        """Choose a report, and whose calendar, as if somebody had pressed it."""
        if student_id is not None:
            self._remembered.keep(f"{KEY}.student", student_id)
            if self.student.findData(student_id) < 0:
                self._is_filling = True
                self.course.setCurrentIndex(0)
                self.student.clear()
                self._is_filling = False
                self.chips[kind].setChecked(True)
                self.students_wanted.emit()
                return
            self._is_filling = True
            self.student.setCurrentIndex(self.student.findData(student_id))
            self._is_filling = False
        if self.chips[kind].isChecked():
            self._change()
        self.chips[kind].setChecked(True)

    # -- inside -----------------------------------------------------------------------------------------------------

    def _lay_out(self, theme: Theme) -> None:
        self._group = QButtonGroup(self)
        kinds, rest = Flow(theme), Flow(theme)
        for kind, chip in self.chips.items():
            chip.setToolTip(tool_tip(report_words(kind).meaning))
            self._group.addButton(chip)
            kinds.add(chip)
        for span in Span:
            self.span.addItem(_(span.value), span)
        self.course.setMinimumWidth(theme.px(280))
        self.student.setMinimumWidth(theme.px(340))
        self.student.setEditable(True)
        self.student.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = self.student.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        for field in self._fields.values():
            rest.add(field)
        vertical(kinds, rest, on=self, spacing=theme.space(1.5))

    def _connect(self) -> None:
        for chip in self.chips.values():
            chip.toggled.connect(lambda on: self._choose_kind() if on else None)
        self.course.currentIndexChanged.connect(self._choose_course)
        self.student.activated.connect(self._change)
        self.span.currentIndexChanged.connect(self._choose_span)
        for edit in (self.first_day, self.last_day, self.day):
            edit.dateChanged.connect(self._change)

    def _restore(self) -> None:
        known, remembered = {kind.value: kind for kind in ReportKind}, self._remembered
        kind = known.get(remembered.get(f"{KEY}.kind", ""), ReportKind.REGISTER)
        self.chips[kind].setChecked(True)
        self.span.setCurrentIndex(max(0, self.span.findData(remembered.get(f"{KEY}.span", Span.ALL.value))))
        for edit, name in ((self.first_day, "first"), (self.last_day, "last")):
            day = QDate.fromString(remembered.get(f"{KEY}.{name}", ""), Qt.DateFormat.ISODate)
            if day.isValid():
                edit.setDate(day)

    def _day_edit(self) -> QDateEdit:
        return DayEdit(QDate(self._today.year, self._today.month, self._today.day))

    def _days(self) -> tuple[date | None, date | None]:
        span = Span(self.span.currentData())
        if span is Span.BETWEEN:
            return _date_of(self.first_day), _date_of(self.last_day)
        return span.days(self._today)

    def _choose_kind(self) -> None:
        self._show_fields()
        if self._is_filling:
            return
        self._remembered.keep(f"{KEY}.kind", self.kind.value)
        if self.kind is ReportKind.STUDENT and not self.student.count():
            self.students_wanted.emit()
        elif not self._choose_needed_course():
            self._change()

    def _choose_needed_course(self) -> bool:
        """Where the report needs a course and none is chosen, take the first; whether that was so."""
        if self.kind.needs_course and self.course.course() is None and self.course.count() > 1:
            self.course.setCurrentIndex(1)
            return True
        return False

    def _choose_course(self) -> None:
        if self._is_filling:
            return
        course = self.course.course()
        self._remembered.keep(f"{KEY}.course", course.course_id if course is not None else 0)
        self._is_filling = True
        self.student.clear()
        self._is_filling = False
        if self.kind is ReportKind.STUDENT:
            self.students_wanted.emit()
        else:
            self._change()

    def _choose_span(self) -> None:
        self._remembered.keep(f"{KEY}.span", str(self.span.currentData()))
        self._show_fields()
        self._change()

    def _change(self) -> None:
        if self._is_filling:
            return
        for edit, name in ((self.first_day, "first"), (self.last_day, "last")):
            self._remembered.keep(f"{KEY}.{name}", _date_of(edit).isoformat())
        if self.kind is ReportKind.STUDENT and self.student.currentData():
            self._remembered.keep(f"{KEY}.student", self.student.currentData())
        self.changed.emit()

    def _show_fields(self) -> None:
        is_day = self.kind is ReportKind.DAY
        between = not is_day and self.span.currentData() == Span.BETWEEN
        is_student = self.kind is ReportKind.STUDENT
        # Of one student all courses are shown: the box only finds who it is.
        self._fields["course"].set_label(_("Students of") if is_student else _("Course"))
        self._fields["student"].setVisible(is_student)
        self._fields["span"].setVisible(not is_day)
        self._fields["first"].setVisible(between)
        self._fields["last"].setVisible(between)
        self._fields["day"].setVisible(is_day)


def _date_of(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())
