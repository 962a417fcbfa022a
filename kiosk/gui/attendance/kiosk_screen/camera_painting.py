"""Paints what the camera view shows: the picture, boxes with words, and calm words over them. Main thread only.

Frames are never copied: a `QImage` looks at the frame's own memory while it is drawn. Measured on 2 cores: 2.5 ms to
draw 720p, mirrored and smoothly scaled, into 1264×800.
"""

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from kiosk.domain.faces.frames import Frame
from kiosk.gui.attendance.kiosk_screen.drawing import (
    CENTRE,
    fill_round,
    rect_of,
    text_width,
    write,
    write_wrapped,
)
from kiosk.gui.attendance.kiosk_screen.framing import Framing
from kiosk.gui.attendance.kiosk_screen.motion import GlidingFace
from kiosk.gui.attendance.kiosk_screen.request_card import words_of
from kiosk.gui.icons import draw_icon
from kiosk.gui.palettes import LIGHT
from kiosk.gui.theme import sans
from kiosk.services.faces.recognition.analysis import FaceState, FaceView
from kiosk.translation import _

_EMPTY = "#1b232b"


@dataclass(frozen=True, slots=True)
class _BoxLook:
    line: str
    chip: str
    dashed: bool
    words: str


def _look(state: FaceState) -> _BoxLook:
    match state:
        case FaceState.RECOGNISED:
            return _BoxLook(LIGHT.box_present, LIGHT.solid_present, False, "")
        case FaceState.CHECKING:
            return _BoxLook(LIGHT.box_checking, LIGHT.solid_accent, True, _("Checking…"))
        case FaceState.PLEASE_SCAN:
            return _BoxLook(LIGHT.box_late, LIGHT.solid_late, False, _("Please scan the code"))
        case FaceState.UNKNOWN:
            return _BoxLook(LIGHT.box_neutral, LIGHT.solid_neutral, False, _("Not recognised"))
        case _:
            assert_never(state)


def face_words(face: FaceView) -> str:
    """What stands beside a box."""
    if face.request is not None:
        return words_of(face.request).short
    return face.student.shown_name if face.student is not None else _look(face.state).words


def paint_picture(painter: QPainter, room: QRectF, frame: Frame | None, framing: Framing | None) -> None:
    """The frame as it is framed, on an empty ground where it leaves some."""
    if frame is None or framing is None:
        painter.fillRect(room, QColor(_EMPTY))
        return
    if framing.target.width < room.width() - 1 or framing.target.height < room.height() - 1:
        painter.fillRect(room, QColor(_EMPTY))
    pixels = np.ascontiguousarray(frame.image)
    image = QImage(pixels.data, frame.width, frame.height, pixels.strides[0], QImage.Format.Format_BGR888)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if framing.mirrored:
        painter.translate(room.width(), 0)
        painter.scale(-1, 1)
    painter.drawImage(rect_of(framing.target), image, rect_of(framing.source))
    painter.restore()


def paint_face(painter: QPainter, room: QRectF, framing: Framing, gliding: GlidingFace, scale: float) -> None:
    """A box around a face and the words beside it."""
    look = _look(gliding.face.state)
    place = rect_of(framing.place(gliding.box))
    words = face_words(gliding.face)
    painter.setOpacity(gliding.opacity)
    pen = QPen(QColor(look.line), 4 * scale)
    if look.dashed:
        pen.setDashPattern([3.2, 2.4])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, 18 * scale, 18 * scale)
    if words:
        below = gliding.face.request is not None
        font = sans(22 * scale, 600)
        chip = _chip_place(room, place, text_width(words, font), scale, below=below)
        fill_round(painter, chip, 12 * scale, look.chip)
        write(painter, chip.adjusted(16 * scale, 0, -16 * scale, 0), words, font, LIGHT.on_solid, CENTRE)
    painter.setOpacity(1)


def paint_notice(
    painter: QPainter, room: QRectF, words: tuple[str, str], *, lost: bool, scale: float
) -> None:
    """Sentence and hint in place of a picture."""
    s = scale
    painter.fillRect(room, QColor(18, 25, 32, 238))
    centre = room.center()
    icon = QRectF(centre.x() - 48 * s, centre.y() - 152 * s, 96 * s, 96 * s)
    draw_icon(
        painter, "camera-off" if lost else "camera", icon, LIGHT.box_late if lost else LIGHT.box_neutral
    )
    sentence, hint = words
    lines = [(sentence, sans(34 * s, 600), "#ffffff", 64.0)]
    if hint:
        lines.append((hint, sans(24 * s, 400), "#c9d3dc", 44.0))
    if lost:
        lines.append((_("The QR code and the roster still work."), sans(24 * s, 400), "#c9d3dc", 44.0))
    width = room.width() - 96 * s
    y = centre.y() - 24 * s
    for text, font, ink, height in lines:
        place = QRectF(centre.x() - width / 2, y, width, height * s)
        used = write_wrapped(painter, place, text, font, ink)
        y += max(height * s, used + 10 * s)


def paint_pill(painter: QPainter, room: QRectF, words: str, *, warning: bool, scale: float) -> None:
    """A line over the picture, at its upper edge."""
    s = scale
    font = sans(22 * s, 500)
    width = min(text_width(words, font) + 84 * s, room.width() - 48 * s)
    place = QRectF((room.width() - width) / 2, 24 * s, width, 52 * s)
    fill_round(painter, place, 26 * s, QColor(18, 25, 32, 215))
    icon = QRectF(place.left() + 20 * s, place.center().y() - 13 * s, 26 * s, 26 * s)
    draw_icon(painter, "alert" if warning else "face", icon, LIGHT.box_late if warning else "#ffffff")
    write(painter, place.adjusted(58 * s, 0, -22 * s, 0), words, font, "#ffffff")


def _chip_place(room: QRectF, face: QRectF, words_px: float, scale: float, *, below: bool) -> QRectF:
    """Above a face, or below it where the large card may stand above."""
    edge = 8 * scale
    width = min(words_px + 32 * scale, room.width() - 2 * edge)
    height = 46 * scale
    x = min(max(face.center().x() - width / 2, edge), room.width() - width - edge)
    y = face.top() - height - 10 * scale
    if below:
        y = min(face.bottom() + 10 * scale, room.height() - height - edge)
    elif y < edge:
        y = max(edge, face.top() + edge)
    return QRectF(x, y, width, height)
