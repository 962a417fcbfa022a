"""Brushwork that the parts of the kiosk screen share. Main thread only."""

import functools

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from kiosk.domain.faces.frames import Box

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


def rect_of(box: Box) -> QRectF:
    """The same rectangle in Qt's words."""
    return QRectF(box.x, box.y, box.width, box.height)


def fill_round(painter: QPainter, place: QRectF, radius: float, colour: QColor | str) -> None:
    """A filled rounded rectangle."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(place, radius, radius)


def draw_card(painter: QPainter, place: QRectF, radius: float, fill: str, line: str) -> None:
    """A card's surface with its hairline."""
    painter.setPen(QPen(QColor(line), 1))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def write(
    painter: QPainter,
    place: QRectF,
    text: str,
    font: QFont,
    colour: QColor | str,
    align: Qt.AlignmentFlag = LEFT,
) -> float:
    """One line of text, shortened with an ellipsis where it does not fit; returns its width."""
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width() + 1)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(place, int(align | Qt.TextFlag.TextSingleLine), shown)
    return min(place.width(), metrics.horizontalAdvance(shown))


def write_wrapped(
    painter: QPainter,
    place: QRectF,
    text: str,
    font: QFont,
    colour: QColor | str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
) -> float:
    """Text over as many lines as it needs; returns the height used."""
    flags = int(align | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
    tall = QRectF(place.left(), place.top(), place.width(), 10_000)
    needed = QFontMetricsF(font).boundingRect(tall, flags, text)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(QRectF(place.left(), place.top(), place.width(), needed.height() + 2), flags, text)
    return needed.height()


def text_width(text: str, font: QFont) -> float:
    """How wide a line of text is."""
    return QFontMetricsF(font).horizontalAdvance(text)


def shadow(painter: QPainter, place: QRectF, radius: float, depth: float) -> None:
    """A soft shadow below a card that floats over a picture."""
    picture = _shadow(round(place.width()), round(place.height()), round(radius), round(depth))
    painter.drawPixmap(QPointF(place.left() - 2 * depth, place.top() - 2 * depth), picture)


@functools.lru_cache(maxsize=32)
def _shadow(width: int, height: int, radius: int, depth: int) -> QPixmap:
    """The shadow of a card, kept: drawing it anew would cost as much as half the camera picture."""
    picture = QPixmap(width + 4 * depth, height + 4 * depth)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 5))
    steps = 10
    place = QRectF(2 * depth, 2 * depth, width, height)
    for step in range(steps):
        spread = depth * (step + 1) / steps
        grown = place.adjusted(-spread, -spread * 0.6, spread, spread * 1.2)
        painter.drawRoundedRect(grown, radius + spread, radius + spread)
    painter.end()
    return picture


def round_corners(painter: QPainter, place: QRectF, radius: float, outside: str) -> None:
    """Paint over the four corners of a picture: much cheaper than clipping it."""
    corners = QPainterPath()
    corners.addRect(place)
    inside = QPainterPath()
    inside.addRoundedRect(place, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(outside))
    painter.drawPath(corners.subtracted(inside))


def round_outline(place: QRectF, radius: float) -> QPainterPath:
    """A rounded rectangle that begins in the middle of its upper edge and runs clockwise."""
    path = QPainterPath(QPointF(place.center().x(), place.top()))
    d = 2 * radius
    path.lineTo(place.right() - radius, place.top())
    path.arcTo(QRectF(place.right() - d, place.top(), d, d), 90, -90)
    path.lineTo(place.right(), place.bottom() - radius)
    path.arcTo(QRectF(place.right() - d, place.bottom() - d, d, d), 0, -90)
    path.lineTo(place.left() + radius, place.bottom())
    path.arcTo(QRectF(place.left(), place.bottom() - d, d, d), 270, -90)
    path.lineTo(place.left(), place.top() + radius)
    path.arcTo(QRectF(place.left(), place.top(), d, d), 180, -90)
    path.closeSubpath()
    return path
