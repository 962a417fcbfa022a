"""A window that a script runs beside: the demo looks at it and closes it, from a thread of its own."""

from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from kiosk.domain.faces.frames import BgrImage

GRAB_S: Final = 5.0


class WindowHandle(QObject):
    """Made on the main thread; its methods may be called from any thread."""

    _grab_wanted = Signal(object)
    _close_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._grab_wanted.connect(self._grab, Qt.ConnectionType.QueuedConnection)
        self._close_wanted.connect(self._close, Qt.ConnectionType.QueuedConnection)

    def picture(self) -> BgrImage | None:
        """What the window shows now, (height, width, 3) BGR; None when the main thread is too busy to say."""
        answer: Future[BgrImage] = Future()
        self._grab_wanted.emit(answer)
        try:
            return answer.result(GRAB_S)
        except FutureTimeoutError:
            return None

    def close_window(self) -> None:
        """Close the window, and with it the program, without asking anybody."""
        self._close_wanted.emit()

    def _grab(self, answer: "Future[BgrImage]") -> None:
        answer.set_result(bgr_of(self._window.grab().toImage()))

    def _close(self) -> None:
        close = getattr(self._window, "close_now", self._window.close)
        close()


def bgr_of(image: QImage) -> BgrImage:
    """A copy of a Qt picture as (height, width, 3) BGR."""
    plain = image.convertToFormat(QImage.Format.Format_BGR888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()
