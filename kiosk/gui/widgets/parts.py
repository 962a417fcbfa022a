"""Small parts that several dialogs share: result tables, course boxes, where documents go. Main thread."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from kiosk.domain.courses.courses import Course
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.surfaces import tool_tip

WRAPPED_ROWS: Final = 200
"""Rows whose height is fitted to a long sentence; measuring thousands would hold up the window."""

WRAPPED_FROM: Final = 40
T = TypeVar("T")

TONE_ROLE: Final = int(Qt.ItemDataRole.UserRole)


class ResultTable(QTableWidget):
    """Rows of plain words; the first cell of each row carries the tone, the column `wide` takes the room.

    Once it was shown rows and has none, it says `if_none`: why, and what to do next.
    """

    def __init__(
        self,
        theme: Theme,
        headings: Sequence[str],
        *,
        name: str,
        height: int,
        wide: int = -1,
        if_none: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(0, len(headings), parent)
        self._theme = theme
        self._if_none = if_none
        self._was_shown = False
        self.setHorizontalHeaderLabels(list(headings))
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFixedHeight(theme.px(height))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(44))
        theme.changed.connect(self._colour)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide % len(headings), QHeaderView.ResizeMode.Stretch)
        header.setStyleSheet("QHeaderView, QHeaderView::section { background: transparent; }")

    def show_rows(self, rows: Sequence[tuple[Tone, Sequence[str]]]) -> None:
        """Replace everything."""
        self._was_shown = True
        self.setRowCount(0)  # each cell that is replaced would measure all columns anew, 5 ms a time
        self.setRowCount(len(rows))
        for place, (tone, cells) in enumerate(rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(tool_tip(text))
                if column == 0:
                    item.setData(TONE_ROLE, tone.value)
                self.setItem(place, column, item)
            if place < WRAPPED_ROWS and len(cells[-1]) > WRAPPED_FROM:
                self.resizeRowToContents(place)
        self._colour()
        self.setAccessibleDescription(self.words_if_none)
        self.viewport().update()

    @property
    def words_if_none(self) -> str:
        """What stands where the rows would be; empty while there are some, or nothing is known yet."""
        return self._if_none if self._was_shown and not self.rowCount() else ""

    def say_if_none(self, words: str) -> None:
        """Let something else stand where the rows would be."""
        self._if_none = words
        self.setAccessibleDescription(self.words_if_none)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if words := self.words_if_none:
            painter = QPainter(self.viewport())
            painter.setPen(self._theme.colour(Tone.MUTED))
            inset = self._theme.px(16)
            room = self.viewport().rect().adjusted(inset, inset, -inset, -inset)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
            painter.end()

    def select(self, ids: Sequence[object], wanted: object) -> None:
        """Select the row of whom `ids` (one a row) has in that place, else the first."""
        if ids:
            self.selectRow(ids.index(wanted) if wanted in ids else 0)

    def chosen(self, shown: Sequence[T]) -> T | None:
        """The one of those shown, one a row, whose row is selected."""
        rows = self.selectionModel().selectedRows()
        return shown[rows[0].row()] if rows else None

    def _colour(self) -> None:
        for row in range(self.rowCount()):
            item = self.item(row, 0)
            if item is not None:
                item.setForeground(self._theme.colour(Tone(item.data(TONE_ROLE))))

    def texts(self) -> list[tuple[str, ...]]:
        """What is shown, row by row."""
        return [
            tuple(
                item.text() if (item := self.item(row, column)) is not None else ""
                for column in range(self.columnCount())
            )
            for row in range(self.rowCount())
        ]


class CourseBox(QComboBox):
    """A choice of courses; `everything` is the words for all of them, if that may be chosen."""

    def __init__(self, *, everything: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._everything = everything

    def fill(self, courses: Sequence[Course], *, chosen: int | None = None) -> None:
        """Offer these courses, one of them chosen."""
        self.clear()
        if self._everything:
            self.addItem(self._everything, None)
        for course in courses:
            self.addItem(course.label, course)
            if course.course_id == chosen:
                self.setCurrentIndex(self.count() - 1)

    def course(self) -> Course | None:
        """The chosen course; None for all of them."""
        data = self.currentData()
        return data if isinstance(data, Course) else None


class NoStrayWheel(QObject):
    """Keeps the mouse wheel from changing numbers and choices that only lie under it while a page scrolls."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def documents() -> Path:
    """Where a person expects files to go."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def open_file(path: Path) -> None:
    """Show a file in the system's program for its kind, which can print it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_folder_of(path: Path) -> None:
    """Show the folder of a file in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
