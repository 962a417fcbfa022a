"""The short PIN that a teacher chooses for one class: what it may be, and how often somebody may guess. Pure."""

import unicodedata
from datetime import timedelta
from itertools import pairwise
from typing import Final

from kiosk.domain.trust.throttle import ThrottleRule
from kiosk.translation import _

FEWEST: Final = 4
MOST: Final = 8
"""Digits. A password has more characters, so what was typed into the one field is never both."""

RULE: Final = ThrottleRule(free=3, first=timedelta(seconds=5), longest=timedelta(seconds=30), locked_after=10)
"""After ten wrong ones the PIN is good no more, which leaves a guesser of four digits 1 in 1,000; the password works on."""

_MIDDLE_COLUMN: Final = frozenset({"2580", "0852"})
"""The column of a number pad that goes straight up or down, among the first that people try."""


def digits_of(text: str) -> str:
    """What was typed as plain digits, of whatever script; empty where it is anything else."""
    said = [unicodedata.digit(sign, None) for sign in text.strip()]
    return "" if None in said else "".join(map(str, said))


def is_lesson_pin(text: str) -> bool:
    """Whether a text has the form of such a PIN; no password has."""
    return FEWEST <= len(digits_of(text)) <= MOST


def lesson_pin_fault(text: str) -> str | None:
    """Why a PIN cannot be used, as a sentence for who chose it; None when it can."""
    pin = digits_of(text)
    if not FEWEST <= len(pin) <= MOST:
        return _("The PIN for the lesson has {fewest} to {most} digits.", fewest=FEWEST, most=MOST)
    if len(set(pin)) == 1:
        return _("All digits of this PIN are the same.")
    if _is_run(pin, 1):
        return _("This PIN counts up.")
    if _is_run(pin, -1):
        return _("This PIN counts down.")
    if len(pin) % 2 == 0 and pin == pin[:2] * (len(pin) // 2):
        return _("This PIN is a pair of digits, repeated.")
    if len(pin) == FEWEST and pin[:2] in {"19", "20"}:
        return _("This PIN looks like a year.")
    if pin in _MIDDLE_COLUMN:
        return _("This PIN is a line on the number pad.")
    return None


def _is_run(pin: str, step: int) -> bool:
    """Whether each digit follows the one before it; 0 follows 9."""
    return all((int(left) + step) % 10 == int(right) for left, right in pairwise(pin))
