"""What a PIN is, and which ones a student cannot choose, because they are the first that somebody else would try. Pure."""

import re
from itertools import pairwise
from typing import Final

from kiosk.translation import _, ngettext

PIN_DIGITS: Final = 6

_PIN: Final = re.compile(rf"[0-9]{{{PIN_DIGITS}}}")
_TELLING: Final = 4
"""A student number with fewer digits says nothing about a PIN that happens to hold them."""


def pin_fault(pin: str, *, student_no: str) -> str | None:
    """Why a PIN cannot be used, as a sentence for who chose it; None when it can.

    Of the million PINs about 1,100 are refused for their pattern, so that hardly anything is lost to chance.
    """
    if _PIN.fullmatch(pin) is None:
        return ngettext(
            "A PIN has exactly {n} digit.", "A PIN has exactly {n} digits.", PIN_DIGITS, n=PIN_DIGITS
        )
    if len(set(pin)) == 1:
        return _("All digits of this PIN are the same.")
    if _is_run(pin, 1):
        return _("This PIN counts up.")
    if _is_run(pin, -1):
        return _("This PIN counts down.")
    if pin == pin[:2] * 3:
        return _("This PIN is a pair of digits, repeated.")
    if pin == pin[:3] * 2:
        return _("This PIN is three digits, repeated.")
    number = "".join(re.findall(r"[0-9]", student_no))
    if pin in number or (len(number) >= _TELLING and number in pin):
        return _("This PIN shows your student number.")
    return None


def _is_run(pin: str, step: int) -> bool:
    """Whether each digit follows the one before it; 0 follows 9."""
    return all((int(left) + step) % 10 == int(right) for left, right in pairwise(pin))
