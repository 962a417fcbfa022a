"""The camera picture with boxes, names, cards, and calm words where there is no picture.

Main thread only. Frames are polled from a preview slot and never copied: a `QImage` looks at the frame's own memory
while it is drawn. Measured on 2 cores: 2.5 ms to draw 720p, mirrored and smoothly scaled, into 1264×800.
"""

from dataclasses import dataclass
from typing import Final, assert_never

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.domain.faces.frames import Box, Frame
from kiosk.gui.attendance.kiosk_screen.cards import ShownCard
from kiosk.gui.attendance.kiosk_screen.class_state import ClassState
from kiosk.gui.attendance.kiosk_screen.drawing import (
    CENTRE,
    fill_round,
    rect_of,
    round_corners,
    text_width,
    write,
    write_wrapped,
)
from kiosk.gui.attendance.kiosk_screen.framing import Framing
from kiosk.gui.attendance.kiosk_screen.motion import Glide, GlidingFace
from kiosk.gui.attendance.kiosk_screen.placing import card_place, request_place
from kiosk.gui.attendance.kiosk_screen.request_card import (
    RequestWords,
    draw_request,
    request_size,
    words_for,
    words_of,
)
from kiosk.gui.attendance.kiosk_screen.result_cards import draw_pile, pile_size
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import LIGHT, Theme, sans
from kiosk.services.events import CameraState
from kiosk.services.faces.recognition.analysis import FaceState, FrameAnalysis

RADIUS: Final = 24.0
MARGIN: Final = 28.0
STALE_S: Final = 1.0
"""An analysis that is older than the frame by more than this says nothing about it any more."""

_EMPTY: Final = "#1b232b"


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
            return _BoxLook(LIGHT.box_checking, LIGHT.solid_accent, True, "Checking…")
        case FaceState.PLEASE_SCAN:
            return _BoxLook(LIGHT.box_late, LIGHT.solid_late, False, "Please scan the code")
        case FaceState.UNKNOWN:
            return _BoxLook(LIGHT.box_neutral, LIGHT.solid_neutral, False, "Not recognised")
        case _:
            assert_never(state)


