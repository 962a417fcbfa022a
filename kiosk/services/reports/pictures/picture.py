"""What a drawn report is made of: boxes, lines, words, and spots that say more. Pure.

The window paints a `Picture` and the PDF draws the same one, so a chart is laid out once. Lengths are units: a pixel of the
window at 1080p, or as many millimetres of paper as the printer makes of one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus, StatusColour

Measure = Callable[[str, float, bool], float]
"""How wide a text is, by its size and whether it is bold."""

SIZE: Final = 16.0
SMALL: Final = 14.0


class Ink(StrEnum):
    """What a colour says; window and paper have one each for it. `SOFT_…` are fills that dark words stand on."""

    TEXT = "text"
    MUTED = "muted"
    LINE = "line"
    ACCENT = "accent"
    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"
    SOFT_ACCENT = "soft_accent"
    SOFT_PRESENT = "soft_present"
    SOFT_LATE = "soft_late"
    SOFT_EXCUSED = "soft_excused"
    SOFT_ABSENT = "soft_absent"
    FACE = "face"
    PHONE = "phone"
    PASS = "pass"  # noqa: S105 - a card to hold up, not a password
    MANUAL = "manual"


class Align(StrEnum):
    """Which end of a text stands at its place."""

    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    ink: Ink
    round: float = 0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    ink: Ink
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A text whose middle line is at `y`; `turned` runs upwards from (x, y), with its middle line at `x`."""

    x: float
    y: float
    text: str
    ink: Ink = Ink.TEXT
    size: float = SIZE
    bold: bool = False
    align: Align = Align.LEFT
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that can be pointed at or reached by the keys.

    Attributes:
        tip: What it says, alone and without the picture.
        opens: The student whose calendar it opens; None: nothing.
    """

    x: float
    y: float
    width: float
    height: float
    tip: str
    opens: int | None = None


Mark = Box | Stroke | Words


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn report, or a page of it; `marks` in the order in which they are painted, `spots` in reading order."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """What a picture is laid out for.

    Attributes:
        width: Units from side to side.
        height: Units that a chart fills; tables and registers take what they need.
        measure: How wide texts are there.
    """

    width: float
    height: float
    measure: Measure

    def cut(self, text: str, width: float, *, size: float = SIZE, bold: bool = False) -> str:
        """A text that fits, with dots where something is left out."""
        if self.measure(text, size, bold) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.measure(text[:middle].rstrip() + "…", size, bold) <= width:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + "…"


def status_inks(status: AnyStatus) -> tuple[Ink, Ink]:
    """The ink of a status, and its soft fill."""
    if isinstance(status, SchoolStatus):
        return colour_inks(status.colour)
    match status:
        case Status.PRESENT:
            return Ink.PRESENT, Ink.SOFT_PRESENT
        case Status.LATE:
            return Ink.LATE, Ink.SOFT_LATE
        case Status.EXCUSED:
            return Ink.EXCUSED, Ink.SOFT_EXCUSED
        case Status.ABSENT:
            return Ink.ABSENT, Ink.SOFT_ABSENT
        case _:
            assert_never(status)


def colour_inks(colour: StatusColour) -> tuple[Ink, Ink]:
    """The ink of a colour that a school chose for a status, and its soft fill."""
    match colour:
        case StatusColour.GREEN:
            return Ink.PRESENT, Ink.SOFT_PRESENT
        case StatusColour.AMBER:
            return Ink.LATE, Ink.SOFT_LATE
        case StatusColour.BLUE:
            return Ink.ACCENT, Ink.SOFT_ACCENT
        case StatusColour.RED:
            return Ink.ABSENT, Ink.SOFT_ABSENT
        case StatusColour.GREY:
            return Ink.EXCUSED, Ink.SOFT_EXCUSED
        case _:
            assert_never(colour)


def method_ink(method: Method) -> Ink:
    """The ink of a method."""
    match method:
        case Method.FACE:
            return Ink.FACE
        case Method.PHONE:
            return Ink.PHONE
        case Method.PASS:
            return Ink.PASS
        case Method.MANUAL:
            return Ink.MANUAL
        case _:
            assert_never(method)
