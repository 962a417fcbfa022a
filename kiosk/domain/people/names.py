"""Which part of a name is the family's, and by what names are sorted. Pure.

A guess from how the name is written; where it is wrong, a person's page or an import says the family name, and that counts.
"""

import re
import unicodedata
from typing import Final

from kiosk.domain.people.students import Student, clean_text, fold

_EAST_ASIAN: Final = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\u3005・·\s]+"
)
"""Chinese, Japanese and Korean names begin with the family name, with a blank behind it or without one."""

_TWO_SIGNS: Final = frozenset(
    [
        "欧阳",
        "歐陽",
        "司马",
        "司馬",
        "诸葛",
        "諸葛",
        "上官",
        "司徒",
        "夏侯",
        "皇甫",
        "尉迟",
        "尉遲",
        "公孙",
        "公孫",
        "慕容",
        "令狐",
        "东方",
        "東方",
        "南宫",
        "南宮",
        "长孙",
        "長孫",
        "端木",
        "남궁",
        "황보",
        "제갈",
        "사공",
        "선우",
        "독고",
        "동방",
        "서문",
    ]
)
"""Family names of two signs, where a name has no blank."""

_BEFORE_FAMILY: Final = frozenset(
    [
        "von",
        "vom",
        "van",
        "der",
        "den",
        "ter",
        "ten",
        "zu",
        "zur",
        "zum",
        "de",
        "del",
        "della",
        "dela",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "du",
        "des",
        "la",
        "las",
        "le",
        "los",
        "el",
        "al",
        "bin",
        "binti",
        "bint",
        "ibn",
        "ben",
        "bat",
        "abu",
        "af",
        "av",
        "y",
        "e",
        "i",
        "mac",
        "st",
    ]
)
"""Small words that belong to the family name behind them, as in “Ludwig van Beethoven”, when something stands before them."""

_BEHIND: Final = frozenset(
    ["jr", "sr", "ii", "iii", "iv", "phd", "md", "msc", "bsc", "ma", "ba", "mba", "dds", "esq", "jnr", "snr"]
)
"""Words behind a name that are no part of it."""


def family_name_of(full_name: str) -> str:
    """The family name as a full name gives it; the whole of a name of one word.

    “Smith, John” has it before the comma; “Jean DUPONT” in capitals; Chinese, Japanese and Korean names at the beginning;
    all others at the end, with the small words before it and without what stands behind it, such as “Jr.”.
    """
    name = clean_text(full_name)
    before, comma, behind = name.partition(",")
    if comma and before.strip() and not _is_behind(behind):
        return before.strip()
    words = (before if comma and before.strip() else name).split()
    while len(words) > 1 and _is_behind(words[-1]):
        words.pop()
    if not words:
        return name
    if _EAST_ASIAN.fullmatch(" ".join(words)):
        return words[0] if len(words) > 1 else _first_signs(words[0])
    return _in_capitals(words) or _last(words)


def sort_name(full_name: str, family_name: str = "") -> str:
    """What names are sorted by: the family name, then the others, without case and accents.

    `family_name` is what somebody wrote down; empty: it is taken from the full name.
    """
    family = clean_text(family_name) or family_name_of(full_name)
    whole = clean_text(full_name).replace(",", " ")
    rest = whole.replace(family, " ", 1) if family in whole else whole
    return " ".join(f"{fold(family)} {fold(rest)}".split())


def name_order(student: Student) -> tuple[str, str]:
    """What students are sorted by: family name, the other names, then number."""
    return sort_name(student.full_name, student.family_name), fold(student.student_no)


def _is_behind(words: str) -> bool:
    """Whether there is nothing but titles and the like."""
    found = [re.sub(r"\W", "", fold(word)) for word in words.replace(",", " ").split()]
    return all(word in _BEHIND or not word for word in found)


def _first_signs(word: str) -> str:
    if len(word) > 2 and word[:2] in _TWO_SIGNS:
        return word[:2]
    is_kana = any(
        "KATAKANA" in unicodedata.name(sign, "") or "HIRAGANA" in unicodedata.name(sign, "") for sign in word
    )
    return word if is_kana or len(word) > 4 else word[:1]


def _in_capitals(words: list[str]) -> str:
    """Words in capitals beside others that are not, as French lists write family names."""
    loud = [word for word in words if len(word) > 1 and word.isupper() and not word.endswith(".")]
    quiet = [word for word in words if any(sign.islower() for sign in word)]
    return " ".join(loud) if loud and quiet else ""


def _last(words: list[str]) -> str:
    begins = len(words) - 1
    while begins > 1 and fold(words[begins - 1]).strip(".'’") in _BEFORE_FAMILY:
        begins -= 1
    return " ".join(words[begins:])
