"""A workbook whose rows are streamed: openpyxl makes the styles, the sheets' settings and the archive.

Rows are rendered here, not by openpyxl, whose write-only mode takes about 20 µs a cell: 100,000 records took over
20 s, and take a quarter of that so. They wait in temporary files and are put into the sheets while those are saved,
so memory does not grow with the number of records.
"""

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, time
from os import PathLike
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Final, Self, cast
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from kiosk.reports.cells import BELOW, BELOW_FILL, LINE, Look, Value, is_risky, safe_text
from kiosk.translation import _

IN_MEMORY: Final = 1_000_000
"""Bytes of rows that a sheet keeps in memory before it uses a temporary file."""

_NO_ROWS: Final = re.compile(rb"<sheetData\s*/>|<sheetData></sheetData>")
_DAY_0: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone
_DAY_S: Final = 86_400


class Sheet:
    """One sheet, written from top to bottom. `raw` has openpyxl's settings of it; rows go through `row` only."""

    def __init__(self, raw: Worksheet) -> None:
        self.raw = raw
        self.rows = 0
        self.stream: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the book closes it
        self._styles: dict[tuple[Look, bool], int] = {}
        self._letters: list[str] = []

    def row(self, *cells: tuple[Look, Value], height: float | None = None) -> None:
        """Write the next row; `height` in points."""
        self.rows += 1
        while len(self._letters) < len(cells):
            self._letters.append(get_column_letter(len(self._letters) + 1))
        attributes = "" if height is None else f' ht="{height}" customHeight="1"'
        rendered = "".join(
            [
                self._cell(f"{letter}{self.rows}", look, value)
                for letter, (look, value) in zip(self._letters, cells, strict=False)
            ]
        )
        self.stream.write(f'<row r="{self.rows}"{attributes}>{rendered}</row>'.encode())

    def gap(self, height: float = 8) -> None:
        """Write an empty row."""
        self.row(height=height)

    def widths(self, widths: Iterable[float]) -> None:
        """Set the widths of the columns, from the first, in characters."""
        for number, width in enumerate(widths, 1):
            self.raw.column_dimensions[get_column_letter(number)].width = width

    def mark_below(self, area: str, limit_percent: int) -> None:
        """Mark shares below a limit in an area such as ``G5:G30``; empty cells stay as they are."""
        if not limit_percent:
            return
        first = area.partition(":")[0]
        look = DifferentialStyle(
            font=Font(color=BELOW, bold=True), fill=PatternFill(bgColor=BELOW_FILL, fill_type="solid")
        )
        condition = f"AND(ISNUMBER({first}),{first}<{limit_percent / 100})"
        below = Rule(type="expression", dxf=look, formula=[condition])
        self.raw.conditional_formatting.add(area, below)

    def printed(
        self,
        *,
        heading_rows: tuple[int, int],
        heading_columns: str = "",
        pages_wide: int = 1,
        pages_high: int = 0,
    ) -> None:
        """A4 landscape, fitted to the width, heading repeated on each page, page numbers at the foot.

        Args:
            heading_rows: First and last row of the heading.
            heading_columns: Columns that are repeated too, such as ``A:B``.
            pages_wide: Pages side by side at most.
            pages_high: Pages one below the other at most; 0 for as many as it takes.
        """
        sheet = self.raw
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9
        sheet.page_setup.fitToWidth = pages_wide
        sheet.page_setup.fitToHeight = pages_high
        if sheet.sheet_properties.pageSetUpPr is not None:
            sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.75, 0.35
        sheet.print_title_rows = f"{heading_rows[0]}:{heading_rows[1]}"
        if heading_columns:
            sheet.print_title_cols = heading_columns
        if sheet.oddFooter is not None:
            sheet.oddFooter.left.text = "&A"
            sheet.oddFooter.right.text = _("Page &P of &N")
        sheet.print_options.horizontalCentered = True
        sheet.sheet_view.showGridLines = False

    def _cell(self, place: str, look: Look, value: Value) -> str:
        """One cell as SpreadsheetML (ECMA-376, 18.3.1.4); texts are inline, so none can become a formula."""
        if value is None:
            return f'<c r="{place}" s="{self._style(look)}"/>'
        if isinstance(value, str):
            text = safe_text(value)
            style = self._style(look, risky=is_risky(text))
            inline = escape(text, {"\r": "&#13;"})
            return (
                f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{inline}</t></is></c>'
            )
        return f'<c r="{place}" s="{self._style(look)}"><v>{_number(value)!r}</v></c>'

    def _style(self, look: Look, *, risky: bool = False) -> int:
        number = self._styles.get((look, risky))
        if number is None:
            number = self._styles[look, risky] = _style_number(self.raw, look, risky=risky)
        return number


