"""Tables from the files that people hand in: CSV in any usual encoding, Excel, OpenDocument; bounded in size. Any thread."""

import re
from pathlib import Path
from typing import Final

from kiosk.errors import FileFormatError
from kiosk.reports.tables.archives import check_archive
from kiosk.reports.tables.csv_rows import csv_rows
from kiosk.reports.tables.encodings import decode
from kiosk.reports.tables.sheets import MAX_BYTES, MAX_ROWS, Encoding, Row, Sheet, Table
from kiosk.translation import N_, _, ngettext

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS: Final = N_("Open it in the program that made it, and save the list as .xlsx or CSV.")
_OTHERS: Final = (
    (re.compile(rb"%PDF-"), N_("{name} is a PDF, not a table.")),
    (re.compile(rb"\{\\rtf"), N_("{name} is a text document (RTF), not a table.")),
    (
        re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", re.DOTALL),
        N_("{name} is a picture, not a table."),
    ),
    (re.compile(rb"\x1f\x8b|Rar!|7z\xbc\xaf"), N_("{name} is a packed archive, not a table.")),
    (
        re.compile(rb"(?s)(?:\xef\xbb\xbf)?\s*<\?xml.{0,2000}urn:schemas-microsoft-com:office:spreadsheet"),
        N_("{name} is in Excel's XML format of 2003."),
    ),
    (
        re.compile(rb"(?is)(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<table|<\?xml.{0,300}<html)"),
        N_("{name} is a web page (HTML), whatever its name says."),
    ),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml"), N_("{name} is an XML file, not a table.")),
    (
        re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s*(?:MIME-Version:|Content-Type: *multipart)"),
        N_("{name} is a saved web page (MHTML), whatever its name says."),
    ),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\""),
        N_("{name} is a JSON file, not a table."),
    ),
)
"""What else comes under the name of a list."""


def read_tables(path: Path, *, encoding: str | None = None) -> Table:
    """All sheets of a file; `encoding` is a person's choice of how letters are read.

    Raises:
        FileFormatError: No table, damaged, protected with a password, or too large.
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
    return _tables(path, data, encoding)


def read_table(path: Path) -> list[Row]:
    """The rows of the one sheet that is meant; see `read_tables`.

    Raises:
        FileFormatError: As `read_tables`; several visible sheets have rows; more than `MAX_ROWS` and a heading.
    """
    filled = shown_sheets(read_tables(path))
    if len(filled) > 1:
        raise FileFormatError(
            _(
                "{name} has several sheets: {sheets}.",
                name=path.name,
                sheets=", ".join(sheet.name for sheet in filled),
            ),
            _("Save the one that is meant as a file of its own."),
        )
    return bounded(path.name, filled[0].rows) if filled else []


def shown_sheets(table: Table) -> list[Sheet]:
    """Sheets with rows that are not hidden; the hidden ones only where there are no others."""
    filled = [sheet for sheet in table.sheets if sheet.rows]
    return [sheet for sheet in filled if not sheet.hidden] or filled


def bounded(name: str, rows: tuple[Row, ...]) -> list[Row]:
    """The rows. Raises FileFormatError: there are more than `MAX_ROWS` and a heading."""
    if len(rows) > MAX_ROWS + 1:
        raise FileFormatError(
            ngettext(
                "{name} has more than {n} row.",
                "{name} has more than {n} rows.",
                MAX_ROWS,
                name=name,
                n=MAX_ROWS,
            ),
            _("Import it in parts."),
        )
    return list(rows)


def _tables(path: Path, data: bytes, encoding: str | None) -> Table:
    name = path.name
    if data.startswith(_OLE):
        raise FileFormatError(
            _("{name} is protected with a password or an old Excel file (.xls).", name=name),
            _("Save it in Excel as .xlsx without a password, or as CSV."),
        )
    if data.startswith(b"PK\x03\x04"):
        return Table(tuple(_book(name, data)), Encoding())
    for form, words in _OTHERS:
        if form.match(data[:4000]):
            raise FileFormatError(_(words, name=name), _(_SAVE_AS))
    if path.suffix.lower() in {".xlsx", ".xlsm", ".ods"} and (not data or b"\0" in data[:4000]):
        check_archive(name, data)
    text, read_as = decode(name, data, encoding)
    return Table((Sheet("", tuple(csv_rows(name, text))),), read_as)


def _book(name: str, data: bytes) -> list[Sheet]:
    if "xl/workbook.xml" in check_archive(name, data):
        from kiosk.reports.tables.xlsx_sheets import xlsx_sheets

        sheets = xlsx_sheets(name, data)
    else:
        from kiosk.reports.tables.ods_sheets import ods_sheets

        sheets = ods_sheets(name, data)
    return sheets
