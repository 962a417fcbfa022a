from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.path_field import PathField, PathKind


class Page(QWidget):
    """A page that remembers."""

    def __init__(self, remembered: Remembered) -> None:
        super().__init__()
        self.remembered = remembered


def browse(field: PathField) -> QFileDialog:
    field.browse_button.click()
    dialog = field.findChild(QFileDialog)
    assert dialog is not None
    return dialog


def test_browsing_begins_where_the_last_file_was_chosen_and_remembers_the_next(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    lists, books = tmp_path / "lists", tmp_path / "books"
    lists.mkdir()
    books.mkdir()
    page = Page(Remembered(tmp_path))
    page.remembered.keep_folder(lists)
    qtbot.addWidget(page)
    field = PathField(theme, "Workbook", PathKind.TARGET, suffix=".xlsx", parent=page)
    field.edit.setText("/nowhere/attendance.xlsx")
    dialog = browse(field)
    assert Path(dialog.directory().absolutePath()) == lists
    dialog.fileSelected.emit(str(books / "mine.xlsx"))
    dialog.reject()
    assert field.path == books / "mine.xlsx"
    page.remembered.settle()
    assert Remembered(tmp_path).folder(tmp_path) == books


def test_what_somebody_typed_says_where_browsing_begins(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    page = Page(Remembered())
    qtbot.addWidget(page)
    field = PathField(theme, "Workbook", PathKind.TARGET, parent=page)
    field.edit.setText(str(tmp_path / "mine.xlsx"))
    field.edit.setModified(True)
    dialog = browse(field)
    assert Path(dialog.directory().absolutePath()) == tmp_path
    dialog.reject()
