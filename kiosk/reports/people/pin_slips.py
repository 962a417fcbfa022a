"""PIN slips as a PDF: A4, two by five to cut apart, one a student. Any thread.

The file holds secrets: only its owner may read it, and nothing of it is logged.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ExportError
from kiosk.reports.atomic import replacing
from kiosk.reports.print_font import FAMILY, PrintDocument, can_print, printable
from kiosk.reports.printed_code import draw_code
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
AT_ADDRESS: Final = N_("Your own attendance: {address} in the school’s Wi-Fi.")
NO_NAME: Final = N_("(some letters of the name cannot be printed here)")
CODE_MM: Final = 21.0

_INK: Final = (16, 24, 32)
_MUTED: Final = (91, 104, 115)
_CUT: Final = (150, 160, 168)


def write_pin_slips(
    path: Path,
    *,
    title: str,
    slips: Sequence[PinSlip],
    address: str = "",
    code: NDArray[np.bool_] | None = None,
) -> None:
    """Write the PDF.

    A letter of a name that no font has (see `print_font`) is left out, and the slip says so.

    Args:
        path: The PDF.
        title: School and course.
        slips: One a student.
        address: Where phones sign in; empty where they cannot.
        code: The address as a QR code: its modules, True for dark.

    Raises:
        ExportError: There is nothing to print, or the target cannot be written.
    """
    if not slips:
        raise ExportError(
            _("There is no PIN slip to print."), _("Every student has a PIN already; choose to renew them.")
        )
    with replacing(path, suffix=".pdf") as stream:
        stream.write(_document(title, slips, address, code).output())


def _document(
    title: str, slips: Sequence[PinSlip], address: str, code: NDArray[np.bool_] | None
) -> PrintDocument:
    document = PrintDocument()
    document.set_auto_page_break(False)
    document.set_margin(0)
    title = printable(title)
    document.set_title(title)
    document.set_creator(_("Attendance kiosk"))
    per_page = COLUMNS * ROWS
    for place, slip in enumerate(slips):
        if place % per_page == 0:
            document.add_page()
            _cut_lines(document)
        row, column = divmod(place % per_page, COLUMNS)
        left, top = column * WIDTH_MM, row * HEIGHT_MM
        _slip(document, left, top, title, slip)
        _how(document, left + MARGIN_MM, top, address, code)
    return document


def _cut_lines(document: PrintDocument) -> None:
    document.set_draw_color(*_CUT)
    document.set_line_width(0.2)
    document.set_dash_pattern(dash=2, gap=2)
    for column in range(1, COLUMNS):
        document.line(column * WIDTH_MM, 0, column * WIDTH_MM, 297)
    for row in range(1, ROWS):
        document.line(0, row * HEIGHT_MM, 210, row * HEIGHT_MM)
    document.set_dash_pattern()


def _slip(document: PrintDocument, left: float, top: float, title: str, slip: PinSlip) -> None:
    left, width = left + MARGIN_MM, WIDTH_MM - 2 * MARGIN_MM
    number, name = slip.student.student_no, slip.student.full_name
    shown = printable(name)
    _line(document, (left, top + 7), width, title, size=8, colour=_MUTED)
    _line(document, (left, top + 12), width, shown or number, size=13, bold=True)
    under = number if can_print(name) else f"{number} {_(NO_NAME)}"
    _line(document, (left, top + 18.5), width, under, size=10)
    _line(document, (left, top + 29.5), 12, _("PIN"), size=10, colour=_MUTED)
    document.set_char_spacing(5)
    # Digits need no shaping, and shaped ones are not spaced.
    document.set_text_shaping(False)
    _line(document, (left + 11, top + 25.5), width - 11, slip.pin, size=24, bold=True)
    document.set_text_shaping(True)
    document.set_char_spacing(0)


def _how(
    document: PrintDocument, left: float, top: float, address: str, code: NDArray[np.bool_] | None
) -> None:
    """What to do with it, and the kiosk's address."""
    width = WIDTH_MM - 2 * MARGIN_MM
    if code is not None:
        draw_code(document, code, left + width - CODE_MM + 2, top + HEIGHT_MM - CODE_MM - 4.5, CODE_MM)
        width -= CODE_MM + 1
    text = _(INSTRUCTION) if not address else f"{_(INSTRUCTION)}\n{_(AT_ADDRESS, address=address)}"
    document.set_xy(left, top + 37.5)
    document.set_font(FAMILY, size=7.2)
    document.set_text_color(*_MUTED)
    document.multi_cell(width, 3.4, text, align="L")


def _line(
    document: PrintDocument,
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
