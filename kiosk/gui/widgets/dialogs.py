"""Dialogs: a card over the dimmed window. Enter does what the focus is on or the main thing, Escape closes.

What somebody typed is not thrown away without a question, and nothing that deletes is done by Enter alone.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kiosk.errors import KioskError
from kiosk.gui.compositing import has_compositor
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import DangerButton, PrimaryButton, SecondaryButton
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.room import Room
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.translation import _

SEARCHES: Final = "searches"
"""Property of a line of text that only searches: nothing is lost with it."""


EDGE: Final = 3
"""Steps of the grid that the window shows around a dialog."""

LEAST_EDGE: Final = 1
"""The same where the window is low, as with 150 % on a small laptop."""

SMALL_PX: Final = 640
"""Height of a window that counts as low."""

LEAST_PX: Final = 120
"""So high is what a dialog holds, however low the window is."""


class _Scrim(QWidget):
    """Dims the window behind a dialog."""

    resized = Signal()

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
            self.resized.emit()
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

    keeps_typed = True
    """Whether it asks before what was typed is lost."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None, *, width: int = 560) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.theme = theme
        self._scrim: _Scrim | None = None
        self._row: list[QPushButton] = []
        self.setWindowTitle(title)
        self.setProperty("frameless", "true")
        round_corners = has_compositor()
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, round_corners)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._card = card = Card(theme, padding=4)
        card.setProperty("square", not round_corners)
        self._width = theme.px(width)
        card.setFixedWidth(self._width)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        outer.addWidget(card)
        card.body.addWidget(Text(title, TextStyle.HEADING, wrap=True))
        self._room = Room(theme.space(2))
        self.body = self._room.body
        # Later: what asks for room is in the middle of being laid out.
        self._room.changed.connect(self._follow, Qt.ConnectionType.QueuedConnection)
        card.body.addWidget(self._room)
        self._buttons = horizontal(1, spacing=theme.space(1.5))
        card.body.addSpacing(theme.space(1))
        card.body.addLayout(self._buttons)

    def add_button(self, button: QPushButton, on_click: Callable[[], object]) -> QPushButton:
        """Add a button at the right end of the row."""
        button.clicked.connect(lambda _checked: on_click())
        self._row.append(button)
        self._buttons.addWidget(button)
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
        elif event.key() == Qt.Key.Key_F1:
            from kiosk.gui.widgets.keys_help import show_keys

            show_keys(self.theme)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        """Press the button that has the focus, else the main one; one that deletes has to have the focus."""
        focused = self.focusWidget()
        pressed = focused if isinstance(focused, QPushButton) else self._main_button()
        if pressed is not None and pressed.isEnabled():
            pressed.click()

    def _main_button(self) -> QPushButton | None:
        """The one that a dialog made its default, else the last primary one."""
        shown = [button for button in self._row if button.isVisible()]
        chosen = [button for button in shown if button.isDefault()]
        return next(reversed(chosen or [one for one in shown if isinstance(one, PrimaryButton)]), None)

    def reject(self) -> None:
        """Close it; where something was typed, once somebody said that it may go."""
        self.ask_before_losing(super().reject)

    def dismiss(self) -> None:
        """Close it without asking: nobody is there to answer, or the account may not go on."""
        self.settle()
        self.reject()

    def settle(self) -> None:
        """What was typed is kept by now, or not wanted any more."""
        for edit in self._edits():
            if isinstance(edit, QLineEdit):
                edit.setModified(False)
            else:
                edit.document().setModified(False)

    def ask_before_losing(self, leave: Callable[[], None]) -> None:
        """Do what leaves the text behind that somebody typed; where there is some, after a question."""
        if not self.keeps_typed or not self.holds_work():
            leave()
            return

        def discard() -> None:
            self.settle()
            leave()

        asked = ConfirmDialog(
            self.theme,
            self,
            title=_("Discard what you changed?"),
            text=_("It is not saved yet."),
            action=_("Discard"),
            danger=True,
        )
        asked.cancel_button.setText(_("Go on editing"))
        asked.accepted.connect(discard)

    def holds_work(self) -> bool:
        """Whether something would be lost by closing it."""
        return any(_was_typed(edit) for edit in self._edits())

    def _edits(self) -> list[QLineEdit | QPlainTextEdit]:
        return [*self.findChildren(QLineEdit), *self.findChildren(QPlainTextEdit)]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None:
            window = parent.window()
            if self._scrim is None:
                self._scrim = _Scrim(window)
                self._scrim.resized.connect(self.centre)
            self.centre()

    def _follow(self) -> None:
        if self.isVisible():
            self.centre()

    def centre(self) -> None:
        """Stand in the middle of the window and within it; for a dialog that came to show more."""
        parent = self.parentWidget()
        if parent is not None:
            window = parent.window()
            edge = self.theme.space(EDGE if window.height() > SMALL_PX else LEAST_EDGE)
            margins = self._card.body.contentsMargins()
            needed = self._room.wanted_width() + margins.left() + margins.right()
            self._card.setFixedWidth(min(max(self._width, needed), window.width() - 2 * edge))
            around = self._card.sizeHint().height() - self._room.sizeHint().height()
            self._room.limit(max(self.theme.px(LEAST_PX), window.height() - 2 * edge - around))
            self.adjustSize()
            centre = window.mapToGlobal(window.rect().center())
            self.move(centre.x() - self.width() // 2, centre.y() - self.height() // 2)

    def done(self, result: int) -> None:
        if self._scrim is not None:
            self._scrim.deleteLater()
            self._scrim = None
        super().done(result)


def _was_typed(edit: QLineEdit | QPlainTextEdit) -> bool:
    """Whether somebody would miss it; passwords are typed anew, and what is searched for is no work."""
    if isinstance(edit, QPlainTextEdit):
        return edit.document().isModified() and bool(edit.toPlainText().strip())
    is_work = edit.echoMode() is QLineEdit.EchoMode.Normal and not edit.property(SEARCHES)
    return is_work and edit.isModified() and bool(edit.text().strip())


class ConfirmDialog(Dialog):
    """One question, open at once; `accepted` is emitted when the answer is yes.

    Enter says no where something would be deleted (`danger`), unless it is what somebody came for (`by_enter`).
    """

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        *,
        title: str,
        text: str,
        action: str,
        danger: bool = False,
        by_enter: bool = False,
    ) -> None:
        super().__init__(theme, title, parent)
        self.body.addWidget(Text(text, tone=Tone.MUTED, wrap=True))
        self.cancel_button = self.add_button(SecondaryButton(_("Cancel")), self.reject)
        main = DangerButton(action) if danger else PrimaryButton(action)
        self.action_button = self.add_button(main, self.accept)
        first = self.cancel_button if danger and not by_enter else self.action_button
        first.setDefault(True)
        first.setFocus()
        self.open()


def dismiss_dialogs() -> None:
    """Close whatever is open over the window, without asking back; what works on something stays until it is done."""
    while isinstance(modal := QApplication.activeModalWidget(), QDialog):
        modal.dismiss() if isinstance(modal, Dialog) else modal.reject()
        if QApplication.activeModalWidget() is modal:
            return


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
