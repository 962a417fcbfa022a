"""The receipt for a word on face recognition as a PDF: one sheet of A4, to print and to take home. Any thread."""

from pathlib import Path
from typing import Final

from kiosk.reports.atomic import replacing
from kiosk.reports.people.pin_slips import NO_NAME
from kiosk.reports.print_font import FAMILY, PrintDocument, can_print, printable
from kiosk.services.ports.receipts import ReceiptSheet
from kiosk.translation import N_, _, ngettext
from kiosk.wording.dates import numeric_moment

MARGIN_MM: Final = 25.0
LABEL_MM: Final = 48.0
ROW_MM: Final = 9.0

GIVEN: Final = N_(
    "Consent to face recognition was recorded. Pictures of the face are taken at the desk and, where the school "
    "has switched that on, in classes, and kept encrypted on this school's kiosk. The consent can be withdrawn at any time; the code works without it."
)
WITHDRAWN: Final = N_(
    "Consent to face recognition was withdrawn. The pictures of the face, the templates made of them and their key were "
    "deleted from the kiosk at once. Attendance that was recorded stays."
)

_INK: Final = (16, 24, 32)
_MUTED: Final = (91, 104, 115)
_LINE: Final = (200, 207, 213)


def write_consent_receipt(path: Path, sheet: ReceiptSheet) -> None:
    """Write the PDF; implements `ReceiptWriter`. Only its owner may read the file.

    Raises:
        ExportError: The target cannot be written.
    """
    with replacing(path, suffix=".pdf") as stream:
        stream.write(_document(sheet).output())


def _document(sheet: ReceiptSheet) -> PrintDocument:
    document = PrintDocument()
    document.set_auto_page_break(False)
    document.set_margin(MARGIN_MM)
    document.set_title(_("Receipt No. {number}", number=sheet.number))
    document.set_creator(_("Attendance kiosk"))
    document.add_page()
    _text(document, printable(sheet.school), size=11, colour=_MUTED)
    _text(document, _("Receipt No. {number}", number=sheet.number), size=22, style="B")
    document.ln(4)
    _text(document, _(GIVEN) if sheet.given else _(WITHDRAWN), size=11)
    document.ln(6)
    for label, value in _rows(sheet):
        _row(document, label, value)
    for text in sheet.remains:
        document.ln(3)
        _text(document, printable(text), size=10)
    document.ln(6)
    note = _(
        "The number is that of the entry in the kiosk's log, which shows if it is changed later: entry {number}.",
        number=sheet.number,
    )
    _text(document, note, size=9, colour=_MUTED)
    return document


def _rows(sheet: ReceiptSheet) -> list[tuple[str, str]]:
    name = sheet.student.full_name
    rows = [
        (_("Student"), printable(name) if can_print(name) else f"{printable(name)} {_(NO_NAME)}"),
        (_("Student number"), sheet.student.student_no),
        (_("Face recognition"), _("consent given") if sheet.given else _("consent withdrawn")),
        (_("When"), f"{numeric_moment(sheet.at)} ({sheet.at.tzname()})"),
        (_("Recorded by"), printable(sheet.recorded_by) or _(NO_NAME)),
    ]
    if not sheet.given:
        deleted = ngettext(
            "{n} picture, all templates made of them, the key",
            "{n} pictures, all templates made of them, the key",
            sheet.deleted,
            n=sheet.deleted,
        )
        rows.append((_("Deleted"), deleted))
    return rows


def _row(document: PrintDocument, label: str, value: str) -> None:
    top = document.get_y()
    document.set_draw_color(*_LINE)
    document.line(MARGIN_MM, top, 210 - MARGIN_MM, top)
    document.set_xy(MARGIN_MM, top + 2)
    document.set_font(FAMILY, size=11)
    document.set_text_color(*_MUTED)
    document.cell(LABEL_MM, 6, label)
    document.set_text_color(*_INK)
    document.multi_cell(210 - 2 * MARGIN_MM - LABEL_MM, 6, value, align="L", new_x="LMARGIN", new_y="NEXT")
    document.set_y(max(document.get_y() + 2, top + ROW_MM))


def _text(
    document: PrintDocument, text: str, *, size: float, style: str = "", colour: tuple[int, int, int] = _INK
) -> None:
    if not text:
        return
    document.set_font(FAMILY, style=style, size=size)
    document.set_text_color(*colour)
    document.multi_cell(0, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
