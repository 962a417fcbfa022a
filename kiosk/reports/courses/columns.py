"""Finding the heading of a class list and what its columns are, by their headings and by what stands in them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from openpyxl.utils import get_column_letter

from kiosk.domain.courses.list_columns import ListChoices
from kiosk.domain.people.spelling import clean_number
from kiosk.domain.people.students import STUDENT_NO, fold
from kiosk.errors import FileFormatError
from kiosk.reports.courses.headings import (
    RUNNING,
    SPECIFIC,
    ColumnRole,
    is_family_first,
    key_of,
    meaning_of,
)
from kiosk.reports.tables.sheets import MAX_COLUMNS, CellKind, Row
from kiosk.translation import _

TITLE_LINES: Final = 25
"""Lines above a heading that are looked through: title, teacher, term, an empty form."""
GUESSED_FROM: Final = 3
"""Rows that it takes to guess a column by what stands in it."""
_SHARE: Final = 0.9

_WESTERN: Final = (
    ColumnRole.NAME, ColumnRole.GIVEN, ColumnRole.MIDDLE, ColumnRole.PATRONYMIC, ColumnRole.FAMILY, ColumnRole.SECOND_FAMILY,
)  # fmt: skip
_EASTERN: Final = (
    ColumnRole.FAMILY, ColumnRole.SECOND_FAMILY, ColumnRole.NAME, ColumnRole.GIVEN, ColumnRole.MIDDLE, ColumnRole.PATRONYMIC,
)  # fmt: skip
_HAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af々]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand; see `ListReading`. `data` are the rows below the heading."""

    headings: tuple[str, ...]
    data: tuple[Row, ...]
    number: int | None
    names: tuple[int, ...]
    email: int | None
    guardian: int | None = None
    is_guess: bool = False
    counts_lines: bool = False
    only_part: str = ""
    """The heading of the only column of names, where it has given or family names alone."""
    width: int = 0
    """Cells of the heading."""


def find_columns(rows: Sequence[Row], choices: ListChoices) -> Columns:
    """The columns of a table, as far as they are found; what was chosen is taken.

    Raises:
        FileFormatError: There is no column that was chosen.
    """
    place, height = _heading(rows)
    headings = _headings(rows[place : place + height])
    data = tuple(rows[place + height :])
    heading_width, width = len(headings), max((len(row.cells) for row in rows), default=0)
    headings += tuple(get_column_letter(number + 1) for number in range(len(headings), width))
    columns = replace(_by_headings(headings, data), width=heading_width)
    if (columns.number is None or not columns.names) and choices.number is None and not choices.names:
        columns = _by_content(rows, columns, has_heading=height > 0)
    chosen = _as_chosen(columns, choices)
    if columns.number is None and not columns.names and height == 1 and _is_student(rows[place], chosen):
        letters = tuple(get_column_letter(number + 1) for number in range(width))
        return replace(chosen, headings=letters, data=tuple(rows[place:]))
    return chosen


def _is_student(row: Row, columns: Columns) -> bool:
    """Whether a row that was taken for a heading is somebody already, by the columns that were chosen."""
    if columns.number is None or not columns.names:
        return False
    return _is_number(row.cell(columns.number).text) and all(
        row.cell(place).text and not _is_number(row.cell(place).text) for place in columns.names
    )


def is_class_list(rows: Sequence[Row]) -> bool:
    """Whether a heading in these rows names numbers and names."""
    place, height = _heading(rows)
    found = _by_headings(_headings(rows[place : place + height]), tuple(rows[place + height :]))
    return found.number is not None and bool(found.names)


def counts_lines(texts: Sequence[str]) -> bool:
    """Whether numbers are 1 to n or 0 to n − 1, in any order: they count the lines of this list."""
    numbers = [clean_number(text)[0].rstrip(".)") for text in texts]
    if not numbers or not all(
        number.isascii() and number.isdigit() and len(number) < 7 for number in numbers
    ):
        return False
    values = {int(number) for number in numbers}
    return (
        len(values) == len(numbers) and min(values) in {0, 1} and max(values) - min(values) == len(values) - 1
    )


