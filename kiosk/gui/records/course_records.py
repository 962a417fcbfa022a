"""All records of a course: its sessions, and the register of the chosen one. Main thread; reading runs in tasks.

The register is the roster panel, so marks by hand and their history work here as they do during a class.
"""

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.attendance.afterwards.add_session import AddSessionDialog
from kiosk.gui.attendance.afterwards.deleted_sessions import DeletedSessionsDialog
from kiosk.gui.attendance.afterwards.session_menu import SessionMenu
from kiosk.gui.attendance.afterwards.session_words import session_state, session_title
from kiosk.gui.attendance.afterwards.undo_line import UndoLine
from kiosk.gui.attendance.facts import Meeting, meetings_of
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import QuietButton, SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import CourseBox, ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.translation import N_, _, ngettext
from kiosk.wording.attendance import policy_words, status_words

COUNTED = N_("Counted")
NARROW_PX: Final = 1500
"""Below this the sessions get as much of the width as the register, and not more."""


class RecordsView(QWidget):
    """`tools`, the choice of the course and the buttons, may be put beside a title elsewhere.

    `export_requested` carries the course that is looked at, `resume_requested` the session that was opened again.
    """

    export_requested = Signal(int)
    resume_requested = Signal(int)

    def __init__(self, app: KioskApp, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._tasks = Tasks(self)
        self._actor = NOBODY
        self._meetings: list[Meeting] = []
        self.banner = Banner(theme)
        self.tools = QWidget()
        self.course = CourseBox()
        self.course.setAccessibleName(_("Course"))
        self.export_button = SecondaryButton(_("Export to Excel…"))
        self.add_button = SecondaryButton(_("&Add session…"))
        self.deleted_button = QuietButton(_("Deleted sessions…"))
        self.menu = SessionMenu(app, theme)
        self.undo = UndoLine(app, theme)
        self.dialog: Dialog | None = None
        headings = (_("Session"), *(status_words(status).title for status in Status), _(COUNTED))
        self.sessions = ResultTable(theme, headings, name=_("Sessions of the course"), height=200, wide=0)
        self._none = Text(_("This course has not met yet."), tone=Tone.MUTED)
        self.register = RosterPanel(app, theme, closable=False)
        self._lay_out()
        self.export_button.clicked.connect(self._export)
        self.add_button.clicked.connect(self._add)
        self.deleted_button.clicked.connect(self._show_deleted)
        self.menu.changed.connect(self._load_again)
        self.menu.deleted.connect(self._follow_deletion)
        self.menu.opened_again.connect(lambda session: self.resume_requested.emit(session.session_id))
        self.menu.failed.connect(self.banner.show_error)
        self.undo.restored.connect(self._load_again)
        self.undo.failed.connect(self.banner.show_error)
        self.course.currentIndexChanged.connect(self._load_meetings)
        self.sessions.itemSelectionChanged.connect(self._show_register)
        self.register.changed.connect(self._follow)

    def show_for(self, actor: Actor) -> None:
        """Begin with the likely course."""
        self._actor = actor
        self.export_button.setVisible(actor.may(Right.EXPORT))
        for part in (self.add_button, self.deleted_button, self.menu):
            part.setVisible(actor.may(Right.CORRECT))
        self.banner.clear()
        self.undo.hide()

        def work() -> tuple[list[Course], int | None]:
            today = self._app.attendance.sessions.today()
            return self._app.records.all.courses(actor=actor), today[0].course.course_id if today else None

        def then(answer: tuple[list[Course], int | None]) -> None:
            courses, likely = answer
            self.course.blockSignals(True)
            self.course.fill(courses, chosen=likely)
            self.course.blockSignals(False)
            self._load_meetings()

        self._tasks.run(work, then=then, failed=self.banner.show_error)

    def _lay_out(self) -> None:
        space = self._theme.space
        self.course.setMinimumWidth(self._theme.px(290))
        horizontal(1, self.course, self.add_button, self.export_button, on=self.tools, spacing=space(1.5))
        self.sessions.setMinimumHeight(0)
        self.sessions.setMaximumHeight(16_777_215)
        below = horizontal(self.menu, 1, self.deleted_button, spacing=space(1))
        left = vertical(self._none, (self.sessions, 1), self.undo, below, spacing=space(1.5))
        self._body = horizontal((left, 12), (self.register, 8), spacing=space(2))
        vertical(self.tools, self.banner, (self._body, 1), on=self, spacing=space(2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Names and marks need as much room on a small screen as on a large one; sessions may be cut.
        is_wide = self.width() >= self._theme.px(NARROW_PX)
        self._body.setStretch(0, 12 if is_wide else 8)
        self.course.setMinimumWidth(self._theme.px(420 if is_wide else 290))

    def _load_meetings(self) -> None:
        self.undo.hide()
        self._load()

    def _load_again(self, session: ClassSession) -> None:
        """Read the sessions once more, and go on with one of them."""
        self.undo.hide()
        self._load(session)

    def _load(self, chosen: ClassSession | None = None) -> None:
        course = self.course.course()
        if course is None:
            self._show_meetings([])
            return

        def then(meetings: list[Meeting]) -> None:
            if self.course.course() == course:
                self._show_meetings(meetings, chosen)

        self._tasks.run(
            partial(meetings_of, self._app.core.store, course.course_id, actor=self._actor),
            then=then,
            failed=self.banner.show_error,
        )

    def _show_meetings(self, meetings: list[Meeting], chosen: ClassSession | None = None) -> None:
        self._meetings = meetings
        self.sessions.clearSelection()
        self.sessions.show_rows([self._row(meeting) for meeting in meetings])
        self.sessions.setColumnHidden(
            self.sessions.columnCount() - 1, not any(_counted(meeting.session) for meeting in meetings)
        )
        self.sessions.setVisible(bool(meetings))
        self._none.setVisible(not meetings)
        self.register.setVisible(bool(meetings))
        self.menu.show_session(None, self._actor)
        if meetings:
            ids = [meeting.session.session_id for meeting in meetings]
            self.sessions.select(ids, chosen.session_id if chosen is not None else None)
            self.sessions.setFocus()

    def _row(self, meeting: Meeting) -> tuple[Tone, tuple[str, ...]]:
        session = meeting.session
        parts = [session_title(session, self._app.core.zone)]
        if session.added_at is None:
            parts.append(policy_words(session.policy).word)
        if state := session_state(session, meeting.count.total):
            parts.append(state)
        if meeting.objections:
            parts.append(
                ngettext(
                    "{objections} message",
                    "{objections} messages",
                    meeting.objections,
                    objections=meeting.objections,
                )
            )
        tone = Tone.ACCENT if session.is_open else Tone.TEXT if session.counts else Tone.MUTED
        if meeting.objections:
            tone = Tone.LATE
        return tone, (" · ".join(parts), *_numbers(meeting.count), _counted(meeting.session))

    def _show_register(self) -> None:
        meeting = self.sessions.chosen(self._meetings)
        if meeting is not None:
            self.menu.show_session(meeting.session, self._actor)
            self.register.show_session(meeting.session.session_id, self._actor, focus=False)

    def _add(self) -> None:
        course = self.course.course()
        self.dialog = dialog = AddSessionDialog(
            self._app,
            self._theme,
            self._actor,
            self.window(),
            course_id=course.course_id if course is not None else None,
        )
        dialog.added.connect(self._go_to)
        dialog.open()

    def _show_deleted(self) -> None:
        self.dialog = dialog = DeletedSessionsDialog(self._app, self._theme, self._actor, self.window())
        dialog.restored.connect(self._go_to)
        dialog.open()

    def _go_to(self, session: ClassSession) -> None:
        """Show a session that is there now, of whatever course."""
        for place in range(self.course.count()):
            course = self.course.itemData(place)
            if isinstance(course, Course) and course.course_id == session.course_id:
                self.course.blockSignals(True)
                self.course.setCurrentIndex(place)
                self.course.blockSignals(False)
        self._load_again(session)

    def _follow_deletion(self, session: ClassSession) -> None:
        self._load()
        self.undo.offer(session, self._actor)

    def _follow(self, state: RosterState) -> None:
        """Numbers follow what is changed in the register."""
        session = state.session
        for row, meeting in enumerate(self._meetings):
            if session is None or meeting.session.session_id != session.session_id:
                continue
            for column, number in enumerate((*_numbers(_count_of(state.count)), _counted(session)), start=1):
                item = self.sessions.item(row, column)
                if item is not None:
                    item.setText(number)

    def _export(self) -> None:
        course = self.course.course()
        self.export_requested.emit(course.course_id if course is not None else 0)


def _counted(session: ClassSession) -> str:
    return "" if session.headcount is None else str(session.headcount)


def _count_of(tally: ClassTally) -> AttendanceCount:
    return AttendanceCount(tally.present, tally.late, tally.excused, tally.absent)


def _numbers(count: AttendanceCount) -> tuple[str, ...]:
    return tuple(str(count.of(status)) for status in Status)
