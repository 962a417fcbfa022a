"""Scans in the roster that wait for a second proof, each with one click for the teacher's eye. Main thread."""

from functools import partial
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.people.students import Student
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.attendance.roster.waiting_section import WaitingSection
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


class ClaimsSection(WaitingSection):
    """Hidden while nobody waits.

    Signals:
        confirm_wanted: `Student` whom the teacher sees.
    """

    confirm_wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Text(style=TextStyle.STRONG, wrap=True), surface="card", spacing=0.75)
        self._shown: tuple[Waiting, ...] = ()
        self.buttons: dict[int, SecondaryButton] = {}

    def show_state(self, state: RosterState) -> None:
        """Who waits now, and whose confirmation is under way."""
        if state.claims != self._shown:
            self._show(state.claims, state.zone)
        for student_id, button in self.buttons.items():
            button.setEnabled(student_id not in state.settling)

    def _show(self, waiting: tuple[Waiting, ...], zone: ZoneInfo) -> None:
        focused = next((one for one, button in self.buttons.items() if button.hasFocus()), None)
        self._shown, self.buttons = waiting, {}
        rows = []
        for one in waiting:
            words = claim_words(one, zone)
            rows.append((f"{one.student.full_name}: {words}", self._row(one, words)))
        count = len(waiting)
        title = ngettext(
            "{count} student waits to be seen", "{count} students wait to be seen", count, count=count
        )
        self._replace(title, rows, height=min(LISTED_PX, max(1, count) * 76 + 8))
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
