"""Making, changing and copying a course. Main thread; writing runs in tasks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.terms import Term
from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import CourseCases
from kiosk.services.courses.course_editing import CopyWishes
from kiosk.translation import _


class TermBox(QComboBox):
    """A choice of terms, or none."""

    def fill(self, terms: Sequence[Term], chosen: int | None) -> None:
        """Offer these, one of them chosen."""
        self.clear()
        self.addItem(_("No term: it meets all year"), None)
        for one in terms:
            self.addItem(one.name, one.term_id)
        self.setCurrentIndex(max(0, self.findData(chosen)))

    def term_id(self) -> int | None:
        """The chosen one."""
        data = self.currentData()
        return data if isinstance(data, int) else None


@dataclass(frozen=True, slots=True)
class _Offered:
    course: Course | None
    terms: Sequence[Term]
    teachers: Sequence[User]
    taught_by: Sequence[User]


class CourseDialog(WorkDialog):
    """A course's facts; without a course it makes a new one.

    Signals:
        saved: Carries the course as it stands now.
    """

    saved = Signal(object)

    def __init__(
        self,
        courses: CourseCases,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        course_id: int | None = None,
    ) -> None:
        title = _("Change course") if course_id is not None else _("New course")
        super().__init__(theme, title, parent)
        self._courses = courses
        self._actor = actor
        self._course: Course | None = None
        self.code = LineField(theme, _("Code"), placeholder=_("such as CS 101"))
        self.title_field = LineField(
            theme, _("Title"), help_text=_("Stands beside the code on every screen.")
        )
        self.room = LineField(theme, _("Room"), help_text=_("May stay empty."))
        self.term = TermBox()
        self.teachers: dict[int, QCheckBox] = {}
        self._teachers = Flow(theme)
        for part in (self.code, self.title_field, self.room, Field(theme, _("Term"), self.term)):
            self.form.addWidget(part)
        self.form.addWidget(Text(_("Teachers"), tone=Tone.MUTED))
        self.form.addWidget(self._teachers)
        self.save_button = self.add_button(PrimaryButton(_("Save")), self._save)
        self.save_button.setDefault(True)
        self._allow(False)  # what is typed before it is read would be written over
        self.tasks.run(lambda: self._read(course_id), then=self._fill, failed=self.banner.show_error)

    def _read(self, course_id: int | None) -> _Offered:
        courses = self._courses
        course = courses.editing.course(course_id) if course_id is not None else None
        taught = courses.teachers.of_course(course_id) if course_id is not None else []
        choices = courses.teachers.choices(actor=self._actor)
        closed = [one for one in taught if one not in choices]
        return _Offered(course, courses.year.terms(), [*choices, *closed], taught)

    def _fill(self, offered: _Offered) -> None:
        self._course = course = offered.course
        self.term.fill(offered.terms, course.term_id if course is not None else None)
        if course is not None:
            self.code.edit.setText(course.code)
            self.title_field.edit.setText("" if course.title == course.code else course.title)
            self.room.edit.setText(course.room)
        for user in offered.teachers:
            box = QCheckBox(user.name)
            box.setChecked(user in offered.taught_by)
            self.teachers[user.user_id] = box
            self._teachers.add(box)
        self._allow(True)
        self.code.edit.setFocus()

    def _allow(self, allowed: bool) -> None:
        for part in (self.code, self.title_field, self.room, self.term, self.save_button):
            part.setEnabled(allowed)
        self.centre()

    def _save(self) -> None:
        wanted = self._wanted()
        taught = [user_id for user_id, box in self.teachers.items() if box.isChecked()]
        self.start(lambda: self._write(wanted, taught), words=_("Saving…"), then=self._done)

    def _wanted(self) -> Course:
        blank = Course(0, "", "")
        return replace(
            self._course or blank,
            code=self.code.text,
            title=self.title_field.text,
            room=self.room.text,
            term_id=self.term.term_id(),
        )

    def _write(self, wanted: Course, taught: Sequence[int]) -> Course:
        courses, actor = self._courses, self._actor
        if self._course is None:
            made = courses.lists.add_course(
                code=wanted.code, title=wanted.title, room=wanted.room, actor=actor
            )
            saved = replace(made, term_id=wanted.term_id)
            if saved != made:
                saved = courses.editing.change(saved, actor=actor)
        else:
            saved = courses.editing.change(wanted, actor=actor)
        courses.teachers.assign(saved, taught, actor=actor)
        return saved

    def _done(self, course: Course) -> None:
        self.saved.emit(course)
        self.accept()


class CopyDialog(WorkDialog):
    """A new course like another.

    Signals:
        saved: Carries the copy.
    """

    saved = Signal(object)

    def __init__(
        self, courses: CourseCases, theme: Theme, actor: Actor, course: Course, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Copy {code}", code=course.code), parent)
        self._courses = courses
        self._actor = actor
        self._course = course
        self.code = LineField(theme, _("Code of the copy"))
        self.title_field = LineField(theme, _("Title"))
        self.title_field.edit.setText("" if course.title == course.code else course.title)
        self.term = TermBox()
        self.students = QCheckBox(_("With its students of today"))
        self.slots = QCheckBox(_("With its weekly times"))
        self.teachers = QCheckBox(_("With its teachers"))
        self.teachers.setChecked(True)
        self.form.addWidget(self.code)
        self.form.addWidget(self.title_field)
        self.form.addWidget(Field(theme, _("Term"), self.term))
        for box in (self.students, self.slots, self.teachers):
            self.form.addWidget(box)
        self.form.addWidget(Text(_("Records are never copied."), tone=Tone.MUTED, wrap=True))
        self.save_button = self.add_button(PrimaryButton(_("Copy")), self._save)
        self.save_button.setDefault(True)
        self.tasks.run(
            courses.year.terms,
            then=lambda terms: self.term.fill(terms, course.term_id),
            failed=self.banner.show_error,
        )
        self.code.edit.setFocus()

    def _save(self) -> None:
        wishes = CopyWishes(
            *(self.code.text, self.title_field.text, self.term.term_id()),
            with_students=self.students.isChecked(),
            with_slots=self.slots.isChecked(),
            with_teachers=self.teachers.isChecked(),
        )
        editing = self._courses.editing
        self.start(
            lambda: editing.copy(self._course, wishes, actor=self._actor),
            words=_("Copying…"),
            then=self._done,
        )

    def _done(self, course: Course) -> None:
        self.saved.emit(course)
        self.accept()