def _heading(rows: Sequence[Row]) -> tuple[int, int]:
    """Place of the row with most headings that are understood, and how many rows the heading has: 0 to 2."""
    best, place = 0, 0
    for number, row in enumerate(rows[:TITLE_LINES]):
        roles = {found[0] for text in _plain(row) if (found := meaning_of(text)) is not None}
        if len(roles) > best:
            best, place = len(roles), number
    if best == 0 or (best == 1 and place > 0):
        return 0, 1 if rows else 0
    if place + 1 < len(rows) and _is_second_heading(rows[place], rows[place + 1]):
        return place, 2
    return place, 1


def _is_second_heading(first: Row, second: Row) -> bool:
    """Whether the second row names parts of what the first one names: *Last*, *First* under *Name*."""
    parts = {
        found[0]
        for place, text in enumerate(_plain(second))
        if (found := meaning_of(text)) is not None and (text != first.cell(place).text or not text)
    }
    of_names = parts & set(_WESTERN)
    number = next(
        (
            place
            for place, text in enumerate(_plain(first))
            if (found := meaning_of(text)) is not None and found[0] is ColumnRole.NUMBER
        ),
        None,
    )
    return bool(of_names) and not second.cell(number).text and number is not None


def _plain(row: Row) -> tuple[str, ...]:
    return tuple(
        cell.text if cell.kind is CellKind.TEXT and len(cell.text) < 80 else "" for cell in row.cells
    )


def _headings(rows: Sequence[Row]) -> tuple[str, ...]:
    """The lowest text of each column; without one the column's letter."""
    width = max((len(row.cells) for row in rows), default=0)
    texts = []
    for place in range(width):
        parts = [text for row in rows if (text := " ".join(row.cell(place).text.split()))]
        texts.append(parts[-1][:80] if parts else get_column_letter(place + 1))
    return tuple(texts)


def _by_headings(headings: tuple[str, ...], data: tuple[Row, ...]) -> Columns:
    meanings = [(place, meaning_of(heading)) for place, heading in enumerate(headings)]
    found: dict[ColumnRole, int] = {}
    ranks: dict[ColumnRole, int] = {}
    numbers: list[tuple[int, int]] = []
    keys = {key_of(heading) for heading in headings}
    for place, meaning in meanings:
        if meaning is None:
            continue
        role, rank = meaning
        filled = any(row.cell(place).text for row in data)
        if role is ColumnRole.NUMBER:
            if key_of(headings[place]) == "userid" and "loginid" in keys:  # Canvas's users.csv
                rank = SPECIFIC * 1000
            numbers.append((rank + (10_000 if filled else 0), place))
        elif rank + (10_000 if filled else 0) > ranks.get(role, -1):
            found[role], ranks[role] = place, rank + (10_000 if filled else 0)
    number, runs = _number_column(numbers, data)
    names = _name_columns(found, headings, data)
    return Columns(
        headings,
        data,
        number,
        names,
        found.get(ColumnRole.EMAIL),
        found.get(ColumnRole.GUARDIAN_EMAIL),
        # Canvas's gradebook without the school's numbers has its own alone.
        is_guess=number is not None and key_of(headings[number]) == "id" and keys >= {"student", "section"},
        counts_lines=runs,
        only_part=_only_part(found, names, headings, data),
    )


def _number_column(candidates: list[tuple[int, int]], data: tuple[Row, ...]) -> tuple[int | None, bool]:
    """The likeliest column of numbers, and whether even that one only counts the lines."""
    ranked: list[tuple[int, float, int, int]] = []
    filled = [(rank % 10_000, place) for rank, place in candidates if rank >= 10_000] or candidates
    for rank, place in filled:
        texts = _texts(data, place)
        strength = rank // 1000
        runs = strength == RUNNING or (strength < SPECIFIC and counts_lines(texts))
        good = sum(bool(STUDENT_NO.fullmatch(clean_number(text)[0])) for text in texts) / max(1, len(texts))
        ranked.append((0 if runs else strength, round(good, 1), rank, place))
    if not ranked:
        return None, False
    strength, _good, _rank, place = max(ranked)
    return place, strength == 0


