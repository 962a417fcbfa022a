"""How a spreadsheet shows a whole number in a format such as ``"S"00000`` or ``000-000``. Pure.

Only what can be told surely is rendered: a format that groups thousands, rounds, or asks the reader's country gives None.
The grammar is that of ECMA-376, part 1, section 18.8.31.
"""

import math
import re
from typing import Final

_TOKEN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)
_COLOURS: Final = re.compile(
    r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color\s?\d+)\]", re.IGNORECASE
)
_LITERALS: Final = frozenset(" -+()$:!^&'~{}<>=€£")
"""Signs that stand for themselves without a quotation mark."""

MAX_EXACT: Final = 10**15
"""Spreadsheets keep 15 digits."""


def shown(value: float, form: str) -> str | None:
    """The number as the sheet shows it, without blanks around it; None when that is not sure."""
    if not math.isfinite(value) or abs(value) >= MAX_EXACT or value != int(value):
        return None
    number = int(value)
    if form.strip().lower() in {"", "general", "@", "standard"}:
        return str(number)
    sections = _sections(form)
    if any("[<" in part or "[>" in part or "[=" in part for part in sections):
        return None
    section = sections[0]
    if number < 0 and len(sections) > 1:
        section, number = sections[1], -number
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    if abs(number) < 1000:
        section = section.replace("#,##", "")  # there are no thousands to group
    rendered = _rendered(section, abs(number))
    return None if rendered is None else ("-" if number < 0 else "") + rendered.strip()


def is_date_format(form: str) -> bool:
    """Whether a format shows a date or a time; letters in quotation marks or after a backslash do not."""
    bare = "".join(
        piece
        for piece in _TOKEN.findall(form)
        if piece[0] not in '"\\_*[' or re.fullmatch(r"\[[hms]+\]", piece, re.IGNORECASE)
    )
    return "general" not in bare.lower() and bool(re.search(r"[dmyhs]", bare, re.IGNORECASE))


def _sections(form: str) -> list[str]:
    sections = [""]
    for piece in _TOKEN.findall(form):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    return sections


def _rendered(section: str, number: int) -> str | None:
    """Lay the digits into the places of one section, from the right; the first place takes what is left."""
    parts: list[tuple[bool, str]] = []
    for piece in _TOKEN.findall(_COLOURS.sub("", section)):
        literal = _literal(piece)
        if piece in "0#?":
            parts.append((True, piece))
        elif literal is None:
            return None
        else:
            parts.append((False, literal))
    places = [place for place, (is_digit, _unused) in enumerate(parts) if is_digit]
    if not places:
        return None
    digits = list(str(number)) if number else []
    shown_at = {}
    for place in reversed(places):
        blank = {"0": "0", "#": "", "?": " "}[parts[place][1]]
        shown_at[place] = digits.pop() if digits else blank
    shown_at[places[0]] = "".join(digits) + shown_at[places[0]]
    return "".join(shown_at[place] if is_digit else text for place, (is_digit, text) in enumerate(parts))


def _literal(piece: str) -> str | None:
    """What a part of a format that is no place of a digit writes; None when that is not known."""
    match piece[0]:
        case '"':
            return piece[1:-1] if len(piece) > 1 else None
        case "\\":
            return piece[1:]
        case "_":
            return " "
        case "*":
            return ""
        case "[":
            currency = re.fullmatch(r"\[\$([^-\]]*)(?:-[0-9A-Fa-f]+)?\]", piece)
            return currency[1] if currency else None
        case sign if sign in _LITERALS:
            return sign
        case _:
            return None
