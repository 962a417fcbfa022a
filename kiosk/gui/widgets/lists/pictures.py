"""Small pictures in a list, decoded when they come into view; the newest are kept. Main thread."""

from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QPixmap

PICTURE: Final = 40
"""Side in pixels at 1080p; a row is 48 high."""

KEPT: Final = 300


class SmallPictures:
    """Draws the bytes of image files in squares of so many pixels."""

    def __init__(self, side: int) -> None:
        self._side = side
        self._drawn: OrderedDict[bytes, QPixmap] = OrderedDict()

    def drawn(self, data: bytes) -> QPixmap:
        """The picture; an empty square where the bytes are none."""
        known = self._drawn.get(data)
        if known is None:
            whole, side = QPixmap(), self._side
            known = QPixmap(side, side)
            known.fill(Qt.GlobalColor.transparent)
            if whole.loadFromData(QByteArray(data)):
                grown, smooth = (
                    Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                    Qt.TransformationMode.SmoothTransformation,
                )
                scaled = whole.scaled(side, side, grown, smooth)
                known = scaled.copy((scaled.width() - side) // 2, (scaled.height() - side) // 2, side, side)
            self._drawn[data] = known
            while len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end(data)
        return known
