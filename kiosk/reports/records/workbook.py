"""The attendance workbook: *Summary*, *Charts*, *Register*, *Records*, *Minutes* where the school counts them, *About*. Slow; any thread but the window's.

Records are streamed into the file while they are counted; the other sheets are written afterwards. Memory holds
one status a record.
"""

from datetime import UTC
from pathlib import Path

from kiosk.reports.atomic import replacing
from kiosk.reports.book import Book
from kiosk.reports.records.about_sheet import fill_about, period_of
from kiosk.reports.records.charts_sheet import fill_charts, make_charts
from kiosk.reports.records.figures import ReportRepositories, gather
from kiosk.reports.records.minutes_sheet import fill_minutes
from kiosk.reports.records.records_sheet import RecordsSheet
from kiosk.reports.records.register_sheet import fill_empty_register, fill_register, make_registers
from kiosk.reports.records.summary_sheet import fill_summary, make_summary
from kiosk.services.ports.outputs import ReportContext
from kiosk.translation import _


def write_workbook(path: Path, repositories: ReportRepositories, context: ReportContext) -> int:
    """Write the workbook and return the number of records in it; implements `WorkbookWriter`.

    Raises:
        ExportError: The target cannot be written; an old file there stays as it was.
    """
    with replacing(path, suffix=".xlsx") as stream, Book() as book:
        records = _fill(book, repositories, context)
        book.save(stream)
    return records


def _fill(book: Book, repositories: ReportRepositories, context: ReportContext) -> int:
    moment = context.generated_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = book.workbook.properties
    properties.title = _("Attendance")
    properties.creator = _("Attendance kiosk")
    properties.created = properties.modified = moment
    figures = gather(repositories, context.chosen)
    period = period_of(context)
    heading = " · ".join(part for part in (context.school, context.course_label, period) if part)
    summary = make_summary(book)
    charts = make_charts(book)
    registers = make_registers(book, figures)
    RecordsSheet(book, context.zone).write_all(figures.count(repositories.reports.rows(context.chosen)))
    fill_minutes(book, repositories.reports.rows(context.chosen), context)
    fill_summary(summary, figures, heading=heading, limit_percent=context.limit_percent)
    fill_charts(charts, figures, heading=heading, limit_percent=context.limit_percent, zone=context.zone)
    for course_id, sheet in registers.items():
        course = figures.courses.get(course_id)
        if course is None:
            fill_empty_register(sheet)
        else:
            fill_register(sheet, course, context, period=period)
    fill_about(book, figures, context)
    book.print_heading(context.school)
    return figures.records
