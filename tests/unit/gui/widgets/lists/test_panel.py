"""A long list by mouse and keyboard: search, filters, order, several at once, copies, files."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.listing import ListQuestion
from kiosk.errors import ExportError, KioskError
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.lists.model import PAGE
from kiosk.gui.widgets.lists.panel import ListPanel
from kiosk.gui.widgets.lists.rows import ListColumn, ListFilter, ListRow
from tests.fakes.lists.rows_in_memory import RowsInMemory

LEFT = Qt.MouseButton.LeftButton
COLUMNS = (ListColumn("number", "Number", width=120, is_number=True), ListColumn("words", "Words", width=0))


class SavedRows:
    """Implements `SaveRows`."""

    def __init__(self) -> None:
        self.saved: dict[Path, list[Sequence[str]]] = {}
        self.fails: KioskError | None = None

    def __call__(
        self, path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]
    ) -> int:
        if self.fails is not None:
            raise self.fails
        self.saved[path] = [(title,), headings, *rows]
        return len(self.saved[path]) - 2


class Setting:
    """A list of so many rows that is shown."""

    def __init__(self, qtbot: QtBot, theme: Theme, number: int, remembered: Remembered | None = None) -> None:
        self.qtbot = qtbot
        self.source = RowsInMemory(number)
        self.save = SavedRows()
        self.panel = ListPanel(
            theme,
            COLUMNS,
            self.source,
            name="Rows",
            key="rows",
            remembered=remembered or Remembered(),
            save=self.save,
        )
        self.panel.add_filter(ListFilter("even", "Even ones"))
        self.panel.say_when_empty("There are no rows. Make one.", "Make a row")
        qtbot.addWidget(self.panel)
        self.panel.resize(900, 600)
        self.panel.show()
        with qtbot.waitSignal(self.panel.model.counted):
            self.panel.reload()

    def wait_for(self, number: int) -> None:
        self.qtbot.waitUntil(lambda: self.panel.model.rowCount() == number)

    @property
    def first(self) -> str:
        return self.panel.texts()[0][0]


def test_rows_come_page_by_page_as_they_are_looked_at(qtbot: QtBot, theme: Theme) -> None:
    shown = Setting(qtbot, theme, 100_000)
    assert shown.panel.model.rowCount() == 100_000
    assert [most for _asked, _first, most in shown.source.asked] == [PAGE]
    shown.panel.table.scrollToBottom()
    qtbot.waitUntil(lambda: shown.panel.model.row(99_999) is not None)
    row = shown.panel.model.row(99_999)
    assert row is not None
    assert row.key == 99_999
    assert sum(most for _asked, _first, most in shown.source.asked) < 10 * PAGE


def test_search_asks_once_for_what_was_typed(qtbot: QtBot, theme: Theme) -> None:
    shown = Setting(qtbot, theme, 300)
    QTest.keyClicks(shown.panel.search, "row 299")
    shown.wait_for(1)
    assert {asked.search for asked, _first, _most in shown.source.asked} == {"", "row 299"}


def test_enter_in_the_search_opens_the_only_row(qtbot: QtBot, theme: Theme) -> None:
    shown = Setting(qtbot, theme, 300)
    QTest.keyClicks(shown.panel.search, "row 299")
    shown.wait_for(1)
    with qtbot.waitSignal(shown.panel.opened) as opened:
        QTest.keyClick(shown.panel.search, Qt.Key.Key_Return)
    assert opened.args == [299]


def test_enter_on_a_row_and_two_presses_open_it(qtbot: QtBot, theme: Theme) -> None:
    shown = Setting(qtbot, theme, 3)
    QTest.keyClick(shown.panel.search, Qt.Key.Key_Return)
    assert shown.panel.table.hasFocus()
    QTest.keyClick(shown.panel.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(shown.panel.opened) as opened:
        QTest.keyClick(shown.panel.table, Qt.Key.Key_Return)
    assert opened.args == [1]
    place = shown.panel.table.visualRect(shown.panel.model.index(2, 0)).center()
    with qtbot.waitSignal(shown.panel.opened) as opened:
        QTest.mouseClick(shown.panel.table.viewport(), LEFT, pos=place)
        QTest.mouseDClick(shown.panel.table.viewport(), LEFT, pos=place)
    assert opened.args == [2]


def test_filter_and_order_stay_for_the_next_time(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    remembered = Remembered(tmp_path)
    shown = Setting(qtbot, theme, 10, remembered)
    QTest.mouseClick(shown.panel.chips["even"], LEFT)
    shown.wait_for(5)
    shown.panel.table.sort_by("number", descending=True)
    qtbot.waitUntil(lambda: shown.first == "8")
    remembered.settle()
    again = Setting(qtbot, theme, 10, Remembered(tmp_path))
    assert again.panel.asked == ListQuestion("", frozenset({"even"}), "number", descending=True)
    assert again.first == "8"


def test_a_heading_sorts_both_ways_and_back(qtbot: QtBot, theme: Theme) -> None:
    shown = Setting(qtbot, theme, 10)
    header = shown.panel.table.horizontalHeader()
    place = header.viewport().rect().topLeft()
    place.setX(header.sectionViewportPosition(0) + 10)
    place.setY(10)
    for order in (("number", False), ("number", True), ("", False)):
        with qtbot.waitSignal(shown.panel.model.counted):
            QTest.mouseClick(header.viewport(), LEFT, pos=place)
        assert (shown.panel.asked.sort, shown.panel.asked.descending) == order


def test_an_action_gets_the_chosen_rows_also_those_that_were_never_shown(qtbot: QtBot, theme: Theme) -> None:
    shown = Setting(qtbot, theme, 1000)
    given: list[list[ListRow]] = []
    button = shown.panel.add_action("Mark…", given.append)
    assert not button.isVisible()
    shown.panel.table.selectAll()
    assert button.isVisible()
    QTest.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: bool(given))
    assert [row.key for row in given[0]] == list(range(1000))


def test_what_is_chosen_stays_when_the_same_rows_are_read_again(qtbot: QtBot, theme: Theme) -> None:
    shown = Setting(qtbot, theme, 300)
    shown.panel.table.selectRow(2)
    with qtbot.waitSignal(shown.panel.model.counted):
        shown.panel.reload()
    assert shown.panel.chosen_places() == [2]
    shown.source.number = 301
    with qtbot.waitSignal(shown.panel.model.counted):
        shown.panel.reload()
    assert shown.panel.model.rowCount() == 301
    assert shown.panel.chosen_places() == [2]
    QTest.keyClicks(shown.panel.search, "row 29")
    shown.wait_for(11)
    assert shown.panel.chosen_places() == []


def test_copied_rows_go_into_a_spreadsheet(qtbot: QtBot, theme: Theme) -> None:
    shown = Setting(qtbot, theme, 3)
    shown.panel.table.selectAll()
    QTest.keyClick(shown.panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "3 rows copied." in shown.panel.banner.text)
    assert QGuiApplication.clipboard().text() == "0\trow 0\n1\trow 1\n2\trow 2"


def test_what_is_shown_is_saved_all_of_it_and_no_more(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    shown = Setting(qtbot, theme, 500)
    QTest.mouseClick(shown.panel.chips["even"], LEFT)
    shown.wait_for(250)
    path = tmp_path / "rows.xlsx"
    shown.panel.output.save_to(path)
    qtbot.waitUntil(lambda: "250 rows were written" in shown.panel.banner.text)
    assert shown.save.saved[path][:3] == [("Rows",), ["Number", "Words"], ["0", "row 0"]]
    assert shown.save.saved[path][-1] == ["498", "row 498"]


class HeldRows:
    """Writes the first row and waits with the others."""

    def __init__(self) -> None:
        self.began, self.goes_on = threading.Event(), threading.Event()

    def __call__(
        self, path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]
    ) -> int:
        next(rows)
        self.began.set()
        assert self.goes_on.wait(60)
        return 1 + len(list(rows))


def test_saving_says_how_far_it_is_and_can_be_stopped(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    shown = Setting(qtbot, theme, 50)
    output, held = shown.panel.output, HeldRows()
    output._save = held
    output.save_to(tmp_path / "rows.csv")
    assert output.save_button.text() == "Stop saving (0 %)"
    assert held.began.wait(60)
    QTest.mouseClick(output.save_button, LEFT)
    held.goes_on.set()
    qtbot.waitUntil(lambda: shown.panel.banner.text == "Saving was stopped. No file was written.")
    assert output.save_button.text() == "Save as a table…"


def test_a_file_that_cannot_be_written_is_said(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    shown = Setting(qtbot, theme, 5)
    shown.save.fails = ExportError("The disk is full.", "Free some space.")
    shown.panel.output.save_to(tmp_path / "rows.csv")
    qtbot.waitUntil(lambda: shown.panel.banner.text == "The disk is full. Free some space.")
    assert shown.panel.output.save_button.isEnabled()


def test_without_a_printer_that_is_said(qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.gui.widgets.lists.output.QPrinterInfo.availablePrinterNames", list)
    shown = Setting(qtbot, theme, 5)
    QTest.mouseClick(shown.panel.output.print_button, LEFT)
    assert shown.panel.banner.text.startswith("This PC has no printer.")


def test_an_empty_list_says_the_next_step_and_a_search_that_finds_nothing_says_so(
    qtbot: QtBot, theme: Theme
) -> None:
    empty = Setting(qtbot, theme, 0).panel
    assert empty._empty.text() == "There are no rows. Make one."
    assert empty._empty_button.isVisible()
    assert not empty.output.print_button.isEnabled()
    shown = Setting(qtbot, theme, 5)
    QTest.keyClicks(shown.panel.search, "nobody")
    shown.wait_for(0)
    assert shown.panel._empty.text().startswith("Nothing was found.")
    assert not shown.panel._empty_button.isVisible()


def test_rows_that_cannot_be_read_are_said_and_what_was_shown_stays(qtbot: QtBot, theme: Theme) -> None:
    shown = Setting(qtbot, theme, 5)
    shown.source.fails = KioskError("The server does not answer.", "Wait a little.")
    shown.panel.reload()
    qtbot.waitUntil(lambda: shown.panel.banner.text == "The server does not answer. Wait a little.")
    assert shown.panel.model.rowCount() == 5
