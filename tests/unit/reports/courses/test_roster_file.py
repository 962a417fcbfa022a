import io
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kiosk.domain.courses.list_columns import ListChoices
from kiosk.errors import FileFormatError
from kiosk.reports.courses.roster_file import read_roster_file
from kiosk.services.ports.outputs import RosterFile

Rows = list[tuple[int, str, str, str | None]]


def read(tmp_path: Path, content: str | bytes, name: str = "class.csv") -> RosterFile:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_roster_file(path)


def plain(file: RosterFile) -> Rows:
    return [(row.line, row.student_no, row.full_name, row.email) for row in file.rows]


def sheet(tmp_path: Path, *rows: tuple[Any, ...], formats: dict[str, str] | None = None) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for place, form in (formats or {}).items():
        book.active[place].number_format = form
    path = tmp_path / "class.xlsx"
    book.save(path)
    return path


def test_rows_come_with_their_lines(tmp_path: Path) -> None:
    file = read(tmp_path, "student_no,full_name,email\nS001,Ada Lovelace,ada@school.org\n\nS002,Bob,\n")
    assert plain(file) == [(2, "S001", "Ada Lovelace", "ada@school.org"), (4, "S002", "Bob", None)]
    assert file.refused == ()


@pytest.mark.parametrize(
    "heading",
    [
        "student_no,full_name,email",
        "Student No,Name,E-mail",
        "STUDENT NUMBER , Full Name , Email Address",
        "Roll No.,Student name,mail",
        "\ufeffId,NAME,e-mail",
    ],
)
def test_headings_are_understood_in_their_usual_forms(tmp_path: Path, heading: str) -> None:
    assert plain(read(tmp_path, f"{heading}\nS1,Ada,a@b.org\n")) == [(2, "S1", "Ada", "a@b.org")]


def test_columns_stand_in_any_order_and_unknown_ones_are_ignored(tmp_path: Path) -> None:
    file = read(tmp_path, "Year,Name,House,Student No\n7,Ada,Blue,S1\n8,Bob,Red,S2,extra\n")
    assert plain(file) == [(2, "S1", "Ada", None), (3, "S2", "Bob", None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_usual_encodings_and_delimiters_are_recognised(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = (
        delimiter.join(["student_no", "full_name"]) + "\r\n" + delimiter.join(["S1", "Zoë Müller"]) + "\r\n"
    )
    assert plain(read(tmp_path, text.encode(encoding))) == [(2, "S1", "Zoë Müller", None)]


def test_quoted_cells_may_hold_delimiters_and_line_breaks(tmp_path: Path) -> None:
    file = read(tmp_path, 'student_no,full_name\nS1,"Lovelace,\n Ada"\nS2,"Bob ""B"" Marley"\n')
    assert plain(file) == [(2, "S1", "Lovelace, Ada", None), (4, "S2", 'Bob "B" Marley', None)]


def test_excels_separator_hint_is_followed(tmp_path: Path) -> None:
    assert plain(read(tmp_path, "sep=;\nstudent_no;full_name\nS1;Ada\n")) == [(3, "S1", "Ada", None)]


def test_names_are_composed_and_spaces_folded(tmp_path: Path) -> None:
    assert plain(read(tmp_path, "no,name\nS1,  Zoe\u0308   M \n"))[0][2] == "Zoë M"


def test_rows_that_cannot_be_taken_are_refused_with_line_and_reason(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        "student_no,full_name,email\n"
        "S1,Ada,\n"
        ",Nobody,\n"
        "S2,,\n"
        "S 3,Space,\n"
        "=S4,Formula,\n"
        "s1,Ada again,\n"
        "S5,Eve,not-an-address\n"
        f"S6,{'x' * 201},\n"
        "S7\n"
        "S8,Gil,\n",
    )
    assert plain(file) == [(2, "S1", "Ada", None), (8, "S5", "Eve", None), (11, "S8", "Gil", None)]
    assert [(row.line, row.reason.split(":")[0]) for row in file.refused] == [
        (3, "The student number is missing."),
        (4, "The name of S2 is missing."),
        (5, "“S 3” is not a student number"),
        (6, "“=S4” is not a student number"),
        (7, "The student number s1 is already on line 2."),
        (9, "The name of S6 is too long or has unusual characters."),
        (10, "The name of S7 is missing."),
    ]
    assert [(note.line, note.text.split(";")[0]) for note in file.notes] == [
        (8, "“not-an-address” is not an e-mail address")
    ]


@pytest.mark.parametrize(("number", "name"), [("1", "2"), ("A", "B"), ("#1", "#2")])
def test_a_list_without_headings_loses_nobody_when_its_columns_are_chosen(
    tmp_path: Path, number: str, name: str
) -> None:
    path = tmp_path / "class.csv"
    path.write_text("1001,Grace Hopper\n1002,Alan Turing\n", encoding="utf-8")
    file = read_roster_file(path, ListChoices(number=number, names=(name,)))
    assert plain(file) == [(1, "1001", "Grace Hopper", None), (2, "1002", "Alan Turing", None)]

    path.write_text(
        "Ausweis,Wer\n1001,Grace Hopper\n", encoding="utf-8"
    )  # headings that nobody knows stay headings
    assert plain(read_roster_file(path, ListChoices(number=number, names=(name,)))) == [
        (2, "1001", "Grace Hopper", None)
    ]


@pytest.mark.parametrize("heading", ["Nº de alumno", "N.º de alumno", "Nro. de alumno", "No. de alumno"])
def test_number_is_understood_in_its_short_forms(tmp_path: Path, heading: str) -> None:
    file = read(tmp_path, f"Apellidos,Nombre,{heading}\nLópez,Eva,A-17\n")
    assert plain(file) == [(2, "A-17", "Eva López", None)]


def test_missing_columns_are_said_with_what_was_found(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(tmp_path, "who,born,class\nAda,1815,7b\n")
    assert caught.value.user_text == "class.csv has no column student_no and no column full_name."
    assert "found: who, born, class." in caught.value.hint
    assert "--number" in caught.value.hint
    with pytest.raises(FileFormatError, match=r"class\.csv has no column student_no\."):
        read(tmp_path, "first,last,class\nAda,Lovelace,7b\n")


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b"\xef\xbb\xbf", b",,,\n,,\n"])
def test_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileFormatError, match="is empty"):
        read(tmp_path, content)


def test_heading_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="no row that can be used"):
        read(tmp_path, "student_no,full_name\n")


