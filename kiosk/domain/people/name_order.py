"""Sorting people by family name, as class registers do, although a name is kept as one text. Pure.

The last word is taken for the family name, together with the particles before it (*van der Berg*, *de la Cruz*). What stands
before a comma is the family name, and so is the first word of a name in Chinese, Japanese or Korean letters.
"""

import unicodedata
from typing import Final

from kiosk.domain.people.students import Student, fold

PARTICLES: Final = (
    " al bin bint da dal de del della den der di dos du el ibn la le lo mac mc san st te ten ter van vande vander von "
    "vom zu zum zur af av und y e "
)
"""Words, folded, each between spaces, that belong to the family name after them."""

_SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})
_FAMILY_FIRST: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


def family_first(full_name: str) -> tuple[str, str]:
    """Family name and given names, as they are written."""
    family, comma, given = full_name.partition(",")
    if comma and family.strip() and fold(given).strip(". ") not in _SUFFIXES:
        return family.strip(), given.strip()
    words = full_name.replace(",", " ").split()
    if len(words) < 2:
        return full_name.strip(), ""
    if unicodedata.name(words[0][0], "").startswith(_FAMILY_FIRST):
        return words[0], " ".join(words[1:])
    end = len(words) - 1
    while end > 1 and fold(words[end]).strip(".") in _SUFFIXES:
        end -= 1
    while end > 1 and f" {fold(words[end - 1])} " in PARTICLES:
        end -= 1
    return " ".join(words[end:]), " ".join(words[:end])


def name_order(student: Student) -> tuple[str, str, str]:
    """What to sort by: family name without particles in front counts with them, then given names, then number."""
    family, given = family_first(student.full_name)
    return fold(family), fold(given), fold(student.student_no)
