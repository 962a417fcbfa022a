"""Draws a `Picture` into a PDF: the same marks that the window paints. Any thread."""

from typing import Final, assert_never

from kiosk.reports.print_font import FAMILY, PrintDocument, printable
from kiosk.services.reports.pictures.picture import Align, Box, Ink, Picture, Stroke, Words

Colour = tuple[int, int, int]

POINTS_A_MM: Final = 72 / 25.4

COLOURS: Final[dict[Ink, Colour]] = {
    Ink.TEXT: (16, 24, 32),
    Ink.MUTED: (91, 104, 115),
    Ink.LINE: (213, 219, 225),
    Ink.ACCENT: (21, 87, 192),
    Ink.PRESENT: (10, 125, 69),
    Ink.LATE: (154, 91, 0),
    Ink.EXCUSED: (63, 85, 102),
    Ink.ABSENT: (179, 38, 30),
    Ink.SOFT_ACCENT: (214, 226, 245),
    Ink.SOFT_PRESENT: (221, 243, 231),
    Ink.SOFT_LATE: (253, 239, 214),
    Ink.SOFT_EXCUSED: (228, 234, 239),
    Ink.SOFT_ABSENT: (251, 223, 220),
    Ink.FACE: (21, 87, 192),
    Ink.PHONE: (10, 125, 69),
    Ink.PASS: (122, 75, 176),
    Ink.MANUAL: (154, 91, 0),
}
"""On white paper; texts have a contrast of at least 4.5:1."""


class PicturePrinter:
    """Draws pictures into one document.

    Attributes:
        unit_mm: Millimetres of paper for a unit of the picture.
    """

    def __init__(self, document: PrintDocument, unit_mm: float) -> None:
        self._document = document
        self.unit_mm = unit_mm

    def measure(self, text: str, size: float, bold: bool) -> float:
        """How wide a text is, in units; implements `Measure`."""
        self._font(size, bold=bold, text=text)
        return float(self._document.get_string_width(printable(text))) / self.unit_mm

    def draw(self, picture: Picture, left: float, top: float) -> None:
        """Draw it with its corner at (left, top) in millimetres."""
        for mark in picture.marks:
            match mark:
                case Box():
                    self._box(mark, left, top)
                case Stroke():
                    self._stroke(mark, left, top)
                case Words():
                    self._words(mark, left, top)
                case _:
                    assert_never(mark)
        self._document.set_text_shaping(True)

    def _box(self, box: Box, left: float, top: float) -> None:
        unit, document = self.unit_mm, self._document
        document.set_fill_color(*COLOURS[box.ink])
        x, y, width, height = left + box.x * unit, top + box.y * unit, box.width * unit, box.height * unit
        radius = min(box.round * unit, width / 2, height / 2)
        if radius > 0.1:
            document.rect(x, y, width, height, style="F", round_corners=True, corner_radius=radius)
        elif width > 0 and height > 0:
            document.rect(x, y, width, height, style="F")

    def _stroke(self, stroke: Stroke, left: float, top: float) -> None:
        unit, document = self.unit_mm, self._document
        document.set_draw_color(*COLOURS[stroke.ink])
        document.set_line_width(max(0.1, stroke.width * unit * 0.7))
        if stroke.dashed:
            document.set_dash_pattern(dash=1.4, gap=1.0)
        document.line(
            left + stroke.x * unit, top + stroke.y * unit, left + stroke.to_x * unit, top + stroke.to_y * unit
        )
        if stroke.dashed:
            document.set_dash_pattern()

    def _words(self, words: Words, left: float, top: float) -> None:
        text = printable(words.text)
        if not text:
            return
        unit, document = self.unit_mm, self._document
        self._font(words.size, bold=words.bold, text=text)
        document.set_text_color(*COLOURS[words.ink])
        x, y = left + words.x * unit, top + words.y * unit
        width, height = document.get_string_width(text), words.size * unit * 1.2
        match words.align:
            case Align.LEFT:
                start = x
            case Align.MIDDLE:
                start = x - width / 2
            case Align.RIGHT:
                start = x - width
            case _:
                assert_never(words.align)
        if words.turned:
            with document.rotation(90, x, y):
                document.set_xy(x, y - height / 2)
                document.cell(width + 1, height, text)
            return
        document.set_xy(start, y - height / 2)
        document.cell(width + 1, height, text)

    def _font(self, size: float, *, bold: bool, text: str) -> None:
        # A register has ten thousands of single letters, which need no shaping and are drawn faster without.
        self._document.set_text_shaping(not text.isascii())
        self._document.set_font(FAMILY, style="B" if bold else "", size=size * self.unit_mm * POINTS_A_MM)
