"""A short message at the bottom of a window that goes by itself."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Text

SHOWN_MS: Final = 4000


class Toast(QFrame):
    """One per window or page; a newer message replaces the older one."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._theme = theme
        self.setProperty("surface", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = Text()
        horizontal(
            self._text, on=self, edges=(theme.space(3), theme.space(1.5), theme.space(3), theme.space(1.5))
        )
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; empty while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str) -> None:
        """Show a sentence for four seconds."""
        self._text.setText(text)
        self.show()
        self._place()
        self.raise_()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        self.adjustSize()
        self.move(
            (self._ground.width() - self.width()) // 2,
            self._ground.height() - self.height() - self._theme.space(4),
        )
