"""Reads the size of this PC's screen. In a process of its own: Qt ends one that reaches no display."""

from PySide6.QtGui import QGuiApplication

from kiosk.domain.phones.reading_distance import ScreenShape


def read_screen() -> ScreenShape | None:
    """The primary screen; None where it does not tell its size. Makes an application, so call it once a process."""
    application = QGuiApplication([])
    screen = application.primaryScreen()
    size, width_mm = screen.size() * screen.devicePixelRatio(), screen.physicalSize().width()
    return ScreenShape(size.width(), size.height(), width_mm) if width_mm > 0 and size.width() > 0 else None
