"""Several things in one sentence, by Babel. Pure; any thread."""

from collections.abc import Sequence

from babel import Locale
from babel.lists import format_list

from kiosk.wording.dates import ENGLISH


def listed(parts: Sequence[str], locale: Locale = ENGLISH) -> str:
    """All of them, such as ``3 faces and 2 notes``; empty for none."""
    return format_list(parts, "standard", locale)
