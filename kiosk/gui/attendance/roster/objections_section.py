"""Students' messages that a record is wrong, in the roster, each with its answer. Main thread."""

from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.records.objections import MAX_LETTERS
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.attendance.roster.waiting_section import WaitingSection
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.records.objections import WaitingObjection
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import status_word
from kiosk.wording.dates import day_and_time

LISTED_PX: Final = 330
"""Height of nearly two messages, so that it shows when there are more."""


def objection_words(waiting: WaitingObjection, zone: ZoneInfo) -> str:
    """Who says what about which status."""
    status = status_word(waiting.record.shown)
    return _(
        "{full_name}, recorded as {status}, wrote on {made_at}:",
        full_name=waiting.student.full_name,
        status=status,
        made_at=day_and_time(waiting.objection.made_at, zone),
    )


class ObjectionsSection(WaitingSection):
    """Hidden while no message waits.

    Signals:
        answer_wanted: `WaitingObjection`, the status that is right (None: the record stays) and the answer.
    """

    answer_wanted = Signal(object, object, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Text(tone=Tone.LATE, wrap=True), surface="banner-late", spacing=2)
        self._shown: tuple[WaitingObjection, ...] = ()
        self.answers: dict[int, QLineEdit] = {}
        self.present_buttons: dict[int, SecondaryButton] = {}
        self.keep_buttons: dict[int, SecondaryButton] = {}
        self.setAccessibleName(_("Messages of students about their records"))

    def show_state(self, state: RosterState) -> None:
        """Which messages wait now; what is being written to others stays."""
        if state.objections != self._shown:
            self._show(state.objections, state.zone)

    def _show(self, waiting: tuple[WaitingObjection, ...], zone: ZoneInfo) -> None:
        written = {one: edit.text() for one, edit in self.answers.items()}
        focused = next((one for one, edit in self.answers.items() if edit.hasFocus()), None)
        self._shown = waiting
        self.answers, self.present_buttons, self.keep_buttons = {}, {}, {}
        rows = []
        for one in waiting:
            lead = objection_words(one, zone)
            row = self._row(one, lead, written.get(one.objection.objection_id, ""))
            rows.append((f"{lead} {one.objection.reason}", row))
        title = ngettext(
            "{count} student says that a record is wrong",
            "{count} students say that a record is wrong",
            len(waiting),
            count=len(waiting),
        )
        self._replace(title, rows, height=LISTED_PX if len(waiting) > 1 else 230)
        if focused in self.answers:
            self.answers[focused].setFocus()

    def _row(self, waiting: WaitingObjection, lead: str, written: str) -> QWidget:
        key = waiting.objection.objection_id
        row = QWidget()
        column = vertical(
            Text(lead, TextStyle.CAPTION, Tone.MUTED, wrap=True), on=row, spacing=self._theme.space(1)
        )
        words = Text(f"“{waiting.objection.reason}”", wrap=True)
        words.setTextFormat(Qt.TextFormat.PlainText)  # it is a student's
        column.addWidget(words)
        answer = QLineEdit(written)
        answer.setMaxLength(MAX_LETTERS)
        answer.setPlaceholderText(_("Your answer, which the student reads"))
        answer.setAccessibleName(_("Answer to {full_name}", full_name=waiting.student.full_name))
        column.addWidget(answer)
        across = QHBoxLayout()
        present, keep = SecondaryButton(_("Mark present")), SecondaryButton(_("Keep as it is"))
        for button in (present, keep):
            button.setAutoDefault(True)
            button.setAccessibleName(f"{button.text()}: {waiting.student.full_name}")
            across.addWidget(button)
        present.setVisible(waiting.record.shown is not Status.PRESENT)
        present.clicked.connect(partial(self._answer, waiting, Status.PRESENT))
        keep.clicked.connect(partial(self._answer, waiting, None))
        across.addStretch(1)
        column.addLayout(across)
        self.answers[key], self.present_buttons[key], self.keep_buttons[key] = answer, present, keep
        return row

    def _answer(self, waiting: WaitingObjection, status: Status | None, _checked: bool = False) -> None:
        words = self.answers[waiting.objection.objection_id].text()
        self.answer_wanted.emit(waiting, status, words)