class CameraView(QWidget):
    """Shows what `poll` hands in; asks nobody itself."""

    def __init__(self, theme: Theme, *, mirror: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mirror = mirror
        self._scale = 1.0
        self._state = ClassState()
        self._frame: Frame | None = None
        self._seen_index = -1
        self._glide = Glide()
        self._faces: tuple[GlidingFace, ...] = ()
        self._face_size = (0, 0)
        self._cards: tuple[ShownCard, ...] = ()
        self._cards_at: Box | None = None
        self._request_at: Box | None = None
        self._now_s = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Camera")

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        self._scale = scale

    def show_state(self, state: ClassState) -> None:
        """Camera and recognition as they are now."""
        if state.session is not self._state.session:
            self._glide.clear()
            self._frame, self._faces, self._seen_index = None, (), -1
        self._state = state
        self.update()

    def poll(
        self,
        frame: Frame | None,
        analysis: FrameAnalysis | None,
        cards: tuple[ShownCard, ...],
        now_s: float,
    ) -> None:
        """Take over the newest of everything and repaint where something moves."""
        moving = frame is not self._frame or bool(cards) or bool(self._cards) or bool(self._faces)
        self._now_s = now_s
        self._frame = frame
        self._take(analysis)
        self._faces = self._glide.at(now_s)
        self._cards = cards
        if moving:
            self.update()

    @property
    def cards_place(self) -> Box | None:
        """Where result cards were drawn last; None when there are none."""
        return self._cards_at

    @property
    def request(self) -> RequestWords | None:
        """What somebody is asked to do."""
        return words_for([face.face.request for face in self._faces if face.face.request is not None])

    @property
    def request_place(self) -> Box | None:
        """Where that was drawn last; None while nobody is asked."""
        return self._request_at

    @property
    def words(self) -> tuple[str, ...]:
        """What is said in place of, or over, the picture: sentence and hint."""
        return self._notice() or ((self._pill(),) if self._pill() else ())

    def face_places(self) -> list[Box]:
        """The faces that are drawn, in the view's pixels."""
        framing = self._framing(self._face_size)
        return [framing.place(face.box) for face in self._faces] if framing else []

    def _take(self, analysis: FrameAnalysis | None) -> None:
        if analysis is None or self._frame is None:
            return
        stale = self._frame.time_s - analysis.time_s > STALE_S
        if analysis.frame_index != self._seen_index and not stale:
            self._seen_index = analysis.frame_index
            self._face_size = (analysis.width, analysis.height)
            self._glide.see(analysis.faces, self._now_s)

    def _framing(self, size: tuple[int, int]) -> Framing | None:
        if min(size) <= 0 or min(self.width(), self.height()) <= 0:
            return None
        return Framing.of(size, (self.width(), self.height()), mirrored=self._mirror)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_picture(painter)
        notice = self._notice()
        self._request_at = self._request_at if not notice else None
        if notice:
            self._paint_notice(painter, *notice)
        else:
            framing = self._framing(self._face_size)
            if framing is not None:
                for face in self._faces:
                    self._paint_face(painter, framing, face)
            if self._pill():
                self._paint_pill(painter, self._pill())
            self._paint_request(painter)
        self._paint_cards(painter)
        round_corners(painter, QRectF(self.rect()), RADIUS * self._scale, self._theme.palette.background)
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        frame = self._frame
        framing = self._framing((frame.width, frame.height)) if frame is not None else None
        if frame is None or framing is None:
            painter.fillRect(self.rect(), QColor(_EMPTY))
            return
        if framing.target.width < self.width() - 1 or framing.target.height < self.height() - 1:
            painter.fillRect(self.rect(), QColor(_EMPTY))
        pixels = np.ascontiguousarray(frame.image)
        image = QImage(pixels.data, frame.width, frame.height, pixels.strides[0], QImage.Format.Format_BGR888)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if framing.mirrored:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        painter.drawImage(rect_of(framing.target), image, rect_of(framing.source))
        painter.restore()

    def _paint_face(self, painter: QPainter, framing: Framing, gliding: GlidingFace) -> None:
        look = _look(gliding.face.state)
        place = rect_of(framing.place(gliding.box))
        student, request = gliding.face.student, gliding.face.request
        words = student.full_name if student is not None else look.words
        if request is not None:
            words = words_of(request).short
        painter.setOpacity(gliding.opacity)
        pen = QPen(QColor(look.line), 4 * self._scale)
        if look.dashed:
            pen.setDashPattern([3.2, 2.4])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place, 18 * self._scale, 18 * self._scale)
        if words:
            self._paint_chip(painter, place, words, look.chip, below=request is not None)
        painter.setOpacity(1)

    def _paint_chip(
        self, painter: QPainter, face: QRectF, words: str, colour: str, *, below: bool = False
    ) -> None:
        """Words above a face, or below it where the large card may stand above."""
        font = sans(22 * self._scale, 600)
        edge = 8 * self._scale
        width = min(text_width(words, font) + 32 * self._scale, self.width() - 2 * edge)
        height = 46 * self._scale
        x = min(max(face.center().x() - width / 2, edge), self.width() - width - edge)
        y = face.top() - height - 10 * self._scale
        if below:
            y = min(face.bottom() + 10 * self._scale, self.height() - height - edge)
        elif y < edge:
            y = max(edge, face.top() + edge)
        place = QRectF(x, y, width, height)
        fill_round(painter, place, 12 * self._scale, colour)
        inner = place.adjusted(16 * self._scale, 0, -16 * self._scale, 0)
        write(painter, inner, words, font, LIGHT.on_solid, CENTRE)

    def _paint_request(self, painter: QPainter) -> None:
        words = self.request
        if words is None:
            self._request_at = None
            return
        across, down = request_size(words, self._scale)
        self._request_at = request_place(
            width=self.width(),
            height=self.height(),
            card=(min(across, self.width() - 2 * MARGIN * self._scale), down),
            margin=MARGIN * self._scale,
            faces=[_with_chip(place, self._scale) for place in self.face_places()],
            now=self._request_at,
        )
        draw_request(painter, rect_of(self._request_at), words, self._scale)

    def _paint_cards(self, painter: QPainter) -> None:
        if not self._cards:
            self._cards_at = None
            return
        self._cards_at = card_place(
            width=self.width(),
            height=self.height(),
            card=pile_size(self._cards, self._scale),
            margin=MARGIN * self._scale,
            faces=[*self.face_places(), *([self._request_at] if self._request_at is not None else [])],
            now=self._cards_at,
        )
        draw_pile(painter, rect_of(self._cards_at), self._cards, self._now_s, self._scale)

    def _paint_notice(self, painter: QPainter, sentence: str, hint: str) -> None:
        s = self._scale
        painter.fillRect(self.rect(), QColor(18, 25, 32, 238))
        centre = QRectF(self.rect()).center()
        lost = self._state.camera is CameraState.LOST
        name = "camera-off" if lost else "camera"
        colour = LIGHT.box_late if lost else LIGHT.box_neutral
        icon = QRectF(centre.x() - 48 * s, centre.y() - 152 * s, 96 * s, 96 * s)
        draw_icon(painter, name, icon, colour)
        width = self.width() - 96 * s
        lines = [(sentence, sans(34 * s, 600), "#ffffff", 64.0)]
        if hint:
            lines.append((hint, sans(24 * s, 400), "#c9d3dc", 44.0))
        if lost:
            lines.append(("The QR code and the roster still work.", sans(24 * s, 400), "#c9d3dc", 44.0))
        y = centre.y() - 24 * s
        for text, font, ink, height in lines:
            place = QRectF(centre.x() - width / 2, y, width, height * s)
            used = write_wrapped(painter, place, text, font, ink)
            y += max(height * s, used + 10 * s)

    def _paint_pill(self, painter: QPainter, words: str) -> None:
        s = self._scale
        font = sans(22 * s, 500)
        width = min(text_width(words, font) + 84 * s, self.width() - 48 * s)
        place = QRectF((self.width() - width) / 2, 24 * s, width, 52 * s)
        fill_round(painter, place, 26 * s, QColor(18, 25, 32, 215))
        icon = QRectF(place.left() + 20 * s, place.center().y() - 13 * s, 26 * s, 26 * s)
        warning = self._state.trouble is not None or self._state.model_trouble is not None
        draw_icon(painter, "alert" if warning else "face", icon, LIGHT.box_late if warning else "#ffffff")
        text = place.adjusted(58 * s, 0, -22 * s, 0)
        write(painter, text, words, font, "#ffffff")

    # -- words ---------------------------------------------------------------------------------------------------

    def _notice(self) -> tuple[str, str] | None:
        """Sentence and hint when there is no live picture to look at."""
        state = self._state
        match state.camera:
            case CameraState.LOST:
                trouble = state.camera_trouble
                return (trouble.sentence, trouble.hint) if trouble else ("The camera is gone.", "")
            case CameraState.ENDED:
                return "The recording has ended.", ""
            case CameraState.OPENING | CameraState.RUNNING:
                return None if self._frame is not None else ("Starting camera…", "")
            case CameraState.CLOSED:
                return None if self._frame is not None else ("The camera is off.", "")
            case _:
                assert_never(state.camera)

    def _pill(self) -> str:
        state = self._state
        if state.trouble is not None:
            return f"{state.trouble.sentence} {state.trouble.hint}".strip()
        if state.enrolled is None:
            return "Loading recognition…"
        if state.enrolled == 0:
            return "No faces are enrolled in this course. Please scan the code."
        return state.model_trouble.sentence if state.model_trouble is not None else ""


def _with_chip(face: Box, scale: float) -> Box:
    """A face and the words below it."""
    return Box(face.x, face.y, face.width, face.height + 56 * scale)
