"""Draws result cards: the newest large, with icon, name, words and the time that is left; older ones small beside it.

Main thread only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from kiosk.gui.attendance.kiosk_screen.cards import CardKind, ShownCard
from kiosk.gui.attendance.kiosk_screen.drawing import fill_round, shadow, text_width, write
from kiosk.gui.icons import draw_icon
from kiosk.gui.palettes import LIGHT
from kiosk.gui.theme import sans

HEIGHT: Final = 128.0
SMALL_HEIGHT: Final = 58.0
GAP: Final = 12.0
LEAST_WIDTH: Final = 480.0
MOST_WIDTH: Final = 720.0
MOST_SMALL_WIDTH: Final = 460.0
_ICON: Final = 72.0
_EDGE: Final = 28.0
_TEXT_X: Final = _EDGE + _ICON + 24
_SMALL_ICON: Final = 34.0
_SMALL_EDGE: Final = 14.0
_SMALL_TEXT_X: Final = _SMALL_EDGE + _SMALL_ICON + 12


@dataclass(frozen=True, slots=True)
class _Look:
    icon: str
    surface: str
    text: str = LIGHT.on_solid


def _look(kind: CardKind) -> _Look:
    match kind:
        case CardKind.PRESENT:
            return _Look("check-circle", LIGHT.solid_present)
        case CardKind.LATE:
            return _Look("clock", LIGHT.solid_late)
        case CardKind.ALREADY:
            return _Look("repeat-check", LIGHT.solid_accent)
        case CardKind.KEPT:
            return _Look("hourglass", "#0b6470")
        case CardKind.DELIVERED:
            return _Look("inbox-check", "#5b3fa8")
        case CardKind.UNKNOWN:
            return _Look("question", LIGHT.solid_neutral)
        case CardKind.PLEASE_SCAN:
            return _Look("scan", "#f7b955", "#2a1900")
        case CardKind.REFUSED:
            return _Look("alert", LIGHT.solid_refused)
        case _:
            assert_never(kind)


LOOKS: Final = {kind: _look(kind) for kind in CardKind}
"""The same in light and dark: cards stand on the camera picture. Contrast at least 4.5:1."""


def pile_size(cards: Sequence[ShownCard], scale: float, *, beside: bool = True) -> tuple[float, float]:
    """Width and height in pixels of cards, newest first; older ones stand beside the newest, or above it."""
    if not cards:
        return 0.0, 0.0
    width, older = _width(cards[0]), cards[1:]
    if not older:
        return width * scale, HEIGHT * scale
    small = max(_small_width(shown) for shown in older)
    if beside:
        return (width + GAP + small) * scale, HEIGHT * scale
    return max(width, small) * scale, (HEIGHT + len(older) * (SMALL_HEIGHT + GAP)) * scale


def draw_pile(
    painter: QPainter,
    place: QRectF,
    cards: Sequence[ShownCard],
    now_s: float,
    scale: float,
    *,
    beside: bool = True,
) -> None:
    """Draw cards, newest first, into a place of `pile_size`."""
    width = _width(cards[0]) * scale
    newest = QRectF(place.left(), place.bottom() - HEIGHT * scale, width, HEIGHT * scale)
    step = (SMALL_HEIGHT + GAP) * scale
    for index, shown in enumerate(cards[1:]):
        left = newest.right() + GAP * scale if beside else place.left()
        top = newest.top() + index * step if beside else newest.top() - (index + 1) * step
        small = QRectF(left, top, _small_width(shown) * scale, SMALL_HEIGHT * scale)
        _draw_small(painter, small, shown, now_s, scale)
    _draw(painter, newest, cards[0], now_s, scale)


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
    side = _ICON * scale
    icon = QRectF(place.left() + _EDGE * scale, middle - side / 2, side, side)
    draw_icon(painter, look.icon, icon, look.text)
    x, across = place.left() + _TEXT_X * scale, place.width() - (_TEXT_X + _EDGE) * scale
    top = QRectF(x, middle - 50 * scale, across, 54 * scale)
    write(painter, top, shown.card.title, sans(38 * scale, 700), look.text)
    below = QRectF(x, middle + 8 * scale, across, 36 * scale)
    write(painter, below, shown.card.detail, sans(26 * scale, 500), look.text)
    _draw_time_left(painter, place, radius, shown.remaining(now_s), look.text, 8 * scale)
    painter.restore()


def _draw_small(painter: QPainter, place: QRectF, shown: ShownCard, now_s: float, scale: float) -> None:
    look = LOOKS[shown.card.kind]
    painter.save()
    radius = 16 * scale
    shadow(painter, place, radius, 10 * scale)
    fill_round(painter, place, radius, look.surface)
    middle, side = place.center().y() - 1.5 * scale, _SMALL_ICON * scale
    icon = QRectF(place.left() + _SMALL_EDGE * scale, middle - side / 2, side, side)
    draw_icon(painter, look.icon, icon, look.text)
    x = place.left() + _SMALL_TEXT_X * scale
    row = QRectF(x, middle - 20 * scale, place.right() - x - _SMALL_EDGE * scale, 40 * scale)
    detail_font = sans(20 * scale, 500)
    detail_width = text_width(shown.card.detail, detail_font)
    name = QRectF(row.left(), row.top(), max(0.0, row.width() - detail_width - 14 * scale), row.height())
    used = write(painter, name, shown.card.title, sans(24 * scale, 700), look.text)
    rest = QRectF(x + used + 14 * scale, row.top(), row.right() - x - used - 14 * scale, row.height())
    write(painter, rest, shown.card.detail, detail_font, look.text)
    _draw_time_left(painter, place, radius, shown.remaining(now_s), look.text, 5 * scale)
    painter.restore()


def _draw_time_left(
    painter: QPainter, place: QRectF, radius: float, share: float, colour: str, height: float
) -> None:
    shape = QPainterPath()
    shape.addRoundedRect(place, radius, radius)
    bar = QRectF(place.left(), place.bottom() - height, place.width(), height)
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.fillRect(bar, QColor(0, 0, 0, 50))
    left = QColor(colour)
    left.setAlpha(170)
    painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), left)


def _width(shown: ShownCard) -> float:
    words = max(text_width(shown.card.title, sans(38, 700)), text_width(shown.card.detail, sans(26, 500)))
    return min(MOST_WIDTH, max(LEAST_WIDTH, words + _TEXT_X + _EDGE + 6))


def _small_width(shown: ShownCard) -> float:
    words = text_width(shown.card.title, sans(24, 700)) + text_width(shown.card.detail, sans(20, 500))
    return min(MOST_SMALL_WIDTH, words + 14 + _SMALL_TEXT_X + _SMALL_EDGE + 8)
