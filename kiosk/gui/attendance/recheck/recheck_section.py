"""Re-checks in the roster: start and stop one, who has not shown up, and what the teacher says to that. Main thread.

It reads and writes by itself, in tasks; the roster's reader tells it which session is shown, and whether the class can read it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from kiosk.domain.people.students import Student
from kiosk.errors import KioskError
from kiosk.gui.attendance.roster.reader import RosterReader
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.bridge import Bridge
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.services.attendance.recheck.recheck_watch import RecheckNow
from kiosk.services.attendance.recheck.rechecks import Missing, RecheckReport
from kiosk.services.events import (
    CheckInResult,
    Event,
    RecheckChanged,
    RecordCorrected,
    SessionEnded,
)
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import state_title
from kiosk.wording.rechecks import recheck_outcome, recheck_title, window_words

SOON_MS: Final = 200
TICK_MS: Final = 500
LISTED_PX: Final = 220


@dataclass(frozen=True, slots=True)
class _Read:
    reports: tuple[RecheckReport, ...]
    is_offered: bool


class RecheckSection(QFrame):
    """Hidden where the school uses no re-checks and the class had none."""

    def __init__(self, app: KioskApp, theme: Theme, reader: RosterReader, bridge: Bridge | None) -> None:
        super().__init__()
        self._rechecks, self._watch = app.attendance.rechecks, app.attendance.recheck_watch
        self._zone: ZoneInfo = app.core.zone
        self._theme = theme
        self._reader = reader
        self._tasks = Tasks(self)
        self._state = reader.state
        self._read = _Read((), False)
        self._asks_to_undo = False
        self.buttons: dict[int, SecondaryButton] = {}
        self._title = Text(style=TextStyle.STRONG, wrap=True)
        self._outcome = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.start_button = SecondaryButton(_("Start re-check"))
        self.start_button.clicked.connect(self._start)
        self.stop_button = SecondaryButton(_("Stop re-check"))
        self.stop_button.clicked.connect(self._stop)
        self.undo_button = SecondaryButton(_("Take back…"))
        self.undo_button.clicked.connect(self._take_back)
        self._area, self._rows = self._list()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._look)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        if bridge is not None:
            bridge.arrived.connect(self.on_event)
        self.hide()

    @property
    def title(self) -> str:
        """What the line says."""
        return self._title.text()

    @property
    def outcome(self) -> str:
        """What stands below it."""
        return self._outcome.text()

    def show_state(self, state: RosterState) -> None:
        """Follow the session that is shown."""
        before, self._state = self._state, state
        if (state.session_id, state.is_open) != (before.session_id, before.is_open):
            self._read, self._asks_to_undo = _Read((), False), False
            self._soon.start()
        if state.is_discreet != before.is_discreet:
            self._draw()

    def on_event(self, event: Event) -> None:
        """Look again when something happened that may concern it."""
        match event:
            case RecheckChanged() if event.recheck.session_id == self._state.session_id:
                self._asks_to_undo = False
                self._soon.start()
            case CheckInResult() | RecordCorrected() | SessionEnded() if self._read.reports:
                self._soon.start()

    # -- reading -------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        session_id, actor = self._state.session_id, self._reader.actor
        if not session_id:
            return

        def work() -> _Read:
            reports = self._rechecks.of_session(session_id, actor=actor)
            return _Read(tuple(reports), self._rechecks.is_offered())

        def then(read: _Read) -> None:
            if session_id == self._state.session_id:
                self._read = read
                self._draw()

        self._tasks.run(work, then=then, failed=self._reader.failed.emit)

    @property
    def _now(self) -> RecheckNow | None:
        return self._watch.now(self._state.session_id) if self._state.is_open else None

    @property
    def _last(self) -> RecheckReport | None:
        return self._read.reports[-1] if self._read.reports else None

    def _draw(self) -> None:
        state, last, now = self._state, self._last, self._now
        is_open_session = state.session is not None and state.session.is_open
        under_way = last is not None and last.recheck.is_open
        self.start_button.setVisible(self._read.is_offered and is_open_session and not under_way)
        self.stop_button.setVisible(under_way and is_open_session)
        can_undo = last is not None and not under_way and any(one.is_set for one in last.missing)
        self.undo_button.setVisible(can_undo and not state.is_discreet)
        self.undo_button.setText(_("Take back now") if self._asks_to_undo else _("Take back…"))
        self._title.setText(self._headline(last, now))
        self._outcome.show_if_any(self._meaning(last))
        self._list_missing(() if last is None or state.is_discreet else last.missing)
        self.setVisible(last is not None or not self.start_button.isHidden())
        if under_way:
            self._timer.start()
        else:
            self._timer.stop()

    def _headline(self, last: RecheckReport | None, now: RecheckNow | None) -> str:
        if last is None:
            return _("Re-check in mid-class")
        if now is not None:
            return window_words(now.left_s, shown=len(now.shown), asked=len(now.asked))
        if last.recheck.is_open:
            return _("Re-check: waiting for who scanned last")
        return recheck_title(last.recheck, missing=len(last.missing), asked=last.asked, zone=self._zone)

    def _meaning(self, last: RecheckReport | None) -> str:
        if last is None:
            return (
                _("Everybody who is marked shows up once more.") if not self.start_button.isHidden() else ""
            )
        if self._asks_to_undo:
            number = sum(one.is_set for one in last.missing)
            return ngettext(
                "{n} record becomes what it was before. Press again to do it.",
                "{n} records become what they were before. Press again to do it.",
                number,
                n=number,
            )
        is_plain = last.recheck.judges and not last.missing
        return "" if is_plain or last.recheck.is_open else recheck_outcome(last.recheck)

    def _list_missing(self, missing: tuple[Missing, ...]) -> None:
        focused = next((one for one, button in self.buttons.items() if button.hasFocus()), None)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        for one in missing:
            self._rows.addWidget(self._row(one))
        self._rows.addStretch(1)
        self._area.setFixedHeight(self._theme.px(min(LISTED_PX, max(1, len(missing)) * 72)))
        self._area.setVisible(bool(missing))
        if focused is not None:
            follower = next(iter(self.buttons.values()), self.start_button)
            self.buttons.get(focused, follower).setFocus()

    def _row(self, one: Missing) -> QWidget:
        row, name = QWidget(), one.student.full_name
        button = SecondaryButton(_("Was here"))
        button.setAutoDefault(True)
        button.setAccessibleName(_("Was here: {full_name}", full_name=name))
        button.clicked.connect(partial(self._was_here, one.student))
        self.buttons[one.student.student_id] = button
        says = Text(state_title(one.record), TextStyle.CAPTION, Tone.LATE if one.is_set else Tone.MUTED)
        texts = vertical(Text(name, wrap=True), says, spacing=0)
        horizontal((texts, 1), button, on=row, spacing=self._theme.space(1))
        return row

    def _list(self) -> tuple[QScrollArea, QVBoxLayout]:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        inside = QWidget()
        rows = vertical(on=inside, edges=(0, 0, self._theme.space(1), 0), spacing=self._theme.space(0.75))
        area.setWidget(inside)
        area.hide()
        return area, rows

    def _lay_out(self) -> None:
        self.setProperty("surface", "card")
        space = self._theme.space
        texts = vertical(self._title, self._outcome, spacing=space(0.25))
        buttons = vertical(self.start_button, self.stop_button, self.undo_button, spacing=space(0.5))
        head = horizontal((texts, 1), (buttons, 0), spacing=space(1))
        edges = (space(2), space(1.25), space(1), space(1.25))
        vertical(head, self._area, on=self, edges=edges, spacing=space(1))
        for button in (self.start_button, self.stop_button, self.undo_button):
            button.setAutoDefault(True)
            button.hide()

    def _tick(self) -> None:
        now, last = self._now, self._last
        if last is not None:
            self._title.setText(self._headline(last, now))

    # -- what the teacher does -----------------------------------------------------------------------------------

    def _start(self) -> None:
        self._do(partial(self._rechecks.start, self._state.session_id, actor=self._reader.actor))

    def _stop(self) -> None:
        self._do(partial(self._rechecks.stop, self._state.session_id, actor=self._reader.actor))

    def _take_back(self) -> None:
        last = self._last
        if last is None:
            return
        if not self._asks_to_undo:
            self._asks_to_undo = True
            self._draw()
            return
        self._asks_to_undo = False
        self._do(partial(self._rechecks.take_back, last.recheck.recheck_id, actor=self._reader.actor))

    def _was_here(self, student: Student, _checked: bool = False) -> None:
        last = self._last
        if last is not None:
            recheck_id = last.recheck.recheck_id
            self._do(
                partial(self._rechecks.was_here, recheck_id, student.student_id, actor=self._reader.actor)
            )

    def _do(self, work: Callable[[], object]) -> None:
        buttons = (self.start_button, self.stop_button, self.undo_button, *self.buttons.values())
        for button in buttons:
            button.setEnabled(False)

        def then(_done: object) -> None:
            for button in buttons[:3]:
                button.setEnabled(True)
            self._look()

        def failed(error: KioskError) -> None:
            then(None)
            self._reader.failed.emit(error)

        self._tasks.run(work, then=then, failed=failed)
