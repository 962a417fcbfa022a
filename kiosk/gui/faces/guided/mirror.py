"""The live picture with the oval to look through, an arrow to the side to turn to, and words when the camera is gone.

Main thread only. Frames are handed in by whoever polls and are never copied: a `QImage` looks at the frame's own memory
while it is drawn.
"""

from typing import Final, assert_never

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.domain.faces.frames import Frame
from kiosk.domain.faces.guided_enrolment import Step
from kiosk.gui.attendance.kiosk_screen.camera_painting import paint_picture
from kiosk.gui.attendance.kiosk_screen.drawing import round_corners, write_wrapped
from kiosk.gui.attendance.kiosk_screen.framing import Framing
from kiosk.gui.icons import draw_icon
from kiosk.gui.palettes import LIGHT
from kiosk.gui.theme import Theme, Tone, sans
from kiosk.services.events import CameraState
from kiosk.services.faces.guided_enrolment import SittingView
from kiosk.translation import N_, _

RADIUS: Final = 20.0
OVAL_HIGH: Final = 0.78
"""Height of the oval, in heights of the view; it is three quarters as wide as high, as a head is."""

OVAL_WIDE: Final = 0.75
_RING: Final = {
    Tone.PRESENT: LIGHT.box_present,
    Tone.ACCENT: LIGHT.box_checking,
    Tone.LATE: LIGHT.box_late,
    Tone.REFUSED: "#ff8a80",
    Tone.MUTED: LIGHT.box_neutral,
}
BACK_BY_ITSELF: Final = N_("It goes on by itself when the camera is back.")


class Mirror(QWidget):
    """Shows what `show_sitting` hands in; asks nobody itself."""

    def __init__(self, theme: Theme, *, mirrored: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mirrored = mirrored
        self._frame: Frame | None = None
        self._view = SittingView()
        self._tone = Tone.MUTED
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("Camera"))
        theme.changed.connect(self.update)

    def show_sitting(self, frame: Frame | None, view: SittingView, tone: Tone) -> None:
        """Take over the newest of everything; `tone` colours the oval."""
        moved = frame is not self._frame or tone is not self._tone
        if moved or view.camera is not self._view.camera or view.step is not self._view.step:
            self._frame, self._view, self._tone = frame, view, tone
            self.update()

    @property
    def words(self) -> tuple[str, ...]:
        """What is said in place of the picture; empty while there is one."""
        view = self._view
        match view.camera:
            case CameraState.LOST:
                said = (view.trouble or _("The camera is gone."), view.hint, _(BACK_BY_ITSELF))
                return tuple(line for line in said if line)
            case CameraState.ENDED:
                return (_("The recording has ended."),)
            case CameraState.OPENING | CameraState.RUNNING | CameraState.CLOSED:
                return () if self._frame is not None else (_("Starting camera…"),)
            case _:
                assert_never(view.camera)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame, room = self._frame, QRectF(self.rect())
        size = (room.width(), room.height())
        shown = Framing.of((frame.width, frame.height), size, mirrored=self._mirrored) if frame else None
        paint_picture(painter, room, frame, shown)
        if self.words:
            self._paint_words(painter)
        else:
            self._paint_oval(painter)
            self._paint_arrow(painter)
        round_corners(painter, room, self._theme.px(RADIUS), self._theme.palette.card)
        painter.end()

    def _oval(self) -> QRectF:
        high = self.height() * OVAL_HIGH
        wide = high * OVAL_WIDE
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)

    def _paint_oval(self, painter: QPainter) -> None:
        outside = QPainterPath()
        outside.addRect(QRectF(self.rect()))
        oval = QPainterPath()
        oval.addEllipse(self._oval())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(10, 15, 20, 120))
        painter.drawPath(outside.subtracted(oval))
        pen = QPen(QColor(_RING[self._tone]), self._theme.px(6))
        if self._tone is not Tone.PRESENT:
            pen.setDashPattern([3.0, 2.2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(self._oval())

    def _paint_arrow(self, painter: QPainter) -> None:
        """Beside the oval, to where the head should turn as the picture shows it."""
        if self._view.step not in {Step.LEFT, Step.RIGHT}:
            return
        to_left = (self._view.step is Step.LEFT) is self._mirrored
        oval, size = self._oval(), float(self._theme.px(64))
        gap = (oval.left() - size) / 2
        x = gap if to_left else self.width() - gap - size
        place = QRectF(x, self.height() / 2 - size / 2, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(18, 25, 32, 200))
        painter.drawEllipse(place.adjusted(-14, -14, 14, 14))
        painter.save()
        if not to_left:
            painter.translate(QPointF(2 * place.center().x(), 0))
            painter.scale(-1, 1)
        draw_icon(painter, "arrow-left", place, "#ffffff")
        painter.restore()

    def _paint_words(self, painter: QPainter) -> None:
        px = self._theme.px
        painter.fillRect(self.rect(), QColor(18, 25, 32, 238))
        lost = self._view.camera is CameraState.LOST
        icon = QRectF(self.width() / 2 - px(36), self.height() / 2 - px(120), px(72), px(72))
        colour = LIGHT.box_late if lost else LIGHT.box_neutral
        draw_icon(painter, "camera-off" if lost else "camera", icon, colour)
        y = self.height() / 2 - px(24)
        for place, line in enumerate(self.words):
            font = sans(px(28 if place == 0 else 20), 600 if place == 0 else 400)
            room = QRectF(px(32), y, self.width() - 2 * px(32), px(40))
            used = write_wrapped(painter, room, line, font, "#ffffff" if place == 0 else "#c9d3dc")
            y += used + px(10)
