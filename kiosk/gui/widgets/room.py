"""What a dialog holds, as high as it wants to be and the window lets it; the rest is scrolled. Main thread."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

NO_LIMIT = 16_777_215
"""Qt's largest length."""


class Room(QScrollArea):
    """Put things into `body`, a vertical layout; `limit` says how high it may be.

    Signals:
        changed: What it holds needs more or less room than before.
    """

    changed = Signal()

    def __init__(self, spacing: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = NO_LIMIT
        self._asked = QSize()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        held = QWidget()
        self.body = QVBoxLayout(held)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(spacing)
        self.setWidget(held)
        held.installEventFilter(self)

    def limit(self, height: int) -> None:
        """Be no higher than this, in pixels."""
        if height != self._most:
            self._most = height
            self.updateGeometry()

    def wanted_height(self) -> int:
        """How high everything is in the width that there is."""
        if self.body.hasHeightForWidth():
            return self.body.totalHeightForWidth(self.width())
        return self.body.totalSizeHint().height()

    def wanted_width(self) -> int:
        """How wide it has to be, so that nothing is cut at the side when it is scrolled."""
        return self.body.totalMinimumSize().width() + self.verticalScrollBar().sizeHint().width()

    def sizeHint(self) -> QSize:
        return QSize(self.body.totalMinimumSize().width(), min(self.wanted_height(), self._most))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()  # words wrap anew

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
            if (asked := QSize(self.wanted_width(), self.wanted_height())) != self._asked:
                self._asked = asked
                self.changed.emit()
        return super().eventFilter(watched, event)
