"""Draws how far pictures of one person and of different people are apart, with the thresholds between them, as a PNG.

Any thread. Drawn with Pillow, which is here already and needs neither configuration nor a cache of fonts: two histograms
and three lines are not worth a plotting library in the frozen program.
"""

import math
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from kiosk.domain.faces.recognition import Thresholds
from kiosk.services.ports.outputs import DistanceChart
from kiosk.translation import _, ngettext

WIDTH: Final = 960
HEIGHT: Final = 350

_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 24, 104, 282
"""Where the plot begins and ends; `_RIGHT` counts from the right edge."""

_BINS: Final = 36
_LONGEST: Final = 1.5
"""The axis grows to so many times these steps, so that the words of a threshold have room."""
_RUG: Final = 300
"""Single pictures are shown as ticks up to so many; more would be a solid line."""

# Beside the package in a checkout, and in the frozen program, whose modules lie in the folder of its data.
_FONTS: Final = Path(__file__).parents[2] / "assets" / "fonts"

Anchor = Literal["ls", "ms", "rs", "lm", "rm", "mm"]


@dataclass(frozen=True, slots=True)
class _Colours:
    """The colours of the window's cards, as in its theme."""

    card: str
    line: str
    text: str
    muted: str
    genuine: str
    impostor: str
    between: str


_LIGHT: Final = _Colours("#ffffff", "#e1e6eb", "#101820", "#5b6873", "#1557c0", "#9a5b00", "#dfe4e9")
_DARK: Final = _Colours("#171e25", "#27313a", "#eef2f5", "#9aa7b2", "#7db0ff", "#f2b04b", "#2a343d")


def draw_distance_chart(chart: DistanceChart, *, dark: bool, scale: float = 1.0) -> bytes:
    """Implements `kiosk.services.ports.outputs.DistanceChartDrawer`."""
    sheet = _Sheet(_DARK if dark else _LIGHT, scale)
    axis = _Axis.of(chart)
    while not _has_room(sheet, axis, chart) and axis.can_grow:
        axis = axis.longer()
    colours = sheet.colours
    limits = chart.in_use
    if limits.reject > limits.accept:
        sheet.box(axis.x(limits.accept), _TOP, axis.x(limits.reject), _BOTTOM, colours.between)
    counts = [axis.count(group) for group in (chart.genuine, chart.impostor)]
    highest = max(1, *(int(group.max(initial=0)) for group in counts))
    _scales(sheet, axis, highest)
    for group, count, colour in zip(
        (chart.genuine, chart.impostor), counts, (colours.genuine, colours.impostor), strict=True
    ):
        sheet.steps([axis.x(edge) for edge in axis.edges], [_height(one, highest) for one in count], colour)
        if len(group) <= _RUG:
            for distance in group[np.isfinite(group)]:
                sheet.line(
                    axis.x(float(distance)), _BOTTOM + 3, axis.x(float(distance)), _BOTTOM + 10, colour
                )
    _thresholds(sheet, axis, chart)
    _legend(sheet, chart)
    return sheet.png()


@dataclass(frozen=True, slots=True)
class _Axis:
    """Distances from `low` to `high`, in `step`s."""

    low: float
    high: float
    step: float

    @classmethod
    def of(cls, chart: DistanceChart) -> "_Axis":
        """Wide enough for all distances and thresholds."""
        values = np.concatenate([chart.genuine, chart.impostor]).astype(np.float64)
        shown = [*values[np.isfinite(values)], chart.in_use.accept, chart.in_use.reject, chart.own_accept]
        least, most = min(shown), max(shown)
        step = _round_step(max(most - least, 1e-6) / _BINS)
        return cls((math.floor(least / step) - 1) * step, (math.floor(most / step) + 2) * step, step)

    def longer(self) -> "_Axis":
        """With one step more on the right."""
        return replace(self, high=self.high + self.step)

    @property
    def can_grow(self) -> bool:
        """Whether it is not much longer already than what is shown needs: words of any length end somewhere."""
        return self.high - self.low < _LONGEST * _BINS * self.step

    @property
    def edges(self) -> NDArray[np.float64]:
        """The borders of the histograms' steps."""
        steps = np.arange(round((self.high - self.low) / self.step) + 1, dtype=np.float64)
        return np.asarray(self.low + self.step * steps, dtype=np.float64)

    def count(self, group: NDArray[np.float32]) -> NDArray[np.int64]:
        """How many of a group lie in each step; infinite distances (nobody else is there) in none."""
        return np.histogram(group[np.isfinite(group)].astype(np.float64), bins=self.edges)[0].astype(np.int64)

    def x(self, distance: float) -> float:
        """Where a distance lies."""
        share = (distance - self.low) / (self.high - self.low)
        return _LEFT + share * (WIDTH - _RIGHT - _LEFT)