class Book:
    """A workbook in the making; a context manager, because its rows wait in temporary files."""

    def __init__(self) -> None:
        self.workbook = Workbook(write_only=True)
        self._sheets: list[Sheet] = []

    def sheet(self, title: str) -> Sheet:
        """Add a sheet after those that are there."""
        # A write-only sheet has the same settings as a full one, which the type stubs do not say.
        sheet = Sheet(cast("Worksheet", self.workbook.create_sheet(title)))
        self._sheets.append(sheet)
        return sheet

    def print_heading(self, text: str) -> None:
        """Print a text, such as the school's name, above each page of all sheets that there are."""
        for sheet in self._sheets:
            if text and sheet.raw.oddHeader is not None:
                sheet.raw.oddHeader.left.text = text.replace("&", "&&")
                sheet.raw.page_margins.top = max(sheet.raw.page_margins.top, 0.7)
                sheet.raw.page_margins.header = 0.3

    def save(self, stream: IO[bytes]) -> None:
        """Write everything. Unlike `Workbook.save`, this leaves no archive open when the disk is full."""
        rows = {
            f"xl/worksheets/sheet{number}.xml": sheet.stream for number, sheet in enumerate(self._sheets, 1)
        }
        with _Archive(stream, rows) as archive:
            ExcelWriter(self.workbook, archive).write_data()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sheet in self._sheets:
            with suppress(OSError):
                sheet.stream.close()
            _remove_leftover(sheet.raw)


class _Archive(ZipFile):
    """Puts the waiting rows into each sheet that openpyxl hands in with none."""

    def __init__(self, stream: IO[bytes], rows: dict[str, IO[bytes]]) -> None:
        super().__init__(stream, "w", ZIP_DEFLATED, allowZip64=True)
        self._rows = rows

    def write(
        self,
        filename: str | PathLike[str],
        arcname: str | PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Add a file; the rows of a sheet go where it has its empty ``sheetData``."""
        rows = self._rows.get(str(arcname))
        if rows is None:
            super().write(filename, arcname, compress_type, compresslevel)
            return
        sheet = Path(filename).read_bytes()
        place = _NO_ROWS.search(sheet)
        if place is None:
            raise ValueError(f"{arcname} has no place for rows")
        rows.seek(0)
        entry = ZipInfo.from_file(filename, arcname)
        entry.compress_type = ZIP_DEFLATED
        with self.open(entry, "w", force_zip64=True) as part:
            part.write(sheet[: place.start()] + b"<sheetData>")
            shutil.copyfileobj(rows, part, 1 << 20)
            part.write(b"</sheetData>" + sheet[place.end() :])


def _number(value: int | float | date | datetime | time) -> int | float:
    """Excel's number of a value: dates are days since 1899-12-30, times are parts of a day."""
    if isinstance(value, datetime):
        return (value - _DAY_0).total_seconds() / _DAY_S
    if isinstance(value, date):
        return value.toordinal() - _DAY_0.toordinal()
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / _DAY_S
    return value


def _style_number(sheet: Worksheet, look: Look, *, risky: bool) -> int:
    """Register a look with the workbook; equal ones share a number."""
    cell = WriteOnlyCell(sheet)
    cell.font = Font(name="Calibri", size=look.size, bold=look.bold, color=look.colour)
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    if look.line:
        cell.border = Border(bottom=Side(style="thin", color=LINE))
    cell.alignment = Alignment(
        horizontal=look.align or None,
        vertical="center",
        wrap_text=look.wrap or None,
        text_rotation=90 if look.rotated else None,
    )
    cell.number_format = look.format
    if risky:
        cell.quotePrefix = True
    return int(cell.style_id)


def _remove_leftover(sheet: Worksheet) -> None:
    """Remove what openpyxl left in the temporary folder because saving failed; else there is nothing."""
    writer = getattr(sheet, "_writer", None)
    if writer is None:
        return
    with suppress(OSError):
        writer.close()
    Path(writer.out).unlink(missing_ok=True)
