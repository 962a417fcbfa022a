"""Paints the marks of a drawn report in a theme's colours. Any thread, each with a brush and fonts of its own."""

from collections.abc import Mapping

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from kiosk.gui.theme import sans
from kiosk.services.reports.pictures.picture import Align, Box, Ink, Mark, Stroke, Words


class Fonts:
    """Keeps the fonts that a picture needs, each with its measures."""

    def __init__(self) -> None:
        self._made: dict[tuple[float, bool], tuple[QFont, QFontMetricsF]] = {}

    def of(self, size: float, bold: bool) -> tuple[QFont, QFontMetricsF]:
        """The font of texts so large, made when it is first asked for."""
        found = self._made.get((size, bold))
        if found is None:
            font = sans(size, 600 if bold else 400)
            found = self._made[size, bold] = font, QFontMetricsF(font)
        return found


class MarkBrush:
    """Owns the colours and fonts with which boxes, strokes and words are painted; a new look needs a new one."""

    def __init__(self, colours: Mapping[Ink, QColor]) -> None:
        self.colours = colours
        self._fonts = Fonts()

    def paint(self, painter: QPainter, mark: Mark) -> None:
        """Paint a mark in the picture's units."""
        if isinstance(mark, Box):
            self._paint_box(painter, mark)
        elif isinstance(mark, Stroke):
            self._paint_stroke(painter, mark)
        else:
            self._paint_words(painter, mark)

    def _paint_box(self, painter: QPainter, box: Box) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colours[box.ink])
        place = QRectF(box.x, box.y, box.width, box.height)
        radius = min(box.round, box.width / 2, box.height / 2)
        if radius > 0:
            painter.drawRoundedRect(place, radius, radius)
        else:
            painter.drawRect(place)

    def _paint_stroke(self, painter: QPainter, stroke: Stroke) -> None:
        pen = QPen(self.colours[stroke.ink], stroke.width)
        if stroke.dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QLineF(stroke.x, stroke.y, stroke.to_x, stroke.to_y))

    def _paint_words(self, painter: QPainter, words: Words) -> None:
        font, metrics = self._fonts.of(words.size, words.bold)
        painter.setFont(font)
        painter.setPen(QColor(self.colours[words.ink]))
        down = (metrics.ascent() - metrics.descent()) / 2
        if words.turned:
            painter.save()
            painter.translate(words.x, words.y)
            painter.rotate(-90)
            painter.drawText(QPointF(0, down), words.text)
            painter.restore()
            return
        x = words.x
        if words.align is not Align.LEFT:
            width = metrics.horizontalAdvance(words.text)
            x -= width / 2 if words.align is Align.MIDDLE else width
        painter.drawText(QPointF(x, words.y + down), words.text)
