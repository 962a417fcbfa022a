"""Naming courses: an import knows only the code; title and room are given here. Main thread."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.parts import CourseBox
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.courses.class_lists import ClassLists
from kiosk.translation import _


class CoursesDialog(WorkDialog):
    """Changes a course's title and room; `changed` follows each save."""

    changed = Signal()

    def __init__(
        self, courses: ClassLists, theme: Theme, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, _("Courses"), parent)
        self._courses = courses
        self._actor = actor
        self.course = CourseBox()
        self.title_field = LineField(
            theme, _("Title"), help_text=_("Stands beside the code on every screen, such as Algorithms.")
        )
        self.room_field = LineField(theme, _("Room"), help_text=_("May stay empty."))
        self.form.addWidget(Field(theme, _("Course"), self.course))
        self.form.addWidget(self.title_field)
        self.form.addWidget(self.room_field)
        self.save_button = self.add_button(PrimaryButton(_("Save")), self._save)
        self.save_button.setEnabled(False)
        self.course.currentIndexChanged.connect(self._show)
        self.title_field.edit.textEdited.connect(self._allow)
        self.room_field.edit.textEdited.connect(self._allow)
        self.tasks.run(courses.courses, then=self._fill, failed=self.banner.show_error)

    def _fill(self, courses: list[Course]) -> None:
        chosen = self.course.course()
        self.course.fill(courses, chosen=chosen.course_id if chosen else None)
        self._show()
        if not courses:
            self.banner.say(_("There is no course yet."), _("Import a class list first."))

    def _show(self) -> None:
        course = self.course.course()
        named = course is not None and course.title != course.code
        self.title_field.edit.setText(course.title if course is not None and named else "")
        self.room_field.edit.setText(course.room if course is not None else "")
        self._allow()

    def _wanted(self) -> Course | None:
        course = self.course.course()
        if course is None:
            return None
        title = self.title_field.edit.text().strip() or course.code
        return replace(course, title=title, room=self.room_field.edit.text().strip())

    def _allow(self) -> None:
        wanted = self._wanted()
        self.save_button.setEnabled(wanted is not None and wanted != self.course.course())

    def _save(self) -> None:
        wanted = self._wanted()
        if wanted is None:
            return

        def then(courses: list[Course]) -> None:
            self._fill(courses)
            self.banner.say(_("{label} is saved.", label=wanted.label), tone=Tone.PRESENT)
            self.changed.emit()

        self.start(partial(self._call, wanted), words=_("Saving…"), then=then, failed=self._refused)

    def _call(self, wanted: Course) -> list[Course]:
        self._courses.update_course(wanted, actor=self._actor)
        return self._courses.courses()

    def _refused(self, error: KioskError) -> None:
        self.banner.show_error(error)
