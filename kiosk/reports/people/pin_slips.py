"""PIN slips as a PDF: A4, two by five to cut apart, one a student. Any thread.

The file holds secrets: only its owner may read it, and nothing of it is logged.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fpdf import FPDF

from kiosk.errors import ExportError
from kiosk.reports.atomic import replacing
from kiosk.reports.print_font import FAMILY, PrintFont
from kiosk.services.ports.outputs import PinSlip
from kiosk.translation import N_, _

COLUMNS: Final = 2
ROWS: Final = 5
WIDTH_MM: Final = 210 / COLUMNS
HEIGHT_MM: Final = 297 / ROWS
MARGIN_MM: Final = 10.0
"""Inside each slip; printers leave about 5 mm at the paper's edge."""

INSTRUCTION: Final = N_(
    "Scan the code on the classroom screen with your phone, then sign in with your student number and this PIN.\n"
    "Keep it to yourself."
)
NO_NAME: Final = N_("(name not printable here)")

_INK: Final = (16, 24, 32)
_MUTED: Final = (91, 104, 115)
_CUT: Final = (150, 160, 168)


def write_pin_slips(path: Path, *, title: str, slips: Sequence[PinSlip]) -> None:
    """Write the PDF; implements `PinSlipWriter`.

    A name with letters outside the font (see `print_font`) is left out, the slip says so and the student number
    stands for it.

    Raises:
        ExportError: There is nothing to print, or the target cannot be written.
    """
    if not slips:
        raise ExportError(
            _("There is no PIN slip to print."), _("Every student has a PIN already; choose to renew them.")
        )
    with replacing(path, suffix=".pdf") as stream:
        stream.write(_document(title, slips).output())


def _document(title: str, slips: Sequence[PinSlip]) -> FPDF:
    document = FPDF(format="A4", unit="mm")
    document.set_auto_page_break(False)
    document.set_margin(0)
    font = PrintFont(document)
    title = font.printable(title)
    document.set_title(title)
    document.set_creator(_("Attendance kiosk"))
    per_page = COLUMNS * ROWS
    for place, slip in enumerate(slips):
        if place % per_page == 0:
            document.add_page()
            _cut_lines(document)
        row, column = divmod(place % per_page, COLUMNS)
        _slip(document, column * WIDTH_MM, row * HEIGHT_MM, title, slip, font)
    return document


def _cut_lines(document: FPDF) -> None:
    document.set_draw_color(*_CUT)
    document.set_line_width(0.2)
    document.set_dash_pattern(dash=2, gap=2)
    for column in range(1, COLUMNS):
        document.line(column * WIDTH_MM, 0, column * WIDTH_MM, 297)
    for row in range(1, ROWS):
        document.line(0, row * HEIGHT_MM, 210, row * HEIGHT_MM)
    document.set_dash_pattern()


def _slip(document: FPDF, left: float, top: float, title: str, slip: PinSlip, font: PrintFont) -> None:
    left, width = left + MARGIN_MM, WIDTH_MM - 2 * MARGIN_MM
    number, name = slip.student.student_no, slip.student.full_name
    shown = font.can_print(name)
    _line(document, (left, top + 7), width, title, size=8, colour=_MUTED)
    _line(document, (left, top + 12.5), width, name if shown else number, size=13, bold=True)
    under = number if shown else _(NO_NAME)
    _line(document, (left, top + 19), width, under, size=10, colour=_INK if shown else _MUTED)
    _line(document, (left, top + 30.5), 12, _("PIN"), size=10, colour=_MUTED)
    document.set_char_spacing(7)
    _line(document, (left + 14, top + 26.5), width - 14, slip.pin, size=26, bold=True)
    document.set_char_spacing(0)
    document.set_xy(left, top + 40)
    document.set_font(FAMILY, size=7.5)
    document.set_text_color(*_MUTED)
    document.multi_cell(width, 3.6, _(INSTRUCTION), align="L")


def _line(
    document: FPDF,
    at: tuple[float, float],
    width: float,
    text: str,
    *,
    size: float,
    bold: bool = False,
    colour: tuple[int, int, int] = _INK,
) -> None:
    """One line at (x, y) in mm; smaller where it would be too wide, but not below two thirds, then cut with dots."""
    document.set_text_color(*colour)
    document.set_font(FAMILY, style="B" if bold else "", size=size)
    natural = document.get_string_width(text)
    if natural > width:
        document.set_font_size(size * max(width / natural * 0.98, 2 / 3))
    shown = text
    while text and document.get_string_width(shown) > width:
        text = text[:-1].rstrip()
        shown = f"{text}…"
    document.set_xy(*at)
    document.cell(width, size * 0.42, shown)
