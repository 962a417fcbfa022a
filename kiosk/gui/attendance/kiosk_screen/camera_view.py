"""The camera picture with boxes, names, cards, and calm words where there is no picture.

Main thread only. Frames are polled from a preview slot.
"""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.domain.faces.frames import Box, Frame
from kiosk.gui.attendance.kiosk_screen.camera_painting import (
    face_words,
    paint_face,
    paint_notice,
    paint_picture,
    paint_pill,
)
from kiosk.gui.attendance.kiosk_screen.camera_words import notice_words, recognition_words
from kiosk.gui.attendance.kiosk_screen.cards import ShownCard
from kiosk.gui.attendance.kiosk_screen.class_state import ClassState
from kiosk.gui.attendance.kiosk_screen.drawing import rect_of, round_corners
from kiosk.gui.attendance.kiosk_screen.framing import Framing
from kiosk.gui.attendance.kiosk_screen.motion import Glide, GlidingFace
from kiosk.gui.attendance.kiosk_screen.placing import card_place, request_place
from kiosk.gui.attendance.kiosk_screen.request_card import RequestWords, draw_request, request_size, words_for
from kiosk.gui.attendance.kiosk_screen.result_cards import draw_pile, pile_size
from kiosk.gui.attendance.kiosk_screen.speaking import describe, sentences
from kiosk.gui.theme import Theme
from kiosk.services.events import CameraState
from kiosk.services.faces.recognition.analysis import FrameAnalysis
from kiosk.translation import _

RADIUS: Final = 24.0
MARGIN: Final = 28.0
STALE_S: Final = 1.0
"""An analysis that is older than the frame by more than this says nothing about it any more."""


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
        self._describe()

    def show_mirrored(self, mirror: bool) -> None:
        """Swap left and right from now on, or not."""
        self._mirror = mirror
        self.update()

    def set_scale(self, scale: float) -> None:
        """Pixels for one pixel at 1080p."""
        self._scale = scale

    def show_state(self, state: ClassState) -> None:
        """Camera and recognition as they are now."""
        if state.session is not self._state.session:
            self._glide.clear()
            self._frame, self._faces, self._seen_index = None, (), -1
        self._state = state
        self._describe()
        self.update()

    def poll(
        self, frame: Frame | None, analysis: FrameAnalysis | None, cards: tuple[ShownCard, ...], now_s: float
    ) -> None:
        """Take over the newest of everything and repaint where something moves."""
        moving = frame is not self._frame or bool(cards) or bool(self._cards) or bool(self._faces)
        self._now_s = now_s
        self._frame = frame
        self._take(analysis)
        self._faces = self._glide.at(now_s, still=self._theme.is_still)
        self._cards = cards
        if moving:
            self._describe()
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
        words = recognition_words(self._state)
        return self._notice() or ((words,) if words else ())

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
        room, scale, state = QRectF(self.rect()), self._scale, self._state
        frame = self._frame
        framing = self._framing((frame.width, frame.height)) if frame is not None else None
        paint_picture(painter, room, frame, framing)
        notice = self._notice()
        if notice:
            self._request_at = None
            paint_notice(painter, room, notice, lost=state.camera is CameraState.LOST, scale=scale)
        else:
            faces = self._framing(self._face_size)
            if faces is not None:
                for face in self._faces:
                    paint_face(painter, room, faces, face, scale)
            if words := recognition_words(state):
                warning = bool(state.trouble or state.pass_trouble or state.model_trouble)
                paint_pill(painter, room, words, warning=warning, scale=scale)
            self._paint_request(painter)
        self._paint_cards(painter)
        round_corners(painter, room, RADIUS * scale, self._theme.palette.background)
        painter.end()

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

    def _notice(self) -> tuple[str, str] | None:
        return notice_words(self._state, has_picture=self._frame is not None)

    def _describe(self) -> None:
        request = self.request
        asked = (request.title, request.detail) if request is not None and not self._notice() else ()
        said = (*self.words, *asked, *(card.card.spoken for card in self._cards))
        faces = (
            "" if self._notice() else ", ".join(filter(None, (face_words(one.face) for one in self._faces)))
        )
        describe(self, sentences(_("Camera"), *said), faces)


def _with_chip(face: Box, scale: float) -> Box:
    """A face and the words below it."""
    return Box(face.x, face.y, face.width, face.height + 56 * scale)
