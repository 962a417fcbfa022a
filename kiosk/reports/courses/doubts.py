"""What spreadsheets make of student numbers when nobody looks, as it arrives in a text file. Pure."""

import re
from datetime import date
from typing import Final

from kiosk.translation import _

_SCIENTIFIC: Final = re.compile(r"\d+[.,]\d+E[+-]?\d+|\d+E[+-]\d+", re.IGNORECASE)
_BARE_SCIENTIFIC: Final = re.compile(r"\d{1,3}E\d{1,2}", re.IGNORECASE)
_DECIMAL: Final = re.compile(r"\d+[.,]\d+")
_DECIMAL_ZERO: Final = re.compile(r"\d+[.,]0+")
_TRUTHS: Final = frozenset({"true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "vero"})
_MONTHS: Final = (
    "jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|ene|abr|ago|dic|janv|févr|avr|juin|juil|août|déc|"
    "gen|mag|giu|lug|set|ott|fev|out|maj|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|"
    "янв|фев|мар|апр|май|июн|июл|авг|сен|окт|ноя|дек"
)
_WITH_MONTH: Final = re.compile(
    rf"(\d{{1,2}})[-./ ]+({_MONTHS})\.?(?:[-./ ]+(?:\d{{4}}|\d{{2}}))?|({_MONTHS})\.?[-./ ]+(\d{{1,4}})",
    re.IGNORECASE,
)
_DAY: Final = re.compile(r"(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")

_LOOKALIKES: Final = frozenset("АВЕЅІЈКМНОРСТУХЬаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο")
"""Cyrillic and Greek letters that print as Latin ones."""


def number_doubt(text: str, *, among_digits: bool) -> str:
    """Why a text is probably not what stood for the number, as a sentence; empty where nothing says so.

    Args:
        text: The number as it is in the file, cleaned.
        among_digits: Whether other numbers of the list are digits alone.
    """
    if _SCIENTIFIC.fullmatch(text) or (among_digits and _BARE_SCIENTIFIC.fullmatch(text)):
        return _(
            "“{text}” is a number that Excel rounded and shortened: its digits are lost. Format the column as text.",
            text=text[:40],
        )
    if _DECIMAL_ZERO.fullmatch(text) or (among_digits and _DECIMAL.fullmatch(text)):
        return _(
            "“{text}” is a decimal number: a program took the student number for an amount. Format the column as text.",
            text=text[:40],
        )
    if _is_date(text):
        return _(
            "“{text}” looks like a date: Excel makes dates of numbers such as 3-5. Format the column as text.",
            text=text[:40],
        )
    if text.casefold() in _TRUTHS:
        return _("“{text}” is a yes or no of a spreadsheet, not a student number.", text=text[:40])
    return ""


def not_a_number(text: str) -> str:
    """Why a text cannot be a student number, as a sentence: the letters of other scripts that look like ours, blanks, or anything else."""
    strange = sorted({sign for sign in text if sign.isalpha() and not sign.isascii()})
    if strange and all(sign in _LOOKALIKES for sign in strange) and any(sign.isdigit() for sign in text):
        return _(
            "“{text}” has letters of another alphabet that only look like A to Z: {letters}. Type them anew.",
            text=text[:40],
            letters=", ".join(strange),
        )
    if strange:
        return _(
            "“{text}” is not a student number: letters can only be A to Z, without accents; it has {letters}.",
            text=text[:40],
            letters=", ".join(strange[:8]),
        )
    return _(
        "“{text}” is not a student number: use 1 to 32 letters (A to Z), digits, dots, dashes or slashes, without blanks.",
        text=text[:40],
    )


def _is_date(text: str) -> bool:
    with_month = _WITH_MONTH.fullmatch(text)
    if with_month is not None:
        day = with_month[1] or with_month[4]
        return len(day) in {2, 4} or 1 <= int(day) <= 31
    found = _DAY.fullmatch(text)
    if found is None:
        return False
    first, middle, last = found[1], found[3], found[4]
    if len(first) == 4 and len(last) <= 2:
        return _exists(int(first), int(middle), int(last))
    if len(first) <= 2 and len(last) in {2, 4}:
        year = int(last) if len(last) == 4 else 2000 + int(last)
        return _exists(year, int(middle), int(first)) or _exists(year, int(first), int(middle))
    return False


def _exists(year: int, month: int, day: int) -> bool:
    """Whether there is such a day in a year that a school has to do with."""
    try:
        return 1900 <= date(year, month, day).year <= 2100
    except ValueError:
        return False
