"""The attendance workbook: *Summary*, *Register*, *Records*, *About*. Slow; any thread but the window's.

Records are streamed into the file while they are counted; the other sheets are written afterwards. Memory holds
one status a record, time a little over a second for 10,000 records.
"""

import contextlib
from datetime import UTC
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from kiosk.reports.about_sheet import fill_about, period_of
from kiosk.reports.atomic import replacing
from kiosk.reports.figures import ReportRepositories, gather
from kiosk.reports.records_sheet import RecordsSheet
from kiosk.reports.register_sheet import fill_empty_register, fill_register, make_registers
from kiosk.reports.summary_sheet import fill_summary, make_summary
from kiosk.services.ports.outputs import ReportContext


def write_workbook(path: Path, repositories: ReportRepositories, context: ReportContext) -> int:
    """Write the workbook and return the number of records in it; implements `WorkbookWriter`.

    Raises:
        ExportError: The target cannot be written; an old file there stays as it was.
    """
    with replacing(path, suffix=".xlsx") as stream:
        workbook = Workbook(write_only=True)
        try:
            records = _fill(workbook, repositories, context)
            _save(workbook, stream)
        finally:
            _clean_up(workbook)
    return records


def _fill(workbook: Workbook, repositories: ReportRepositories, context: ReportContext) -> int:
    moment = context.generated_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    workbook.properties.title = "Attendance"
    workbook.properties.creator = "Attendance kiosk"
    workbook.properties.created = workbook.properties.modified = moment
    figures = gather(repositories, context.chosen)
    period = period_of(context)
    summary = make_summary(workbook)
    registers = make_registers(workbook, figures)
    RecordsSheet(workbook, context.zone).write_all(figures.count(repositories.reports.rows(context.chosen)))
    fill_summary(summary, figures, heading=context.course_label, period=period)
    for course_id, sheet in registers.items():
        course = figures.courses.get(course_id)
        if course is None:
            fill_empty_register(sheet)
        else:
            fill_register(sheet, course, period=period, zone=context.zone)
    fill_about(workbook, figures, context)
    return figures.records


def _save(workbook: Workbook, stream: IO[bytes]) -> None:
    """As `Workbook.save`, which would leave the archive open when the disk is full."""
    with ZipFile(stream, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        ExcelWriter(workbook, archive).write_data()


def _clean_up(workbook: Workbook) -> None:
    """Remove what openpyxl left in the temporary folder because something failed; else there is nothing."""
    for sheet in workbook.worksheets:
        writer = getattr(sheet, "_writer", None)
        if writer is None:
            continue
        with contextlib.suppress(OSError):
            if not getattr(sheet, "closed", True):
                sheet.close()
        Path(writer.out).unlink(missing_ok=True)
