"""A list on paper, drawn as a PDF."""

from pathlib import Path

from PySide6.QtGui import QPageSize, QPdfWriter
from pytestqt.qtbot import QtBot

from kiosk.domain.listing import ListQuestion
from kiosk.gui.widgets.lists.printed import PrintedList
from kiosk.gui.widgets.lists.rows import ListColumn
from tests.fakes.lists.rows_in_memory import RowsInMemory

COLUMNS = (ListColumn("number", "Number", is_number=True), ListColumn("words", "Words"))


def pages_of(path: Path, number: int) -> int:
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    rows = RowsInMemory(number).rows(ListQuestion(), first=0, most=number)
    return PrintedList(writer, "Everybody", COLUMNS).draw(rows)


def test_rows_go_on_over_as_many_pages_as_they_need(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    pages = pages_of(path, 120)
    assert pages > 1
    assert path.read_bytes().count(b"/Type /Page\n") == pages


def test_a_list_without_rows_is_one_page(qtbot: QtBot, tmp_path: Path) -> None:
    assert pages_of(tmp_path / "list.pdf", 0) == 1
