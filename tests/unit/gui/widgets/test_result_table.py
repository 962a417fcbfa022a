"""Tables of results: what stands where no row is, and headings over their cells."""

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.parts import ResultTable

WORDS = "There is none yet. Press “Add…”."


def shown(qtbot: QtBot, theme: Theme) -> ResultTable:
    theme.apply()
    table = ResultTable(theme, ["H", "Other"], name="Terms", height=200, if_none=WORDS)
    qtbot.addWidget(table)
    table.resize(600, 200)
    table.show()
    return table


def picture(table: ResultTable) -> QImage:
    return table.viewport().grab().toImage()


def first_ink(image: QImage) -> int:
    """The first column, in pixels, in which something is written."""
    ground = image.pixelColor(6, image.height() // 2)
    middle = range(image.height() // 4, image.height() * 3 // 4)
    return next(
        x
        for x in range(6, image.width())
        if any(abs(image.pixelColor(x, y).lightness() - ground.lightness()) > 60 for y in middle)
    )


def test_a_table_without_rows_says_what_to_do_once_it_was_read(qtbot: QtBot, theme: Theme) -> None:
    table = shown(qtbot, theme)
    unread = picture(table)
    assert (table.words_if_none, table.accessibleDescription()) == ("", "")
    table.show_rows([])
    assert (table.words_if_none, table.accessibleDescription()) == (WORDS, WORDS)
    assert picture(table) != unread

    table.show_rows([(Tone.TEXT, ("Autumn", "1 Sep"))])
    assert (table.words_if_none, table.accessibleDescription()) == ("", "")


def test_a_heading_begins_where_its_cells_begin(qtbot: QtBot, theme: Theme) -> None:
    table = shown(qtbot, theme)
    table.show_rows([(Tone.TEXT, ("H", "1 Sep"))])
    heading = table.horizontalHeader().viewport().grab().toImage()
    item = table.item(0, 0)
    assert item is not None
    cell = picture(table).copy(table.visualItemRect(item))
    assert abs(first_ink(heading) - first_ink(cell)) <= 1  # bold letters stand half a pixel further out