def test_file_with_bad_rows_only_names_the_first_reason(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(tmp_path, "student_no,full_name\n,Ada\n")
    assert "Line 2: The student number is missing." in caught.value.hint


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(FileFormatError, match="cannot be opened"):
            read_roster_file(path)


def test_too_large_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="larger than 10 MB"):
        read(tmp_path, b"x" * 10_000_001)


def test_ten_thousand_rows_are_taken_and_one_more_is_not(tmp_path: Path) -> None:
    text = "no,name\n" + "".join(f"S{number},Ada\n" for number in range(10_000))
    assert len(read(tmp_path, text).rows) == 10_000
    with pytest.raises(FileFormatError, match="more than 10000 rows"):
        read(tmp_path, text + "T1,Bob\n")


@pytest.mark.parametrize(
    "content",
    [b"\0" * 500, bytes(range(256)) * 4, bytes(range(1, 256)) * 4],
    ids=["zeros", "all", "all but zero"],
)
def test_binary_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileFormatError):
        read(tmp_path, content)


def test_letters_that_cannot_be_told_are_taken_with_a_warning(tmp_path: Path) -> None:
    file = read(tmp_path, b"no,name\nS1,\x81\x8d")
    assert [row.student_no for row in file.rows] == ["S1"]
    assert file.notes[0].text.startswith("Letters may be wrong")


def test_endless_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"Line 2 of class\.csv cannot be read"):
        read(tmp_path, 'no,name\nS1,"' + "x" * 200_000)


def test_workbook_keeps_numbers_as_people_read_them(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ("Student No", "Name", "Email"),
        (1001, "Ada", "a@b.org"),
        (1002.0, "Bob", None),
        ("00123", "Cid", None),
        (77, "Dora", None),
        (None, None, None),
        ("S/5", "=1+1", None),
        formats={"A5": "00000"},
    )
    file = read_roster_file(path)
    assert plain(file) == [
        (2, "1001", "Ada", "a@b.org"),
        (3, "1002", "Bob", None),
        (4, "00123", "Cid", None),
        (5, "00077", "Dora", None),
    ]
    assert [row.line for row in file.refused] == [7]


def test_workbook_with_odd_cells_refuses_rows_not_the_file(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ("no", "name"),
        (True, "Bool"),
        (datetime(2026, 1, 2, tzinfo=UTC).date(), "Day"),
        (1.5, "Half"),
        (-3, "Minus"),
        ("7", 12345),
        ("8", True),
        ("9", "Nina"),
    )
    file = read_roster_file(path)
    assert plain(file) == [(8, "9", "Nina", None)]
    assert [(row.line, row.reason.split(": ")[0]) for row in file.refused] == [
        (2, "“TRUE” is a yes or no of the spreadsheet, not a text."),
        (3, "“2026-01-02 00:00:00” is a date"),
        (4, "“1.5” is a number that the spreadsheet rounded, or shows in a way that cannot be told here"),
        (5, "“-3” is not a student number"),
        (6, "“12345” is not the name of 7"),
        (7, "“TRUE” is not the name of 8"),
    ]


