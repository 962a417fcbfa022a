"""Courses: everything that is taught, as a list, and the pages behind it. Main thread; reading runs in tasks."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.errors import KioskError
from kiosk.gui.attendance.afterwards.session_page import SessionPage
from kiosk.gui.courses.course_dialogs import CourseDialog
from kiosk.gui.courses.course_page import CLASSES, STUDENTS, CoursePage, save_rows
from kiosk.gui.courses.course_rows import CourseRows
from kiosk.gui.courses.register_page import RegisterPage
from kiosk.gui.courses.year_page import YearPage
from kiosk.gui.dialog_catalogue import IMPORT, Entry
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.remembered import Remembered
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.lists.panel import ListPanel
from kiosk.gui.widgets.lists.rows import ListColumn, ListFilter, ListRow
from kiosk.gui.widgets.surfaces import PageTitle
from kiosk.services.app import KioskApp
from kiosk.services.courses.course_listing import CourseFilter
from kiosk.translation import _, ngettext


class CoursesPage(QWidget):
    """The list of courses; a course, registering in it, one of its classes, and the school's year are pages over it.

    Signal `resume_requested`: a class was opened again; carries the session's id.
    """

    resume_requested = Signal(int)

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
        self._tasks = Tasks(self)
        self._actor: Actor = NOBODY
        self._rows = CourseRows(app.courses.listing, app.core.zone)
        save = save_rows(app, lambda: self._actor)
        self.year_button = SecondaryButton(_("Terms and holidays…"))
        self.import_button = SecondaryButton(_("Import class list…"))
        self.new_button = PrimaryButton(_("New course…"))
        self.list = ListPanel(
            theme, _columns(), self._rows, name=_("Courses"), key="courses", remembered=remembered, save=save
        )
        self.page = CoursePage(app, theme, opener, remembered, save)
        self.register = RegisterPage(app, theme, remembered)
        self.session = SessionPage(app, theme)
        self.year = YearPage(app.core, app.courses.year, theme, opener)
        self._front = QWidget()
        self.stack = QStackedLayout(self)
        for one in (self._front, self.page, self.register, self.session, self.year):
            self.stack.addWidget(one)
        self._set_up_list()
        self._lay_out()
        self._connect()

    def show_for(self, actor: Actor) -> None:
        """It came to the front for this person, with the list of courses."""
        self._actor = self._rows.actor = actor
        may = actor.may(Right.MANAGE_COURSES)
        for button in (self.year_button, self.new_button, *self._actions):
            button.setVisible(may)
        self.import_button.setVisible(may and actor.may(Right.MANAGE_PEOPLE))
        self.list.output.save_button.setVisible(actor.may(Right.EXPORT))
        self._show_list()

    def show_course(self, course_id: int, *, tab: int = STUDENTS) -> None:
        """Bring one course to the front."""
        self.stack.setCurrentWidget(self.page)
        self.page.show_course(course_id, self._actor, tab=tab)
        self.page.tabs.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back, from registering and from a class to the course, from all else to the list."""
        shown = self.stack.currentWidget()
        if event.key() != Qt.Key.Key_Escape or shown is self._front:
            super().keyPressEvent(event)
        elif shown is self.register:
            self.show_course(self.page.course_id)
        elif shown is self.session:
            self._leave_session()
        else:
            self._show_list()

    def _show_list(self) -> None:
        self.stack.setCurrentWidget(self._front)
        self.list.reload()
        self.list.search.setFocus()

    def _show_register(self, course: Course) -> None:
        self.stack.setCurrentWidget(self.register)
        self.register.show_course(course, self._actor)

    def _show_session(self, session_id: int) -> None:
        self.stack.setCurrentWidget(self.session)
        self.session.show_session(session_id, self._actor)
        self.session.back_button.setFocus()

    def _leave_session(self) -> None:
        self.show_course(self.page.course_id, tab=CLASSES)

    def _show_year(self) -> None:
        self.stack.setCurrentWidget(self.year)
        self.year.show_for(self._actor)
        self.year.terms.table.setFocus()

    def _set_up_list(self) -> None:
        for one, words in (
            (CourseFilter.MINE, _("Mine")),
            (CourseFilter.ARCHIVED, _("Archived")),
            (CourseFilter.NO_STUDENTS, _("Without students")),
            (CourseFilter.NO_TEACHER, _("Without a teacher")),
            (CourseFilter.NO_TIMETABLE, _("Not in the timetable")),
        ):
            self.list.add_filter(ListFilter(one.value, words))
        self._actions = (
            self.list.add_action(_("Archive"), partial(self._change_all, archive=True)),
            self.list.add_action(_("Reopen"), partial(self._change_all, archive=False)),
        )
        self.list.say_when_empty(
            _("There is no course yet. A class list brings one with its students."),
            _("Import class list…"),
            partial(self._opener.open, IMPORT),
        )

    def _connect(self) -> None:
        self.list.opened.connect(self.show_course)
        self.year_button.clicked.connect(self._show_year)
        self.import_button.clicked.connect(partial(self._opener.open, IMPORT))
        self.new_button.clicked.connect(self._new)
        self.page.closed.connect(self._show_list)
        self.page.opened.connect(self.show_course)
        self.page.register_wanted.connect(self._show_register)
        self.page.session_wanted.connect(self._show_session)
        self.session.closed.connect(self._leave_session)
        self.session.resume_requested.connect(self.resume_requested)
        self.register.closed.connect(lambda: self.show_course(self.page.course_id))
        self.year.closed.connect(self._show_list)
        self._opener.closed.connect(self._follow)

    def _lay_out(self) -> None:
        space = self._theme.space
        for one in (self, self._front):
            one.setProperty("surface", "page")
            one.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = horizontal(
            (PageTitle(_("Courses")), 1),
            self.year_button,
            self.import_button,
            self.new_button,
            spacing=space(1.5),
        )
        vertical(
            head,
            (self.list, 1),
            on=self._front,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(2),
        )

    def _new(self) -> None:
        dialog = CourseDialog(self._app.courses, self._theme, self._actor, self.window())
        dialog.saved.connect(lambda course: self.show_course(course.course_id))
        self._opener.hold(dialog)
        dialog.open()

    def _change_all(self, rows: list[ListRow], *, archive: bool) -> None:
        """Archive or reopen several; those whose class is open are named and stay."""
        editing, actor = self._app.courses.editing, self._actor
        ids = [one.key for one in rows if isinstance(one.key, int)]

        def work() -> int:
            for course_id in ids:
                course = editing.course(course_id)
                (editing.archive if archive else editing.reopen)(course, actor=actor)
            return len(ids)

        def then(number: int) -> None:
            words = (
                ngettext("{n} course is archived.", "{n} courses are archived.", number, n=number)
                if archive
                else ngettext("{n} course is open again.", "{n} courses are open again.", number, n=number)
            )
            self.list.banner.say(words, tone=Tone.PRESENT)
            self.list.reload()

        self._tasks.run(work, then=then, failed=self._refused)

    def _refused(self, error: KioskError) -> None:
        self.list.reload()
        self.list.banner.show_error(error)

    def _follow(self, entry: Entry) -> None:
        """A dialog was closed that may have changed them."""
        if entry.changes_courses and self._front.isVisible():
            self.list.reload()


def _columns() -> tuple[ListColumn, ...]:
    return (
        ListColumn("code", _("Code"), width=200),
        ListColumn("title", _("Title"), width=0),
        ListColumn("teachers", _("Teachers"), width=260),
        ListColumn("students", _("Students"), width=180, is_number=True),
        ListColumn("next", _("Next meeting"), width=280),
        ListColumn("term", _("Term"), width=180),
        ListColumn("state", _("State"), width=140, sorts=False),
    )
