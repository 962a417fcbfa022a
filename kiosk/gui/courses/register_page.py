"""Registering students in a course: those who are not in it yet, to choose from. Main thread."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.gui.courses.course_rows import StudentRows
from kiosk.gui.remembered import Remembered
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.lists.panel import ListPanel
from kiosk.gui.widgets.lists.rows import ListColumn, ListRow
from kiosk.gui.widgets.surfaces import PageTitle
from kiosk.services.app import KioskApp
from kiosk.translation import _, ngettext


class RegisterPage(QWidget):
    """Everybody who is not in a course, and one button.

    Signals:
        closed: Back to the course.
    """

    closed = Signal()

    def __init__(
        self, app: KioskApp, theme: Theme, remembered: Remembered, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._tasks = Tasks(self)
        self._actor: Actor = NOBODY
        self._course: Course | None = None
        self.back_button = QuietButton(_("Back to the course"))
        self.title = PageTitle("")
        self.list = ListPanel(
            theme,
            (ListColumn("name", _("Name"), width=0), ListColumn("number", _("Number"), width=320)),
            StudentRows(self._outside),
            name=_("Students who are not in the course"),
            key="course.register",
            remembered=remembered,
        )
        self.list.say_when_empty(_("Everybody is in this course."))
        self.list.add_action(_("Register from today on"), self._register)
        self.list.opened.connect(self._register_one)
        self.back_button.clicked.connect(self.closed)
        space = theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        vertical(
            horizontal(self.back_button, (self.title, 1), spacing=space(1.5)),
            (self.list, 1),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(2),
        )

    def show_course(self, course: Course, actor: Actor) -> None:
        """Show who could be registered in a course."""
        self._course, self._actor = course, actor
        self.title.setText(_("Register students in {code}", code=course.code))
        self.list.banner.clear()
        self.list.search.clear()
        self.list.reload()
        self.list.search.setFocus()

    def _outside(self) -> Sequence[Student]:
        """On a worker's thread."""
        if self._course is None:
            return []
        lists = self._app.courses.lists
        inside = {one.student_id for one in lists.roster(self._course.course_id, self._app.core.today())}
        return [one for one in lists.students() if one.student_id not in inside]

    def _register_one(self, student: Student) -> None:
        self._write([student])

    def _register(self, rows: list[ListRow]) -> None:
        self._write([one.key for one in rows if isinstance(one.key, Student)])

    def _write(self, students: Sequence[Student]) -> None:
        course, today = self._course, self._app.core.today()
        if course is None or not students:
            return

        def then(joined: Sequence[Student]) -> None:
            number = len(joined)
            words = ngettext(
                "{n} student is in {code} now.",
                "{n} students are in {code} now.",
                number,
                n=number,
                code=course.code,
            )
            self.list.banner.say(words, tone=Tone.PRESENT)
            self.list.reload()

        editing = self._app.courses.editing
        self._tasks.run(
            lambda: editing.register(course, students, since=today, actor=self._actor),
            then=then,
            failed=self.list.banner.show_error,
        )
