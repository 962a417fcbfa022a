"""One showing of a screen: in which look and how large, and what every screen needs to get there. Main thread."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QMenu, QWidget

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import Dialog

READY_S: Final = 60.0

USUAL_SIZE: Final = (1280, 800)

OTHER_SIZES: Final = ((911, 512), (1920, 1080), (960, 540), (3840, 2160), (1366, 768))
"""1366×768 at 150 %, 1920×1080, the same at 200 %, 3840×2160, and 1366×768."""

STILL: Final = 5
"""Turns of the event loop until a layout that follows another has come to rest."""


@dataclass(frozen=True, slots=True)
class Shot:
    """In which look and how large a screen is shown; `size` is the window's in pixels of the layout."""

    theme: Theme
    size: tuple[int, int]

    @contextmanager
    def window(self, *widgets: QWidget) -> Iterator[QWidget]:
        """A window of the size with the widgets side by side, which is gone afterwards."""
        frame = QWidget()
        frame.setProperty("surface", "page")
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in widgets:
            row.addWidget(widget)
        frame.setFixedSize(*self.size)
        frame.show()
        frame.activateWindow()
        try:
            yield frame
        finally:
            bury(frame)


Screen = Callable[[Shot], AbstractContextManager[QWidget]]
"""Shows one screen in its world; what it gives is the window, with what stands over it."""


def wait_until(ready: Callable[[], object]) -> None:
    """Let the program work until something is there.

    Raises:
        TimeoutError: It never is.
    """
    deadline = time.monotonic() + READY_S
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("the screen never became ready")
        QApplication.processEvents()
        time.sleep(0.002)
    settle()


def settle() -> None:
    """Let the tasks of the window end and the layouts come to rest."""
    for thread in threading.enumerate():
        if thread.name == "window-task":
            while thread.is_alive():
                QApplication.processEvents()
                thread.join(0.002)
    for _ in range(STILL):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def standing_over(window: QWidget) -> list[QWidget]:
    """The dialogs and menus that stand over a window, the lowest first."""
    found = [
        one
        for one in (*window.findChildren(QDialog), *window.findChildren(QMenu))
        if one.isWindow() and one.isVisible()
    ]
    return sorted(found, key=_depth)


def _depth(widget: QWidget) -> int:
    parent = widget.parentWidget()
    return 0 if parent is None else 1 + _depth(parent)


def picture_of(window: QWidget, *, ratio: float = 1.0) -> QPixmap:
    """A window with what stands over it, as a screen would show it; `ratio` is how many dots a pixel has."""
    QApplication.processEvents()
    picture = QPixmap(window.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    window.render(picture)
    for above in standing_over(window):
        drawn = QPixmap(above.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill("transparent")
        above.render(drawn)
        painter = QPainter(picture)
        painter.drawPixmap(window.mapFromGlobal(above.mapToGlobal(QPoint(0, 0))), drawn)
        painter.end()
    return picture


def bury(window: QWidget) -> None:
    """Delete a window here and now: the garbage collector might do it in a thread of the store."""
    settle()
    for above in reversed(standing_over(window)):
        above.dismiss() if isinstance(above, Dialog) else above.close()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
