"""A long list with all that people do to it: search, filters, order, choosing several, copying, printing, saving. Main thread.

Rows come from a `ListSource`, read off the main thread. What was filtered, how it was ordered and how wide the columns are is
remembered; what was searched for is not, because whoever comes back wants to see everybody.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from kiosk.domain.listing import ListQuestion
from kiosk.errors import KioskError
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import DangerButton, PrimaryButton, QuietButton, SecondaryButton
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.dialogs import SEARCHES
from kiosk.gui.widgets.flow import Flow
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.lists.model import PAGE, ListModel
from kiosk.gui.widgets.lists.output import Output, SaveRows
from kiosk.gui.widgets.lists.rows import ListColumn, ListFilter, ListRow, ListSource
from kiosk.gui.widgets.lists.table import ListTable
from kiosk.gui.widgets.surfaces import Text, tool_tip
from kiosk.translation import _, ngettext

WAIT_MS: Final = 120
"""After the last key before the list is asked: a name that is typed quickly is looked for once."""

CHOSEN_TOO: Final = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows

Handler = Callable[[list[ListRow]], None]
"""What an action does with the rows that are chosen."""


class ListPanel(QWidget):
    """A searched, filtered and sorted list.

    Args:
        name: Of the list, as people read it; also what its file and its print-out are called.
        remembered: Where filters, order and widths are kept, under `key`.
        save: Writes what is shown to a file; None offers no saving.

    Signals:
        opened: A row was pressed twice, or Enter on it; carries its key.
        chosen: Other rows are chosen; carries how many.
    """

    opened = Signal(object)
    chosen = Signal(int)

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[ListColumn],
        source: ListSource,
        *,
        name: str,
        key: str,
        remembered: Remembered,
        save: SaveRows | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._remembered = remembered
        self._key = key
        self._kept: list[Hashable] = []
        self._words_if_none = _("There is nothing here yet.")
        self.model = ListModel(theme, columns, source, self)
        self.table = ListTable(theme, self.model, name=name, key=key, remembered=remembered)
        self.output = Output(theme, self.model, self.table, name=name, remembered=remembered, save=save)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search: {name}", name=name))
        self.search.setClearButtonEnabled(True)
        self.search.setProperty(SEARCHES, True)
        self.search.setMinimumWidth(theme.px(320))
        self.chips: dict[str, Chip] = {}
        self.actions_row = Flow(theme)
        self.banner = Banner(theme)
        self._filters = Flow(theme)
        self._several = Text(style=TextStyle.STRONG)
        self._count = Text(tone=Tone.MUTED)
        self._empty = Text(tone=Tone.MUTED, wrap=True)
        self._empty_button = PrimaryButton("")
        self._timer = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._connect()
        self._lay_out()

    # -- what the owner says of it ----------------------------------------------------------------------------------

    def add_filter(self, one: ListFilter) -> Chip:
        """Offer a filter; it is on where it was the last time."""
        chip = Chip(self._theme, one.words)
        chip.setChecked(one.name in self._remembered.get(f"{self._key}.filters", []))
        chip.toggled.connect(self._filter)
        self.chips[one.name] = chip
        self._filters.add(chip)
        return chip

    def add_action(
        self, words: str, handler: Handler, *, danger: bool = False
    ) -> SecondaryButton | DangerButton:
        """Offer to do something with the chosen rows; the button is there while some are."""
        button = DangerButton(words) if danger else SecondaryButton(words)
        button.clicked.connect(lambda: self.with_chosen(handler))
        self.actions_row.add(button)
        return button

    def say_when_empty(self, words: str, button: str = "", pressed: Callable[[], Any] | None = None) -> None:
        """What stands where there is nothing at all, and the way to the first row."""
        self._words_if_none = words
        self._empty_button.setText(button)
        if pressed is not None:
            self._empty_button.clicked.connect(pressed)

    # -- what it shows ----------------------------------------------------------------------------------------------

    @property
    def asked(self) -> ListQuestion:
        """What is searched for, filtered and sorted by."""
        on = frozenset(name for name, chip in self.chips.items() if chip.isChecked())
        return ListQuestion(self.search.text().strip(), on, *self.table.order)

    def show_question(self, asked: ListQuestion) -> None:
        """Search, filter and sort as in `asked`; reads nothing: `reload` does."""
        with QSignalBlocker(self.search), QSignalBlocker(self.table):
            self.search.setText(asked.search)
            self.table.sort_by(asked.sort, descending=asked.descending)
        for name, chip in self.chips.items():
            with QSignalBlocker(chip):
                chip.setChecked(name in asked.filters)
        self._remembered.keep(f"{self._key}.filters", sorted(asked.filters))

    def reload(self) -> None:
        """Read the rows again."""
        self._timer.stop()
        self.model.ask(self.asked)

    def chosen_places(self) -> list[int]:
        """Places of the rows that are chosen, from 0."""
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def with_chosen(self, handler: Handler) -> None:
        """Call `handler` with the chosen rows; those that are not here yet are read first."""
        self.model.with_rows(self.chosen_places(), handler)

    def texts(self) -> list[tuple[str, ...]]:
        """What is shown and was read, row by row."""
        rows = (self.model.row(place) for place in range(self.model.rowCount()))
        return [tuple(cell.text for cell in row.cells) for row in rows if row is not None]

    # -- inside -----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.search.textChanged.connect(self._timer.start)
        self.search.returnPressed.connect(self._to_rows)
        self._timer.timeout.connect(self.reload)
        self.table.sorted_anew.connect(self.reload)
        self.table.row_opened.connect(self._open)
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.model.modelAboutToBeReset.connect(self._remember_chosen)
        self.model.modelReset.connect(self._choose_again)
        self.model.counted.connect(self._on_counted)
        self.model.failed.connect(self._say)
        self.output.said.connect(self._tell)
        self.output.failed.connect(self._say)
        for keys, do, words in (
            (QKeySequence.StandardKey.Find, self._to_search, _("Search")),
            (QKeySequence.StandardKey.Copy, self._copy, _("Copy the chosen rows")),
            (QKeySequence.StandardKey.Print, self.output.print_rows, _("Print the list")),
        ):
            shortcut = QShortcut(
                QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            shortcut.setWhatsThis(tool_tip(words))
            shortcut.activated.connect(do)

    def _lay_out(self) -> None:
        space = self._theme.space
        tools = horizontal(self.search, (self._filters, 1), spacing=space(2))
        self._selected = QWidget()
        copy = QuietButton(_("Copy"))
        copy.clicked.connect(self._copy)
        horizontal(self._several, (self.actions_row, 1), copy, on=self._selected, spacing=space(2))
        self._selected.hide()
        self._nothing = QWidget()
        align = Qt.AlignmentFlag.AlignHCenter
        self._empty.setAlignment(align)
        vertical(
            2,
            self._empty,
            (self._empty_button, 0, align),
            3,
            on=self._nothing,
            edges=space(2),
            spacing=space(2),
        )
        self._nothing.hide()
        foot = horizontal(self._count, 1, *self.output.buttons, spacing=space(1))
        vertical(
            tools,
            self.banner,
            self._selected,
            (self.table, 1),
            (self._nothing, 1),
            foot,
            on=self,
            spacing=space(1.5),
        )

    def _filter(self) -> None:
        self._remembered.keep(f"{self._key}.filters", sorted(self.asked.filters))
        self.reload()

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _to_rows(self) -> None:
        """Enter in the search goes on with what was found; a single row is opened."""
        if self._timer.isActive():
            self.reload()
        elif self.model.rowCount() == 1:
            self._open(self.model.index(0, 0))
        elif self.model.rowCount():
            self.table.setFocus()
            self.table.selectRow(0)

    def _open(self, index: QModelIndex) -> None:
        row = self.model.row(index.row())
        if row is not None:
            self.opened.emit(row.key)

    def _copy(self) -> None:
        self.with_chosen(self._to_clipboard)

    def _to_clipboard(self, rows: list[ListRow]) -> None:
        if rows:
            lines = ("\t".join(" ".join(cell.text.split()) for cell in row.cells) for row in rows)
            QGuiApplication.clipboard().setText("\n".join(lines))
            self._tell(ngettext("{number} row copied.", "{number} rows copied.", len(rows), number=len(rows)))

    def _remember_chosen(self) -> None:
        places = self.chosen_places()[:PAGE] if self.model.is_refresh else ()
        self._kept = [row.key for place in places if (row := self.model.row(place)) is not None]

    def _choose_again(self) -> None:
        """Rows that were read anew are those that somebody has just chosen."""
        for place in map(self.model.place_of, self._kept):
            if place is not None:
                self.table.selectionModel().select(self.model.index(place, 0), CHOSEN_TOO)
        self._kept = []

    def _on_chosen(self) -> None:
        number = len(self.table.selectionModel().selectedRows())
        # One chosen row is only where the keys are; the bar comes with it where there is something to do.
        self._selected.setVisible(number > 1 or (number == 1 and not self.actions_row.is_empty))
        self._several.setText(ngettext("{number} chosen", "{number} chosen", number, number=f"{number:n}"))
        self.chosen.emit(number)

    def _on_counted(self, number: int) -> None:
        asked = self.model.asked
        narrowed = bool(asked.search or asked.filters)
        self._on_chosen()
        self._count.setText(ngettext("{number} row", "{number} rows", number, number=f"{number:n}"))
        self.table.setVisible(number > 0)
        self._nothing.setVisible(number == 0)
        self.output.offer(number > 0)
        self._empty.setText(
            _("Nothing was found. Search for less, or switch a filter off.")
            if narrowed
            else self._words_if_none
        )
        self._empty_button.setVisible(not narrowed and bool(self._empty_button.text()))

    def _tell(self, words: str) -> None:
        self.banner.say(words, tone=Tone.PRESENT)

    def _say(self, error: KioskError) -> None:
        self.banner.show_error(error)
