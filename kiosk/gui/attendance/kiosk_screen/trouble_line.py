"""The red line above the camera while nothing can be saved: why, and what to do. Main thread."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.gui.attendance.kiosk_screen.class_state import Trouble
from kiosk.gui.attendance.kiosk_screen.drawing import fill_round, write
from kiosk.gui.attendance.kiosk_screen.speaking import announce, describe, sentences
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import Theme, sans

HEIGHT: Final = 88.0
"""In pixels at 1080p."""


class TroubleLine(QWidget):
    """Hidden while everything can be saved."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scale = 1.0
        self._trouble: Trouble | None = None
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return sentences(self._trouble.sentence, self._trouble.hint) if self._trouble is not None else ""

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        self._scale = scale

    def show_trouble(self, trouble: Trouble | None) -> bool:
        """Say it, or go; whether that changed anything."""
        if trouble == self._trouble:
            return False
        self._trouble = trouble
        self.setVisible(trouble is not None)
        describe(self, self.text)
        if trouble is not None:
            announce(self, self.text)
        self.update()
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._trouble is None:
            return
        s, palette = self._scale, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        fill_round(painter, whole, 16 * s, palette.solid_refused)
        side = 36 * s
        draw_icon(painter, "alert", QRectF(24 * s, (whole.height() - side) / 2, side, side), palette.on_solid)
        left = 24 * s + side + 20 * s
        room = whole.width() - left - 24 * s
        for text, font, top, height in (
            (self._trouble.sentence, sans(26 * s, 600), 10, 38),
            (self._trouble.hint, sans(21 * s, 400), 47, 32),
        ):
            write(painter, QRectF(left, top * s, room, height * s), text, font, palette.on_solid)
        painter.end()
