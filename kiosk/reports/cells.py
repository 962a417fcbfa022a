"""Cells and looks of the workbook: fonts, colours, number formats, and text that stays text.

Sheets are written row by row in openpyxl's write-only mode, so memory does not grow with the number of records.
"""

import re
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kiosk.domain.attendance import Status

Value = str | int | float | date | datetime | time | None

ACCENT: Final = "1557C0"
TEXT: Final = "101820"
MUTED: Final = "5B6873"
LINE: Final = "D5DBE1"
BAND: Final = "EAF0FA"

STATUS_COLOURS: Final = {
    Status.PRESENT: ("0A7D45", "DDF3E7"),
    Status.LATE: ("9A5B00", "FDEFD6"),
    Status.EXCUSED: ("3F5566", "E4EAEF"),
    Status.ABSENT: ("B3261E", "FBDFDC"),
}
"""Text and fill of each status, contrast at least 4.5:1."""

STATUS_LETTERS: Final = {
    Status.PRESENT: "P",
    Status.LATE: "L",
    Status.EXCUSED: "E",
    Status.ABSENT: "A",
}

MAX_TEXT: Final = 32_767
"""Characters that a cell can hold."""

# What XML 1.0 cannot carry, and what a formula, a DDE call or an import into another program begins with.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; two equal looks share one style in the file."""

    bold: bool = False
    size: float = 10
    colour: str = TEXT
    fill: str = ""
    align: str = ""
    format: str = "General"
    wrap: bool = False
    rotated: bool = False
    line: bool = True


BODY: Final = Look()
CENTRED: Final = Look(align="center")
WRAPPED: Final = Look(wrap=True)
DATE: Final = Look(format="yyyy-mm-dd", align="center")
TIME: Final = Look(format="hh:mm:ss", align="center")
MOMENT: Final = Look(format="yyyy-mm-dd hh:mm", align="center")
SHARE: Final = Look(format="0.0%", align="center")
HEADING: Final = Look(bold=True, colour="FFFFFF", fill=ACCENT, wrap=True)
HEADING_CENTRED: Final = Look(bold=True, colour="FFFFFF", fill=ACCENT, align="center", wrap=True)
TITLE: Final = Look(bold=True, size=16, colour=ACCENT, line=False)
NOTE: Final = Look(colour=MUTED, line=False)
TOTAL: Final = Look(bold=True, fill=BAND)
TOTAL_CENTRED: Final = Look(bold=True, fill=BAND, align="center")
TOTAL_SHARE: Final = Look(bold=True, fill=BAND, format="0.0%", align="center")
STATUS: Final = {
    status: Look(bold=True, colour=colours[0], fill=colours[1], align="center")
    for status, colours in STATUS_COLOURS.items()
}


def safe_text(text: str) -> str:
    """A text without the characters that XML cannot carry, cut to what a cell can hold."""
    return _ILLEGAL.sub("", text)[:MAX_TEXT]


def is_risky(text: str) -> bool:
    """Whether a spreadsheet, or a program it is copied into, could take a text for a formula."""
    return text.startswith(_RISKY)


class Sheet:
    """One sheet that is written from top to bottom; everything about its head must be set before the first row."""

    def __init__(self, workbook: Workbook, title: str) -> None:
        # A write-only sheet has the same settings as a full one, which the type stubs do not say.
        self.raw = cast("Worksheet", workbook.create_sheet(title))
        self.rows = 0
        self._looks: dict[tuple[Look, bool], Cell] = {}

    def row(self, *cells: tuple[Look, Value], height: float | None = None) -> None:
        """Write the next row."""
        self.rows += 1
        if height is not None:
            self.raw.row_dimensions[self.rows].height = height
        written: Any = self._cells(cells)  # a generator, which openpyxl takes and its stubs half know
        self.raw.append(written)

    def gap(self, height: float = 8) -> None:
        """Write an empty row."""
        self.row(height=height)

    def widths(self, widths: Iterable[float]) -> None:
        """Set the widths of the columns, from the first, in characters."""
        for number, width in enumerate(widths, 1):
            self.raw.column_dimensions[get_column_letter(number)].width = width

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
        sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
        sheet.print_title_rows = f"{heading_rows[0]}:{heading_rows[1]}"
        if heading_columns:
            sheet.print_title_cols = heading_columns
        if sheet.oddFooter is not None:
            sheet.oddFooter.left.text = "&A"
            sheet.oddFooter.right.text = "Page &P of &N"
        sheet.print_options.horizontalCentered = True
        sheet.sheet_view.showGridLines = False

    def _cells(self, cells: Iterable[tuple[Look, Value]]) -> Generator[Cell, None, None]:
        """Cells one at a time: each is in the file before the next is asked for, so one cell a look is enough."""
        for look, value in cells:
            if isinstance(value, str):
                text = safe_text(value)
                cell = self._cell(look, risky=is_risky(text))
                cell.value = text
                cell.data_type = "s"  # whatever it begins with
            else:
                cell = self._cell(look, risky=False)
                cell.value = value
            yield cell

    def _cell(self, look: Look, *, risky: bool) -> Cell:
        cell = self._looks.get((look, risky))
        if cell is None:
            cell = self._looks[look, risky] = _made(self.raw, look, risky=risky)
        return cell


def _made(sheet: Worksheet, look: Look, *, risky: bool) -> Cell:
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
    return cell
