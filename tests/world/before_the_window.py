"""Somebody before the window: reads what is shown, presses buttons by their words, types into fields by their labels.

Nothing is found by the names that the code has, only by what people see; what is hidden, covered by a dialog or greyed cannot be pressed.
"""

from collections.abc import Callable, Iterable
from datetime import date, time
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QDate, QModelIndex, Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QSpinBox,
    QTabBar,
    QTableView,
    QTimeEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kiosk.gui.window import MainWindow

PATIENCE_MS: Final = 20_000
LEFT: Final = Qt.MouseButton.LeftButton
CONTROL: Final = Qt.KeyboardModifier.ControlModifier
W = TypeVar("W", bound=QWidget)


class BeforeTheWindow:
    """Does what a person does, and waits as a person would for what follows.

    Attributes:
        actions: What was done so far: each press, choice and tick is one, and each field that is filled, with the Enter that ends it.
    """

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot = qtbot
        self.window = window
        self.actions = 0

    @property
    def scope(self) -> QWidget:
        """What can be reached: the dialog in front, else the window."""
        return QApplication.activeModalWidget() or self.window

    # -- reading ---------------------------------------------------------------------------------------------------

    def said(self) -> str:
        """All words that are shown."""
        return "\n".join(label.text() for label in self._shown(QLabel))

    def sees(self, *words: str) -> None:
        """Wait until these words are shown."""
        self.wait(lambda: all(one in self.said() for one in words), f"{words} to be shown")

    def rows(self, name: str = "") -> list[tuple[str, ...]]:
        """The rows of the table that is shown, or of the one that is called so."""
        model = self.table(name).model()
        return [
            tuple(str(model.index(row, column).data() or "") for column in range(model.columnCount()))
            for row in range(model.rowCount())
        ]

    def sees_rows(self, expected: Callable[[list[tuple[str, ...]]], bool], name: str = "") -> None:
        """Wait until the rows of a table are as expected."""
        self.wait(lambda: bool(self._tables(name)) and expected(self.rows(name)), "other rows in the table")

    # -- doing -----------------------------------------------------------------------------------------------------

    def press(self, words: str) -> None:
        """Press the button with these words, once it can be pressed; words that end in ``*`` need only begin so."""
        self.actions += 1
        QTest.mouseClick(self.button(words), LEFT)

    def end_class(self) -> None:
        """Ask on the kiosk screen to end the class."""
        self.press("End*")

    def choose_in_menu(self, button_words: str, words: str) -> None:
        """Press a button that opens a menu, and then an entry of the menu."""
        self.actions += 2
        self.wait(lambda: self._button(button_words) is not None, f"a menu {button_words!r}")
        button = self._button(button_words)
        menu = button.menu() if button is not None and hasattr(button, "menu") else None
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
        next(one for one in menu.actions() if plain(one.text()).startswith(words)).trigger()

    def write(self, label: str, text: str) -> None:
        """Replace what stands in a field."""
        self.actions += 1
        field = self.field(label, QLineEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        if not text:
            QTest.keyClick(field, Qt.Key.Key_Delete)

    def enter(self, label: str, text: str) -> None:
        """Write and press Enter."""
        self.write(label, text)
        QTest.keyClick(self.field(label, QLineEdit), Qt.Key.Key_Return)

    def choose(self, label: str, words: str) -> None:
        """Choose in a box what begins so."""
        self.actions += 1
        box = self.field(label, QComboBox)
        self.wait(lambda: place_of(box, words) >= 0, f"{words!r} in the box {label!r}")
        box.setCurrentIndex(place_of(box, words))
        box.activated.emit(box.currentIndex())

    def tick(self, words: str) -> None:
        """Tick the box whose words begin so."""
        self.actions += 1
        QTest.keyClick(self.box(words), Qt.Key.Key_Space)

    def set_day(self, label: str, day: date) -> None:
        """Choose a day."""
        self.actions += 1
        self.field(label, QDateEdit).setDate(QDate(day.year, day.month, day.day))

    def set_time(self, label: str, at: time) -> None:
        """Choose a time."""
        self.actions += 1
        self.field(label, QTimeEdit).setTime(QTime(at.hour, at.minute))

    def set_number(self, label: str, number: int) -> None:
        """Choose a number."""
        self.actions += 1
        self.field(label, QSpinBox).setValue(number)

    def turn_to(self, words: str) -> None:
        """Press a tab."""
        self.actions += 1
        tabs = self.tabs(words)
        place = [plain(tabs.tabText(at)) for at in range(tabs.count())].index(words)
        QTest.mouseClick(tabs, LEFT, pos=tabs.tabRect(place).center())

    def choose_rows(self, *texts: str, name: str = "") -> None:
        """Press the rows in which these texts stand, the second and later ones with Ctrl."""
        self.actions += len(texts)
        table = self.table(name)
        for number, text in enumerate(texts):
            index = table.model().index(self.place_of_row(text, name), 0)
            table.scrollTo(index)
            modifier = CONTROL if number else Qt.KeyboardModifier.NoModifier
            QTest.mouseClick(table.viewport(), LEFT, modifier, table.visualRect(index).center())

    def choose_entry(self, words: str) -> None:
        """Press an entry of the list at the side."""
        self.actions += 1
        shown, index = self.entry(words)
        QTest.mouseClick(shown.viewport(), LEFT, pos=shown.visualRect(index).center())

    def open_row(self, text: str, name: str = "") -> None:
        """Choose a row and press Enter on it."""
        self.actions += 1
        self.choose_rows(text, name=name)
        QTest.keyClick(self.table(name), Qt.Key.Key_Return)

    def search(self, text: str) -> None:
        """Type into the search of the list that is shown."""
        self.actions += 1
        field = next(one for one in self._shown(QLineEdit) if one.accessibleName().startswith("Search"))
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for what happens behind the window."""
        self.wait(is_so, "what should happen")

    def press_if_asked(self, words: str) -> None:
        """Press the button of a question, where one is asked."""
        if QApplication.activeModalWidget() is not None:
            self.press(words)

    def press_student(self, name: str) -> None:
        """Press somebody in the register."""
        self.wait(lambda: self._entry(name) is not None, f"{name!r} in the register")
        self.choose_entry(name)

    def close_dialog(self) -> None:
        """Escape from the dialog in front."""
        self.actions += 1
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        self.wait(lambda: QApplication.activeModalWidget() is not dialog, "the dialog to close")

    def give_file(self, label: str, path: Path) -> None:
        """Type a path to the end."""
        self.write(label, str(path))
        QTest.keyClick(self.field(label, QLineEdit), Qt.Key.Key_Return)

    # -- finding ---------------------------------------------------------------------------------------------------

    def button(self, words: str) -> QAbstractButton:
        """A button that can be pressed, by its words."""
        self.wait(lambda: self._button(words) is not None, f"a button {words!r} to press")
        found = self._button(words)
        assert found is not None
        return found

    def box(self, words: str) -> QCheckBox:
        """A box to tick, by how its words begin."""
        self.wait(lambda: self._box(words) is not None, f"a box {words!r}")
        found = self._box(words)
        assert found is not None
        return found

    def tabs(self, words: str) -> QTabBar:
        """The row of tabs with one that is called so."""

        def found() -> list[QTabBar]:
            return [
                one
                for one in self._shown(QTabBar)
                if words in [plain(one.tabText(at)) for at in range(one.count())]
            ]

        self.wait(lambda: bool(found()), f"a tab {words!r}")
        return found()[0]

    def entry(self, words: str) -> tuple[QListView, QModelIndex]:
        """An entry of a list, and the list."""
        self.wait(lambda: self._entry(words) is not None, f"an entry {words!r}")
        found = self._entry(words)
        assert found is not None
        return found

    def place_of_row(self, text: str, name: str = "") -> int:
        """Where the row stands in which this text is."""
        self.wait(lambda: self._row(text, name) >= 0, f"a row with {text!r}")
        return self._row(text, name)

    # -- inside ----------------------------------------------------------------------------------------------------

    def wait(self, until: Callable[[], bool], what: str) -> None:
        try:
            self._qtbot.waitUntil(until, timeout=PATIENCE_MS)
        except Exception as error:
            buttons = [plain(one.text()) for one in self._shown(QAbstractButton) if one.text()]
            raise AssertionError(f"waited for {what}; shown: {self.said()}\nbuttons: {buttons}") from error

    def _shown(self, kind: type[W]) -> list[W]:
        return [one for one in self.scope.findChildren(kind) if one.isVisible()]

    def _button(self, words: str) -> QAbstractButton | None:
        def fits(text: str) -> bool:
            return text.startswith(words[:-1]) if words.endswith("*") else text == words

        found = (one for one in self._shown(QAbstractButton) if one.isEnabled() and fits(plain(one.text())))
        return next(found, None)

    def _entry(self, words: str) -> tuple[QListView, QModelIndex] | None:
        for shown in self._shown(QListView):
            for place in range(shown.model().rowCount()):
                index = shown.model().index(place, 0)
                if str(index.data()) == words:
                    return shown, index
        return None

    def _box(self, words: str) -> QCheckBox | None:
        found = (
            one for one in self._shown(QCheckBox) if one.isEnabled() and plain(one.text()).startswith(words)
        )
        return next(found, None)

    def field(self, label: str, kind: type[W]) -> W:
        def fields() -> Iterable[W]:
            return (one for one in self._shown(kind) if one.isEnabled() and label in _names_of(one))

        self.wait(lambda: next(iter(fields()), None) is not None, f"a field {label!r}")
        return next(iter(fields()))

    def _tables(self, name: str) -> list[QTableView]:
        return [one for one in self._shown(QTableView) if not name or one.accessibleName() == name]

    def table(self, name: str) -> QTableView:
        self.wait(lambda: bool(self._tables(name)), f"a table {name!r}")
        return self._tables(name)[0]

    def _row(self, text: str, name: str) -> int:
        return next((place for place, row in enumerate(self.rows(name)) if text in row), -1)


def plain(words: str) -> str:
    """A button's words without the mark of its access key."""
    return words.replace("&&", "\0").replace("&", "").replace("\0", "&")


def place_of(box: QComboBox, words: str) -> int:
    return next((at for at in range(box.count()) if box.itemText(at).startswith(words)), -1)


def _names_of(field: QWidget) -> set[str]:
    """What a field is called: its own name, that of the box it is typed into, the words of its label."""
    parent = field.parentWidget()
    box = parent.accessibleName() if isinstance(parent, QComboBox) else ""
    labels = parent.findChildren(QLabel) if parent is not None else []
    return {field.accessibleName(), box, *(plain(one.text()) for one in labels if one.buddy() is field)}
