from pytestqt.qtbot import QtBot

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.surfaces import BREAK, Text, breakable


def test_a_name_of_two_hundred_letters_makes_no_label_wider_than_its_room(qtbot: QtBot, theme: Theme) -> None:
    theme.apply()
    name = "W" * 200
    label = Text(name, wrap=True)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < Text("W" * 40).sizeHint().width()
    assert label.text() == name
    label.setText("a" + name)
    assert label.text() == "a" + name


def test_words_as_they_are_written_stay_as_they_are() -> None:
    text = "Donaudampfschifffahrtsgesellschaft, S001, stays: with this name, number and PIN."
    assert breakable(text) == text
    assert breakable("W" * 41).split(BREAK) == [*["W" * 10] * 4, "W"]
