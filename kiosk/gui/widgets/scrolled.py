"""A page that is scrolled where the window is too low for it, instead of being squeezed. Main thread."""

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

SETTLED_MS: Final = 50
"""Layouts that follow each other have come to rest by then."""


class Scrolled(QScrollArea):
    """Shows `held` as wide as there is room, and as high; what Tab goes to is scrolled into sight."""

    def __init__(self, held: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._held = held
        self.setWidget(held)

    def minimumSizeHint(self) -> QSize:
        """Its own least width: what is too high can be scrolled, what is too wide cannot well."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._held.minimumSizeHint().width() + bar, 0)

    def sizeHint(self) -> QSize:
        return self._held.sizeHint()

    def bring(self, part: QWidget) -> None:
        """Scroll what was opened into sight, once it has its place."""
        QTimer.singleShot(SETTLED_MS, part, partial(self.ensureWidgetVisible, part))
