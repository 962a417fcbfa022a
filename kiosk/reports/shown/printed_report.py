"""A report as a PDF: A4, school, course, teachers and days above, page numbers and a line to sign below. Any thread."""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.reports.reports import Report, StudentCalendar
from kiosk.reports.atomic import replacing
from kiosk.reports.print_font import FAMILY, PrintDocument, printable
from kiosk.reports.shown.picture_printer import COLOURS, PicturePrinter
from kiosk.services.reports.pictures.drawing import pages
from kiosk.services.reports.pictures.picture import Ink, Picture, Room
from kiosk.translation import _
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import date_and_time
from kiosk.wording.reports import about, kind_of, period, report_words, summary

WIDTH_MM: Final = 297.0
HEIGHT_MM: Final = 210.0
MARGIN_MM: Final = 13.0
TOP_MM: Final = 37.5
"""Where the picture begins, below the heading."""
BOTTOM_MM: Final = 21.0
"""Room for the line to sign and the page's number."""
UNITS: Final = (1120.0, 1300.0, 1500.0, 1700.0)
"""Units of a picture across the page: more of them, and so smaller letters, where all then fits on fewer pages."""


def write_report(path: Path, report: Report, zone: ZoneInfo) -> None:
    """Write the PDF; implements `ReportPrinter`.

    Raises:
        ExportError: The target cannot be written; an old file there stays as it was.
    """
    with replacing(path, suffix=".pdf") as stream:
        stream.write(_document(report, zone).output())


def _document(report: Report, zone: ZoneInfo) -> PrintDocument:
    document = PrintDocument(landscape=True)
    document.set_auto_page_break(False)
    document.set_margin(MARGIN_MM)
    document.c_margin = 0
    document.set_title(f"{report_words(kind_of(report)).title}, {printable(about(report.head))}")
    document.set_creator(_("Attendance kiosk"))
    document.add_page()  # texts are measured on a page; it is the first one
    printer, pictures = _fewest_pages(document, report)
    for number, picture in enumerate(pictures or (None,), 1):
        if number > 1:
            document.add_page()
        _heading(document, report)
        if picture is not None:
            printer.draw(picture, MARGIN_MM, TOP_MM)
        if number == max(1, len(pictures)):
            _signature(document)
        _foot(document, report, zone, number, max(1, len(pictures)))
    return document


def _fewest_pages(document: PrintDocument, report: Report) -> tuple[PicturePrinter, tuple[Picture, ...]]:
    """The report in the largest letters with which it takes the fewest pages."""
    found: list[tuple[PicturePrinter, tuple[Picture, ...]]] = []
    for units in UNITS:
        unit = (WIDTH_MM - 2 * MARGIN_MM) / units
        printer = PicturePrinter(document, unit)
        room = Room(units, (HEIGHT_MM - TOP_MM - BOTTOM_MM) / unit, printer.measure)
        found.append((printer, tuple(pages(report, room))))
        if len(found[-1][1]) <= 1:
            break
    return min(found, key=lambda one: len(one[1]))


def _heading(document: PrintDocument, report: Report) -> None:
    head = report.head
    title = report_words(kind_of(report)).title
    if isinstance(report, StudentCalendar):
        title = f"{report.student.full_name} ({report.student.student_no})"
    _line(document, 11, about(head), size=9.5, ink=Ink.MUTED)
    _line(document, 16, title, size=17, bold=True)
    _line(document, 24.5, period(head.first, head.last), size=10.5)
    _line(document, 30.5, summary(report), size=10.5, ink=Ink.MUTED)


def _signature(document: PrintDocument) -> None:
    y = HEIGHT_MM - 15.5
    document.set_draw_color(*COLOURS[Ink.MUTED])
    document.set_line_width(0.2)
    for left, width, words in (
        (MARGIN_MM, 70.0, _("Place and date")),
        (MARGIN_MM + 85, 100.0, _("Signature")),
    ):
        document.line(left, y, left + width, y)
        _line(document, y + 0.8, words, size=8, ink=Ink.MUTED, left=left)


def _foot(document: PrintDocument, report: Report, zone: ZoneInfo, number: int, last: int) -> None:
    made = _(
        "Made {when} by {who}",
        when=date_and_time(report.head.made_at, zone),
        who=actor_name(report.head.made_by),
    )
    _line(document, HEIGHT_MM - 9, made, size=8, ink=Ink.MUTED)
    page = _("{page} of {pages}", page=number, pages=last)
    document.set_font(FAMILY, size=8)
    width = document.get_string_width(page)
    _line(document, HEIGHT_MM - 9, page, size=8, ink=Ink.MUTED, left=WIDTH_MM - MARGIN_MM - width)


def _line(
    document: PrintDocument,
    top: float,
    text: str,
    *,
    size: float,
    bold: bool = False,
    ink: Ink = Ink.TEXT,
    left: float = MARGIN_MM,
) -> None:
    """One line, smaller where it would be too wide."""
    text = printable(text)
    if not text:
        return
    document.set_text_color(*COLOURS[ink])
    document.set_font(FAMILY, style="B" if bold else "", size=size)
    room = WIDTH_MM - MARGIN_MM - left
    if (natural := document.get_string_width(text)) > room:
        document.set_font_size(max(5.0, size * room / natural * 0.98))
    document.set_xy(left, top)
    document.cell(room, size * 0.42, text)