def other_guardian_columns(columns: Columns) -> tuple[str, ...]:
    """Headings of further columns with addresses of guardians, which are not read: one address is kept."""
    return tuple(
        heading
        for place, heading in enumerate(columns.headings)
        if place != columns.guardian
        and (found := meaning_of(heading)) is not None
        and found[0] is ColumnRole.GUARDIAN_EMAIL
        and _texts(columns.data, place)
    )


def family_columns(columns: Columns) -> tuple[int, ...]:
    """Those of the columns of names that hold family names alone; none where nothing but these is known."""
    roles = {place: found[0] for place in columns.names if (found := meaning_of(columns.headings[place]))}
    of_family = {ColumnRole.FAMILY, ColumnRole.SECOND_FAMILY}
    if ColumnRole.GIVEN in roles.values() and not of_family & set(roles.values()):
        of_family = {ColumnRole.NAME}  # *Name*, *First name*
    family = tuple(place for place in columns.names if roles.get(place) in of_family)
    return family if len(family) < len(columns.names) else ()


def _name_columns(
    found: dict[ColumnRole, int], headings: tuple[str, ...], data: tuple[Row, ...]
) -> tuple[int, ...]:
    """Columns that make the name, in the order in which it is written."""
    parts = {role: place for role, place in found.items() if role in _WESTERN}
    name, given, family = (parts.get(role) for role in (ColumnRole.NAME, ColumnRole.GIVEN, ColumnRole.FAMILY))
    if name is not None and given is not None and family is not None:
        if _are_whole(data, name, (given, family)):
            return (name,)
        del parts[ColumnRole.NAME]
    elif name is not None and given is not None:
        parts[ColumnRole.FAMILY] = parts.pop(ColumnRole.NAME)
        family = name
    elif name is not None and family is None and ColumnRole.PATRONYMIC not in parts:
        return (name,)
    first = given if given is not None else name
    is_eastern = family is not None and (
        ColumnRole.PATRONYMIC in parts
        or is_family_first(headings[family], headings[first] if first is not None else "")
        or (bool(data) and sum(bool(_HAN.match(row.cell(family).text)) for row in data) * 2 > len(data))
    )
    return tuple(parts[role] for role in (_EASTERN if is_eastern else _WESTERN) if role in parts)


def _are_whole(data: tuple[Row, ...], name: int, parts: tuple[int, ...]) -> bool:
    """Whether a column of names has what stands in the columns of their parts: it may as well be a short sign, or a class."""
    whole = sum(
        all(fold(row.cell(place).text) in fold(row.cell(name).text) for place in parts)
        for row in data
        if row.cell(name).text
    )
    return whole * 2 >= len(data)


def _only_part(
    found: dict[ColumnRole, int], names: tuple[int, ...], headings: tuple[str, ...], data: tuple[Row, ...]
) -> str:
    """The heading of given or family names that stand alone, unless whole names stand there after all.

    *Nom* may mean either: it does where its cells are single words, and another column that is not understood has such words, too.
    """
    if len(names) != 1:
        return ""
    texts = _texts(data, names[0])
    if ColumnRole.NAME in found:
        others = [place for place, heading in enumerate(headings) if meaning_of(heading) is None]
        is_part = key_of(headings[names[0]]) in _EITHER and _are_single_words(texts)
        return headings[names[0]] if is_part and any(_are_parts(data, place) for place in others) else ""
    whole = sum(" " in text.strip() or len(_HAN.findall(text)) > 2 for text in texts)
    return "" if whole * 2 > len(texts) else headings[names[0]]


_EITHER: Final = frozenset(
    key_of(one)
    for one in (
        *(
            "nombre",
            "nome",
            "nom",
            "noms",
            "nume",
            "jméno",
            "meno",
            "ad",
            "adı",
            "isim",
            "имя",
            "ім'я",
            "име",
            "όνομα",
            "نام",
        ),
        *("ime", "emri", "vardas", "vārds", "ism", "ismi", "аты", "სახელი", "անուն", "нэр", "izena"),
    )
)
"""Headings that mean a whole name in one list and a part of it in the next."""


def _are_single_words(texts: list[str]) -> bool:
    return bool(texts) and all(
        len(text) > 1 and text.replace("-", "").replace("'", "").isalpha() and not _HAN.search(text)
        for text in texts
    )


