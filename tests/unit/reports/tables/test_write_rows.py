"""A list that is saved: as a workbook or CSV, and never as a formula."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from kiosk.errors import ExportError
from kiosk.reports.tables.write_rows import write_rows

HEADINGS = ("Name", "Number")
ROWS = (("Zoë Åström", "00123"), ("=1+1", "+49"))


def test_a_workbook_keeps_numbers_and_formulas_as_text(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    assert write_rows(path, title="People: all/some", headings=HEADINGS, rows=iter(ROWS)) == 2
    sheet = load_workbook(path).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells == [["People: all/some", None], list(HEADINGS), *(list(row) for row in ROWS)]
    assert {cell.data_type for row in sheet.iter_rows(min_row=3) for cell in row} == {"s"}


def test_csv_opens_in_excel_with_its_letters_and_without_formulas(tmp_path: Path) -> None:
    path = tmp_path / "people.CSV"
    assert write_rows(path.with_suffix(".csv"), title="x", headings=HEADINGS, rows=iter(ROWS)) == 2
    raw = path.with_suffix(".csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines() == ["Name,Number", "Zoë Åström,00123", "'=1+1,'+49"]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        write_rows(tmp_path / "none" / "people.xlsx", title="x", headings=HEADINGS, rows=iter(ROWS))
