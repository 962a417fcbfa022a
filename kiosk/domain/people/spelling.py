"""How names and numbers from files are cleaned before they are kept: signs that nobody sees, and digits of any script. Pure."""

import unicodedata
from typing import Final

from kiosk.domain.people.students import JOINERS, clean_text

_WITHOUT_JOINERS: Final = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "CJK", "HIRAGANA", "KATAKANA", "HANGUL")
"""Scripts in whose spelling a joiner has no place."""

_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63")
"""What word processors make of a hyphen."""

_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
_TO_ASCII: Final = 0xFEE0


def clean_name(text: str) -> tuple[str, bool]:
    """A name without signs that nobody sees, and whether there were any.

    A joiner or non-joiner (U+200D, U+200C) after a letter of a script that is spelt with it stays: Persian, Sinhala and
    Malayalam names are wrong without.
    """
    kept: list[str] = []
    for sign in unicodedata.normalize("NFC", text):
        if sign in JOINERS:
            if kept and _takes_joiners(kept[-1]):
                kept.append(sign)
        elif not _is_unseen(sign):
            kept.append(sign)
    cleaned = clean_text("".join(kept)).strip("".join(JOINERS))
    return cleaned, cleaned != clean_text(text)


def clean_number(text: str) -> tuple[str, bool]:
    """A number in digits 0 to 9 without signs that nobody sees, and whether there were any; full-width letters and dashes become
    usual ones.
    """
    kept = [sign for sign in text if not _is_unseen(sign)]
    cleaned = clean_text("".join(_usual(sign) for sign in kept))
    return cleaned, len(kept) != len(text)


def _usual(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    if sign in _DASHES:
        return "-"
    return chr(ord(sign) - _TO_ASCII) if ord(sign) in _FULL_WIDTH else sign


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cf", "Co", "Cn"} or ("\ufe00" <= sign <= "\ufe0f")


def _takes_joiners(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" and not unicodedata.name(sign, "").startswith(
        _WITHOUT_JOINERS
    )