def test_workbook_under_a_csv_name_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = sheet(tmp_path, ("no", "name"), ("S1", "Ada")).rename(tmp_path / "class.csv")
    assert plain(read_roster_file(path)) == [(2, "S1", "Ada", None)]


def test_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    good = sheet(tmp_path, ("no", "name"), ("S1", "Ada")).read_bytes()
    for content in (good[: len(good) // 2], b"no workbook at all", good[:50] + b"\0" * 200 + good[250:]):
        with pytest.raises(FileFormatError):
            read(tmp_path, content, "broken.xlsx")


def test_other_archives_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("holiday.txt", "sun")
    with pytest.raises(FileFormatError, match="is not an Excel workbook"):
        read(tmp_path, buffer.getvalue(), "holiday.xlsx")


def test_zip_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(110):
                part.write(b" " * 1_000_000)
    assert len(buffer.getvalue()) < 1_000_000
    with pytest.raises(FileFormatError, match="far more than a class list"):
        read(tmp_path, buffer.getvalue(), "bomb.xlsx")


def sheet_of_xml(rows: str) -> bytes:
    """A workbook whose sheet has a heading and these rows, as XML."""
    book = Workbook()
    made, buffer = io.BytesIO(), io.BytesIO()
    book.save(made)
    heading = "".join(f'<c t="inlineStr"><is><t>{one}</t></is></c>' for one in ("student_no", "full_name"))
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = (
                    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                    f'<sheetData><row r="1">{heading}</row>{rows}</sheetData></worksheet>'
                ).encode()
            new.writestr(name, content)
    return buffer.getvalue()


ANN = '<row r="2"><c><v>1</v></c><c t="inlineStr"><is><t>Ann</t></is></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2">' + "<c><v>1</v></c>" * 2_000_000 + "</row>",
        "<row/>" * 2_000_000,
        "<row><c/></row>" * 1_000_000,
        ANN + '<row r="999999999"><c><v>2</v></c></row>',
    ],
    ids=["cells", "rows", "both", "line"],
)
def test_small_workbook_that_takes_minutes_to_read_is_refused_in_seconds(tmp_path: Path, rows: str) -> None:
    data = sheet_of_xml(rows)
    assert len(data) < 250_000
    begun = time.process_time()
    with pytest.raises(FileFormatError, match="far more than a class list"):
        read(tmp_path, data, "list.xlsx")
    assert time.process_time() - begun < 20


def test_workbook_with_something_on_excels_last_line_is_read(tmp_path: Path) -> None:
    data = sheet_of_xml(ANN + '<row r="1048576"><c t="inlineStr"><is><t>end</t></is></c></row>')
    table = read(tmp_path, data, "list.xlsx")
    assert [row.full_name for row in table.rows] == ["Ann"]
    assert [row.line for row in table.refused] == [1_048_576]


def test_protected_or_old_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="protected with a password") as caught:
        read(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "secret.xlsx")
    assert "without a password" in caught.value.hint


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda tail: b"no,name\nS1,Ada\n" + tail))
)
def test_whatever_bytes_come_the_answer_is_a_roster_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    try:
        outcome = "; ".join(row.student_no for row in read(tmp_path, content).rows)
    except FileFormatError as error:
        outcome = error.user_text
    assert outcome


@pytest.mark.parametrize(
    ("heading", "row", "name", "family"),
    [
        (
            "student_no,first name,last name",
            "S1,Gabriel,García Márquez",
            "Gabriel García Márquez",
            "García Márquez",
        ),
        ("student_no,first name,last name", "S1,Ada,Lovelace", "Ada Lovelace", ""),
        ("student_no,name,first name", "S1,Roth Klein,Anna", "Anna Roth Klein", "Roth Klein"),
        ("student_no,last name", "S1,Roth Klein", "Roth Klein", ""),
        ("student_no,full_name", "S1,Anna Roth Klein", "Anna Roth Klein", ""),
    ],
)
def test_a_column_of_family_names_says_them_where_the_full_name_alone_would_not(
    tmp_path: Path, heading: str, row: str, name: str, family: str
) -> None:
    (found,) = read(tmp_path, f"{heading}\n{row}\n").rows
    assert (found.full_name, found.family_name) == (name, family)
