"""Check-out in the roster: start and stop it, who left when, and minutes to correct. Main thread; tasks read and write.

The roster's reader tells it which session is shown, and whether the class can read it.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from kiosk.errors import KioskError
from kiosk.gui.attendance.leaving.minutes_dialog import MinutesDialog
from kiosk.gui.attendance.roster.reader import RosterReader
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.bridge import Bridge
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.services.attendance.leaving.check_outs import Stays, StudentStay
from kiosk.services.events import CheckInResult, CheckOutChanged, Event, RecordCorrected, SessionEnded
from kiosk.translation import _
from kiosk.wording.stays import stay_words

SOON_MS: Final = 200
LISTED_PX: Final = 220


class CheckOutSection(QFrame):
    """Hidden where students do not check out. The list of minutes is folded away until it is asked for."""

    def __init__(self, app: KioskApp, theme: Theme, reader: RosterReader, bridge: Bridge | None) -> None:
        super().__init__()
        self._check_outs, self._zone, self._theme = app.attendance.check_outs, app.core.zone, theme
        self._reader = reader
        self._tasks = Tasks(self)
        self._state = reader.state
        self._stays: Stays | None = None
        self._is_listed = False
        self.buttons: dict[int, SecondaryButton] = {}
        self.dialog: MinutesDialog | None = None
        self._title = Text(style=TextStyle.STRONG, wrap=True)
        self._note = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self.turn_button = SecondaryButton("")
        self.turn_button.clicked.connect(self._turn)
        self.list_button = SecondaryButton("")
        self.list_button.clicked.connect(self._fold)
        self._area = QScrollArea()
        inside = QWidget()
        self._rows = vertical(on=inside, edges=(0, 0, theme.space(1), 0), spacing=theme.space(0.75))
        self._area.setWidget(inside)
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._look)
        if bridge is not None:
            bridge.arrived.connect(self.on_event)
        self.hide()

    @property
    def title(self) -> str:
        """What the line says."""
        return self._title.text()

    @property
    def note(self) -> str:
        """What stands below it."""
        return self._note.text()

    def show_state(self, state: RosterState) -> None:
        """Follow the session that is shown."""
        before, self._state = self._state, state
        if (state.session_id, state.is_open) != (before.session_id, before.is_open):
            if state.session_id != before.session_id:
                self._stays = None
            self._soon.start()
        if state.is_discreet != before.is_discreet:
            self._draw()

    def on_event(self, event: Event) -> None:
        """Look again when something happened that may concern it."""
        match event:
            case CheckOutChanged() if event.session.session_id == self._state.session_id:
                self._soon.start()
            case CheckInResult() | RecordCorrected() | SessionEnded() if self.isVisible():
                self._soon.start()

    def _look(self) -> None:
        session_id = self._state.session_id
        if not session_id:
            return

        def then(stays: Stays) -> None:
            if session_id == self._state.session_id:
                self._stays = stays
                self._draw()

        work = partial(self._check_outs.of_session, session_id, actor=self._reader.actor)
        self._tasks.run(work, then=then, failed=self._reader.failed.emit)

    def _draw(self) -> None:
        stays = self._stays
        self.setVisible(stays is not None and stays.is_on)
        if stays is None:
            return
        session = stays.session
        is_going_on = session.is_open and session.check_out_since is not None
        self.turn_button.setVisible(session.is_open)
        self.turn_button.setText(_("Stop check-out") if is_going_on else _("Start check-out"))
        self.list_button.setVisible(bool(stays.students) and not self._state.is_discreet)
        self.list_button.setText(_("Hide minutes") if self._is_listed else _("Show minutes"))
        self._title.setText(_("Check-out: {left} of {here} left", left=stays.left, here=len(stays.students)))
        self._note.show_if_any(self._meaning(stays, is_going_on))
        self._list(stays.students if self._is_listed and not self._state.is_discreet else ())

    def _meaning(self, stays: Stays, is_going_on: bool) -> str:
        if is_going_on:
            return _("Who is seen or scans now is checked out.")
        to_the_end = sum(one.stay.is_to_the_end for one in stays.students)
        if stays.session.is_open or not to_the_end:
            return ""
        return _("{number} never checked out and count to the end.", number=to_the_end)

    def _list(self, students: tuple[StudentStay, ...]) -> None:
        focused = next((one for one, button in self.buttons.items() if button.hasFocus()), None)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        for one in students:
            self._rows.addWidget(self._row(one))
        self._rows.addStretch(1)
        self._area.setFixedHeight(self._theme.px(min(LISTED_PX, max(1, len(students)) * 72)))
        self._area.setVisible(bool(students))
        if focused is not None and self.buttons:
            self.buttons.get(focused, next(iter(self.buttons.values()))).setFocus()

    def _row(self, one: StudentStay) -> QWidget:
        row, name = QWidget(), one.student.full_name
        button = SecondaryButton(_("Correct…"))
        button.setAutoDefault(True)
        button.setAccessibleName(_("Correct the minutes of {full_name}", full_name=name))
        button.clicked.connect(partial(self._ask, one))
        self.buttons[one.student.student_id] = button
        short = not one.record.status.attended
        says = Text(
            stay_words(one.stay, self._zone), TextStyle.CAPTION, Tone.LATE if short else Tone.MUTED, wrap=True
        )
        horizontal(
            (vertical(Text(name, wrap=True), says, spacing=0), 1),
            button,
            on=row,
            spacing=self._theme.space(1),
        )
        return row

    # -- what the teacher does -----------------------------------------------------------------------------------

    def _fold(self) -> None:
        self._is_listed = not self._is_listed
        self._draw()

    def _turn(self) -> None:
        stays = self._stays
        if stays is None:
            return
        is_on = stays.session.check_out_since is not None
        turn: Callable[..., object] = self._check_outs.close if is_on else self._check_outs.open
        self.turn_button.setEnabled(False)

        def then(_done: object) -> None:
            self.turn_button.setEnabled(True)
            self._look()

        def failed(error: KioskError) -> None:
            then(None)
            self._reader.failed.emit(error)

        work = partial(turn, self._state.session_id, actor=self._reader.actor)
        self._tasks.run(work, then=then, failed=failed)

    def _ask(self, one: StudentStay, _checked: bool = False) -> None:
        self.dialog = MinutesDialog(
            self._check_outs,
            self._theme,
            self._reader.actor,
            one,
            zone=self._zone,
            parent=self.window(),
        )
        self.dialog.accepted.connect(self._look)
        self.dialog.open()

    def _lay_out(self) -> None:
        self.setProperty("surface", "card")
        area, space = self._area, self._theme.space
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        area.hide()
        texts = vertical(self._title, self._note, spacing=space(0.25))
        buttons = vertical(self.turn_button, self.list_button, spacing=space(0.5))
        head = horizontal((texts, 1), (buttons, 0), spacing=space(1))
        edges = (space(2), space(1.25), space(1), space(1.25))
        vertical(head, area, on=self, edges=edges, spacing=space(1))
        for button in (self.turn_button, self.list_button):
            button.setAutoDefault(True)
