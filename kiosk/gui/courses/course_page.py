"""One course: who is in it, when it meets, and what became of its classes. Main thread; reading runs in tasks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.attendance.afterwards.add_session import LENGTH, AddSessionDialog
from kiosk.gui.courses.course_dialogs import CopyDialog, CourseDialog
from kiosk.gui.courses.course_head import CourseHead
from kiosk.gui.courses.course_rows import HeldRows, StudentRows
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.courses.timetable_tab import TimetableTab
from kiosk.gui.dialog_catalogue import Entry
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.remembered import Remembered
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import ConfirmDialog, Dialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.lists.output import SaveRows
from kiosk.gui.widgets.lists.panel import ListPanel
from kiosk.gui.widgets.lists.rows import ListColumn, ListFilter, ListRow
from kiosk.services.app import KioskApp
from kiosk.services.courses.course_listing import CourseLine, HeldLine, is_forgotten
from kiosk.translation import _, ngettext

STUDENTS, TIMETABLE, CLASSES = range(3)
"""Its tabs."""


class CoursePage(QWidget):
    """Shows one course.

    Signals:
        closed: Back to the list.
        opened: Another course is to be shown, such as a copy; carries its id.
        register_wanted: Students are to be registered; carries the course.
        session_wanted: One of its classes is to be shown; carries the session's id.
    """

    closed = Signal()
    opened = Signal(int)
    register_wanted = Signal(object)
    session_wanted = Signal(int)

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        opener: DialogOpener,
        remembered: Remembered,
        save: SaveRows,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._opener = opener
        self._tasks = Tasks(self)
        self._actor: Actor = NOBODY
        self.course_id = 0
        self._line: CourseLine | None = None
        self.banner = Banner(theme)
        self.head = CourseHead(theme, app.core.zone)
        self.tabs = QTabBar()
        for words in (_("Students"), _("Timetable"), _("Classes")):
            self.tabs.addTab(words)
        self.register_button = SecondaryButton(_("Register students…"))
        self.import_button = SecondaryButton(_("Import class list…"))
        self.add_button = SecondaryButton(_("Add session…"))
        lists = _Lists(app, theme, remembered, save, lambda: self.course_id, lambda: self._actor)
        self.students, self.classes = lists.students, lists.classes
        self.leave_button = self.students.add_action(_("Take out of the course…"), self._ask_to_leave)
        self.timetable = TimetableTab(app.core, app.courses, theme, opener, remembered)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    @property
    def course(self) -> Course | None:
        """What is shown."""
        return self._line.course if self._line is not None else None

    def show_course(self, course_id: int, actor: Actor, *, tab: int = STUDENTS) -> None:
        """Show a course to somebody."""
        self.course_id, self._actor = course_id, actor
        self._line = None
        self.head.clear()
        may = actor.may(Right.MANAGE_COURSES)
        self.head.allow(may)
        for button in (self.register_button, self.leave_button):
            button.setVisible(may)
        self.add_button.setVisible(actor.may(Right.CORRECT))
        self.import_button.setVisible(may and actor.may(Right.MANAGE_PEOPLE))
        for one in (self.students, self.classes):
            one.output.save_button.setVisible(actor.may(Right.EXPORT))
        self.banner.clear()
        self.tabs.setCurrentIndex(tab)
        self.timetable.show_course(course_id, actor)
        self.reload()

    def reload(self) -> None:
        """Read it again."""
        read = partial(self._app.courses.listing.line, self.course_id, actor=self._actor)
        self._tasks.run(read, then=self._show, failed=self.banner.show_error)
        self.students.reload()
        self.classes.reload()

    def _show(self, line: CourseLine) -> None:
        self._line = line
        self.head.show_line(line)
        for button in (self.register_button, self.import_button):
            button.setEnabled(not line.course.is_archived)

    def _connect(self) -> None:
        self.head.back_button.clicked.connect(self.closed)
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.head.edit_button.clicked.connect(self._edit)
        self.head.copy_button.clicked.connect(self._copy)
        self.head.archive_button.clicked.connect(self._archive)
        self.register_button.clicked.connect(lambda: self.register_wanted.emit(self.course))
        self.import_button.clicked.connect(self._import)
        self.add_button.clicked.connect(lambda _checked: self._add_session())
        self.classes.opened.connect(self._open_class)
        self._opener.closed.connect(self._follow)

    def _lay_out(self) -> None:
        space = self._theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        students = QWidget()
        tools = horizontal(self.register_button, self.import_button, 1, spacing=space(1.5))
        vertical(tools, (self.students, 1), on=students, spacing=space(1.5))
        classes = QWidget()
        vertical(horizontal(self.add_button, 1), (self.classes, 1), on=classes, spacing=space(1.5))
        for one in (students, self.timetable, classes):
            self._stack.addWidget(one)
        vertical(
            self.head,
            self.banner,
            self.tabs,
            (self._stack, 1),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(1.5),
        )

    def _follow(self, entry: Entry) -> None:
        if entry.changes_courses and self.isVisible():
            self.reload()

    def _open_class(self, key: object) -> None:
        """Show a class that was held; write one down that nobody started."""
        if not isinstance(key, HeldLine):
            return
        line = key.line
        if line.session is not None:
            self.session_wanted.emit(line.session.session_id)
        elif line.meeting is not None and is_forgotten(key):
            self._add_session(at=line.begins_at, length=line.meeting.ends_at - line.begins_at)

    def _add_session(self, *, at: datetime | None = None, length: timedelta = LENGTH) -> None:
        dialog = AddSessionDialog(
            self._app,
            self._theme,
            self._actor,
            self.window(),
            course_id=self.course_id,
            started_at=at,
            length=length,
        )
        dialog.added.connect(lambda session: self.session_wanted.emit(session.session_id))
        self._open(dialog)

    def _edit(self) -> None:
        dialog = CourseDialog(
            self._app.courses, self._theme, self._actor, self.window(), course_id=self.course_id
        )
        dialog.saved.connect(lambda _course: self.reload())
        self._open(dialog)

    def _copy(self) -> None:
        if self.course is None:
            return
        dialog = CopyDialog(self._app.courses, self._theme, self._actor, self.course, self.window())
        dialog.saved.connect(lambda course: self.opened.emit(course.course_id))
        self._open(dialog)

    def _import(self) -> None:
        if self.course is None:
            return
        lists, code = self._app.courses.lists, self.course.code
        dialog = ImportClassListDialog(
            self._app.core, lists, self._theme, self._actor, self.window(), course_code=code
        )
        dialog.imported.connect(self.reload)
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        self._opener.hold(dialog)
        dialog.open()

    def _archive(self) -> None:
        course = self.course
        if course is None:
            return
        editing = self._app.courses.editing
        change = editing.reopen if course.is_archived else editing.archive

        def then(changed: Course) -> None:
            words = (
                _("{code} is archived. Its records stay; “Reopen” brings it back.", code=changed.code)
                if changed.is_archived
                else _("{code} is open again.", code=changed.code)
            )
            self.banner.say(words, tone=Tone.PRESENT)
            self.reload()

        self._tasks.run(lambda: change(course, actor=self._actor), then=then, failed=self.banner.show_error)

    def _ask_to_leave(self, rows: list[ListRow]) -> None:
        course = self.course
        leaving = [one.key for one in rows if isinstance(one.key, Student)]
        if course is None or not leaving:
            return
        asked = ConfirmDialog(
            self._theme,
            self.window(),
            title=ngettext(
                "Take {n} student out of {code}?",
                "Take {n} students out of {code}?",
                len(leaving),
                n=len(leaving),
                code=course.code,
            ),
            text=_("From today on. Their records of this course stay."),
            action=_("Take out"),
            danger=True,
        )
        asked.accepted.connect(partial(self._leave, course, leaving))
        self._opener.hold(asked)

    def _leave(self, course: Course, leaving: Sequence[Student]) -> None:
        lists, today = self._app.courses.lists, self._app.core.today()

        def then(gone: list[Student]) -> None:
            words = ngettext(
                "{n} student left the course.", "{n} students left the course.", len(gone), n=len(gone)
            )
            self.banner.say(words, tone=Tone.PRESENT)
            self.reload()

        self._tasks.run(
            lambda: lists.end_registrations(course, leaving, on=today, actor=self._actor),
            then=then,
            failed=self.banner.show_error,
        )


class _Lists:
    """The two lists of the page; they ask for the course that is shown each time that they read."""

    def __init__(
        self,
        app: KioskApp,
        theme: Theme,
        remembered: Remembered,
        save: SaveRows,
        course_id: Callable[[], int],
        actor: Callable[[], Actor],
    ) -> None:
        core, courses = app.core, app.courses
        self.students = ListPanel(
            theme,
            (ListColumn("name", _("Name"), width=0), ListColumn("number", _("Number"), width=320)),
            StudentRows(lambda: courses.listing.students(course_id(), actor=actor())),
            name=_("Students of the course"),
            key="course.students",
            remembered=remembered,
            save=save,
        )
        self.students.say_when_empty(_("Nobody is in this course yet. Register students or import a list."))
        self.classes = ListPanel(
            theme,
            (
                ListColumn("begins", _("Began"), width=0),
                ListColumn("ends", _("Ended"), width=150, sorts=False),
                ListColumn("state", _("State"), width=260, sorts=False),
                ListColumn("came", _("Came"), width=150, is_number=True, sorts=False),
                ListColumn("late", _("Late"), width=140, is_number=True, sorts=False),
                ListColumn("absent", _("Absent"), width=160, is_number=True, sorts=False),
                ListColumn("by", _("By"), width=220, sorts=False),
            ),
            HeldRows(lambda: courses.listing.held(course_id(), actor=actor()), core.zone),
            name=_("Classes of the course"),
            key="course.classes",
            remembered=remembered,
            save=save,
        )
        self.classes.add_filter(ListFilter("forgotten", _("Forgotten")))
        self.classes.say_when_empty(_("This course has not met yet."))


def save_rows(app: KioskApp, actor: Callable[[], Actor]) -> SaveRows:
    """Writes the rows of a list to a file for whoever `actor` says is there."""

    def save(path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
        return app.reports.lists.save(path, title=title, headings=headings, rows=rows, actor=actor())

    return save
