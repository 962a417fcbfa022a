"""Where a student types a number at the kiosk, in a school that only verifies faces. Main thread; draws what it is told.

Digits can be pressed or typed on a keyboard; numbers with letters need the keyboard. Sizes follow the kiosk screen.
"""

from functools import partial
from typing import Final, assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.attendance.typed_numbers import MAX_DIGITS, PadState, PadView
from kiosk.translation import _, ngettext

HEIGHT: Final = 132.0
"""In pixels at 1080p."""


class NumberPad(QWidget):
    """`typed` carries a number when somebody has finished it."""

    typed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scale = 1.0
        self.words = Text()
        self.field = QLineEdit()
        self.field.setMaxLength(MAX_DIGITS)
        self.field.setAccessibleName(_("Your student number"))
        self.digits = [QPushButton(str(digit)) for digit in (*range(1, 10), 0)]
        self.back = QPushButton("⌫")
        self.back.setAccessibleName(_("Delete the last digit"))
        self.done = QPushButton(_("OK"))
        self.done.setAccessibleName(_("Compare my face with this number"))
        self._row = row = QHBoxLayout()
        row.addWidget(self.field, 1)
        for button in (*self.digits, self.back, self.done):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        column.addLayout(row)
        for button in self.digits:
            button.clicked.connect(partial(self._add, button.text()))
        self.back.clicked.connect(self.field.backspace)
        self.done.clicked.connect(self._finish)
        self.field.returnPressed.connect(self._finish)
        theme.changed.connect(self._style)
        self.hide()
        self.show_view(PadView(PadState.READY))

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        if scale != self._scale:
            self._scale = scale
            self._style()

    def show_view(self, view: PadView) -> None:
        """Say what the pad is doing; nothing is taken while it waits for a face, or rests."""
        words = _words(view)
        if words != self.words.text():
            self.words.setText(words)
            self.words.setAccessibleName(words)
        takes = view.state in {PadState.READY, PadState.DONE, PadState.FAILED}
        for part in (self.field, *self.digits, self.back, self.done):
            if part.isEnabled() != takes:
                part.setEnabled(takes)

    def take_key(self, text: str) -> None:
        """A letter or digit that was typed while something else had the keyboard."""
        if self.field.isEnabled():
            self.field.setFocus()
            self._add(text)

    def _add(self, text: str) -> None:
        self.field.insert(text)

    def _finish(self) -> None:
        number = self.field.text().strip()
        self.field.clear()
        if number:
            self.typed.emit(number)

    def _style(self) -> None:
        s, palette = self._scale, self._theme.palette
        side = round(54 * s)
        self._row.setSpacing(round(6 * s))
        self.words.setStyleSheet(f"font-size: {round(26 * s)}px; font-weight: 600; color: {palette.text};")
        height = f"min-height: {side}px; max-height: {side}px; padding: 0"
        self.field.setStyleSheet(f"font-size: {round(28 * s)}px; {height} {round(12 * s)}px;")
        round_ = f"font-weight: 600; border-radius: {round(12 * s)}px; {height};"
        faint = f"color: {palette.muted}; background: {palette.background}; border: 1px solid {palette.line};"
        for button in (*self.digits, self.back):
            button.setStyleSheet(
                f"QPushButton {{ font-size: {round(28 * s)}px; {round_} min-width: {side}px; max-width: {side}px;"
                f" border: 1px solid {palette.line}; background: {palette.card}; color: {palette.text}; }}"
                f" QPushButton:focus {{ border: 2px solid {palette.accent}; }} QPushButton:disabled {{ {faint} }}"
            )
        self.done.setStyleSheet(
            f"QPushButton {{ font-size: {round(26 * s)}px; {round_} min-width: {round(100 * s)}px; border: none;"
            f" background: {palette.accent}; color: {palette.on_accent}; }}"
            f" QPushButton:focus {{ border: 2px solid {palette.text}; }} QPushButton:disabled {{ {faint} }}"
        )


def _words(view: PadView) -> str:
    match view.state:
        case PadState.READY | PadState.DONE:
            return _("Type your student number, then look at the camera.")
        case PadState.LOOK:
            return _("Look at the camera, please.")
        case PadState.FAILED:
            return _("That could not be confirmed: scan the code, or speak to your teacher.")
        case PadState.RESTING:
            seconds = max(1, round(view.left_s))
            return ngettext(
                "Please scan the code. Numbers are taken again in {n} second.",
                "Please scan the code. Numbers are taken again in {n} seconds.",
                seconds,
                n=seconds,
            )
        case state:
            assert_never(state)
