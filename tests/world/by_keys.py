"""Somebody before the window who has no mouse: Alt and a letter, or Tab to what is wanted and Space on it, arrows in lists.

What cannot be reached so is not there for this person, and the test fails with its words.
"""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QTabBar, QWidget
from shiboken6 import isValid

from kiosk.gui.widgets.access_keys import AccessButton
from tests.world.before_the_window import BeforeTheWindow, place_of, plain

MOST_TABS: Final = 400
"""So often is Tab pressed before something counts as out of reach."""


class ByKeys(BeforeTheWindow):
    """Does all that `BeforeTheWindow` does, by keys alone."""

    def press(self, words: str) -> None:
        button = self.button(words)
        QApplication.processEvents()  # letters are given once a page stands there
        letter = button.access_key if isinstance(button, AccessButton) else ""
        if letter.isascii() and letter.isalpha():
            self._come_to_the_front()
            key = Qt.Key(ord(letter.upper()))
            QTest.keyClick(self.scope.window(), key, Qt.KeyboardModifier.AltModifier)
            # Qt shows the button pressed for a tenth of a second, then presses it.
            self.wait(lambda: not (isValid(button) and button.isDown()), f"{words!r} to be let go")
            return
        self.go_to(button)
        QTest.keyClick(button, Qt.Key.Key_Space)

    def end_class(self) -> None:
        screen = self.window.class_page.screen_view
        QTest.keyClick(screen, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)

    def write(self, label: str, text: str) -> None:
        field = self.field(label, QLineEdit)
        self.go_to(field)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)

    def choose(self, label: str, words: str) -> None:
        box = self.field(label, QComboBox)
        self.wait(lambda: place_of(box, words) >= 0, f"{words!r} in the box {label!r}")
        self.go_to(box)
        QTest.keyClick(box, Qt.Key.Key_Home)
        for _step in range(place_of(box, words)):
            QTest.keyClick(box, Qt.Key.Key_Down)

    def tick(self, words: str) -> None:
        box = self.box(words)
        self.go_to(box)
        QTest.keyClick(box, Qt.Key.Key_Space)

    def turn_to(self, words: str) -> None:
        tabs = self.tabs(words)
        self.go_to(tabs)
        wanted = _titles(tabs).index(words)
        key = Qt.Key.Key_Right if wanted > tabs.currentIndex() else Qt.Key.Key_Left
        for _step in range(abs(wanted - tabs.currentIndex())):
            QTest.keyClick(tabs, key)

    def choose_rows(self, *texts: str, name: str = "") -> None:
        table = self.table(name)
        places = sorted(self.place_of_row(text, name) for text in texts)
        self.go_to(table)
        QTest.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
        place = 0
        for number, wanted in enumerate(places):
            held = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
            while place < wanted:
                QTest.keyClick(table, Qt.Key.Key_Down, held)
                place += 1
            QTest.keyClick(table, Qt.Key.Key_Space, held)

    def choose_entry(self, words: str) -> None:
        shown, index = self.entry(words)
        self.go_to(shown)
        QTest.keyClick(shown, Qt.Key.Key_Home)
        for _step in range(index.row()):
            QTest.keyClick(shown, Qt.Key.Key_Down)
        QTest.keyClick(shown, Qt.Key.Key_Return)

    def _come_to_the_front(self) -> None:
        """Be active, as a window manager makes a window when a dialog comes or goes."""
        self.scope.window().activateWindow()
        self.wait(lambda: self.scope.window().isActiveWindow(), "the keys to reach what is in front")

    def go_to(self, wanted: QWidget) -> None:
        """Press Tab until the focus is there."""
        self._come_to_the_front()
        box = wanted.parentWidget()
        goals = {wanted, box if isinstance(box, QComboBox) else wanted}
        for _press in range(MOST_TABS):
            focused = QApplication.focusWidget() or self.scope
            if focused in goals:
                return
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {wanted.accessibleName() or wanted}")


def _titles(tabs: QTabBar) -> list[str]:
    return [plain(tabs.tabText(at)) for at in range(tabs.count())]