class _Sheet:
    """A picture to draw on, in units of its size at scale 1."""

    def __init__(self, colours: _Colours, scale: float) -> None:
        self.colours = colours
        self._scale = scale
        self._image = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), colours.card)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Fill a rectangle."""
        self._draw.rectangle([self._px(left), self._px(top), self._px(right), self._px(bottom)], fill=colour)

    def line(
        self,
        x: float,
        y: float,
        to_x: float,
        to_y: float,
        colour: str,
        *,
        width: float = 1.5,
        dash: float = 0,
    ) -> None:
        """An upright or level line, in dashes of a length if wanted."""
        length = math.hypot(to_x - x, to_y - y)
        pieces = max(1, round(length / (2 * dash))) if dash else 1
        for piece in range(pieces):
            start, end = piece / pieces, (piece + (0.5 if dash else 1)) / pieces
            points = [(x + (to_x - x) * share, y + (to_y - y) * share) for share in (start, end)]
            places = [(self._px(across), self._px(down)) for across, down in points]
            self._draw.line(places, fill=colour, width=max(1, round(width * self._scale)))

    def steps(self, edges: list[float], tops: list[float], colour: str) -> None:
        """A histogram: filled softly, with a line along its top."""
        soft = Image.new("L", self._image.size, 0)
        fill = ImageDraw.Draw(soft)
        before = float(_BOTTOM)
        for left, right, top in zip(edges, [*edges[1:], edges[-1]], [*tops, float(_BOTTOM)], strict=True):
            self.line(left, before, left, top, colour, width=2)
            if top < _BOTTOM:
                fill.rectangle(
                    [self._px(left), self._px(top), self._px(right) - 1, self._px(_BOTTOM)], fill=70
                )
                self.line(left, top, right, top, colour, width=2)
            before = top
        self._image.paste(Image.new("RGB", self._image.size, colour), mask=soft)

    def text(
        self, x: float, y: float, words: str, colour: str, *, anchor: Anchor, bold: bool = False
    ) -> float:
        """Write words and return how wide they are."""
        font = self._font(bold)
        self._draw.text((self._px(x), self._px(y)), words, fill=colour, font=font, anchor=anchor)
        return float(font.getlength(words)) / self._scale

    def fits(self, x: float, words: str, *, left: bool, bold: bool = False) -> bool:
        """Whether words beside an upright line have room on that side of it."""
        width = 8 + 8 + self._width(words, bold)
        return x - width >= 0 if left else x + width <= WIDTH

    def label(self, x: float, y: float, words: str, colour: str, *, left: bool, bold: bool = False) -> None:
        """Words beside an upright line, on the wanted side or where they fit, covering what is under them."""
        width = self._width(words, bold)
        start = min(max(x - 8 - width if left else x + 8, 8), WIDTH - 8 - width)
        self.box(start - 4, y - 18, start + width + 4, y + 6, self.colours.card)
        self.text(start, y, words, colour, anchor="ls", bold=bold)

    def _width(self, words: str, bold: bool) -> float:
        return float(self._font(bold).getlength(words)) / self._scale

    def _font(self, bold: bool) -> ImageFont.FreeTypeFont:
        face = "Inter-SemiBold.otf" if bold else "Inter-Regular.otf"
        return ImageFont.truetype(str(_FONTS / face), round(18 * self._scale))

    def png(self) -> bytes:
        """The finished picture."""
        file = BytesIO()
        self._image.save(file, "PNG", optimize=True)
        return file.getvalue()

    def _px(self, length: float) -> int:
        return round(length * self._scale)


def _has_room(sheet: _Sheet, axis: _Axis, chart: DistanceChart) -> bool:
    """Whether the words of reject fit beside its line, which is often the last thing on the right."""
    _accept, (distance, words, left, _dash) = _limits(chart.in_use)
    return sheet.fits(axis.x(distance), words, left=left, bold=True)


def _scales(sheet: _Sheet, axis: _Axis, highest: int) -> None:
    colours = sheet.colours
    every = max(1, int(_round_step(highest / 4)))
    for count in range(every, highest + 1, every):
        sheet.line(
            _LEFT, _height(count, highest), WIDTH - _RIGHT, _height(count, highest), colours.line, width=1
        )
        sheet.text(_LEFT - 10, _height(count, highest), str(count), colours.muted, anchor="rm")
    sheet.line(_LEFT, _BOTTOM, WIDTH - _RIGHT, _BOTTOM, colours.muted)
    step = _round_step((axis.high - axis.low) / 10)
    for place in range(math.ceil(axis.low / step - 1e-9), math.floor(axis.high / step + 1e-9) + 1):
        sheet.text(axis.x(place * step), _BOTTOM + 32, f"{place * step:.4g}", colours.muted, anchor="ms")
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    sheet.text(middle, _BOTTOM + 58, _("Distance to the closest picture"), colours.muted, anchor="ms")


def _thresholds(sheet: _Sheet, axis: _Axis, chart: DistanceChart) -> None:
    colours, limits = sheet.colours, chart.in_use
    if abs(chart.own_accept - limits.accept) > 5e-4:
        own = axis.x(chart.own_accept)
        sheet.line(own, _TOP - 50, own, _BOTTOM, colours.muted, dash=2)
        words = _("the model’s own accept {own_accept:.3f}", own_accept=chart.own_accept)
        sheet.label(own, _TOP - 34, words, colours.muted, left=not sheet.fits(own, words, left=False))
    for distance, words, left, dash in _limits(limits):
        x = axis.x(distance)
        # Where the words find no room beside their line, it begins below them.
        top = _TOP - 24 if sheet.fits(x, words, left=left, bold=True) else _TOP
        sheet.label(x, _TOP - 8, words, colours.text, left=left, bold=True)
        sheet.line(x, top, x, _BOTTOM, colours.text, width=2, dash=dash)


def _limits(limits: Thresholds) -> tuple[tuple[float, str, bool, float], ...]:
    """(distance, words, whether they stand left of the line, length of its dashes) of both thresholds."""
    return (
        (limits.accept, _("accept {accept:.3f}", accept=limits.accept), True, 0),
        (limits.reject, _("reject {reject:.3f}", reject=limits.reject), False, 6),
    )


def _legend(sheet: _Sheet, chart: DistanceChart) -> None:
    colours = sheet.colours
    x, same, other = float(_LEFT), len(chart.genuine), len(chart.impostor)
    for words, colour in (
        (
            ngettext("same person, {n:,} picture", "same person, {n:,} pictures", same, n=same),
            colours.genuine,
        ),
        (
            ngettext("somebody else, {n:,} picture", "somebody else, {n:,} pictures", other, n=other),
            colours.impostor,
        ),
        (_("in between: asked to scan"), colours.between),
    ):
        sheet.box(x, 10, x + 18, 28, colour)
        x += 26 + sheet.text(x + 26, 19, words, colours.text, anchor="lm") + 32


def _height(count: float, highest: int) -> float:
    return _BOTTOM - count / highest * (_BOTTOM - _TOP - 8)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, … times a power of ten that is at least so large."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))
