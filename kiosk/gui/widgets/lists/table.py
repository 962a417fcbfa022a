"""The table of a long list: rows are chosen whole, headings sort, widths are remembered. Main thread."""

from typing import Final

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.lists.model import ListModel
from kiosk.gui.widgets.lists.pictures import PICTURE
from kiosk.translation import _

KEPT_AFTER_MS: Final = 400
"""After the last pixel of a drag: a file is written once."""

ROW: Final = 48

LEAST_WIDE: Final = 180
"""So wide is the column that takes the room, however little there is."""


class ListTable(QTableView):
    """Shows a `ListModel`.

    Signals:
        sorted_anew: A heading was pressed.
        row_opened: A row was pressed twice, or Enter on it.
    """

    sorted_anew = Signal()
    row_opened = Signal(QModelIndex)

    def __init__(
        self,
        theme: Theme,
        model: ListModel,
        *,
        name: str,
        key: str,
        remembered: Remembered,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._list = model
        self._key = key
        self._remembered = remembered
        self._widths_timer = QTimer(self, interval=KEPT_AFTER_MS, singleShot=True)
        self._widths_timer.timeout.connect(self._keep_widths)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setIconSize(QSize(theme.px(PICTURE), theme.px(PICTURE)))
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        self._set_up_headings()
        self.doubleClicked.connect(self.row_opened)

    @property
    def order(self) -> tuple[str, bool]:
        """Name of the column that sorts (empty for the list's own order), and whether the largest comes first."""
        header = self.horizontalHeader()
        section = header.sortIndicatorSection()
        if not 0 <= section < len(self._list.columns):
            return "", False
        return self._list.columns[section].name, header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder

    def sort_by(self, name: str, *, descending: bool = False) -> None:
        """Sort as if the heading was pressed."""
        names = [column.name for column in self._list.columns]
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(names.index(name) if name in names else -1, order)

    def own_keys(self) -> tuple[tuple[str, str], ...]:
        """For F1."""
        return ((_("Enter"), _("Open the row")), (_("Shift+arrow"), _("Choose several rows")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_opened.emit(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def _set_up_headings(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStyleSheet("QHeaderView, QHeaderView::section { background: transparent; }")
        header.setSortIndicatorClearable(True)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(self._theme.px(48))
        widths = self._remembered.get(f"{self._key}.widths", {})
        for place, column in enumerate(self._list.columns):
            wide = column.width == 0
            mode = QHeaderView.ResizeMode.Fixed if wide else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(place, mode)
            if not wide:
                width = widths.get(column.name, column.width)
                wanted = self._theme.px(width if isinstance(width, int) else column.width)
                header.resizeSection(place, max(wanted, self._least(place)))
        name, descending = self._remembered.get(f"{self._key}.order", ["", False])[:2]
        header.setSortIndicatorShown(True)
        self.sort_by(str(name), descending=bool(descending))
        header.sortIndicatorChanged.connect(self._on_sorted)
        header.sectionResized.connect(self._on_resized)

    def _least(self, place: int) -> int:
        """So wide is a column that its heading can be read, with the arrow of the order."""
        return self.horizontalHeader().sectionSizeHint(place)

    def _on_resized(self, place: int) -> None:
        if self._list.columns[place].width:
            self._widths_timer.start()
            self._fit()

    def _fit(self) -> None:
        """Give the wide columns what is left; where that is too little, the list is scrolled sideways."""
        header = self.horizontalHeader()
        wide = [place for place, column in enumerate(self._list.columns) if not column.width]
        others = sum(header.sectionSize(place) for place in range(header.count()) if place not in wide)
        for place in wide:
            share = (self.viewport().width() - others) // len(wide)
            header.resizeSection(place, max(share, self._least(place), self._theme.px(LEAST_WIDE)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        header = self.horizontalHeader()
        for place, column in enumerate(self._list.columns):  # the font is known by now
            if column.width:
                header.resizeSection(place, max(header.sectionSize(place), self._least(place)))
        self._fit()

    def _on_sorted(self, section: int) -> None:
        if 0 <= section < len(self._list.columns) and not self._list.columns[section].sorts:
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            return
        self._remembered.keep(f"{self._key}.order", list(self.order))
        self.sorted_anew.emit()

    def _keep_widths(self) -> None:
        header = self.horizontalHeader()
        widths = {
            column.name: round(header.sectionSize(place) / self._theme.scale)
            for place, column in enumerate(self._list.columns)
            if column.width
        }
        self._remembered.keep(f"{self._key}.widths", widths)
