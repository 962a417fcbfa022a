"""Whether two spellings of a name, or of a number, may be one person's. Pure."""

import re
import unicodedata
from typing import Final

from kiosk.domain.people.students import fold

_PLAIN: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
)
_WRITTEN_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ё": "е"})
"""How letters with signs are written where there are none, as in Mueller for Müller."""

_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")


def same_name(one: str, other: str) -> bool:
    """Whether two names differ only in case, accents, punctuation, order, an added middle or second name, or an initial.

    A single word never stands for a whole name: “Ann” and “Ann Example” may be two people.
    """
    return any(_alike(mine, others) for mine in _spellings(one) for others in _spellings(other))


def name_key(name: str) -> str:
    """Equal for names that `same_name` holds for the same without initials and added names: for finding namesakes fast."""
    return " ".join(sorted(_words(fold(name).translate(_PLAIN)))) or fold(name)


def is_turned_round(one: str, other: str) -> bool:
    """Whether two spellings have the same words in another order: ``Zoë Åström`` and ``Åström, Zoë``."""
    words = [sorted(unicodedata.normalize("NFC", name).replace(",", " ").split()) for name in (one, other)]
    return one != other and words[0] == words[1]


def without_zeros(number: str) -> str:
    """A number as compared, without the zeros that lead a row of digits: what a spreadsheet leaves of it."""
    return _ZEROS.sub("", fold(number))


def _spellings(name: str) -> set[tuple[str, ...]]:
    cased = unicodedata.normalize("NFC", name).casefold()
    return {
        tuple(_words(fold(cased).translate(_PLAIN))),
        tuple(_words(fold(cased.translate(_WRITTEN_OUT)).translate(_PLAIN))),
    }


def _words(folded: str) -> list[str]:
    return re.sub(r"[^\w\s]|_", " ", folded.replace("'", "").replace("’", "")).split()


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if "".join(one) == "".join(other) or sorted(one) == sorted(other):
        return True
    fewer, more = sorted((one, other), key=len)
    if len(fewer) < 2:
        return False
    left = list(more)
    for word in sorted(fewer, key=len, reverse=True):
        found = next((place for place, known in enumerate(left) if known == word), None)
        if found is None:
            found = next((place for place, known in enumerate(left) if _is_initial(word, known)), None)
        if found is None:
            return False
        del left[found]
    return any(len(word) > 1 and word in more for word in fewer)


def _is_initial(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]