def _are_parts(data: tuple[Row, ...], place: int) -> bool:
    """Whether a column may have the other part of names: single words, hardly two alike."""
    texts = _texts(data, place)
    return len(texts) == len(data) and _are_single_words(texts) and len(set(texts)) >= _SHARE * len(texts)


def _texts(data: Sequence[Row], place: int) -> list[str]:
    return [text for row in data if (text := row.cell(place).text)]


def _by_content(rows: Sequence[Row], known: Columns, *, has_heading: bool) -> Columns:
    """Guess what headings do not say; unchanged where that is not clear."""
    data: tuple[Row, ...] = known.data
    headings = known.headings
    if has_heading and rows and known.number is None and not known.names:
        first = rows[0]
        if any(_is_number(cell.text) for cell in first.cells) and len(rows) >= GUESSED_FROM:
            data = tuple(rows)
            headings = tuple(get_column_letter(place + 1) for place in range(len(headings)))
    if len(data) < GUESSED_FROM:
        return known
    places = range(min(len(headings), MAX_COLUMNS))
    number, names = known.number, known.names
    if number is None:
        numbers = [
            place for place in places if place not in names and _are_numbers(_texts(data, place), len(data))
        ]
        number = numbers[0] if len(numbers) == 1 else None
    if not names:
        named = [place for place in places if place != number and _are_names(_texts(data, place), len(data))]
        names = (named[0],) if len(named) == 1 else ()
    if number is None or not names:
        return known
    return replace(known, headings=headings, data=data, number=number, names=names, is_guess=True)


def _is_number(text: str) -> bool:
    number = clean_number(text)[0]
    return bool(STUDENT_NO.fullmatch(number)) and any(sign.isdigit() for sign in number)


def _are_numbers(texts: list[str], rows: int) -> bool:
    """Whether these are numbers of people: each another one, all about as long, and not 1 to n."""
    return (
        len(texts) >= _SHARE * rows
        and all(_is_number(text) for text in texts)
        and len({fold(text) for text in texts}) == len(texts)
        and not counts_lines(texts)
        and max(map(len, texts)) >= 3
    )


def _are_names(texts: list[str], rows: int) -> bool:
    """Whether these are names: nearly all several words of letters, and nearly all different."""
    named = [
        text
        for text in texts
        if len(text.split()) > 1 and not any(sign.isdigit() or sign == "@" for sign in text)
    ]
    return len(named) >= _SHARE * rows and len(set(named)) >= _SHARE * len(named)


def _as_chosen(columns: Columns, choices: ListChoices) -> Columns:
    if choices.number is not None:
        place = _place_of(choices.number, columns.headings)
        columns = replace(columns, number=place, counts_lines=False, is_guess=False)
    if choices.names:
        places = tuple(_place_of(one, columns.headings) for one in choices.names)
        columns = replace(columns, names=places, only_part="", is_guess=False)
    if choices.email is not None:
        columns = replace(
            columns, email=_place_of(choices.email, columns.headings) if choices.email else None
        )
    if choices.guardian is not None:
        columns = replace(
            columns, guardian=_place_of(choices.guardian, columns.headings) if choices.guardian else None
        )
    return columns


def _place_of(wanted: str, headings: tuple[str, ...]) -> int:
    """By its place from 1 after a #, by heading as it is written, then as it is compared, by letter, by number from 1."""
    by_place = re.fullmatch(r"#(\d{1,3})", wanted.strip())
    if by_place is not None and 0 < int(by_place[1]) <= len(headings):
        return int(by_place[1]) - 1
    texts = [heading.casefold() for heading in headings]
    letters = [get_column_letter(place + 1).casefold() for place in range(len(headings))]
    for names in (
        texts,
        [key_of(heading) for heading in headings],
        letters,
        [str(n + 1) for n in range(len(headings))],
    ):
        for asked in (wanted.strip().casefold(), key_of(wanted)):
            if asked in names:
                return names.index(asked)
    raise FileFormatError(
        _("There is no column {wanted}.", wanted=wanted),
        _("Columns are: {columns}.", columns=", ".join(heading[:40] for heading in headings[:20])),
    )
