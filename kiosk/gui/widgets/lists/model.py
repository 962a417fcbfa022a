"""The rows of a long list as Qt asks for them: a page at a time, read off the main thread, the newest kept. Main thread."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from kiosk.domain.listing import ListQuestion
from kiosk.errors import KioskError
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.lists.pictures import PICTURE, SmallPictures
from kiosk.gui.widgets.lists.rows import ListColumn, ListRow, ListSource
from kiosk.gui.widgets.surfaces import tool_tip

PAGE: Final = 200
"""Rows that are read at once."""

KEPT: Final = 50
"""Pages that stay in memory."""

MOST: Final = 10_000
"""Rows that are read together for copying, printing and actions, a page of the database's each."""

Index = QModelIndex | QPersistentModelIndex


class ListModel(QAbstractTableModel):
    """What a `ListSource` has to say, page by page.

    Attributes:
        is_refresh: Whether the rows that are there answer the question that those before them did.

    Signals:
        counted: How many rows there are is known; emitted after each question.
        failed: Rows could not be read.
    """

    counted = Signal(int)
    failed = Signal(object)

    def __init__(
        self, theme: Theme, columns: Sequence[ListColumn], source: ListSource, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.columns = tuple(columns)
        self._source = source
        self._tasks = Tasks(self)
        self._asked = ListQuestion()
        self._shown: ListQuestion | None = None
        self.is_refresh = False
        self._count = 0
        self._pages: OrderedDict[int, Sequence[ListRow]] = OrderedDict()
        self._reading: set[int] = set()
        self._round = 0
        self._pictures = SmallPictures(theme.px(PICTURE))
        theme.changed.connect(self._recolour)

    @property
    def asked(self) -> ListQuestion:
        """What the rows answer."""
        return self._asked

    def ask(self, asked: ListQuestion) -> None:
        """Show the answer to another question, or to the same one anew; what is shown stays until it is there."""
        self._asked = asked
        self._round += 1
        turn = self._round

        def work() -> tuple[int, Sequence[ListRow]]:
            return self._source.count(asked), self._source.rows(asked, first=0, most=PAGE)

        self._tasks.run(work, then=partial(self._begin, turn), failed=lambda error: self._fail(turn, error))

    def place_of(self, key: Hashable) -> int | None:
        """Where the row of a key stands, among the first ones; None: not there."""
        return next((place for place, row in enumerate(self._pages.get(0, ())) if row.key == key), None)

    def row(self, place: int) -> ListRow | None:
        """The row in a place; None while it is being read."""
        page = self._pages.get(place // PAGE)
        if page is None:
            self._read(place // PAGE)
            return None
        self._pages.move_to_end(place // PAGE)
        return page[place % PAGE] if place % PAGE < len(page) else None

    def with_rows(self, places: Sequence[int], then: Callable[[list[ListRow]], None]) -> None:
        """Hand over the rows of some places, read where they are not there yet; at most `MOST`."""
        asked, wanted = self._asked, sorted(places)[:MOST]

        def work() -> list[ListRow]:
            found: list[ListRow] = []
            for first, last in _runs(wanted):
                found += self._source.rows(asked, first=first, most=last - first + 1)
            return found

        self._tasks.run(work, then=then, failed=self.failed.emit)

    def pieces(self, most: int) -> Iterator[Sequence[ListRow]]:
        """All rows that answer the question of now, so many at a time; may be used up on another thread."""
        asked, source, count = self._asked, self._source, self._count

        def read() -> Iterator[Sequence[ListRow]]:
            for first in range(0, count, most):
                yield source.rows(asked, first=first, most=most)

        return read()

    # -- as Qt asks ------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self.columns[index.column()])
        row = self.row(index.row())
        if row is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        cell = row.cells[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.text
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._theme.colour(cell.tone)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(cell.tip or cell.text)
        if role == Qt.ItemDataRole.DecorationRole and cell.picture is not None:
            return self._pictures.drawn(cell.picture)
        return None

    # -- inside ----------------------------------------------------------------------------------------------------

    def _begin(self, turn: int, answer: tuple[int, Sequence[ListRow]]) -> None:
        if turn != self._round:
            return  # somebody typed on
        if (self._shown, self._count, self._pages.get(0)) == (self._asked, *answer):
            self._read_again()
            self.counted.emit(self._count)
            return
        self.is_refresh = self._shown == self._asked
        self._shown = self._asked
        self.beginResetModel()
        self._count, first = answer
        self._pages.clear()
        self._reading.clear()
        self._pages[0] = first
        self.endResetModel()
        self.counted.emit(self._count)

    def _read_again(self) -> None:
        """Nothing in sight has changed: what is chosen stays so. The other pages are read when they are looked at."""
        first = self._pages[0]
        self._pages.clear()
        self._reading.clear()
        self._pages[0] = first

    def _read(self, page: int) -> None:
        if page in self._reading:
            return
        self._reading.add(page)
        asked, turn = self._asked, self._round
        self._tasks.run(
            lambda: self._source.rows(asked, first=page * PAGE, most=PAGE),
            then=partial(self._take, turn, page),
            failed=lambda error: self._fail(turn, error),
        )

    def _take(self, turn: int, page: int, rows: Sequence[ListRow]) -> None:
        if turn != self._round:
            return
        self._reading.discard(page)
        self._pages[page] = rows
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        last = min(self._count, (page + 1) * PAGE) - 1
        if last >= page * PAGE:
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(self.columns) - 1))

    def _fail(self, turn: int, error: KioskError) -> None:
        if turn == self._round:
            self.failed.emit(error)

    def _recolour(self) -> None:
        if self._count:
            corner = self.index(self._count - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), corner, [Qt.ItemDataRole.ForegroundRole])


def _side(column: ListColumn) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbours together: first and last place of each run of a sorted sequence."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
