"""How the class went, right after its end and before the teacher is signed out. Main thread; reading runs in tasks.

What is doubtful stays folded away until somebody asks: the class may still see this screen.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.attendance.roster.event_lines import attack_words, incident_words, refused_words
from kiosk.gui.attendance.roster.headcount_row import surplus_words
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.bridge import Bridge
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, PageTitle, Text
from kiosk.services.app import KioskApp
from kiosk.services.attendance.lesson.class_summaries import ClassSummary
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import status_words
from kiosk.wording.dates import clock_time


class StatusColumn(Card):
    """Everybody with one status: how many, and who."""

    def __init__(self, theme: Theme, status: Status) -> None:
        super().__init__(theme, padding=2.5)
        self._status = status
        self.number = Text("0", TextStyle.DISPLAY, status_look(status).tone)
        self.names = Text(wrap=True)
        self.names.setAlignment(Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        vertical(self.names, 1, on=inner)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        title = status_words(status).title
        area.setAccessibleName(title)
        self.body.addWidget(Text(title, TextStyle.STRONG, Tone.MUTED))
        self.body.addWidget(self.number)
        self.body.addWidget(area, 1)

    def show_summary(self, summary: ClassSummary) -> None:
        """Who has the status in this class."""
        self.number.setText(str(summary.tally.number(self._status)))
        self.names.setText("\n".join(one.full_name for one in summary.with_status(self._status)))


class SummaryView(QWidget):
    """The summary, and the register to correct something in.

    Signals:
        done: The teacher has seen it.
    """

    done = Signal()

    def __init__(
        self, app: KioskApp, theme: Theme, bridge: Bridge | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._bridge = bridge
        self._tasks = Tasks(self)
        self._actor = NOBODY
        self._session_id = 0
        self.summary: ClassSummary | None = None
        self.dialog: Dialog | None = None
        self.register: Any = None
        self.banner = Banner(theme)
        self._title = PageTitle(_("The class has ended"))
        self._when = Text(style=TextStyle.HEADING, tone=Tone.MUTED)
        self.columns = {status: StatusColumn(theme, status) for status in Status}
        self.counted = Text(tone=Tone.LATE, wrap=True)
        self.notes = Text(tone=Tone.LATE, wrap=True)
        self.notes_button = QuietButton("")
        self.export_button = SecondaryButton(_("E&xport…"))
        self.correct_button = SecondaryButton(_("&Correct…"))
        self.done_button = PrimaryButton(_("&Done"))
        self.back_button = SecondaryButton(_("&Back to the summary"))
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._summary_page())
        self._register_page = QWidget()
        self._register_page.setProperty("surface", "page")
        self._register_page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._register_column = vertical(
            (self.back_button, 0, Qt.AlignmentFlag.AlignLeft), on=self._register_page, **self._margins()
        )
        self._pages.addWidget(self._register_page)
        for button in (self.notes_button, self.export_button, self.correct_button, self.done_button):
            button.setAutoDefault(True)  # Enter presses what has the focus, outside of a dialog, too
        self.back_button.setAutoDefault(True)
        self.notes_button.clicked.connect(self._show_notes)
        self.export_button.clicked.connect(self._export)
        self.correct_button.clicked.connect(self._correct)
        self.done_button.clicked.connect(self.done)
        self.back_button.clicked.connect(self._back)

    @property
    def shows_register(self) -> bool:
        """Whether something is being corrected."""
        return self._pages.currentWidget() is self._register_page

    def show_class(self, session_id: int, actor: Actor) -> None:
        """Show how a class went, to somebody who may see it."""
        self._session_id, self._actor = session_id, actor
        self.summary = None
        self.export_button.setVisible(actor.may(Right.EXPORT))
        self.correct_button.setVisible(actor.may(Right.CORRECT))
        self._pages.setCurrentIndex(0)
        self._show(None)
        self._read()
        self.done_button.setFocus()

    def _read(self) -> None:
        session_id = self._session_id

        def then(summary: ClassSummary) -> None:
            if session_id == self._session_id:
                self._show(summary)

        work = partial(self._app.records.summaries.of, session_id, actor=self._actor)
        self._tasks.run(work, then=then, failed=self.banner.show_error)

    def _show(self, summary: ClassSummary | None) -> None:
        self.summary = summary
        self.banner.clear()
        self.notes.hide()
        if summary is None:
            for line in (self._when, self.counted, self.notes_button):
                line.hide()
            return
        session, tally, zone = summary.session, summary.tally, self._app.core.zone
        self._title.setText(_("{code} has ended", code=summary.course.code))
        ended = session.ended_at or self._app.core.clock.now()
        self._when.show_if_any(
            _(
                "{attended} of {expected} were here · {start} to {end}",
                attended=tally.attended,
                expected=tally.expected,
                start=clock_time(session.started_at, zone),
                end=clock_time(ended, zone),
            )
        )
        for column in self.columns.values():
            column.show_summary(summary)
        counted = session.headcount is not None and not session.surplus(tally.attended)
        said = (
            ngettext(
                "{n} person was counted in the room.",
                "{n} people were counted in the room.",
                session.headcount or 0,
                n=session.headcount or 0,
            )
            if counted
            else surplus_words(session, tally.attended)
        )
        self.counted.set_tone(Tone.MUTED if counted else Tone.LATE)
        self.counted.show_if_any(said)
        self.notes_button.setText(_notes_title(summary))
        self.notes_button.setVisible(bool(summary.doubts or summary.messages))

    def _summary_page(self) -> QWidget:
        space = self._theme.space
        page = QWidget()
        page.setProperty("surface", "page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        columns = horizontal(*((one, 1) for one in self.columns.values()), spacing=space(2))
        leaving = Text(
            _("You are signed out when nobody touches anything for a minute."), TextStyle.CAPTION, Tone.MUTED
        )
        buttons = horizontal(
            (leaving, 1), self.correct_button, self.export_button, self.done_button, spacing=space(1.5)
        )
        vertical(
            vertical(self._title, self._when, spacing=space(0.5)),
            self.banner,
            (columns, 1),
            self.counted,
            (self.notes_button, 0, Qt.AlignmentFlag.AlignLeft),
            self.notes,
            buttons,
            on=page,
            **self._margins(),
        )
        return page

    def _margins(self) -> dict[str, Any]:
        space = self._theme.space
        return {"edges": (space(6), space(5), space(6), space(3)), "spacing": space(2)}

    def _show_notes(self) -> None:
        summary, zone = self.summary, self._app.core.zone
        if summary is None:
            return
        lines = [
            attack_words(summary.attacks, zone),
            *(incident_words(one, summary.name_of, zone) for one in summary.incidents),
            *refused_words(summary.refused, summary.name_of, zone),
        ]
        if summary.messages:
            lines.append(_("Messages of students about their records wait in the register: press Correct…."))
        self.notes.show_if_any("\n".join(line for line in lines if line))
        self.notes_button.hide()

    def _correct(self) -> None:
        if self.register is None:
            from kiosk.gui.attendance.roster.panel import RosterPanel

            self.register = RosterPanel(self._app, self._theme, self._bridge, closable=False)
            self._register_column.addWidget(self.register, 1)
        self._pages.setCurrentWidget(self._register_page)
        self.register.show_session(self._session_id, self._actor)

    def _back(self) -> None:
        self._pages.setCurrentIndex(0)
        self._read()
        self.done_button.setFocus()

    def _export(self) -> None:
        from kiosk.gui.reports.export import ExportDialog

        if self.summary is None:
            return
        app, course_id = self._app, self.summary.course.course_id
        parts = app.core, app.courses, app.reports.exports, self._theme, self._actor, self
        self.dialog = ExportDialog(*parts, course_id=course_id)
        self.dialog.finished.connect(self._forget_dialog)
        self.dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None


def _notes_title(summary: ClassSummary) -> str:
    said = []
    if summary.doubts:
        n = summary.doubts
        said.append(ngettext("{n} thing to look at", "{n} things to look at", n, n=n))
    if summary.messages:
        n = summary.messages
        said.append(ngettext("{n} message", "{n} messages", n, n=n))
    return _("{said}: show", said=" · ".join(said))
