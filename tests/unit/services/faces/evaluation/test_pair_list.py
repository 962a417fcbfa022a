from pathlib import Path

import pytest

from kiosk.errors import ConflictError, FileFormatError, KioskError, NotFoundError
from kiosk.services.faces.evaluation.labelled_pictures import LabelledPicture
from kiosk.services.faces.evaluation.pair_list import MAX_LIST_BYTES, Pair, read_pairs

PICTURES = [
    LabelledPicture(person, Path(f"{person}/{person}_{number:04}.jpg"))
    for person in ("Ann", "Bo Lee", "1007")
    for number in (1, 2)
]
"""Rows 0 to 5."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pairs.tsv"


def test_lines_begin_with_their_fold(file: Path) -> None:
    file.write_text("0\tAnn\t1\t2\n0\tAnn\t1\tBo Lee\t2\n\n1\t1007\t1\t2\r\n1\t1007\t2\tAnn\t2\n", "utf-8")

    assert read_pairs(file, PICTURES) == [Pair(0, 0, 1), Pair(0, 0, 3), Pair(1, 4, 5), Pair(1, 5, 1)]


def test_the_list_of_lfw_is_read_by_its_first_line(file: Path) -> None:
    file.write_text("2\t1\nAnn\t1\t2\nAnn\t1\tBo Lee\t2\n1007\t1\t2\n1007\t2\tAnn\t2\n", "utf-8")

    assert read_pairs(file, PICTURES) == [Pair(0, 0, 1), Pair(0, 0, 3), Pair(1, 4, 5), Pair(1, 5, 1)]


def test_spaces_separate_where_there_is_no_tab(file: Path) -> None:
    file.write_text("0 Ann 1 2\n1 Ann 1 1007 2\n", "utf-8-sig")

    assert read_pairs(file, PICTURES) == [Pair(0, 0, 1), Pair(1, 0, 5)]


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("0\tAnn\t1", FileFormatError, "Line 2 of"),
        ("Ann\t1\t2", FileFormatError, "Line 2 of"),
        ("0\tAnn\tone\t2", FileFormatError, "Line 2 of"),
        ("0\tAnn\t1\tBo Lee\t2\t3", FileFormatError, "Line 2 of"),
        ("0\tEve\t1\t2", NotFoundError, "Line 2 names Eve, of whom there are no pictures."),
        ("0\tAnn\t1\t7", NotFoundError, "Line 2 names picture 7 of Ann, which is not there."),
    ],
)
def test_a_line_that_cannot_be_used_is_named_by_its_number(
    file: Path, line: str, kind: type[KioskError], said: str
) -> None:
    file.write_text(f"0\tAnn\t1\t2\n{line}\n", "utf-8")

    with pytest.raises(kind, match=said):
        read_pairs(file, PICTURES)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (b"", FileFormatError, "is empty"),
        (b"\n\n", FileFormatError, "is empty"),
        (b"\xff\xfe\x00", FileFormatError, "no UTF-8 text"),
        (b"0\tAnn\t1\t2\n0\tAnn\t1\t1007\t2\n", ConflictError, "fewer than two folds"),
        (b"0\tAnn\t1\t2\n1\t1007\t1\t2\n", ConflictError, "only one kind of pair"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(
    file: Path, text: bytes, kind: type[KioskError], said: str
) -> None:
    file.write_bytes(text)

    with pytest.raises(kind, match=said):
        read_pairs(file, PICTURES)


def test_a_missing_and_a_huge_file_are_refused(file: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no file"):
        read_pairs(file, PICTURES)
    with file.open("wb") as opened:
        opened.truncate(MAX_LIST_BYTES + 1)
    with pytest.raises(FileFormatError, match="too large"):
        read_pairs(file, PICTURES)
