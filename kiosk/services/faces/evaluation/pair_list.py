"""Reads a list of pairs of pictures: Labeled Faces in the Wild's own, or one whose lines begin with their fold. Any thread.

A line names two pictures of one person (``name n m``) or one each of two people (``name n other m``), separated by tabs, or by
spaces where a line has no tab. LFW's own list says in its first line how many folds there are and how many pairs of each kind a
fold has; in the other form each line has its fold in front.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errors import ConflictError, FileFormatError, NotFoundError
from kiosk.services.faces.evaluation.labelled_pictures import LabelledPicture
from kiosk.translation import _

MAX_LIST_BYTES: Final = 100_000_000
"""A larger file is no list of pairs: LFW's has 160 kB."""

_NUMBER: Final = re.compile(r"(\d+)$")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures to compare, by their rows among all, and the fold that they belong to."""

    fold: int
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    fold: int
    pictures: tuple[tuple[str, str], tuple[str, str]]


def read_pairs(file: Path, pictures: Sequence[LabelledPicture]) -> list[Pair]:
    """The pairs of a list, all of whose pictures must be there.

    Picture 7 of a person is the file in that person's folder whose name ends in 7, such as ``Ann_0007.jpg`` or ``7.png``.

    Raises:
        NotFoundError: There is no such file, or a line names a person or a picture that is not there.
        FileFormatError: The file or a line cannot be read.
        ConflictError: There are fewer than two folds, or one kind of pair is missing.
    """
    lines = _lines(_text(file), file)
    rows = _rows(pictures)
    known = {picture.person for picture in pictures}
    pairs = [
        Pair(line.fold, *(_row(rows, known, line, name, number) for name, number in line.pictures))
        for line in lines
    ]
    if len({pair.fold for pair in pairs}) < 2:
        raise ConflictError(
            _("{file} has fewer than two folds.", file=file),
            _("The threshold that judges a fold comes from the others, so at least two are needed."),
        )
    same = {pictures[pair.first].person == pictures[pair.second].person for pair in pairs}
    if len(same) < 2:
        raise ConflictError(
            _("{file} has only one kind of pair.", file=file),
            _("It needs pairs of one person's pictures and pairs of two people's."),
        )
    return pairs


def _text(file: Path) -> str:
    if not file.is_file():
        raise NotFoundError(_("There is no file {file}.", file=file), _("Please check the name."))
    try:
        if file.stat().st_size > MAX_LIST_BYTES:
            raise FileFormatError(_("{file} is too large for a list of pairs.", file=file))
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(
            _("{file} is no list of pairs: it is no UTF-8 text.", file=file), _("Save it as plain text.")
        ) from error
    except OSError as error:
        raise FileFormatError(
            _("{file} cannot be read: {strerror}.", file=file, strerror=error.strerror)
        ) from error


def _lines(text: str, file: Path) -> list[_Line]:
    filled = [
        (number, line.rstrip("\r").split("\t") if "\t" in line else line.split())
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not filled:
        raise FileFormatError(_("{file} is empty.", file=file), _("Give a list of pairs of pictures."))
    first = filled[0][1]
    if len(first) == 2 and all(part.strip().isdecimal() for part in first):
        return _folded(filled[1:], file, kinds=2 * int(first[1]))
    return [_line(number, parts, file) for number, parts in filled]


def _folded(filled: Iterable[tuple[int, list[str]]], file: Path, *, kinds: int) -> list[_Line]:
    """LFW's own: so many lines a fold, half of them of one person."""
    return [
        _line(number, [str(place // max(1, kinds)), *parts], file)
        for place, (number, parts) in enumerate(filled)
    ]


def _line(number: int, parts: Sequence[str], file: Path) -> _Line:
    fold, *rest = (part.strip() for part in parts)
    if fold.isdecimal() and len(rest) == 3 and rest[1].isdecimal() and rest[2].isdecimal():
        return _Line(number, int(fold), ((rest[0], rest[1]), (rest[0], rest[2])))
    if fold.isdecimal() and len(rest) == 4 and rest[1].isdecimal() and rest[3].isdecimal():
        return _Line(number, int(fold), ((rest[0], rest[1]), (rest[2], rest[3])))
    raise FileFormatError(
        _("Line {number} of {file} cannot be read as a pair.", number=number, file=file),
        _(
            "It must be fold, name, number, number for one person, or fold, name, number, name, number for two, "
            "separated by tabs."
        ),
    )


def _rows(pictures: Sequence[LabelledPicture]) -> Mapping[tuple[str, int], int]:
    rows: dict[tuple[str, int], int] = {}
    for row, picture in enumerate(pictures):
        found = _NUMBER.search(picture.path.stem)
        if found is not None:
            rows.setdefault((picture.person, int(found[1])), row)
    return rows


def _row(rows: Mapping[tuple[str, int], int], known: set[str], line: _Line, name: str, number: str) -> int:
    if name not in known:
        raise NotFoundError(
            _(
                "Line {number} names {person}, of whom there are no pictures.",
                number=line.number,
                person=name,
            ),
            _("Each person needs a folder of that name."),
        )
    row = rows.get((name, int(number)))
    if row is None:
        raise NotFoundError(
            _(
                "Line {number} names picture {picture} of {person}, which is not there.",
                number=line.number,
                picture=number,
                person=name,
            ),
            _("The name of its file must end in that number."),
        )
    return row
