"""Letters that ask for consent to face recognition, as a PDF: one sheet of A4 a student. Any thread.

The file holds one-time codes: only its owner may read it, and nothing of it is logged.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ExportError
from kiosk.reports.atomic import replacing
from kiosk.reports.people.pin_slips import NO_NAME
from kiosk.reports.print_font import FAMILY, PrintDocument, can_print, printable
from kiosk.reports.printed_code import draw_code
from kiosk.services.ports.letters import ConsentLetter, LetterWords
from kiosk.translation import _
from kiosk.wording.dates import numeric_day

MARGIN_MM: Final = 22.0
WIDTH_MM: Final = 210 - 2 * MARGIN_MM
SMALLEST: Final = 7.5
"""Points; a long notice is printed smaller, so that the letter stays on one sheet."""

_PAPER_MM: Final = 88.0
"""Room that the answer on paper and the foot take."""

_INK: Final = (16, 24, 32)
_MUTED: Final = (91, 104, 115)
_LINE: Final = (150, 160, 168)


def write_consent_letters(
    path: Path,
    words: LetterWords,
    letters: Sequence[ConsentLetter],
    *,
    code: NDArray[np.bool_] | None = None,
) -> None:
    """Write the PDF; `code` is the address of the answer page as a QR code: its modules, True for dark.

    Raises:
        ExportError: The target cannot be written, or the notice is too long for one sheet.
    """
    with replacing(path, suffix=".pdf") as stream:
        stream.write(_document(words, letters, code).output())


def _document(
    words: LetterWords, letters: Sequence[ConsentLetter], code: NDArray[np.bool_] | None
) -> PrintDocument:
    document = PrintDocument()
    document.set_auto_page_break(False)
    document.set_margin(MARGIN_MM)
    document.c_margin = 0
    document.set_title(_("Letters about face recognition"))
    document.set_creator(_("Attendance kiosk"))
    try:
        for one in letters:
            document.add_page()
            _letter(document, words, one, code)
    except ExportError:
        document.close_fonts()
        raise
    return document


def _letter(
    document: PrintDocument, words: LetterWords, one: ConsentLetter, code: NDArray[np.bool_] | None
) -> None:
    name = one.student.full_name
    shown = ", ".join(part for part in (printable(name), one.student.student_no) if part)
    head = " · ".join(part for part in (printable(words.school), numeric_day(words.made_on)) if part)
    _text(document, head, size=9.5, colour=_MUTED)
    document.ln(3)
    _text(document, _("May the kiosk recognise this student’s face?"), size=17, style="B")
    document.ln(1.5)
    _text(document, shown, size=13, style="B")
    if not can_print(name):
        _text(document, _(NO_NAME), size=9, colour=_MUTED)
    document.ln(3)
    _text(document, _who_answers(words), size=10.5)
    document.ln(3)
    _code(document, words, one, code)
    _notice(document, words)
    _paper(document, words, shown)


def _who_answers(words: LetterWords) -> str:
    free = _("Saying no, or not answering, has no drawback: the code on the screen works without a face.")
    if not words.deciding_age:
        return _("The student answers.") + " " + free
    return (
        _(
            "Students of {age} years or older answer themselves; for younger ones a parent or guardian does. A no of the "
            "student always counts.",
            age=words.deciding_age,
        )
        + " "
        + free
    )


def _code(
    document: PrintDocument, words: LetterWords, one: ConsentLetter, code: NDArray[np.bool_] | None
) -> None:
    """The box with address and code; nothing on letters that are answered on paper."""
    if not one.code:
        return
    top = document.get_y()
    document.set_draw_color(*_LINE)
    document.rect(MARGIN_MM, top, WIDTH_MM, 34, round_corners=True, corner_radius=2)
    document.set_y(top + 4)
    left = MARGIN_MM + 5
    for text, size, style, colour in (
        (_("Answer with a phone in the school’s Wi-Fi:"), 9.5, "", _MUTED),
        (words.address, 12, "B", _INK),
        (one.code, 19, "B", _INK),
    ):
        document.set_x(left)
        _text(document, text, size=size, style=style, colour=colour)
        document.ln(0.8)
    document.set_x(left)
    until = _("The code is good once, until {day}.", day=numeric_day(words.until))
    _text(document, until, size=9, colour=_MUTED)
    if code is not None:
        draw_code(document, code, MARGIN_MM + WIDTH_MM - 33, top + 0.5, 33)
    document.set_y(top + 38)


def _notice(document: PrintDocument, words: LetterWords) -> None:
    _text(
        document,
        _("What you are asked (notice, version {version})", version=words.notice.version),
        size=11,
        style="B",
    )
    document.ln(1)
    lines = [printable(line) for line in words.notice.text.split("\n")]
    text, room = "\n".join(lines), 297 - _PAPER_MM - document.get_y()
    size = 10.5
    while size >= SMALLEST:
        document.set_font(FAMILY, size=size)
        printed = document.multi_cell(0, size * 0.48, text, align="L", dry_run=True, output="LINES")
        if isinstance(printed, list) and len(printed) * size * 0.48 <= room:
            _text(document, text, size=size, leading=0.48)
            return
        size -= 0.5
    raise ExportError(
        _("The notice is too long for one sheet."), _("Shorten it; say where the long version can be read.")
    )


def _paper(document: PrintDocument, words: LetterWords, shown: str) -> None:
    """The answer on paper, at the foot of the sheet."""
    top = 297 - _PAPER_MM + 6
    document.set_draw_color(*_LINE)
    document.set_dash_pattern(dash=2, gap=2)
    document.line(MARGIN_MM, top, 210 - MARGIN_MM, top)
    document.set_dash_pattern()
    document.set_y(top + 4)
    _text(document, _("Or answer on paper and hand it in"), size=11, style="B")
    _text(
        document,
        _("{student}; notice, version {version}", student=shown, version=words.notice.version),
        size=9,
        colour=_MUTED,
    )
    document.ln(3)
    for text in (
        _("Yes: the face may be recognised. This can be withdrawn at any time."),
        _("No: no picture of the face is measured."),
    ):
        _box(document, text)
    for text in (_("I am the student"), _("I am a parent or guardian")):
        _box(document, text)
    document.ln(9)
    third = WIDTH_MM / 3
    for place, text in enumerate((_("Name"), _("Date"), _("Signature"))):
        left, line = MARGIN_MM + place * third, document.get_y()
        document.line(left, line, left + third - 5, line)
        document.set_xy(left, line + 1)
        document.set_font(FAMILY, size=8)
        document.set_text_color(*_MUTED)
        document.cell(third, 4, text)
        document.set_y(line)


def _box(document: PrintDocument, text: str) -> None:
    document.rect(MARGIN_MM, document.get_y() + 0.6, 4, 4)
    document.set_x(MARGIN_MM + 7)
    _text(document, text, size=10.5)
    document.ln(1.8)


def _text(
    document: PrintDocument,
    text: str,
    *,
    size: float,
    style: str = "",
    colour: tuple[int, int, int] = _INK,
    leading: float = 0.45,
) -> None:
    if not text:
        return
    document.set_font(FAMILY, style=style, size=size)
    document.set_text_color(*colour)
    document.multi_cell(0, size * leading, text, align="L", new_x="LMARGIN", new_y="NEXT")
