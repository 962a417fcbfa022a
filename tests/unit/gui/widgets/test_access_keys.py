from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.access_keys import AccessKeys, underlined
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.keys_help import KeysDialog, keys_of, show_keys


def window_of(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    window = QWidget()
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    AccessKeys.of(window).assign()
    return window


def letters(*buttons: SecondaryButton | PrimaryButton | Chip) -> list[str]:
    return [button.access_key for button in buttons]


def test_each_button_gets_a_letter_of_its_own_words(qtbot: QtBot) -> None:
    buttons = (
        SecondaryButton("Save"),
        SecondaryButton("Send"),
        PrimaryButton("Save as…"),
        SecondaryButton("S"),
    )
    window_of(qtbot, *buttons)
    assert letters(*buttons) == ["S", "E", "A", ""]
    assert [button.text() for button in buttons] == ["Save", "Send", "Save as…", "S"]


def test_alt_and_the_letter_press_the_button(qtbot: QtBot) -> None:
    save, close = PrimaryButton("Save"), SecondaryButton("Close")
    window = window_of(qtbot, save, close)
    pressed: list[str] = []
    save.clicked.connect(lambda: pressed.append("save"))
    close.clicked.connect(lambda: pressed.append("close"))
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: pressed == ["close"])


def test_a_letter_that_a_text_names_itself_is_left_to_it(qtbot: QtBot, theme: Theme) -> None:
    present, print_button = Chip(theme, "&Present"), SecondaryButton("Print")
    window_of(qtbot, present, print_button)
    assert print_button.access_key == "R"
    assert present.shortcut().toString() == "Alt+P"


def test_a_letter_that_a_text_names_is_taken_from_one_that_only_happens_to_have_it(
    qtbot: QtBot, theme: Theme
) -> None:
    people, present = SecondaryButton("People"), Chip(theme, "&Present")
    window = window_of(qtbot, people)
    assert people.access_key == "P"
    present.setParent(window)
    present.show()
    AccessKeys.of(window).assign()
    assert letters(people, present) == ["E", "P"]


def test_a_button_whose_letters_are_all_taken_has_no_key(qtbot: QtBot) -> None:
    buttons = [SecondaryButton("&Go"), SecondaryButton("&Open"), SecondaryButton("&Go")]
    window_of(qtbot, *buttons)
    assert letters(*buttons) == ["G", "O", ""]
    assert buttons[2].shortcut().isEmpty()


def test_two_texts_that_name_the_same_letter_get_two(qtbot: QtBot) -> None:
    absent, add = SecondaryButton("&Absent"), SecondaryButton("&Add session…")
    window_of(qtbot, absent, add)
    assert letters(absent, add) == ["A", "S"]
    assert add.shortcut().toString() == "Alt+S"


def test_words_of_any_script_have_letters(qtbot: QtBot) -> None:
    save, weiss = SecondaryButton("Сохранить"), SecondaryButton("ß Weiß")
    window_of(qtbot, save, weiss)
    assert letters(save, weiss) == ["С", "W"]


def test_a_button_keeps_its_letter_when_others_come_and_finds_another_when_its_words_change(
    qtbot: QtBot,
) -> None:
    save, other = SecondaryButton("Save"), SecondaryButton("Sort")
    other.hide()
    window = window_of(qtbot, save)
    other.setParent(window)
    other.show()
    AccessKeys.of(window).assign()
    assert letters(save, other) == ["S", "O"]
    save.setText("Keep")
    AccessKeys.of(window).assign()
    assert letters(save, other) == ["K", "O"]
    assert save.shortcut().toString() == "Alt+K"


def test_a_window_over_another_has_letters_of_its_own(qtbot: QtBot, theme: Theme) -> None:
    below = SecondaryButton("Close")
    window = window_of(qtbot, below)
    dialog = Dialog(theme, "Question", window)
    above = dialog.add_button(SecondaryButton("Close"), dialog.reject)
    dialog.open()
    AccessKeys.of(dialog).assign()
    assert isinstance(above, SecondaryButton)
    assert letters(below, above) == ["C", "C"]
    dialog.close()


def test_the_letter_is_underlined_where_a_word_begins() -> None:
    assert underlined("Save as…", "A") == "Save &as…"
    assert underlined("Save", "V") == "Sa&ve"
    assert underlined("Save", "X") == "Save"
    assert underlined("Q & A", "A") == "Q && &A"


def test_f1_shows_the_keys_of_what_is_in_front(qtbot: QtBot, theme: Theme) -> None:
    window = window_of(qtbot, SecondaryButton("Export…"))
    dialog = Dialog(theme, "Question", window)
    dialog.add_button(SecondaryButton("Close"), dialog.reject)
    dialog.open()
    AccessKeys.of(dialog).assign()
    assert ("Alt+E", "Export…") in keys_of(window)
    assert ("Alt+C", "Close") in keys_of(dialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, Qt.Key.Key_F1)
    shown = dialog.findChild(KeysDialog)
    assert shown is not None
    assert ("Alt+C", "Close") in shown.lines
    assert ("Alt+E", "Export…") not in shown.lines
    qtbot.waitUntil(shown.isActiveWindow)
    assert show_keys(theme) is None, "once is enough"
    shown.reject()
    dialog.done(QDialog.DialogCode.Rejected)
