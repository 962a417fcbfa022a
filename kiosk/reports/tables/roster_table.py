"""Rows of text from CSV and XLSX files that people hand in: any usual encoding, bounded in size. Any thread."""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from kiosk.errors import FileFormatError
from kiosk.translation import _, ngettext

MAX_BYTES: Final = 10_000_000
MAX_UNPACKED: Final = 50_000_000
"""Bytes that an XLSX may unfold to; a list of 10,000 students has about 3 MB."""
MAX_TAGS: Final = 1_500_000
"""Tags in all parts of an XLSX, of which a cell has about four: 10,000 rows of 30 cells. Reading takes 10 µs a tag."""
MAX_LINES: Final = 1_048_576
"""The last line that Excel has; its files may name empty lines up to it."""
_PIECE: Final = 1_000_000
MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 64

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZEROS: Final = re.compile(r"0+")


@dataclass(frozen=True, slots=True)
class TextRow:
    """One line of a table; `line` counts from 1 as an editor or Excel does."""

    line: int
    cells: tuple[str, ...]


def read_table(path: Path) -> list[TextRow]:
    """All rows that are not empty, at most `MAX_ROWS` and a heading, as text.

    Raises:
        FileFormatError: Not a CSV or XLSX file, damaged, protected with a password, or too large.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileFormatError(
                _("{name} is larger than {max_bytes} MB.", name=path.name, max_bytes=MAX_BYTES // 1_000_000),
                _("A class list is much smaller."),
            )
        data = path.read_bytes()
    except OSError as error:
        raise FileFormatError(
            _("{name} cannot be opened.", name=path.name),
            _("Check that it exists and is not open in another program."),
        ) from error
    if data.startswith(_OLE):
        raise FileFormatError(
            _("{name} is protected with a password or an old Excel file (.xls).", name=path.name),
            _("Save it in Excel as .xlsx without a password, or as CSV."),
        )
    is_excel = data.startswith(b"PK\x03\x04") or path.suffix.lower() in {".xlsx", ".xlsm"}
    rows = _xlsx_rows(path.name, data) if is_excel else _csv_rows(path.name, data)
    table = []
    for row in rows:
        if any(row.cells):
            table.append(row)
        if len(table) > MAX_ROWS + 1:
            raise FileFormatError(
                ngettext(
                    "{name} has more than {n} row.",
                    "{name} has more than {n} rows.",
                    MAX_ROWS,
                    name=path.name,
                    n=MAX_ROWS,
                ),
                _("Import it in parts."),
            )
    return table


def _csv_rows(name: str, data: bytes) -> Iterator[TextRow]:
    text = _decoded(name, data)
    if text.lower().startswith("sep="):
        # Excel's own hint; blanked, not cut, so that lines are still counted right.
        hint, _unused, rest = text.partition("\n")
        delimiter, text = hint.strip()[4:5] or ",", "\n" + rest
    else:
        delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if not cells:
                line = reader.line_num + 1
                continue
            yield TextRow(line, tuple(cell.strip() for cell in cells[:MAX_COLUMNS]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileFormatError(
            _("Line {line} of {name} cannot be read as CSV.", line=line, name=name),
            _("Look for a quotation mark that is not closed."),
        ) from error


def _decoded(name: str, data: bytes) -> str:
    """UTF-8 or UTF-16 by their marks, UTF-16 without one by its zeros, else UTF-8, else Windows-1252."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        if b"\0" in data[:1000]:
            even, odd = data[0:1000:2].count(0), data[1:1000:2].count(0)
            text = data.decode("utf-16-le" if odd > even else "utf-16-be")
            if "\0" not in text:
                return text
            raise _unreadable(name)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _unreadable(name) from error


def _delimiter(text: str) -> str:
    """Whichever of comma, semicolon and tab splits the first line that has text into most cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=unquoted.count)


def _xlsx_rows(name: str, data: bytes) -> Iterator[TextRow]:
    _check_archive(name, data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # a sheet may claim a million columns
            for line, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
                if line > MAX_LINES:
                    raise _too_much(name)
                if all(
                    isinstance(cell, EmptyCell) for cell in row
                ):  # a gap of a million rows costs the file nothing
                    continue
                yield TextRow(line, tuple(_cell_text(cell) for cell in row))
        finally:
            book.close()
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        EOFError,
    ) as error:
        # openpyxl says "damaged" in as many ways as there are parts that can be missing.
        raise _damaged(name) from error


def _check_archive(name: str, data: bytes) -> None:
    """Refuse what is no XLSX, or unfolds to more than a class list ever would, before anything is unfolded."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            fits = len(parts) <= 2000 and sum(part.file_size for part in parts) <= MAX_UNPACKED
            fits = fits and _has_few_tags(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise _damaged(name) from error
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise FileFormatError(
            _("{name} is not an Excel workbook.", name=name), _("Save the list as .xlsx or CSV.")
        )
    if not fits:
        raise _too_much(name)


def _has_few_tags(archive: zipfile.ZipFile) -> bool:
    """Whether the parts are read in time: counting is a hundred times as fast as reading, and needs a piece at once."""
    tags = 0
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(part) as stream:
                while tags <= MAX_TAGS and (piece := stream.read(_PIECE)):
                    tags += piece.count(b"<")
    return tags <= MAX_TAGS


def _cell_text(cell: Cell | MergedCell | ReadOnlyCell | EmptyCell) -> str:
    """A cell as a person reads it: whole numbers without ``.0``, and with the zeros that a format adds."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        form = cell.number_format
        return str(value).zfill(len(form)) if form and _ZEROS.fullmatch(form) else str(value)
    return str(value).strip()


def _too_much(name: str) -> FileFormatError:
    return FileFormatError(
        _("{name} unfolds to far more than a class list.", name=name), _("Save the list anew.")
    )


def _unreadable(name: str) -> FileFormatError:
    return FileFormatError(
        _("{name} is not a text in a usual encoding.", name=name),
        _("Save the list as CSV UTF-8 or as .xlsx."),
    )


def _damaged(name: str) -> FileFormatError:
    return FileFormatError(
        _("{name} is damaged.", name=name), _("Open it in Excel, save it again, or save it as CSV.")
    )
