"""One name out of the columns that hold its parts. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from kiosk.domain.people.names import family_name_of
from kiosk.domain.people.spelling import clean_name
from kiosk.domain.people.students import fold
from kiosk.reports.tables.sheets import Row

_WITHOUT_BLANK: Final = re.compile(r"[\uac00-\ud7af]+|[\u3400-\u4dbf\u4e00-\u9fff]+")
"""Korean and Chinese names are written without a blank."""


def full_name(row: Row, places: Sequence[int]) -> tuple[str, bool]:
    """The parts joined in this order, cleaned, and whether there were signs that nobody sees.

    A part that another one has whole is not said twice. “Family, First” in one cell stays as it is written: what stands behind
    a comma may as well be a title or a second name.
    """
    cleaned = [clean_name(row.cell(place).text) for place in places]
    parts = [text for text, _was_odd in cleaned if text]
    kept = [
        part
        for place, part in enumerate(parts)
        if not any(_words(part) < _words(other) for number, other in enumerate(parts) if number != place)
    ]
    between = "" if len(kept) == 2 and all(_WITHOUT_BLANK.fullmatch(part) for part in kept) else " "
    return between.join(kept), any(was_odd for _text, was_odd in cleaned)


def family_name(row: Row, places: Sequence[int], name: str) -> str:
    """The family name as the columns for it say it; empty where there are none, or where `name` gives the same."""
    family = full_name(row, places)[0]
    return "" if fold(family) == fold(family_name_of(name)) else family


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text)))
