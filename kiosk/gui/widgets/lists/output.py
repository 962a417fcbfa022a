"""What leaves a list: to a printer, to a file. Main thread; rows are read and files written off it."""

import threading
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from kiosk.errors import KioskError
from kiosk.gui.remembered import Remembered
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import QuietButton
from kiosk.gui.widgets.lists.model import MOST, PAGE, ListModel
from kiosk.gui.widgets.lists.printed import PrintedList
from kiosk.gui.widgets.lists.rows import ListRow
from kiosk.gui.widgets.parts import documents
from kiosk.translation import _, ngettext

MOST_PRINTED: Final = 5_000
"""Rows on paper; a hundred pages say that a search was meant."""


class SaveRows(Protocol):
    """Writes a table to a file, off the main thread."""

    def __call__(
        self, path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]
    ) -> int:
        """Write and return the number of rows. Raises KioskError: not allowed, or the file cannot be written."""


class Output(QObject):
    """Prints and saves what a list shows: as it is searched, filtered and sorted.

    Signals:
        said: It worked; carries a sentence.
        failed: It did not; carries the KioskError.
    """

    said = Signal(str)
    failed = Signal(object)
    _written = Signal(int)

    def __init__(
        self,
        theme: Theme,
        model: ListModel,
        table: QWidget,
        *,
        name: str,
        remembered: Remembered,
        save: SaveRows | None,
    ) -> None:
        super().__init__(table)
        self._model = model
        self._table = table
        self._name = name
        self._remembered = remembered
        self._save = save
        self._tasks = Tasks(self)
        self.print_button = QuietButton(_("Print…"))
        self.print_button.set_icon("print", theme)
        self.print_button.clicked.connect(self.print_rows)
        self.save_button = QuietButton(_("Save as a table…"))
        self.save_button.set_icon("export", theme)
        self.save_button.clicked.connect(self._ask_where_or_stop)
        self._stop: threading.Event | None = None
        self._written.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        self.save_button.setVisible(save is not None)

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """To stand under the list."""
        return self.print_button, self.save_button

    def offer(self, anything: bool) -> None:
        """Whether there is something to print and save."""
        self.print_button.setEnabled(anything)
        self.save_button.setEnabled(anything)

    # -- to a printer ------------------------------------------------------------------------------------------------

    def print_rows(self) -> None:
        """Ask for a printer and print all rows that are shown."""
        number = self._model.rowCount()
        if number > MOST_PRINTED:
            words = _("{number} rows would be too many pages.", number=f"{number:n}")
            self.failed.emit(KioskError(words, _("Search or filter first, or save them as a table.")))
            return
        if not QPrinterInfo.availablePrinterNames():
            words = _("This PC has no printer.")
            self.failed.emit(
                KioskError(words, _("Add one in the system's settings, or save the rows as a table."))
            )
            return
        self._model.with_rows(range(number), self._print)

    def _print(self, rows: list[ListRow]) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._table)
        dialog.finished.connect(dialog.deleteLater)
        dialog.accepted.connect(lambda: self._send(printer, rows))
        dialog.setModal(True)
        dialog.show()

    def _send(self, printer: QPrinter, rows: list[ListRow]) -> None:
        page = PrintedList(printer, self._name, self._model.columns)
        self._tasks.run(lambda: page.draw(rows), then=self._printed, failed=self.failed.emit)

    def _printed(self, pages: int) -> None:
        self.said.emit(
            ngettext("{number} page was printed.", "{number} pages were printed.", pages, number=pages)
        )

    # -- to a file ---------------------------------------------------------------------------------------------------

    def _ask_where_or_stop(self) -> None:
        if self._stop is None:
            self._ask_where()
        else:
            self._stop.set()

    def _ask_where(self) -> None:
        dialog = QFileDialog(self._table, _("Save as a table"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_("Excel workbook (*.xlsx)"), _("Text table (*.csv)")])
        dialog.setDefaultSuffix("xlsx")
        dialog.setDirectory(str(self._remembered.folder(documents())))
        dialog.selectFile(f"{self._name}.xlsx")
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Write all rows that are shown."""
        if self._save is None:
            return
        self._remembered.keep_folder(path)
        stop = self._stop = threading.Event()
        self._show_progress(0)
        work = partial(
            self._save,
            path,
            title=self._name,
            headings=[column.heading for column in self._model.columns],
            rows=self._rows(stop),
        )
        self._tasks.run(work, then=partial(self._saved, path), failed=self._not_saved)

    def _rows(self, stop: threading.Event) -> Iterator[Sequence[str]]:
        """All rows, read piece by piece on the thread that writes, until somebody stops it."""
        written = 0
        for rows in self._model.pieces(MOST // PAGE * PAGE):
            for row in rows:
                if stop.is_set():
                    raise KioskError(_("Saving was stopped."), _("No file was written."))
                yield [cell.text for cell in row.cells]
            written += len(rows)
            self._written.emit(written)

    def _show_progress(self, written: int) -> None:
        if self._stop is not None:
            share = 100 * written // max(1, self._model.rowCount())
            self.save_button.setText(_("Stop saving ({share} %)", share=share))

    def _end(self) -> None:
        self._stop = None
        self.save_button.setText(_("Save as a table…"))

    def _saved(self, path: Path, number: int) -> None:
        self._end()
        self.said.emit(
            ngettext(
                "{number} row was written to {path}.",
                "{number} rows were written to {path}.",
                number,
                number=f"{number:n}",
                path=path,
            )
        )

    def _not_saved(self, error: KioskError) -> None:
        self._end()
        self.failed.emit(error)
