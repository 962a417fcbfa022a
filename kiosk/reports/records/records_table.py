"""All records as one CSV table for other programs: UTF-8, commas, one line a record. Slow; any thread but the window's.

Records are streamed from the store into the file. Times are ISO 8601 with the school's offset.
"""

import csv
import io
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.school_status import own_of
from kiosk.domain.records.filters import ReportRow
from kiosk.reports.atomic import replacing
from kiosk.reports.cells import is_risky, safe_text
from kiosk.services.ports.outputs import ReportContext
from kiosk.storage.store import Repositories

HEADINGS: Final = (
    "record_id",
    "course",
    "session_id",
    "session_started_at",
    "student_no",
    "full_name",
    "status",
    "method",
    "marked_at",
    "policy",
    "version",
    "school_status",
)


def write_records_table(path: Path, repositories: Repositories, context: ReportContext) -> int:
    """Write the table and return the number of records in it; implements `WorkbookWriter`.

    Raises:
        ExportError: The target cannot be written; an old file there stays as it was.
    """
    count = 0
    with replacing(path, suffix=".csv") as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(HEADINGS)
        for row in repositories.reports.rows(context.chosen):
            writer.writerow(_cells(row, context.zone))
            count += 1
        text.detach()
    return count


def _cells(row: ReportRow, zone: ZoneInfo) -> tuple[str | int, ...]:
    record = row.record
    return (
        record.record_id,
        _plain(row.course.code),
        record.session_id,
        row.session.started_at.astimezone(zone).isoformat(timespec="seconds"),
        _plain(row.student.student_no),
        _plain(row.student.full_name),
        record.status.value,
        record.method.value if record.method else "",
        record.marked_at.astimezone(zone).isoformat(timespec="seconds"),
        record.policy.value,
        record.version,
        _plain(own.name) if (own := own_of(record.shown)) is not None else "",
    )


def _plain(text: str) -> str:
    # A spreadsheet that opens the file must not take a name for a formula (OWASP, "CSV injection").
    text = safe_text(text)
    return f"'{text}" if is_risky(text) else text
