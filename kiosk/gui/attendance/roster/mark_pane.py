"""Marking a student, or several at once, by hand: a status, a reason, and what is known so far. Main thread.

The pane only asks; whoever owns it calls the service.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.gui.attendance.roster.question_pane import QuestionPane
from kiosk.gui.attendance.roster.state import Question, RosterLine, RosterState
from kiosk.gui.attendance.status_chips import StatusChips
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, QuietButton
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text, tool_tip
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import dropped_scans_words, status_word
from kiosk.wording.lists import listed

HISTORY_PX: Final = 112
REASON_PX: Final = 170

NAMED: Final = 2
"""Of several students, so many are named."""


class MarkPane(QuestionPane):
    """Asks for a status and a reason; Alt and the underlined letter choose, 1 to 4 take a reason, with Alt in any case.

    Without Alt a digit takes a reason while none is typed, so that what the chips say is what the keys do.
    """

    mark_requested = Signal(object, str)
    wrong_face_reported = Signal()
    unlock_requested = Signal()
    phones_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        self.reason = LineField(theme, _("Reason"), placeholder=_("A word or two"))
        super().__init__(theme, self.reason)
        self._name = Text(style=TextStyle.STRONG, wrap=True)
        self.waiting = Text(style=TextStyle.CAPTION, tone=Tone.LATE, wrap=True)
        self.close_button = QuietButton(_("Close"))
        self.close_button.clicked.connect(self.closed)
        self.wrong_face_button = Chip(theme, "", checkable=False)
        self.wrong_face_button.clicked.connect(self.wrong_face_reported)
        self.unlock_button = Chip(theme, _("&Unlock phone sign-in…"), checkable=False)
        self.unlock_button.setToolTip(_("Too many wrong PINs were tried for this student."))
        self.unlock_button.clicked.connect(self.unlock_requested)
        self.phones_button = Chip(theme, _("P&hones…"), checkable=False)
        self.phones_button.setToolTip(_("Enrol a phone of this student, or remove one."))
        self.phones_button.clicked.connect(self.phones_requested)
        self.statuses = StatusChips(theme)
        self.status_chips = self.statuses.chips
        self.statuses.changed.connect(self._rename)
        self.reason_chips: list[Chip] = []
        self._reason_texts: tuple[str, ...] = ()
        self.save_button = PrimaryButton(_("Mark"))
        self.save_button.setAutoDefault(True)
        self.save_button.clicked.connect(self._save)
        self.reason.edit.returnPressed.connect(self._save)
        self.reason.edit.installEventFilter(self)
        self._history = Text(style=TextStyle.CAPTION, tone=Tone.MUTED, wrap=True)
        self._history_area = QScrollArea()
        self._lay_out()

    def ask(self, line: RosterLine, *, likely: AnyStatus | None, reasons: Sequence[str]) -> None:
        """Begin with a student; `likely` is chosen already, if it is known."""
        self._name.setText(f"{line.student.full_name} · {line.student.student_no}")
        record = line.record
        by_face = record is not None and record.method is Method.FACE and record.status.attended
        self.wrong_face_button.setText(
            _("This is &not {full_name}…", full_name=line.student.full_name.replace("&", "&&"))
        )
        self.wrong_face_button.setVisible(by_face)
        self.phones_button.show()
        self._begin(likely, reasons)

    def ask_all(self, lines: Sequence[RosterLine], *, waiting: Sequence[str], reasons: Sequence[str]) -> None:
        """Begin with several students; they get the same status and reason.

        `waiting` names those who scanned and wait to be confirmed.
        """
        parts = [line.student.full_name for line in lines[:NAMED]]
        if (more := len(lines) - NAMED) > 0:
            parts.append(ngettext("{n} more", "{n} more", more, n=more))
        self._name.setText(listed(parts))
        self.wrong_face_button.hide()
        self.phones_button.hide()
        self._begin(None, reasons)
        self.waiting.setText(dropped_scans_words(waiting))
        self.waiting.setVisible(bool(waiting))

    def _begin(self, likely: AnyStatus | None, reasons: Sequence[str]) -> None:
        self.waiting.hide()
        self.statuses.choose(likely)
        self.reason.edit.clear()
        self.reason.clear_error()
        self._offer(tuple(reasons))
        self._rename()

    def show_state(self, state: RosterState) -> None:
        """Stand there while it asks, with what is known about the record so far."""
        self.statuses.offer(state.statuses)
        self._history.setText("\n".join(state.history))
        self._history_area.setVisible(bool(state.history))
        self.unlock_button.setVisible(state.locked_out)
        self.setVisible(state.question is Question.MARK)

    @property
    def history(self) -> str:
        """What is shown as the record's history."""
        return self._history.text()

    def chosen(self) -> AnyStatus | None:
        """The status that is chosen."""
        return self.statuses.chosen()

    def _lay_out(self) -> None:
        head = horizontal(
            (self._name, 1), self.phones_button, (self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        )
        self.body.addLayout(head)
        self.body.addWidget(self.waiting)
        self.body.addWidget(self.wrong_face_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.unlock_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.statuses)
        self.body.addWidget(self.reason)
        offers = QGridLayout()
        offers.setSpacing(self._theme.space(0.75))
        for number in range(4):
            chip = Chip(self._theme, "", checkable=False)
            chip.clicked.connect(lambda _checked=False, which=number: self._take(which))
            self.reason_chips.append(chip)
            offers.addWidget(chip, number // 2, number % 2)
        self.body.addLayout(offers)
        self.body.addWidget(self.save_button)
        inner = QWidget()
        vertical(self._history, on=inner)
        self._history_area.setWidget(inner)
        self._history_area.setWidgetResizable(True)
        self._history_area.setMaximumHeight(self._theme.px(HISTORY_PX))
        self._history_area.setAccessibleName(_("What is known so far"))
        self.body.addWidget(self._history_area)

    def _offer(self, reasons: tuple[str, ...]) -> None:
        self._reason_texts = reasons
        for number, chip in enumerate(self.reason_chips):
            chip.setVisible(number < len(reasons))
            if number < len(reasons):
                room = self._theme.px(REASON_PX)
                shown = QFontMetrics(chip.font()).elidedText(
                    reasons[number], Qt.TextElideMode.ElideRight, room
                )
                chip.setText(f"{number + 1}  {shown}".replace("&", "&&"))
                chip.setShortcut(f"Alt+{number + 1}")
                chip.setToolTip(tool_tip(reasons[number]))
                chip.setAccessibleName(_("Reason: {reasons}", reasons=reasons[number]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_press = event.type() is QEvent.Type.KeyPress and not self.reason.text
        if is_press and isinstance(event, QKeyEvent) and self._takes(event):
            return True
        return super().eventFilter(watched, event)

    def _takes(self, event: QKeyEvent) -> bool:
        """Whether a key took a reason."""
        taken = event.key() - Qt.Key.Key_1
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if not plain or not 0 <= taken < len(self._reason_texts):
            return False
        self._take(taken)
        return True

    def _take(self, number: int) -> None:
        self.reason.edit.setText(self._reason_texts[number])
        self.reason.clear_error()
        self.save_button.setFocus()

    def _rename(self) -> None:
        status = self.chosen()
        self.save_button.setText(
            _("Mark {word}", word=status_word(status).replace("&", "&&")) if status is not None else _("Mark")
        )

    def _save(self) -> None:
        status = self.chosen()
        if status is None:
            *first, last = (status_word(one) for one in self.status_chips)
            self.reason.set_error(_("Choose {first} or {last}.", first=", ".join(first), last=last))
            return
        if not self.reason.text.strip():
            self.reason.set_error(_("A mark by hand needs a reason. 1 takes the first one below."))
            self.reason.edit.setFocus()
            return
        self.mark_requested.emit(status, self.reason.text)
