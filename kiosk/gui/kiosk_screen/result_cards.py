"""Draws result cards: icon, name, words and the time that is left. Main thread only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from kiosk.gui.icons import draw_icon
from kiosk.gui.kiosk_screen.cards import CardKind, ShownCard
from kiosk.gui.kiosk_screen.drawing import fill_round, shadow, text_width, write
from kiosk.gui.theme import LIGHT, sans

HEIGHT: Final = 128.0
GAP: Final = 14.0
LEAST_WIDTH: Final = 480.0
MOST_WIDTH: Final = 700.0
_ICON: Final = 72.0
_EDGE: Final = 28.0
_TEXT_X: Final = _EDGE + _ICON + 24


@dataclass(frozen=True, slots=True)
class _Look:
    icon: str
    surface: str
    text: str = LIGHT.on_solid


LOOKS: Final = {
    CardKind.PRESENT: _Look("check-circle", LIGHT.solid_present),
    CardKind.LATE: _Look("clock", LIGHT.solid_late),
    CardKind.ALREADY: _Look("repeat-check", LIGHT.solid_accent),
    CardKind.UNKNOWN: _Look("question", LIGHT.solid_neutral),
    CardKind.PLEASE_SCAN: _Look("scan", "#f7b955", "#2a1900"),
    CardKind.REFUSED: _Look("alert", LIGHT.solid_refused),
}
"""The same in light and dark: cards stand on the camera picture. Contrast at least 4.5:1."""


def pile_size(cards: Sequence[ShownCard], scale: float) -> tuple[float, float]:
    """Width and height of a pile of cards in pixels."""
    if not cards:
        return 0.0, 0.0
    width = max(_width(shown) for shown in cards)
    return width * scale, (len(cards) * HEIGHT + (len(cards) - 1) * GAP) * scale


def draw_pile(
    painter: QPainter, place: QRectF, cards: Sequence[ShownCard], now_s: float, scale: float
) -> None:
    """Draw cards, newest first, from the bottom of `place` upwards."""
    bottom = place.bottom()
    for shown in cards:
        card_place = QRectF(place.left(), bottom - HEIGHT * scale, place.width(), HEIGHT * scale)
        _draw(painter, card_place, shown, now_s, scale)
        bottom = card_place.top() - GAP * scale


def _draw(painter: QPainter, place: QRectF, shown: ShownCard, now_s: float, scale: float) -> None:
    look = LOOKS[shown.card.kind]
    appearing = min(1.0, max(0.0, (now_s - shown.since_s) / 0.15))
    painter.save()
    painter.setOpacity(0.25 + 0.75 * appearing)
    painter.translate(0, (1 - appearing) * 16 * scale)
    radius = 22 * scale
    shadow(painter, place, radius, 18 * scale)
    fill_round(painter, place, radius, look.surface)
    middle = place.center().y() - 3 * scale
    draw_icon(
        painter,
        look.icon,
        QRectF(place.left() + _EDGE * scale, middle - _ICON / 2 * scale, _ICON * scale, _ICON * scale),
        look.text,
    )
    x, across = place.left() + _TEXT_X * scale, place.width() - (_TEXT_X + _EDGE) * scale
    top = QRectF(x, middle - 50 * scale, across, 54 * scale)
    write(painter, top, shown.card.title, sans(38 * scale, 700), look.text)
    below = QRectF(x, middle + 8 * scale, across, 36 * scale)
    write(painter, below, shown.card.detail, sans(26 * scale, 500), look.text)
    _draw_time_left(painter, place, radius, shown.remaining(now_s), look.text, scale)
    painter.restore()


def _draw_time_left(
    painter: QPainter, place: QRectF, radius: float, share: float, colour: str, scale: float
) -> None:
    shape = QPainterPath()
    shape.addRoundedRect(place, radius, radius)
    bar = QRectF(place.left(), place.bottom() - 8 * scale, place.width(), 8 * scale)
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.fillRect(bar, QColor(0, 0, 0, 50))
    left = QColor(colour)
    left.setAlpha(170)
    painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), left)


def _width(shown: ShownCard) -> float:
    words = max(text_width(shown.card.title, sans(38, 700)), text_width(shown.card.detail, sans(26, 500)))
    return min(MOST_WIDTH, max(LEAST_WIDTH, words + _TEXT_X + _EDGE + 4))
