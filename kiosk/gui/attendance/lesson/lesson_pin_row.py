"""Where a teacher chooses the PIN for the next lesson, above the courses of *Today*. Main thread."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from kiosk.domain.attendance.lesson_pin import FEWEST, MOST, lesson_pin_fault
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Text, restyle
from kiosk.translation import _

FIELD_PX: Final = 200


class LessonPinRow(QWidget):
    """A field that may stay empty; `done` says that Enter was pressed in it and that what it holds can be used."""

    done = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = Text(_("&PIN for the lesson"), TextStyle.STRONG)
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setMaxLength(MOST)
        self.edit.setFixedWidth(theme.px(FIELD_PX))
        self.edit.setPlaceholderText(_("if you like"))
        self.edit.setAccessibleName(_("PIN for the lesson"))
        label.setBuddy(self.edit)
        help_words = _(
            "{fewest} to {most} digits. It stands for your password at this kiosk until the class ends.",
            fewest=FEWEST,
            most=MOST,
        )
        self._help = Text(help_words, TextStyle.CAPTION, Tone.MUTED, wrap=True)
        self.edit.setAccessibleDescription(help_words)
        self._error = Text(style=TextStyle.CAPTION, tone=Tone.REFUSED, wrap=True)
        self._error.hide()
        middle = Qt.AlignmentFlag.AlignVCenter
        across = horizontal(
            (label, 0, middle), (self.edit, 0, middle), (self._help, 1, middle), spacing=theme.space(2)
        )
        vertical(across, self._error, on=self, spacing=theme.space(0.5))
        self.edit.textEdited.connect(lambda _text: self._say(""))
        self.edit.returnPressed.connect(self._finish)

    @property
    def error(self) -> str:
        """What is said to be wrong; empty when nothing is."""
        return self._error.text()

    def is_usable(self) -> bool:
        """Whether it is empty or holds a PIN that can be used; otherwise it says why not."""
        typed = self.edit.text().strip()
        fault = lesson_pin_fault(typed) if typed else None
        self._say(fault or "")
        if fault is not None:
            self.edit.setFocus()
        return fault is None

    def take(self) -> str:
        """What was typed, which the field then holds no more."""
        typed = self.edit.text().strip()
        self.clear()
        return typed

    def clear(self) -> None:
        """Forget what was typed."""
        self.edit.clear()
        self._say("")

    def _finish(self) -> None:
        if self.is_usable():
            self.done.emit()

    def _say(self, fault: str) -> None:
        self._error.setText(fault)
        self._error.setVisible(bool(fault))
        self.edit.setProperty("invalid", "true" if fault else "false")
        restyle(self.edit)
