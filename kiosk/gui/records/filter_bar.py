"""What the list of all records is narrowed to beside its search and its filters: course, days, who began, how. Main thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from kiosk.domain.attendance.choices import Method
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.records.record_list import RecordQuestion
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import QuietButton
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.days_box import DaysBox
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.parts import CourseBox
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.attendance import method_words

WITHOUT: Final = "none"
"""Records without a method, such as absences."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen from."""

    courses: Sequence[Course]
    starters: Sequence[str]


class FilterBar(QWidget):
    """Signals: `changed`, when something else is asked for."""

    changed = Signal()

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._student: Student | None = None
        self.course = CourseBox(everything=_("All courses"))
        self.days = DaysBox(theme, today)
        self.starter = QComboBox()
        self.method = QComboBox()
        self.method.addItem(_("Marked in any way"), None)
        for method in Method:
            self.method.addItem(method_words(method).title, method.value)
        self.method.addItem(_("Not marked"), WITHOUT)
        self.student_chip = Chip(theme, "", checkable=False)
        self.clear_button = QuietButton(_("Clear filters"))
        self._lay_out()
        self._name_all()
        self.offer(Choices((), ()))
        self.show_question(RecordQuestion())
        for box in (self.course, self.starter, self.method):
            box.currentIndexChanged.connect(self._on_changed)
        self.days.changed.connect(self._on_changed)
        self.student_chip.clicked.connect(lambda: self.choose_student(None))
        self.clear_button.clicked.connect(self.clear)

    def offer(self, choices: Choices) -> None:
        """Offer these courses and people; what was chosen stays where it is among them."""
        course, starter = self.course.course(), self.starter.currentData()
        with QSignalBlocker(self.course), QSignalBlocker(self.starter):
            self.course.fill(choices.courses, chosen=course.course_id if course else None)
            self.starter.clear()
            self.starter.addItem(_("Begun by anybody"), None)
            for name in choices.starters:
                self.starter.addItem(_("Begun by {name}", name=actor_name(name)), name)
            _choose(self.starter, starter)

    @property
    def question(self) -> RecordQuestion:
        """What is asked for here."""
        course, method = self.course.course(), self.method.currentData()
        first, last = self.days.some
        methods: frozenset[Method | None] = frozenset()
        if method is not None:
            methods = frozenset({None if method == WITHOUT else Method(method)})
        return RecordQuestion(
            student_id=self._student.student_id if self._student else None,
            course_id=course.course_id if course else None,
            started_by=self.starter.currentData(),
            first=first,
            last=last,
            days_back=self.days.days_back,
            methods=methods,
        )

    def show_question(self, asked: RecordQuestion, student: Student | None = None) -> None:
        """Choose what is asked for, without telling of it."""
        with _Blocked(self):
            self.course.setCurrentIndex(0)
            for place in range(self.course.count()):
                course = self.course.itemData(place)
                if isinstance(course, Course) and course.course_id == asked.course_id:
                    self.course.setCurrentIndex(place)
            _choose(self.starter, asked.started_by)
            method = next(iter(asked.methods), None)
            _choose(self.method, (method.value if method else WITHOUT) if asked.methods else None)
        self.days.choose(asked.first, asked.last, asked.days_back)
        self._student = student
        self._tell_student()
        self.clear_button.setVisible(self.question != RecordQuestion())

    def choose_student(self, student: Student | None) -> None:
        """Ask for one student's records alone, or for everybody's."""
        self._student = student
        self._tell_student()
        self._on_changed()

    def clear(self) -> None:
        """Ask for everything."""
        self.show_question(RecordQuestion())
        self._on_changed()

    def _tell_student(self) -> None:
        student = self._student
        self.student_chip.setVisible(student is not None)
        if student is not None:
            name = student.full_name.replace("&", "&&")
            self.student_chip.setText(_("Only {name}  ✕", name=name))
            self.student_chip.setAccessibleName(_("Show everybody’s records, not only {name}’s", name=name))

    def _on_changed(self) -> None:
        self.clear_button.setVisible(self.question != RecordQuestion())
        self.changed.emit()

    def _name_all(self) -> None:
        self.course.setAccessibleName(_("Course"))
        self.starter.setAccessibleName(_("Who began the class"))
        self.method.setAccessibleName(_("How it was marked"))

    def _lay_out(self) -> None:
        px = self._theme.px
        flow = Flow(self._theme)
        for box, width in ((self.course, 260), (self.starter, 250), (self.method, 210)):
            box.setMinimumWidth(px(width))
            box.setMaximumWidth(px(width + 160))
        shown: tuple[QWidget, ...] = (self.course, self.days, self.starter, self.method)
        for part in (*shown, self.student_chip, self.clear_button):
            flow.add(part)
        vertical(flow, on=self)
        self.clear_button.hide()


class _Blocked:
    """Keeps the parts of a bar from telling of what is chosen for them."""

    def __init__(self, bar: FilterBar) -> None:
        self._parts = (bar.course, bar.starter, bar.method)
        self._blockers: list[QSignalBlocker] = []

    def __enter__(self) -> None:
        self._blockers = [QSignalBlocker(part) for part in self._parts]

    def __exit__(self, *_what: object) -> None:
        for blocker in self._blockers:
            blocker.unblock()


def _choose(box: QComboBox, value: object) -> None:
    """Choose a value, or the first where it is not offered."""
    places = [place for place in range(box.count()) if box.itemData(place) == value]
    box.setCurrentIndex(places[0] if places else 0)
