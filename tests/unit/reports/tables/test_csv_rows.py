import pytest

from kiosk.errors import FileFormatError
from kiosk.reports.tables.csv_rows import csv_rows


def cells(text: str) -> list[tuple[str, ...]]:
    return [row.texts() for row in csv_rows("list.csv", text)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_whichever_splits_most_lines_alike_is_the_delimiter(delimiter: str) -> None:
    text = f"Class list, 7b\nno{delimiter}name\n1{delimiter}Byron, Ada\n2{delimiter}Bo\n"
    assert cells(text.replace("Byron, Ada", "Ada") if delimiter == "," else text)[-1] == ("2", "Bo")


@pytest.mark.parametrize("hint", ["sep=;", '"sep=;"', "SEP=;"])
def test_excels_hint_is_followed(hint: str) -> None:
    assert cells(f"{hint}\nno;name\n1;Ada, B.\n") == [("no", "name"), ("1", "Ada, B.")]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('1,"Max ""Mad"" Smith"', 'Max "Mad" Smith'),
        ('1,"Max "Mad" Smith"', 'Max "Mad" Smith'),
        ('1,Rob O"Neil', 'Rob O"Neil'),
        ('1,"Rob "Bob""', 'Rob "Bob"'),
        ('1,""', ""),
        ('1,""""', '"'),
        ('1, "Byron, Ada" ', "Byron, Ada"),
    ],
)
def test_quotation_marks_within_a_line_are_read_as_meant(line: str, name: str) -> None:
    found = cells(f"no,name\n{line}\n2,Bo\n")
    assert found[1:] == [("1", name), ("2", "Bo")]


def test_cells_of_several_lines_stay_whole() -> None:
    text = 'no,name,address\n1,Ann,"12 Main St,\nSpringfield, IL, 62704"\n2,Bo,x\n'
    assert cells(text)[1] == ("1", "Ann", "12 Main St,\nSpringfield, IL, 62704")
    assert [row.line for row in csv_rows("list.csv", text)] == [1, 2, 4]
    assert cells('"Student\nNumber","Full\nName"\n001,Ann\n')[0] == ("Student\nNumber", "Full\nName")


@pytest.mark.parametrize(
    "text",
    [
        'no,name\n1,"Anna\n2,Ben\n3,Cleo\n',
        'no,name\n1,"Anna\n2,Ben"\n3,Cleo\n',
        'no,name\n1,"Anna\n2,"Muster, Ben"\n3,Cleo\n',
        'no,name\n1,"Anna\n2,Ben "Bo" B\n',
        'no;name;class\n1;"Anna;7b\n2;Ben;7b\n3;"Cleo";7b\n',
        'name,no\n"Anna,1\nBen,2"\nCleo,3\n',
    ],
)
def test_a_quotation_mark_that_swallows_lines_is_named_with_both(text: str) -> None:
    with pytest.raises(FileFormatError, match=r"Line 2 of list\.csv cannot be read: .* up to [34]"):
        csv_rows("list.csv", text)
