"""Sheets of Excel and OpenDocument workbooks: hidden ones, kinds of cells, formulas without values, damage."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kiosk.domain.courses.list_columns import ListChoices
from kiosk.errors import FileFormatError
from kiosk.reports.courses.roster_file import read_roster_file
from kiosk.reports.tables.read_table import read_tables
from kiosk.reports.tables.sheets import CellKind
from kiosk.services.ports.outputs import ListChoiceError

HEADING = ("student_no", "full_name")
MAKE = "urn:oasis:names:tc:opendocument:xmlns:"


def workbook(path: Path, sheets: dict[str, list[tuple[Any, ...]]], *, hidden: tuple[str, ...] = ()) -> Path:
    book = Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def ods(path: Path, *tables: str, styles: str = "", manifest: str = "<manifest/>") -> Path:
    content = (
        f'<office:document-content xmlns:office="{MAKE}office:1.0" xmlns:table="{MAKE}table:1.0" '
        f'xmlns:text="{MAKE}text:1.0" xmlns:style="{MAKE}style:1.0">{styles}'
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def table(name: str, *rows: str, style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'


def row(*cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def text(words: str) -> str:
    return cell(f"<text:p>{words}</text:p>", 'office:value-type="string"')


def cell(inner: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{inner}</table:table-cell>"


def number(value: str, shown: str) -> str:
    return cell(f"<text:p>{shown}</text:p>", f'office:value-type="float" office:value="{value}"')


def people(path: Path, choices: ListChoices | None = None) -> list[tuple[str, str]]:
    return [(one.student_no, one.full_name) for one in read_roster_file(path, choices).rows]


def test_the_visible_sheet_is_meant(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "l.xlsx",
        {"old": [HEADING, ("101", "Old Olga")], "new": [HEADING, ("201", "New Nora")]},
        hidden=("old",),
    )
    assert people(path) == [("201", "New Nora")]
    assert read_roster_file(path).notes[0].text == "Sheets that are hidden were not read: old."


def test_several_visible_lists_are_asked_about(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx", {"7a": [HEADING, ("1a", "Al")], "7b": [HEADING, ("1b", "Bea")]})
    with pytest.raises(ListChoiceError, match="7a, 7b") as caught:
        read_roster_file(path)
    assert caught.value.reading.sheets == ("7a", "7b")
    assert people(path, ListChoices(sheet="7B")) == [("1b", "Bea")]
    with pytest.raises(FileFormatError, match="no sheet 7c"):
        read_roster_file(path, ListChoices(sheet="7c"))


def test_the_one_sheet_with_headings_of_a_list_is_taken_and_the_others_are_named(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "l.xlsx",
        {"Legend": [("Colours", "mean"), ("red", "absent")], "7b": [HEADING, ("1b", "Bea")]},
    )
    assert people(path) == [("1b", "Bea")]
    assert read_roster_file(path).notes[0].text == "Only sheet 7b was read, not Legend."


def test_empty_sheets_do_not_count(tmp_path: Path) -> None:
    assert people(
        workbook(tmp_path / "l.xlsx", {"Sheet1": [HEADING, ("1", "Al")], "Sheet2": [], "Sheet3": []})
    ) == [("1", "Al")]


def test_doubtful_cells_are_refused_by_name(tmp_path: Path) -> None:
    day = datetime(2026, 3, 5, tzinfo=UTC).replace(tzinfo=None)
    path = workbook(
        tmp_path / "l.xlsx",
        {
            "s": [
                HEADING,
                (day, "Day"),
                (1.5, "Half"),
                (True, "Yes"),
                (1234567890123456789, "Long"),
                ("#REF!", "Error"),
                ("=A1", "Formula"),
                ("7", "Good"),
            ]
        },
    )
    file = read_roster_file(path)
    assert [one.student_no for one in file.rows] == ["7"]
    words = ("is a date", "rounded", "yes or no", "rounded", "#REF!", "formula has no value")
    for refused, word in zip(file.refused, words, strict=True):
        assert word in refused.reason


def test_a_prefix_by_format_is_part_of_the_number(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for values in (HEADING, (123, "Ann"), (124, "Bo"), (125, "Cy")):
        sheet.append(values)
    for place, form in (("A2", '"S"00000'), ("A3", "\\S00000"), ("A4", "000-000")):
        sheet[place].number_format = form
    book.save(tmp_path / "l.xlsx")
    assert people(tmp_path / "l.xlsx") == [("S00123", "Ann"), ("S00124", "Bo"), ("000-125", "Cy")]


def test_an_open_document_is_read_as_it_shows(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "l.ods",
        table(
            "7b",
            row(text("student_no"), text("full_name"), cell("", 'table:number-columns-repeated="1000"')),
            row(number("123", "S00123"), text("Ann<text:s/>Example")),
            row(cell(""), times=1_000_000),
            row(number("124", "00124"), text("Bo")),
            row(number("1.5", "1,5"), text("Half")),
            row(number("12345", "12.345"), text("Grouped")),
            row(
                cell("<text:p>05.03.26</text:p>", 'office:value-type="date" office:date-value="2026-03-05"'),
                text("Day"),
            ),
            row(
                cell("<text:p>#NAME?</text:p>", 'table:formula="of:=X()" office:value-type="string"'),
                text("Error"),
            ),
        ),
    )
    file = read_roster_file(path)
    assert [(one.line, one.student_no, one.full_name) for one in file.rows] == [
        (2, "S00123", "Ann Example"),
        (1_000_003, "00124", "Bo"),
    ]
    assert len(file.refused) == 4


def test_hidden_sheets_of_an_open_document_are_not_read(tmp_path: Path) -> None:
    hidden = '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    rows = (row(text("student_no"), text("full_name")), row(text("201"), text("Nora")))
    old = (row(text("student_no"), text("full_name")), row(text("101"), text("Olga")))
    path = ods(tmp_path / "l.ods", table("old", *old, style="h"), table("new", *rows), styles=hidden)
    assert people(path) == [("201", "Nora")]


def test_lines_behind_a_filter_of_an_open_document_are_not_read(tmp_path: Path) -> None:
    filtered = row(text("101"), text("Olga")).replace(
        "<table:table-row", '<table:table-row table:visibility="filter"'
    )
    rows = (row(text("student_no"), text("full_name")), filtered, row(text("201"), text("Nora")))
    path = ods(tmp_path / "l.ods", table("new", *rows))
    assert people(path) == [("201", "Nora")]
    assert read_roster_file(path).notes[0].text == "Lines that are hidden, as by a filter, were not read: 2."


def test_rows_that_are_repeated_a_million_times_are_bounded(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "l.ods",
        table(
            "s",
            row(text("student_no"), text("full_name")),
            row(text("1"), text("A"), text("x"), times=10_000_000),
        ),
    )
    with pytest.raises(FileFormatError, match="more than 10000 rows"):
        read_roster_file(path)


@pytest.mark.parametrize(
    "broken",
    ["<office:x", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', ""],
)
def test_damaged_open_documents_are_refused(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "l.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", broken)
    with pytest.raises(FileFormatError, match="is damaged"):
        read_roster_file(path)


def test_an_open_document_with_a_password_is_refused(tmp_path: Path) -> None:
    path = ods(tmp_path / "l.ods", manifest="<manifest><encryption-data/></manifest>")
    with pytest.raises(FileFormatError, match="protected with a password"):
        read_roster_file(path)


def test_formulas_without_values_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx", {"s": [HEADING, ("101", '=C2&" "&D2'), ("102", "=C3")]})
    with pytest.raises(FileFormatError) as caught:
        read_roster_file(path)
    assert "The formula has no value" in caught.value.hint
    assert read_tables(path).sheets[0].rows[1].cell(1).kind is CellKind.NO_VALUE


def test_a_text_file_under_the_name_of_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "l.xlsx"
    path.write_text("student_no,full_name\n001,Ann\n", encoding="utf-8")
    assert people(path) == [("001", "Ann")]


def test_other_archives_are_no_workbooks(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    (tmp_path / "l.docx").write_bytes(buffer.getvalue())
    with pytest.raises(FileFormatError, match="is not an Excel workbook"):
        read_roster_file(tmp_path / "l.docx")


def test_text_within_text_without_end_is_left_out(tmp_path: Path) -> None:
    nested = "<text:span>" * 5000 + "x" + "</text:span>" * 5000
    path = ods(
        tmp_path / "l.ods",
        table("s", row(text("student_no"), text("full_name")), row(text("1"), text(f"Ann{nested}"))),
    )
    assert people(path) == [("1", "Ann")]
