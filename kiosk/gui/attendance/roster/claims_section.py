"""Scans in the roster that wait for a second proof, each with one click for the teacher's eye. Main thread.

Shown only while the roster is, that is to a teacher who gave the password: no screen before the class lists these people.
"""

from functools import partial
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.people.students import Student
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.attendance.claims import Waiting
from kiosk.translation import _, ngettext
from kiosk.wording.dates import clock_time

LISTED_PX: Final = 264
"""Height of three students and a bit, so that it shows when there are more."""


def claim_words(waiting: Waiting, zone: ZoneInfo) -> str:
    """What happened and what is missing, in a few words."""
    claim = waiting.claim
    when = clock_time(claim.made_at, zone)
    match claim.awaits:
        case Awaited.PHONE:
            return (
                _("{when} by face · not scanned yet", when=when)
                if waiting.is_good
                else _("{when} by face · not scanned", when=when)
            )
        case Awaited.EYE:
            return _("{when} by phone · please look", when=when)
        case Awaited.FACE:
            return (
                _("{when} by phone · awaited", when=when)
                if waiting.is_good
                else _("{when} by phone · not seen", when=when)
            )
        case _:
            assert_never(claim.awaits)


class ClaimsSection(QFrame):
    """Hidden while nobody waits.

    Signals:
        confirm_wanted: `Student` whom the teacher sees.
    """

    confirm_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Waiting, ...] = ()
        self._lines: tuple[str, ...] = ()
        self.buttons: dict[int, SecondaryButton] = {}
        self.setProperty("surface", "card")
        self._title = Text(style=TextStyle.STRONG, wrap=True)
        self._rows = vertical(edges=(0, 0, theme.space(0.5), 0), spacing=theme.space(0.75))
        inner = QWidget()
        inner.setLayout(self._rows)
        self._area = QScrollArea()
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        vertical(
            self._title,
            self._area,
            on=self,
            edges=(theme.space(2), theme.space(1.25), theme.space(1), theme.space(1.25)),
            spacing=theme.space(1),
        )
        self.hide()

    @property
    def lines(self) -> tuple[str, ...]:
        """What it lists: a name and what is missing each."""
        return self._lines

    def show_state(self, state: RosterState) -> None:
        """Who waits now, and whose confirmation is under way."""
        if state.claims != self._shown:
            self._show(state.claims, state.zone)
        for student_id, button in self.buttons.items():
            button.setEnabled(student_id not in state.settling)

    def _show(self, waiting: tuple[Waiting, ...], zone: ZoneInfo) -> None:
        focused = next((one for one, button in self.buttons.items() if button.hasFocus()), None)
        self._shown, self.buttons = waiting, {}
        self._lines = tuple(f"{one.student.full_name}: {claim_words(one, zone)}" for one in waiting)
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in waiting:
            self._rows.addWidget(self._row(one, claim_words(one, zone)))
        self._rows.addStretch(1)
        count = len(waiting)
        self._title.setText(
            ngettext(
                "{count} student waits to be seen", "{count} students wait to be seen", count, count=count
            )
        )
        row = self._theme.px(76)
        self._area.setFixedHeight(min(self._theme.px(LISTED_PX), max(1, count) * row + self._theme.px(8)))
        self.setVisible(count > 0)
        if focused is not None and self.buttons:
            self.buttons.get(focused, next(iter(self.buttons.values()))).setFocus()

    def _row(self, waiting: Waiting, words: str) -> QWidget:
        student = waiting.student
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        texts = vertical(Text(student.full_name, wrap=True), spacing=0)
        awaited = waiting.is_good and waiting.claim.awaits is Awaited.FACE
        texts.addWidget(Text(words, TextStyle.CAPTION, Tone.MUTED if awaited else Tone.LATE, wrap=True))
        across.addLayout(texts, 1)
        button = SecondaryButton(_("Confirm by eye"))
        button.setAutoDefault(True)
        button.setAccessibleName(
            _("Confirm by eye: {full_name}, {words}", full_name=student.full_name, words=words)
        )
        button.clicked.connect(partial(self._confirm, student))
        across.addWidget(button)
        self.buttons[student.student_id] = button
        return row

    def _confirm(self, student: Student, _checked: bool = False) -> None:
        self.confirm_wanted.emit(student)
