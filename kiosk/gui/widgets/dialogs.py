"""Dialogs: a card over the dimmed window, closed by Escape."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from kiosk.errors import KioskError
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.translation import _


class _Scrim(QWidget):
    """Dims the window behind a dialog."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)
        self._cover()
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._cover()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(8, 12, 16, 140))

    def _cover(self) -> None:
        self.setGeometry(self._window.rect())


class Dialog(QDialog):
    """A modal card with a title, `body` (a vertical layout) and a row of buttons.

    Open it with `open()`; it deletes itself when it is closed. Buttons stand from left to right, the main one last.
    """

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None, *, width: int = 560) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.theme = theme
        self._scrim: _Scrim | None = None
        self.setWindowTitle(title)
        self.setProperty("frameless", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        card = Card(theme, padding=4)
        card.setFixedWidth(theme.px(width))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        outer.addWidget(card)
        card.body.addWidget(Text(title, TextStyle.HEADING, wrap=True))
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.space(2))
        card.body.addLayout(self.body)
        self._buttons = horizontal(1, spacing=theme.space(1.5))
        card.body.addSpacing(theme.space(1))
        card.body.addLayout(self._buttons)

    def add_button(self, button: QPushButton, on_click: Callable[[], object]) -> QPushButton:
        """Add a button at the right end of the row."""
        button.clicked.connect(lambda _checked: on_click())
        self._buttons.addWidget(button)
        return button

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None:
            window = parent.window()
            if self._scrim is None:
                self._scrim = _Scrim(window)
            self.centre()

    def centre(self) -> None:
        """Stand in the middle of the window; for a dialog that came to show more."""
        parent = self.parentWidget()
        if parent is not None:
            window = parent.window()
            centre = window.mapToGlobal(window.rect().center())
            self.move(centre.x() - self.width() // 2, centre.y() - self.height() // 2)

    def done(self, result: int) -> None:
        if self._scrim is not None:
            self._scrim.deleteLater()
            self._scrim = None
        super().done(result)


class ConfirmDialog(Dialog):
    """One question, open at once; `accepted` is emitted when the answer is yes."""

    def __init__(
        self, theme: Theme, parent: QWidget, *, title: str, text: str, action: str, danger: bool = False
    ) -> None:
        super().__init__(theme, title, parent)
        self.body.addWidget(Text(text, tone=Tone.MUTED, wrap=True))
        self.cancel_button = self.add_button(SecondaryButton(_("Cancel")), self.reject)
        main = DangerButton(action) if danger else PrimaryButton(action)
        self.action_button = self.add_button(main, self.accept)
        self.action_button.setDefault(True)
        self.open()


class ErrorDialog(Dialog):
    """What does not work and what to do about it."""

    def __init__(
        self, theme: Theme, title: str, error: KioskError, parent: QWidget | None = None, *, action: str = ""
    ) -> None:
        super().__init__(theme, title, parent)
        banner = Banner(theme)
        banner.show_error(error)
        self.body.addWidget(banner)
        self.add_button(PrimaryButton(action or _("OK")), self.accept)
