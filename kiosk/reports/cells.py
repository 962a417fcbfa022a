"""What a cell holds and how it looks: values, colours, number formats, and text that stays text."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, assert_never

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus, StatusColour

Value = str | int | float | date | datetime | time | None

ACCENT: Final = "1557C0"
TEXT: Final = "101820"
MUTED: Final = "5B6873"
LINE: Final = "D5DBE1"
BAND: Final = "EAF0FA"
BELOW: Final = "B3261E"
BELOW_FILL: Final = "FBDFDC"
"""A share below the limit."""

MAX_TEXT: Final = 32_767
"""Characters that a cell can hold."""

# What XML 1.0 cannot carry, and what a formula, a DDE call or an import into another program begins with.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; two equal looks share one style in the file."""

    bold: bool = False
    size: float = 10
    colour: str = TEXT
    fill: str = ""
    align: str = ""
    format: str = "General"
    wrap: bool = False
    rotated: bool = False
    line: bool = True


BODY: Final = Look()
WRAPPED: Final = Look(wrap=True)
CENTRED: Final = Look(align="center")
DATE: Final = Look(format="yyyy-mm-dd", align="center")
TIME: Final = Look(format="hh:mm:ss", align="center")
MOMENT: Final = Look(format="yyyy-mm-dd hh:mm", align="center")
SHARE: Final = Look(format="0.0%", align="center")
HEADING: Final = Look(bold=True, colour="FFFFFF", fill=ACCENT, wrap=True)
HEADING_CENTRED: Final = Look(bold=True, colour="FFFFFF", fill=ACCENT, align="center", wrap=True)
TITLE: Final = Look(bold=True, size=16, colour=ACCENT, line=False)
NOTE: Final = Look(colour=MUTED, line=False)
TOTAL: Final = Look(bold=True, fill=BAND)
TOTAL_CENTRED: Final = Look(bold=True, fill=BAND, align="center")
TOTAL_SHARE: Final = Look(bold=True, fill=BAND, format="0.0%", align="center")


def status_colours(status: AnyStatus) -> tuple[str, str]:
    """Text and fill of a status, contrast at least 4.5:1."""
    if isinstance(status, SchoolStatus):
        return _own_colours(status.colour)
    match status:
        case Status.PRESENT:
            return "0A7D45", "DDF3E7"
        case Status.LATE:
            return "9A5B00", "FDEFD6"
        case Status.EXCUSED:
            return "3F5566", "E4EAEF"
        case Status.ABSENT:
            return "B3261E", "FBDFDC"
        case _:
            assert_never(status)


def _own_colours(colour: StatusColour) -> tuple[str, str]:
    match colour:
        case StatusColour.GREEN:
            return status_colours(Status.PRESENT)
        case StatusColour.AMBER:
            return status_colours(Status.LATE)
        case StatusColour.GREY:
            return status_colours(Status.EXCUSED)
        case StatusColour.RED:
            return status_colours(Status.ABSENT)
        case StatusColour.BLUE:
            return ACCENT, BAND
        case _:
            assert_never(colour)


def status_look(status: AnyStatus) -> Look:
    """How a cell with a status looks."""
    colour, fill = status_colours(status)
    return Look(bold=True, colour=colour, fill=fill, align="center")


STATUS: Final = {status: status_look(status) for status in Status}


def safe_text(text: str) -> str:
    """A text without the characters that XML cannot carry, cut to what a cell can hold."""
    return _ILLEGAL.sub("", text)[:MAX_TEXT]


def is_risky(text: str) -> bool:
    """Whether a spreadsheet, or a program it is copied into, could take a text for a formula."""
    return text.startswith(_RISKY)
