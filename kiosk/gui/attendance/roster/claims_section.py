"""Scans in the roster that wait for a second proof, each with one click for the teacher's eye. Main thread; tasks read.

Shown only while the roster is, that is to a teacher who gave the password: no screen before the class lists these people.
"""

from collections.abc import Iterable
from functools import partial
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import AttendanceCases
from kiosk.services.attendance.claims import Waiting
from kiosk.services.core import Core
from kiosk.services.events import CheckInResult, Event, RecordCorrected, SessionEnded
from kiosk.wording.dates import clock_time

SOON_MS: Final = 200
"""Several scans in a moment are one look at the store."""

LOOK_MS: Final = 5_000
"""How often it looks by itself: claims expire."""

LISTED_PX: Final = 264
"""Height of three students and a bit, so that it shows when there are more."""


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Those that only the teacher can settle first, then those whom the camera may still see; oldest first."""

    def urgency(one: Waiting) -> int:
        if one.claim.awaits is Awaited.EYE:
            return 0
        return 2 if one.is_good else 1

    return sorted(waiting, key=lambda one: (urgency(one), one.claim.made_at))


def claim_words(waiting: Waiting, zone: ZoneInfo) -> str:
    """What happened and what is missing, in a few words."""
    claim = waiting.claim
    when = clock_time(claim.made_at, zone)
    match claim.awaits:
        case Awaited.PHONE:
            return f"{when} by face · {'not scanned yet' if waiting.is_good else 'not scanned'}"
        case Awaited.EYE:
            return f"{when} by phone · please look"
        case Awaited.FACE:
            return f"{when} by phone · {'awaited' if waiting.is_good else 'not seen'}"
        case _:
            assert_never(claim.awaits)


class ClaimsSection(QFrame):
    """Hidden while nobody waits.

    Signals:
        confirmed: `Student` and `AttendanceRecord`, after the record was written.
        failed: `KioskError`.
    """

    confirmed = Signal(object, object)
    failed = Signal(object)

    def __init__(
        self, core: Core, attendance: AttendanceCases, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._attendance = attendance
        self._theme = theme
        self._tasks = Tasks(self)
        self._session_id = 0
        self._actor = NOBODY
        self._shown: list[Waiting] = []
        self.buttons: dict[int, SecondaryButton] = {}
        self.setProperty("surface", "card")
        self._title = Text(style=TextStyle.STRONG, wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, theme.space(0.5), 0)
        self._rows.setSpacing(theme.space(0.75))
        inner = QWidget()
        inner.setLayout(self._rows)
        self._area = QScrollArea()
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(2), theme.space(1.25), theme.space(1), theme.space(1.25))
        column.setSpacing(theme.space(1))
        column.addWidget(self._title)
        column.addWidget(self._area)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._look)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._show([])

    @property
    def lines(self) -> tuple[str, ...]:
        """What it lists: a name and what is missing each."""
        zone = self._core.zone
        return tuple(f"{one.student.full_name}: {claim_words(one, zone)}" for one in self._shown)

    def show_session(self, session_id: int, actor: Actor) -> None:
        """Begin with a class; confirmations are written down as made by `actor`."""
        self._session_id, self._actor = session_id, actor
        self._show([])
        self._timer.start()
        self._look()

    def on_event(self, event: Event) -> None:
        """Look again when somebody scanned or was marked."""
        if isinstance(event, CheckInResult | RecordCorrected | SessionEnded) and self._timer.isActive():
            self._soon.start()

    def rest(self) -> None:
        """The roster is put away: forget the names, and look no more."""
        self._timer.stop()
        self._soon.stop()
        self._show([])

    def _look(self) -> None:
        session_id = self._session_id

        def then(waiting: dict[int, Waiting]) -> None:
            if session_id == self._session_id and self._timer.isActive():
                self._show(in_order(waiting.values()))

        if self._timer.isActive():
            self._tasks.run(
                partial(self._attendance.claims.waiting, session_id, actor=self._actor),
                then=then,
                failed=self.failed.emit,
            )

    def _show(self, waiting: list[Waiting]) -> None:
        if waiting == self._shown and waiting:
            return
        focused = next((one for one, button in self.buttons.items() if button.hasFocus()), None)
        self._shown, self.buttons = waiting, {}
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in waiting:
            self._rows.addWidget(self._row(one))
        self._rows.addStretch(1)
        count = len(waiting)
        self._title.setText(f"{count} {'student waits' if count == 1 else 'students wait'} to be seen")
        row = self._theme.px(76)
        self._area.setFixedHeight(min(self._theme.px(LISTED_PX), max(1, count) * row + self._theme.px(8)))
        self.setVisible(count > 0)
        if focused is not None and self.buttons:
            self.buttons.get(focused, next(iter(self.buttons.values()))).setFocus()

    def _row(self, waiting: Waiting) -> QWidget:
        student = waiting.student
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Text(student.full_name, wrap=True))
        words = claim_words(waiting, self._core.zone)
        awaited = waiting.is_good and waiting.claim.awaits is Awaited.FACE
        texts.addWidget(Text(words, TextStyle.CAPTION, Tone.MUTED if awaited else Tone.LATE, wrap=True))
        across.addLayout(texts, 1)
        button = SecondaryButton("Confirm by eye")
        button.setAutoDefault(True)
        button.setAccessibleName(f"Confirm by eye: {student.full_name}, {words}")
        button.clicked.connect(lambda _checked=False, who=student: self._confirm(who))
        across.addWidget(button)
        self.buttons[student.student_id] = button
        return row

    def _confirm(self, student: Student) -> None:
        button = self.buttons.get(student.student_id)
        if button is not None:
            button.setEnabled(False)

        def then(record: AttendanceRecord) -> None:
            self.confirmed.emit(student, record)
            self._look()

        def failed(error: KioskError) -> None:
            self.failed.emit(error)
            self._look()

        confirm = partial(
            self._attendance.claims.confirm, self._session_id, student.student_id, actor=self._actor
        )
        self._tasks.run(confirm, then=then, failed=failed)
