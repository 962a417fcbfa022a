"""A code as a picture, standing still or within the ring that says how long it stays. Main thread only."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kiosk.domain.phones.reading_distance import EDGE_PX
from kiosk.gui.attendance.kiosk_screen.drawing import fill_round, round_outline
from kiosk.gui.palettes import Palette
from kiosk.gui.theme import Theme
from kiosk.services.ports.outputs import QrDrawer

QUIET: Final = 4
"""Modules of white around the code, as ISO/IEC 18004 asks for."""

RING: Final = 8.0
"""Width of the countdown's ring, in pixels at 1080p."""

GAP: Final = EDGE_PX - RING
"""Between the white tile and the ring; the tile's quiet zone is room enough."""


class CodePicture:
    """Keeps the picture of the newest text. Always black on white, each module a whole number of screen pixels."""

    def __init__(self, drawer: QrDrawer) -> None:
        self._drawer = drawer
        self._text = ""
        self._image = QImage()

    def show(self, text: str) -> None:
        """Draw another text; does nothing when it is the same."""
        if text != self._text:
            self._text = text
            self._image = _image(self._drawer.modules(text)) if text else QImage()

    def side(self, available: float, ratio: float) -> float:
        """The largest side within `available` logical pixels that gives whole screen pixels for each module."""
        modules = self._image.width()
        return max(1, int(available * ratio) // modules) * modules / ratio if modules else available

    @property
    def modules(self) -> int:
        """Side of the code in modules, without the quiet zone; 0 without a code."""
        return max(0, self._image.width() - 2 * QUIET)

    def paint(self, painter: QPainter, place: QRectF, radius: float) -> None:
        """Draw it into `place`, whose side came from `side`, on a white tile with rounded corners."""
        fill_round(painter, place, radius, "#ffffff")
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(place, self._image)
        painter.restore()


class PlainCode(QWidget):
    """A square of a fixed size, always black on white; nothing while there is no text."""

    def __init__(
        self, theme: Theme, picture: CodePicture, *, side_px: int, name: str, parent: QWidget | None = None
    ) -> None:
        """Show nothing yet.

        Args:
            theme: Scales the side.
            picture: Draws the text.
            side_px: Side of the square at 1080 lines.
            name: What a screen reader says.
            parent: The widget that owns it.
        """
        super().__init__(parent)
        self._picture = picture
        self._text = ""
        self.setFixedSize(theme.px(side_px), theme.px(side_px))
        self.setAccessibleName(name)

    @property
    def text(self) -> str:
        """What the code says."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show another code; does nothing when it is the same."""
        if text != self._text:
            self._text = text
            self._picture.show(text)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._text:
            return
        ratio = self.devicePixelRatioF()
        side = self._picture.side(float(self.width()), ratio)
        edge = int((self.width() - side) / 2 * ratio) / ratio
        self._picture.paint(QPainter(self), QRectF(edge, edge, side, side), 12)


def _image(modules: NDArray[np.bool_]) -> QImage:
    """One pixel a module: black, or transparent where the white tile shows through."""
    padded = np.pad(modules, QUIET, constant_values=False)
    pixels = np.zeros((*padded.shape, 4), np.uint8)
    pixels[..., 3] = np.where(padded, 255, 0)
    side = padded.shape[0]
    return QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_ARGB32).copy()


def paint_ring(painter: QPainter, place: QRectF, *, share: float, palette: Palette, width: float) -> None:
    """A ring around `place` of which `share` (1 to 0) is left."""
    line = place.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    path = round_outline(line, 28 * width / 11)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(palette.track), width))
    painter.drawPath(path)
    left = path.length() * min(1.0, max(0.0, share)) / width
    if left > 0.01:
        pen = QPen(QColor(palette.accent), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([left, path.length() / width + 2])
        painter.setPen(pen)
        painter.drawPath(path)


def paint_code(
    painter: QPainter,
    place: QRectF,
    picture: CodePicture,
    *,
    share: float,
    palette: Palette,
    scale: float,
    ratio: float,
) -> None:
    """Code, tile and ring as large as a square `place` allows."""
    ring = RING * scale
    gap = GAP * scale
    side = picture.side(place.width() - 2 * (ring + gap), ratio)
    centre = place.center()
    # Whole screen pixels for the corner too, or the modules' edges blur.
    left = round((centre.x() - side / 2) * ratio) / ratio
    top = round((centre.y() - side / 2) * ratio) / ratio
    tile = QRectF(left, top, side, side)
    paint_ring(
        painter,
        tile.adjusted(-gap - ring, -gap - ring, gap + ring, gap + ring),
        share=share,
        palette=palette,
        width=ring,
    )
    picture.paint(painter, tile, 12 * scale)
