"""Which courses a person is or was in, from when until when. Main thread; reading and writing run in tasks."""

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QWidget

from kiosk.domain.attendance.attendance_rates import whole_percent
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.person import CourseOfPerson, Person
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Right
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.people.person.part import PersonPart, empty
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.day_edit import DayEdit
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import CourseBox
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.translation import _
from kiosk.wording.dates import short_day


class CoursesPart(PersonPart):
    """Periods, newest first; leave, and go into another course."""

    def __init__(self, app: KioskApp, theme: Theme, opener: DialogOpener) -> None:
        super().__init__(app, theme, opener)
        card = self.card(_("Courses"))
        self.rows = vertical(spacing=theme.space(1))
        card.body.addLayout(self.rows)
        self.add_course_button = SecondaryButton(_("Put into a course…"))
        self.add_course_button.clicked.connect(self._ask_where)
        card.body.addLayout(horizontal(self.add_course_button, 1))
        self.leave_buttons: dict[str, QuietButton] = {}
        self.day = DayEdit()
        self.course = CourseBox()
        self._student: Student | None = None

    def fill(self, person: Person) -> None:
        self._student = person.student
        self.add_course_button.setVisible(self.actor.may(Right.MANAGE_COURSES))
        empty(self.rows)
        self.leave_buttons = {}
        if not person.courses:
            self.rows.addWidget(Text(_("In no course."), tone=Tone.MUTED))
        for period in person.courses:
            self.rows.addWidget(self._row(person.student, period))

    def _row(self, student: Student, period: CourseOfPerson) -> QWidget:
        today = self.app.core.today()
        is_over = period.until is not None and period.until <= today
        row = QWidget()
        title = Text(period.course.label, TextStyle.STRONG, Tone.MUTED if is_over else Tone.TEXT, wrap=True)
        days = Text(_days(period, today), TextStyle.CAPTION, Tone.MUTED)
        percent = whole_percent(period.count)
        share = Text(f"{percent} %" if percent is not None else "")
        line = horizontal((vertical(title, days, spacing=0), 1), share, on=row, spacing=self.theme.space(2))
        if not is_over and self.actor.may(Right.MANAGE_COURSES):
            leave = QuietButton(_("Leave…"))
            leave.setAccessibleName(_("Leave {course}", course=period.course.label))
            leave.clicked.connect(partial(self._ask_to_leave, student, period))
            self.leave_buttons[period.course.code] = leave
            line.addWidget(leave)
        return row

    def _day_edit(self, day: date) -> DayEdit:
        return DayEdit(QDate(day.year, day.month, day.day))

    def _ask_to_leave(self, student: Student, period: CourseOfPerson) -> None:
        course = period.course
        self.day = self._day_edit(max(self.app.core.today(), period.since))
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("{name} leaves {course}?", name=student.full_name, course=course.code),
            text=_("From this day on the student is not in the roster any more. Records stay."),
            action=_("Leave the course"),
        )
        self.question.body.addWidget(Field(self.theme, _("First day without the course"), self.day))
        self.question.accepted.connect(partial(self._leave, student, course))

    def _leave(self, student: Student, course: Course) -> None:
        on = _date_of(self.day)
        work = partial(self.app.courses.lists.end_registrations, course, [student], on=on, actor=self.actor)
        words = _("{name} leaves {course}.", name=student.full_name, course=course.code)
        self.start(work, lambda _left: self.changed.emit(words))

    def _ask_where(self) -> None:
        self.start(self.app.courses.lists.courses, self._offer)

    def _offer(self, courses: list[Course]) -> None:
        student = self._student
        if student is None:
            return
        self.course, self.day = CourseBox(), self._day_edit(self.app.core.today())
        self.course.fill(courses)
        self.question = ConfirmDialog(
            self.theme,
            self,
            title=_("Put {name} into a course", name=student.full_name),
            text=_("The student stands in the roster from this day on."),
            action=_("Put into the course"),
        )
        self.question.body.addWidget(Field(self.theme, _("Course"), self.course))
        self.question.body.addWidget(Field(self.theme, _("First day"), self.day))
        self.question.accepted.connect(partial(self._register, student))

    def _register(self, student: Student) -> None:
        course, since = self.course.course(), _date_of(self.day)
        if course is None:
            return

        def then(is_new: bool) -> None:
            words = (
                _("{name} is in {course} now.", name=student.full_name, course=course.code)
                if is_new
                else _("{name} is in {course} already.", name=student.full_name, course=course.code)
            )
            self.changed.emit(words)

        self.start(partial(self.app.people.persons.register, student, course, since, actor=self.actor), then)


def _days(period: CourseOfPerson, today: date) -> str:
    since = short_day(period.since)
    if period.until is None:
        return _("since {since}", since=since) if period.since <= today else _("from {since} on", since=since)
    last = short_day(period.until - timedelta(days=1))
    return _("{since} to {last}", since=since, last=last)


def _date_of(edit: QDateEdit) -> date:
    day = edit.date()
    return date(day.year(), day.month(), day.day())
