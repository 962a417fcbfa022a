"""Parts that several pictures share: a legend in one line, scales of a chart. Pure."""

import math
from collections.abc import Sequence
from typing import Final

from kiosk.services.reports.pictures.picture import SMALL, Align, Box, Ink, Mark, Room, Stroke, Words

LEGEND_HEIGHT: Final = 34.0


def legend(room: Room, entries: Sequence[tuple[Ink, str]], *, dash: str = "") -> list[Mark]:
    """Coloured squares with words, in a line at the top; at its end what a dash says, if anything."""
    marks: list[Mark] = []
    x = 0.0
    for ink, text in entries:
        marks.append(Box(x, 4, 14, 14, ink, round=3))
        marks.append(Words(x + 20, 11, text, Ink.TEXT, SMALL))
        x += 20 + room.measure(text, SMALL, False) + 24
    if dash:
        marks.append(Box(x, 10, 14, 2, Ink.MUTED))
        marks.append(Words(x + 20, 11, dash, Ink.TEXT, SMALL))
    return marks


def share_scale(left: float, right: float, top: float, bottom: float) -> list[Mark]:
    """Lines and words from 0 to 100 % at the left."""
    marks: list[Mark] = []
    for share in (0, 25, 50, 75, 100):
        y = bottom - (bottom - top) * share / 100
        marks.append(Stroke(left, y, right, y, Ink.LINE))
        marks.append(Words(left - 8, y, f"{share}\N{NO-BREAK SPACE}%", Ink.MUTED, SMALL, align=Align.RIGHT))
    return marks


def count_scale(most: int, left: float, right: float, top: float, bottom: float) -> list[Mark]:
    """Lines and words from 0 to `top_of` the most, in round steps."""
    marks: list[Mark] = []
    for number in range(0, top_of(most) + 1, round_step(most / 4)):
        y = bottom - (bottom - top) * number / top_of(most)
        marks.append(Stroke(left, y, right, y, Ink.LINE))
        marks.append(Words(left - 8, y, f"{number:,}", Ink.MUTED, SMALL, align=Align.RIGHT))
    return marks


def top_of(most: int) -> int:
    """The number at the top of such a scale."""
    step = round_step(most / 4)
    return max(step, -(-most // step) * step)


def round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, … times a power of ten that is at least so large."""
    power = int(10 ** math.floor(math.log10(max(1.0, least))))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)


def every(places: int, width: float, needed: float) -> int:
    """Each how manieth of some places side by side can have a label that needs so much room."""
    return max(1, math.ceil(needed * places / max(1.0, width)))
