"""The large card that asks somebody to turn the head, and the words beside the face. Main thread only.

Sides are the person's own. Whoever faces a screen has the left hand at its left edge, so the arrow to the left points left
on the screen, mirrored picture or not; in a mirrored picture the head that is seen turns the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from kiosk.domain.faces.head_turn import Request
from kiosk.gui.attendance.kiosk_screen.drawing import fill_round, shadow, text_width, write
from kiosk.gui.icons import draw_icon
from kiosk.gui.palettes import LIGHT
from kiosk.gui.theme import sans
from kiosk.translation import _
from kiosk.wording.faces import request_words

HEIGHT: Final = 168.0
_ICON: Final = 112.0
_EDGE: Final = 32.0
_TEXT_X: Final = _EDGE + _ICON + 28


@dataclass(frozen=True, slots=True)
class RequestWords:
    """What is asked: on the card, and in short beside the face."""

    icon: str
    title: str
    detail: str
    short: str


def words_of(request: Request) -> RequestWords:
    """What is asked of one person."""
    return RequestWords(_icon(request), *request_words(request))


def words_for(requests: Sequence[Request]) -> RequestWords | None:
    """What the card says to everybody who is asked for something; None when nobody is."""
    wanted = set(requests)
    if not wanted:
        return None
    if len(wanted) == 1:
        return words_of(wanted.pop())
    return RequestWords("face", _("Please turn your head"), _("Each as it says at your face"), "")


def _icon(request: Request) -> str:
    match request:
        case Request.TURN_LEFT:
            return "arrow-left"
        case Request.TURN_RIGHT:
            return "arrow-right"
        case Request.LOOK_STRAIGHT:
            return "face"
        case _:
            assert_never(request)


def request_size(words: RequestWords, scale: float) -> tuple[float, float]:
    """Width and height of the card in pixels."""
    longest = max(text_width(words.title, sans(46, 700)), text_width(words.detail, sans(28, 500)))
    return (longest + _TEXT_X + _EDGE + 6) * scale, HEIGHT * scale


def draw_request(painter: QPainter, place: QRectF, words: RequestWords, scale: float) -> None:
    """Draw the card into a place of `request_size`."""
    radius = 24 * scale
    shadow(painter, place, radius, 18 * scale)
    fill_round(painter, place, radius, LIGHT.solid_accent)
    middle, side = place.center().y(), _ICON * scale
    icon = QRectF(place.left() + _EDGE * scale, middle - side / 2, side, side)
    draw_icon(painter, words.icon, icon, LIGHT.on_solid)
    x = place.left() + _TEXT_X * scale
    across = place.right() - x - _EDGE * scale
    title = QRectF(x, middle - 60 * scale, across, 64 * scale)
    write(painter, title, words.title, sans(46 * scale, 700), LIGHT.on_solid)
    detail = QRectF(x, middle + 14 * scale, across, 40 * scale)
    write(painter, detail, words.detail, sans(28 * scale, 500), LIGHT.on_solid)
