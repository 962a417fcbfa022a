"""Somebody who has a keyboard and nothing else: keys go to what has the focus, as the system sends them."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.gui.widgets.access_keys import AccessButton, AccessKeys, plain

MOST_TABS = 60
"""Whoever has to press Tab more often gives up."""

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Keyboard:
    """Presses keys in whatever window is in front."""

    def __init__(self, qtbot: QtBot, window: QWidget) -> None:
        self._qtbot = qtbot
        self._window = window

    @property
    def window(self) -> QWidget:
        """The window that keys reach: the question in front, or the window itself."""
        window = QApplication.activeModalWidget() or self._window
        if not window.isActiveWindow():
            window.activateWindow()  # without a window manager nobody else does
            self._qtbot.waitUntil(window.isActiveWindow)
        return window

    @property
    def focus(self) -> QWidget:
        """What has the focus."""
        window = self.window
        return cast(QWidget | None, window.focusWidget()) or window

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, modifier)

    def type(self, text: str) -> None:
        """Type where the focus is, in the place of what stands there."""
        self.press(Qt.Key.Key_A, CTRL)
        QTest.keyClicks(self.focus, text)

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def alt(self, words: str) -> None:
        """Press the button of these words by its access key, once it is there and can be pressed."""
        button = self._button(words)
        pressed: list[bool] = []
        button.clicked.connect(lambda *_: pressed.append(True))
        self.press(Qt.Key(ord(button.access_key)), ALT)
        self._qtbot.waitUntil(lambda: bool(pressed), timeout=20_000)

    def tab_to(self, is_wanted: Callable[[QWidget], bool]) -> None:
        """Press Tab until the focus is where it is wanted."""
        for _ in range(MOST_TABS):
            if is_wanted(self.focus):
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not lead there, but to {self.focus.accessibleName()!r}")

    def _button(self, words: str) -> AccessButton:
        found: list[AccessButton] = []

        def look() -> bool:
            AccessKeys.of(self.window).assign()
            found[:] = [
                one
                for one in self.window.findChildren(AccessButton)
                if one.isVisible() and one.isEnabled() and plain(one.text()).startswith(words)
            ]
            return bool(found) and bool(found[0].access_key)

        self._qtbot.waitUntil(look)
        return found[0]
