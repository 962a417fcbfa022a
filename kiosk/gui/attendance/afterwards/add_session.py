"""Writing down a session that was held without the kiosk. Main thread; looking and writing run in tasks."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.class_session import MAX_NOTE, MAX_ROOM, ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.afterwards.moment_fields import MomentFields
from kiosk.gui.attendance.afterwards.session_words import session_title
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.parts import CourseBox
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.app import KioskApp
from kiosk.services.attendance.afterwards.adding import AddedRoster, NewSession
from kiosk.translation import _, ngettext
from kiosk.wording.dates import short_day

LENGTH: Final = timedelta(minutes=45)
"""Proposed where nothing better is known."""


class AddSessionDialog(WorkDialog):
    """Course, day, time, length, and what tells it from others. Signal `added`: the `ClassSession`."""

    added = Signal(object)

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        actor: Actor,
        parent: QWidget | None = None,
        *,
        course_id: int | None = None,
        started_at: datetime | None = None,
        length: timedelta = LENGTH,
    ) -> None:
        """Begin with a course and a time that are known, such as those of a lesson that nobody started."""
        super().__init__(theme, _("Add a session"), parent, width=760)
        self._app = app
        self._actor = actor
        self.course = CourseBox()
        self.moment = MomentFields(theme, app.core.zone)
        self.moment.show_times(started_at or app.core.clock.now() - length, length)
        self.room = LineField(theme, _("Room"), placeholder=_("If not the course's own"))
        self.note = LineField(theme, _("Note"), placeholder=_("Such as: Group B"))
        self.room.edit.setMaxLength(MAX_ROOM)
        self.note.edit.setMaxLength(MAX_NOTE)
        self.found = Text(tone=Tone.MUTED, wrap=True)
        self.form.addWidget(
            Text(
                _("For a session that was held without the kiosk. Afterwards, mark its students by hand."),
                tone=Tone.MUTED,
                wrap=True,
            )
        )
        self.form.addWidget(Field(theme, _("Course"), self.course))
        self.form.addWidget(self.moment)
        self.form.addLayout(horizontal((self.room, 1), (self.note, 1), spacing=theme.space(2)))
        self.form.addWidget(self.found)
        self.close_button.setText(_("Cancel"))
        self.add_session_button = self.add_button(PrimaryButton(_("&Add session")), self._add)
        self.add_session_button.setDefault(True)
        self.tasks.run(
            partial(app.records.all.courses, actor=actor),
            then=partial(self._fill, course_id),
            failed=self.banner.show_error,
        )

    def _fill(self, chosen: int | None, courses: list[Course]) -> None:
        self.course.fill(courses, chosen=chosen)
        self.course.currentIndexChanged.connect(self._look)
        self.moment.day.dateChanged.connect(self._look)
        self._look()

    def _look(self) -> None:
        course, day = self.course.course(), self.moment.chosen_day
        self.add_session_button.setEnabled(course is not None)
        if course is None:
            self.found.setText(_("There is no course yet. A class list brings one."))
            return

        def then(found: AddedRoster) -> None:
            if (self.course.course(), self.moment.chosen_day) == (course, day):
                self.found.setText(self._found_words(found, day))
                self.centre()

        self.tasks.run(
            partial(self._app.attendance.afterwards.adding.look, course.course_id, day, actor=self._actor),
            then=then,
            failed=self.banner.show_error,
        )

    def _found_words(self, found: AddedRoster, day: date) -> str:
        """Whose session it would be, and which there are already."""
        lines = [
            ngettext(
                "{n} student was in the course on that day.",
                "{n} students were in the course on that day.",
                found.students,
                n=found.students,
            )
            if found.list_of is None
            else ngettext(
                "The class list begins on {day}: its {n} student is taken.",
                "The class list begins on {day}: its {n} students are taken.",
                found.students,
                day=short_day(found.list_of),
                n=found.students,
            )
        ]
        if found.others:
            zone = self._app.core.zone
            titles = "; ".join(session_title(one, zone) for one in found.others)
            lines.append(_("There already: {titles}.", titles=titles))
        return " ".join(lines)

    def _add(self) -> None:
        course = self.course.course()
        if course is None:
            return
        new = NewSession(
            course.course_id, self.moment.started_at, self.moment.length, self.note.text, self.room.text
        )

        def then(session: ClassSession) -> None:
            self.added.emit(session)
            self.accept()

        self.start(
            partial(self._app.attendance.afterwards.adding.add, new, actor=self._actor),
            words=_("Adding the session…"),
            then=then,
        )
