"""The line above the camera while students show up again, or may check out: how long, and how many did. Main thread.

It counts and names nobody: the whole class reads it.
"""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.gui.attendance.kiosk_screen.drawing import draw_card, write
from kiosk.gui.attendance.kiosk_screen.speaking import describe
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import Theme, sans
from kiosk.services.attendance.recheck.recheck_watch import RecheckNow
from kiosk.wording.rechecks import window_words

HEIGHT: Final = 72.0
"""In pixels at 1080p."""


class RecheckLine(QWidget):
    """Hidden while no window is open."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scale = 1.0
        self._words = ""
        self._share = 0.0
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return self._words

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        self._scale = scale

    def show_window(self, now: RecheckNow | None) -> bool:
        """Show how the window stands; True when the line came or went."""
        if now is None:
            return self.show_words("")
        words = window_words(now.left_s, shown=len(now.shown), asked=len(now.asked))
        return self.show_words(words, len(now.shown) / len(now.asked) if now.asked else 0.0)

    def show_words(self, words: str, share: float = 0.0) -> bool:
        """Say something, or nothing; True when the line came or went."""
        self._share = share
        if words == self._words:
            return False
        turned = bool(words) != bool(self._words)
        self._words = words
        if turned:
            self.setVisible(bool(words))
        if turned or words.endswith("0"):
            describe(self, words)  # a reader that heard of each second would say nothing else
        self.update()
        return turned

    def paintEvent(self, _event: QPaintEvent) -> None:
        s, palette = self._scale, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        draw_card(painter, whole, 16 * s, palette.tint_accent, palette.accent)
        side = 32 * s
        draw_icon(painter, "clock", QRectF(24 * s, (whole.height() - side) / 2, side, side), palette.accent)
        left = 24 * s + side + 16 * s
        place = QRectF(left, 0, whole.width() - left - 24 * s, whole.height() - 6 * s)
        write(painter, place, self._words, sans(30 * s, 700, tabular=True), palette.text)
        bar = QRectF(left, whole.height() - 12 * s, place.width(), 4 * s)
        done = QRectF(bar.left(), bar.top(), bar.width() * self._share, bar.height())
        painter.fillRect(bar, QColor(palette.line))
        painter.fillRect(done, QColor(palette.accent))
        painter.end()
