"""Students' messages that a record is wrong, in the roster, each with its answer. Main thread.

Shown only where the roster is, that is to a teacher who gave the password.
"""

from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.records.objections import MAX_LETTERS
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.records.objections import WaitingObjection
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import status_words
from kiosk.wording.dates import day_and_time

LISTED_PX: Final = 330
"""Height of nearly two messages, so that it shows when there are more."""


def objection_words(waiting: WaitingObjection, zone: ZoneInfo) -> str:
    """Who says what about which status."""
    status = status_words(waiting.record.status).word
    return _(
        "{full_name}, recorded as {status}, wrote on {made_at}:",
        full_name=waiting.student.full_name,
        status=status,
        made_at=day_and_time(waiting.objection.made_at, zone),
    )


class ObjectionsSection(QFrame):
    """Hidden while no message waits.

    Signals:
        answer_wanted: `WaitingObjection`, the status that is right (None: the record stays) and the answer.
    """

    answer_wanted = Signal(object, object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[WaitingObjection, ...] = ()
        self._lines: tuple[str, ...] = ()
        self.answers: dict[int, QLineEdit] = {}
        self.present_buttons: dict[int, SecondaryButton] = {}
        self.keep_buttons: dict[int, SecondaryButton] = {}
        self.setProperty("surface", "banner-late")
        self.setAccessibleName(_("Messages of students about their records"))
        self._title = Text(tone=Tone.LATE, wrap=True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        inside = QWidget()
        self._rows = vertical(on=inside, edges=(0, 0, theme.space(1), 0), spacing=theme.space(2))
        self._area.setWidget(inside)
        vertical(
            self._title,
            self._area,
            on=self,
            edges=(theme.space(2), theme.space(1.5), theme.space(2), theme.space(1.5)),
        )
        self.hide()

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said about each."""
        return self._lines

    def show_state(self, state: RosterState) -> None:
        """Which messages wait now; what is being written to others stays."""
        if state.objections != self._shown:
            self._show(state.objections, state.zone)

    def _show(self, waiting: tuple[WaitingObjection, ...], zone: ZoneInfo) -> None:
        written = {one: edit.text() for one, edit in self.answers.items()}
        focused = next((one for one, edit in self.answers.items() if edit.hasFocus()), None)
        self._shown = waiting
        self._lines = tuple(f"{objection_words(one, zone)} {one.objection.reason}" for one in waiting)
        self.answers, self.present_buttons, self.keep_buttons = {}, {}, {}
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in waiting:
            said = written.get(one.objection.objection_id, "")
            self._rows.addWidget(self._row(one, objection_words(one, zone), said))
        self._rows.addStretch(1)
        count = len(waiting)
        self._title.setText(
            ngettext(
                "{count} student says that a record is wrong",
                "{count} students say that a record is wrong",
                count,
                count=count,
            )
        )
        self._area.setFixedHeight(self._theme.px(LISTED_PX if count > 1 else 230))
        self.setVisible(count > 0)
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
        present.setVisible(waiting.record.status is not Status.PRESENT)
        present.clicked.connect(partial(self._answer, waiting, Status.PRESENT))
        keep.clicked.connect(partial(self._answer, waiting, None))
        across.addStretch(1)
        column.addLayout(across)
        self.answers[key], self.present_buttons[key], self.keep_buttons[key] = answer, present, keep
        return row

    def _answer(self, waiting: WaitingObjection, status: Status | None, _checked: bool = False) -> None:
        words = self.answers[waiting.objection.objection_id].text()
        self.answer_wanted.emit(waiting, status, words)
