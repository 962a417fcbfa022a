"""What was just done, with a way back; goes by itself. Main thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.surfaces import Text

SHOWN_MS: Final = 10_000
"""Long enough to read a name, notice the mistake and press a button."""


class UndoBar(QFrame):
    """One sentence and *Undo* (Ctrl+Z); a newer one replaces the older."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._undo: Callable[[], None] | None = None
        self.setProperty("surface", "toast")
        self._text = Text(wrap=True)
        self.button = QPushButton("Undo")
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        self.button.setAccessibleName("Undo the last mark")
        self.button.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(2), theme.space(1), theme.space(1), theme.space(1))
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.clear)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.clear()

    @property
    def text(self) -> str:
        """What it says now; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def offer(self, text: str, undo: Callable[[], None] | None) -> None:
        """Say what was done; None offers no way back."""
        self._undo = undo
        self._text.setText(text)
        self.button.setVisible(undo is not None)
        self.show()
        self._timer.start()

    def clear(self) -> None:
        """Say nothing, and forget the way back."""
        self._timer.stop()
        self._undo = None
        self.hide()

    def _press(self) -> None:
        undo = self._undo
        self.clear()
        if undo is not None:
            undo()

    def _restyle(self) -> None:
        ground, ink = self._theme.palette.background, self._theme.palette.text
        self.button.setStyleSheet(
            f"QPushButton {{ background: {ground}; color: {ink}; border: 2px solid {ground}; }}"
            f"QPushButton:focus, QPushButton:hover {{ border-color: {self._theme.palette.accent}; }}"
        )
