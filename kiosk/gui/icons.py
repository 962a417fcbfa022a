"""Our own line icons (24×24 SVG under ``assets/icons``), drawn in any colour and size. Main thread only."""

import functools
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"
"""Files that come with the program, in a checkout and in the frozen app alike."""

ICONS: Final = ASSETS / "icons"


@functools.lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))


def draw_icon(painter: QPainter, name: str, place: QRectF, colour: QColor | str) -> None:
    """Draw an icon into a rectangle."""
    _renderer(name, QColor(colour).name()).render(painter, place)


def pixmap(name: str, colour: QColor | str, size: int) -> QPixmap:
    """An icon as a square picture of `size` logical pixels, sharp on screens with more."""
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    draw_icon(painter, name, QRectF(0, 0, picture.width(), picture.height()), colour)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, colour: QColor | str, size: int = 24) -> QIcon:
    """An icon for buttons and menus."""
    return QIcon(pixmap(name, colour, size))
