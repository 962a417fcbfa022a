"""All records of a course: its sessions, and the register of the chosen one. Main thread; reading runs in tasks.

The register is the roster panel, so marks by hand and their history work here as they do during a class.
"""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.attendance.facts import Meeting, meetings_of
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import CourseBox, ResultTable
from kiosk.gui.widgets.surfaces import PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.translation import N_, _, ngettext
from kiosk.wording.attendance import policy_words, status_words
from kiosk.wording.dates import day_and_time

COUNTED = N_("Counted")


class RecordsView(QWidget):
    """`export_requested` carries the course that is looked at."""

    export_requested = Signal(int)

    def __init__(self, app: KioskApp, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._tasks = Tasks(self)
        self._actor = NOBODY
        self._meetings: list[Meeting] = []
        self.banner = Banner(theme)
        self.course = CourseBox()
        self.course.setAccessibleName(_("Course"))
        self.export_button = SecondaryButton(_("Export to Excel…"))
        headings = (_("Session"), *(status_words(status).title for status in Status), _(COUNTED))
        self.sessions = ResultTable(theme, headings, name=_("Sessions of the course"), height=200, wide=0)
        self._none = Text(_("This course has not met yet."), tone=Tone.MUTED)
        self.register = RosterPanel(app, theme, closable=False)
        self._lay_out()
        self.export_button.clicked.connect(self._export)
        self.course.currentIndexChanged.connect(self._load_meetings)
        self.sessions.itemSelectionChanged.connect(self._show_register)
        self.register.changed.connect(self._follow)

    def show_for(self, actor: Actor) -> None:
        """Begin with the likely course."""
        self._actor = actor
        self.export_button.setVisible(actor.may(Right.EXPORT))
        self.banner.clear()

        def work() -> tuple[list[Course], int | None]:
            today = self._app.attendance.sessions.today()
            return self._app.courses.lists.all_courses(), today[0].course.course_id if today else None

        def then(answer: tuple[list[Course], int | None]) -> None:
            courses, likely = answer
            self.course.blockSignals(True)
            self.course.fill(courses, chosen=likely)
            self.course.blockSignals(False)
            self._load_meetings()

        self._tasks.run(work, then=then, failed=self.banner.show_error)

    def _lay_out(self) -> None:
        space = self._theme.space
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = horizontal(PageTitle(_("Records")), 1, spacing=space(2))
        self.course.setMinimumWidth(self._theme.px(420))
        head.addWidget(self.course)
        head.addWidget(self.export_button)
        self.sessions.setMinimumHeight(0)
        self.sessions.setMaximumHeight(16_777_215)
        left = vertical(self._none, (self.sessions, 1), spacing=space(2))
        body = horizontal((left, 12), (self.register, 8), spacing=space(2))
        vertical(
            head,
            self.banner,
            (body, 1),
            on=self,
            edges=(space(6), space(3), space(6), space(3)),
            spacing=space(3),
        )

    def _load_meetings(self) -> None:
        course = self.course.course()
        if course is None:
            self._show_meetings([])
            return

        def then(meetings: list[Meeting]) -> None:
            if self.course.course() == course:
                self._show_meetings(meetings)

        self._tasks.run(
            partial(meetings_of, self._app.core.store, course.course_id, actor=self._actor),
            then=then,
            failed=self.banner.show_error,
        )

    def _show_meetings(self, meetings: list[Meeting]) -> None:
        self._meetings = meetings
        self.sessions.clearSelection()
        self.sessions.show_rows([self._row(meeting) for meeting in meetings])
        self.sessions.setVisible(bool(meetings))
        self._none.setVisible(not meetings)
        self.register.setVisible(bool(meetings))
        if meetings:
            self.sessions.selectRow(0)
            self.sessions.setFocus()

    def _row(self, meeting: Meeting) -> tuple[Tone, tuple[str, ...]]:
        parts = [
            day_and_time(meeting.session.started_at, self._app.core.zone),
            policy_words(meeting.session.policy).word,
        ]
        if meeting.session.is_open:
            parts.append(_("open now"))
        if meeting.objections:
            parts.append(
                ngettext(
                    "{objections} message",
                    "{objections} messages",
                    meeting.objections,
                    objections=meeting.objections,
                )
            )
        tone = Tone.ACCENT if meeting.session.is_open else Tone.TEXT
        if meeting.objections:
            tone = Tone.LATE
        return tone, (" · ".join(parts), *_numbers(meeting.count), _counted(meeting.session))

    def _show_register(self) -> None:
        meeting = self.sessions.chosen(self._meetings)
        if meeting is not None:
            self.register.show_session(meeting.session.session_id, self._actor, focus=False)

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
