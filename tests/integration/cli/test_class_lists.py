"""Class lists by the command line: how a list was read is said, what is open is asked, and answered by options."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.world.command_line import Run, begin_school, is_one_sentence, write_class_list


def listed(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path: Path, **sheets: str) -> Path:
    """A workbook with a sheet for each name, one student on each."""
    book = Workbook()
    for title, student in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(("student_no", "full_name"))
        sheet.append(tuple(student.split(" ", 1)))
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def test_columns_that_were_taken_are_said(run: Run, tmp_path: Path) -> None:
    file = listed(
        tmp_path / "l.csv", "Nr.;Matrikelnummer;Nachname;Vorname\n1;301;Byron;Ada\n2;302;Hopper;Grace\n"
    )
    done = run("people", "import", file, "--course", "X")
    assert done.code == 0
    assert (
        "Read as number: “Matrikelnummer”; as name: “Vorname + Nachname”. It begins with 301 Ada Byron"
        in done.err
    )


def test_columns_letters_and_sheets_are_chosen_by_options(run: Run, tmp_path: Path) -> None:
    file = listed(tmp_path / "l.csv", "ID;Student ID;Last;First\n9;301;Kępa;Ewa\n", "cp1250")
    done = run(
        "people",
        "import",
        file,
        "--number",
        "ID",
        "--name",
        "First",
        "--name",
        "Last",
        "--encoding",
        "cp1250",
        "--json",
    )
    assert done.answer["reading"] == {
        "sheet": "", "encoding": "cp1250", "number": "ID", "names": ["First", "Last"], "email": "", "guardian": "",
    }  # fmt: skip
    assert (done.answer["added"], done.answer["rows"]) == (["9"], 1)

    book = workbook(tmp_path / "l.xlsx", one="S1 Ann", two="S2 Bo")
    asked = run("people", "import", book)
    assert asked.code == 1
    assert is_one_sentence(asked.err)
    assert "l.xlsx has several sheets: one, two." in asked.err
    assert run("people", "import", book, "--sheet", "Two", "--json").answer["added"] == ["S2"]


def test_letters_that_may_be_others_are_said(run: Run, tmp_path: Path) -> None:
    done = run("people", "import", listed(tmp_path / "l.csv", "no;name\n301;Ewa Kępa\n", "cp1250"))
    assert "Letters may be wrong" in done.err
    assert "cp1250" in done.err


def test_numbers_that_count_lines_are_taken_with_a_yes_only(run: Run, tmp_path: Path) -> None:
    first = write_class_list(tmp_path / "a.csv", "1,Alice Adams", "2,Bob Brown", heading="No,Student Name")
    second = write_class_list(tmp_path / "b.csv", "1,Xenia Young", "2,Yusuf Zahn", heading="No,Student Name")
    refused = run("people", "import", first, "--course", "7A")
    assert refused.code == 1
    assert "only count the lines" in refused.err
    assert "--accept counted" in refused.err

    assert run("people", "import", first, "--course", "7A", "--accept", "counted").code == 0
    other = run("people", "import", second, "--course", "7B", "--accept", "counted")
    assert other.code == 1
    assert "The number belongs to 1 Alice Adams; the list says 1 Xenia Young." in other.err
    assert "2 rows were left out until what is asked about them is answered: 1, 2." in other.out
    again = run("people", "import", first, "--course", "7A")
    assert again.out.startswith("0 added, 0 updated, 2 unchanged")


def test_who_has_a_number_passed_on_keeps_everything_under_another(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "a.csv", "S1,Ann Example"), "--course", "X")
    new = write_class_list(tmp_path / "b.csv", "S1,Somebody Else")
    asked = run("people", "import", new, "--course", "Y")
    assert (asked.code, "--accept passed-on:S1" in asked.err) == (1, True)

    done = run("people", "import", new, "--course", "Y", "--accept", "passed-on:S1")
    assert done.code == 0
    assert "as S1.old" in done.err
    assert run("people", "import", new, "--course", "Y").out.startswith("0 added, 0 updated, 1 unchanged")


def test_lost_zeros_and_people_who_left_are_named(run: Run, tmp_path: Path) -> None:
    first = write_class_list(tmp_path / "a.csv", "00123,Ann Example", "00124,Bob Sample")
    second = write_class_list(tmp_path / "b.csv", "123,Ann Example", "125,Cleo New")
    run("people", "import", first, "--course", "X")
    done = run("people", "import", second, "--course", "X")
    assert done.code == 0
    assert "123 Ann Example may be 00123 Ann Example, whose zeros a spreadsheet took off." in done.err
    assert "00124 Bob Sample is registered in the course and not in the list." in done.err
    assert done.out.startswith("1 added, 0 updated, 0 unchanged, 1 registered in X")

    yes = run("people", "import", second, "--course", "X", "--accept", "zeros,left:00124", "--json")
    assert (yes.answer["added"], yes.answer["unchanged"], yes.answer["ended"]) == (
        [],
        ["00123", "125"],
        ["00124"],
    )


def test_a_rehearsal_asks_the_same_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    run("people", "import", write_class_list(tmp_path / "a.csv", "S1,Ann Example"), "--course", "X")
    new = write_class_list(tmp_path / "b.csv", "S1,Ann Sample")
    tried = run("people", "import", new, "--course", "X", "--accept", "renamed", "--dry-run", "--json")
    assert (tried.answer["dry_run"], tried.answer["updated"]) == (True, ["S1"])
    assert run("people", "import", new, "--course", "X").code == 1


def test_an_unknown_answer_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    refused = run("people", "import", write_class_list(tmp_path / "a.csv", "S1,Ann"), "--accept", "perhaps")
    assert refused.code == 2
    assert "passed-on" in refused.err


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        (
            "l.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "2003",
        ),
        ("l.xls", b"<html><table><tr><td>no</td></tr></table></html>", "web page"),
        ("l.csv", b"%PDF-1.4\n", "PDF"),
        ("l.csv", b"student_no,full_name\n1,Ann\0\n", "zero byte"),
        ("l.csv", b'student_no,full_name\n1,"Ann\n2,Bo\n', "quotation mark"),
        ("l.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence_with_its_reason(
    run: Run, tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    begin_school(run)
    (tmp_path / name).write_bytes(data)
    refused = run("people", "import", tmp_path / name, "--course", "X")
    assert refused.code == 1
    assert is_one_sentence(refused.err)
    assert reason in refused.err


def test_guardians_addresses_are_counted_where_they_are_the_first_and_named_where_they_change(
    run: Run, tmp_path: Path
) -> None:
    heading = "student_no,full_name,guardian email\n"
    file = listed(
        tmp_path / "l.csv", heading + "S1,Ann Lee,a@home.example\nS2,Ben Ode,b@home.example\n", "utf-8"
    )
    first = run("people", "import", file)
    assert "2 students who had none get the e-mail address of a parent or guardian." in first.err + first.out
    file = listed(
        tmp_path / "m.csv", heading + "S1,Ann Lee,c@home.example\nS2,Ben Ode,b@home.example\n", "utf-8"
    )
    said = " ".join((again := run("people", "import", file)).err.split() + again.out.split())
    assert (
        "S1: the e-mail address of a parent or guardian is c@home.example, until now a@home.example." in said
    )
    assert "S2:" not in said
