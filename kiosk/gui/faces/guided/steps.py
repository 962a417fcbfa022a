"""The steps of a sitting as dots with words, and the pictures taken with a way to drop each. Main thread only."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from kiosk.domain.faces.guided_enrolment import PLAN, Step
from kiosk.gui.attendance.kiosk_screen.drawing import round_corners
from kiosk.gui.faces.guided.wording import drop_words
from kiosk.gui.icons import draw_icon
from kiosk.gui.theme import TextStyle, Theme
from kiosk.gui.widgets.layouts import horizontal
from kiosk.services.faces.guided_enrolment import SittingView, TakenPicture
from kiosk.translation import _, ngettext
from kiosk.wording.faces import step_words

ROW_PX: Final = 44
DOT_PX: Final = 18
THUMB_PX: Final = 96
CROSS_PX: Final = 30


class StepList(QWidget):
    """One row a step: a dot for each picture it takes, filled when it is there, and its name."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._progress: dict[Step, tuple[int, int]] = {step: (0, wanted) for step, wanted in PLAN}
        self._now: Step | None = Step.STRAIGHT
        self.setFixedHeight(theme.px(ROW_PX) * len(PLAN))
        theme.changed.connect(self.update)
        self._say()

    def show_view(self, view: SittingView) -> None:
        """Take over how far the sitting is."""
        progress = {step: view.progress(step) for step, _unused in PLAN}
        if (progress, view.step) != (self._progress, self._now):
            self._progress, self._now = progress, view.step
            self._say()
            self.update()

    @property
    def dots(self) -> dict[Step, tuple[int, int]]:
        """(filled, all) of each step."""
        return dict(self._progress)

    def _say(self) -> None:
        done, wanted = (sum(column) for column in zip(*self._progress.values(), strict=True))
        self.setAccessibleName(
            ngettext(
                "{done} of {wanted} picture is taken",
                "{done} of {wanted} pictures are taken",
                wanted,
                done=done,
                wanted=wanted,
            )
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        px, colours = self._theme.px, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max(wanted for _unused, wanted in PLAN)
        for row, (step, wanted) in enumerate(PLAN):
            filled, _unused2 = self._progress[step]
            middle = px(ROW_PX) * (row + 0.5)
            complete = filled >= wanted
            for dot in range(wanted):
                place = QRectF(dot * px(DOT_PX + 8) + 2, middle - px(DOT_PX) / 2, px(DOT_PX), px(DOT_PX))
                there = dot < filled
                painter.setPen(QPen(QColor(colours.present if there else colours.muted), max(2, px(2))))
                painter.setBrush(QColor(colours.present) if there else Qt.BrushStyle.NoBrush)
                painter.drawEllipse(place)
                if there:
                    draw_icon(painter, "check", place.adjusted(2, 2, -2, -2), colours.card)
            style = TextStyle.STRONG if step is self._now else TextStyle.BODY
            painter.setFont(self._theme.font(style))
            painter.setPen(
                QColor(colours.present if complete else colours.text if step is self._now else colours.muted)
            )
            left = most * px(DOT_PX + 8) + px(10)
            room = QRectF(left, middle - px(ROW_PX) / 2, self.width() - left, px(ROW_PX))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), step_words(step)[0])
        painter.end()


class Thumbnail(QWidget):
    """One picture; a press on it, Delete, Space or Enter drops it."""

    dropped = Signal(int)

    def __init__(
        self, theme: Theme, picture: TakenPicture, *, mirrored: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.picture = picture
        self._pixmap = _pixmap_of(picture, theme.px(THUMB_PX), mirrored)
        self.setFixedSize(theme.px(THUMB_PX), theme.px(THUMB_PX))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(drop_words(picture.step))
        self.setToolTip(_("Drop this picture; it is taken again."))

    def paintEvent(self, _event: QPaintEvent) -> None:
        px, colours = self._theme.px, self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._pixmap)
        round_corners(painter, QRectF(self.rect()), px(8), colours.card)
        cross = QRectF(self.width() - px(CROSS_PX) - 3, 3, px(CROSS_PX), px(CROSS_PX))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(18, 25, 32, 215))
        painter.drawEllipse(cross)
        inset = px(CROSS_PX) * 0.22
        draw_icon(painter, "close", cross.adjusted(inset, inset, -inset, -inset), "#ffffff")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = 3 if self.hasFocus() else 1
        painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.line), width))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), px(8), px(8))
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.dropped.emit(self.picture.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            Qt.Key.Key_Delete,
            Qt.Key.Key_Backspace,
            Qt.Key.Key_Space,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        }
        if event.key() in keys:
            self.dropped.emit(self.picture.number)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


class Thumbnails(QWidget):
    """The pictures taken, oldest first."""

    dropped = Signal(int)

    def __init__(self, theme: Theme, *, mirrored: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mirrored = mirrored
        self.pictures: list[Thumbnail] = []
        self._row = horizontal(1, on=self, spacing=theme.space(1))
        self.setFixedHeight(theme.px(THUMB_PX))

    def show_taken(self, taken: Sequence[TakenPicture]) -> None:
        """Add what is new and take away what is gone; nothing else is touched, so that the focus stays."""
        numbers = [one.number for one in taken]
        for shown in [one for one in self.pictures if one.picture.number not in numbers]:
            self.pictures.remove(shown)
            self._row.removeWidget(shown)
            shown.hide()
            shown.deleteLater()
        known = {one.picture.number for one in self.pictures}
        for picture in taken:
            if picture.number not in known:
                thumbnail = Thumbnail(self._theme, picture, mirrored=self._mirrored)
                thumbnail.dropped.connect(self.dropped)
                self._row.insertWidget(len(self.pictures), thumbnail)
                self.pictures.append(thumbnail)


def _pixmap_of(picture: TakenPicture, side: int, mirrored: bool) -> QPixmap:
    """The middle square of a picture."""
    height, width = picture.image.shape[:2]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    square = picture.image[top : top + edge, left : left + edge]
    pixels = np.ascontiguousarray(square[:, ::-1] if mirrored else square)
    image = QImage(pixels.data, edge, edge, pixels.strides[0], QImage.Format.Format_BGR888)
    how = Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(image.scaled(QSize(side, side), Qt.AspectRatioMode.IgnoreAspectRatio, how))
