"""The sheet *Records*: every record, streamed, with real dates and times in the school's zone."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.domain.records.filters import ReportRow
from kiosk.reports.book import Book, Sheet
from kiosk.reports.cells import (
    BODY,
    DATE,
    HEADING,
    HEADING_CENTRED,
    MOMENT,
    NOTE,
    TIME,
    WRAPPED,
    Look,
    status_look,
)
from kiosk.reports.records.figures import local
from kiosk.translation import N_, _, ngettext
from kiosk.wording.attendance import method_words, policy_words, status_title
from kiosk.wording.incidents import clock_ahead

ROWS_A_SHEET: Final = 1_000_000
"""Excel has 1,048,576 rows; records beyond this number go on in *Records 2*."""

_HEADINGS: Final = (
    (HEADING_CENTRED, N_("Date")),
    (HEADING_CENTRED, N_("Time")),
    (HEADING, N_("Course")),
    (HEADING_CENTRED, N_("Session began")),
    (HEADING, N_("Student no.")),
    (HEADING, N_("Name")),
    (HEADING_CENTRED, N_("Status")),
    (HEADING, N_("Method")),
    (HEADING, N_("Evidence")),
    (HEADING, N_("Demanded")),
)
_WIDTHS: Final = (12, 10, 12, 18, 14, 28, 11, 10, 52, 20)


class RecordsSheet:
    """Takes records in the order they stream in."""

    def __init__(self, book: Book, zone: ZoneInfo, *, rows_a_sheet: int = ROWS_A_SHEET) -> None:
        self._book = book
        self._zone = zone
        self._rows_a_sheet = rows_a_sheet
        # Worded once, not at each of 100,000 rows.
        self._statuses: dict[AnyStatus, tuple[Look, str]] = {}
        self._methods = {method: method_words(method).title for method in Method}
        self._policies = {policy: policy_words(policy).title for policy in ProofPolicy}
        self._parts = 0
        self._sheet = self._next_part()

    def write_all(self, rows: Iterator[ReportRow]) -> None:
        """Write every record, and close the table."""
        for row in rows:
            if self._sheet.rows > self._rows_a_sheet:
                self._finish()
                self._sheet = self._next_part()
            self._write(row)
        if self._parts == 1 and self._sheet.rows == 1:
            self._sheet.row((NOTE, _("No record matches what was chosen.")))
        self._finish()

    def _write(self, row: ReportRow) -> None:
        marked = local(row.record.marked_at, self._zone)
        method = row.record.method
        self._sheet.row(
            (DATE, marked.date()),
            (TIME, marked.time()),
            (BODY, row.course.code),
            (MOMENT, local(row.session.started_at, self._zone)),
            (BODY, row.student.student_no),
            (WRAPPED, row.student.full_name),
            self._status(row.record.shown),
            (BODY, self._methods[method] if method else None),
            (WRAPPED, summary(row.record) or None),
            (BODY, self._policies[row.record.policy]),
        )

    def _status(self, status: AnyStatus) -> tuple[Look, str]:
        known = self._statuses.get(status)
        if known is None:
            known = self._statuses[status] = status_look(status), status_title(status)
        return known

    def _next_part(self) -> Sheet:
        self._parts += 1
        sheet = self._book.sheet(
            _("Records") if self._parts == 1 else _("Records {parts}", parts=self._parts)
        )
        sheet.widths(_WIDTHS)
        sheet.raw.freeze_panes = "A2"
        sheet.printed(heading_rows=(1, 1))
        sheet.row(*((look, _(text)) for look, text in _HEADINGS), height=20)
        return sheet

    def _finish(self) -> None:
        self._sheet.raw.auto_filter.ref = f"A1:J{self._sheet.rows}"


def summary(record: AttendanceRecord) -> str:
    """What stood behind a record, in words: the last proof with its figures, earlier ones after it."""
    newest_first = list(reversed(record.evidence))
    parts = [_proof(evidence, named=bool(place)) for place, evidence in enumerate(newest_first)]
    if record.version > 1:
        times = record.version - 1
        parts.append(ngettext("corrected once", "corrected {times} times", times, times=times))
    return "; ".join(part for part in parts if part)


def _proof(evidence: Evidence, *, named: bool) -> str:
    """One proof; the newest one's kind already stands in the column *Method*."""
    facts = []
    if evidence.distance is not None:
        facts.append(_("distance {distance:.3f}", distance=evidence.distance))
    facts.extend(f"{part.model} {part.distance:.3f}" for part in evidence.parts or ())
    if evidence.margin is not None:
        facts.append(_("margin {margin:.3f}", margin=evidence.margin))
    if evidence.votes is not None:
        facts.append(ngettext("{n} frame", "{n} frames", evidence.votes, n=evidence.votes))
    if evidence.model:
        facts.append(evidence.model)
    if evidence.device:
        facts.append(_("device {device}", device=evidence.device[:8]))
    if evidence.actor:
        facts.append(_("by {actor}", actor=_(evidence.actor)))
    if evidence.reason:
        facts.append(f"“{_(evidence.reason)}”")
    if evidence.clock_moved_s is not None:
        facts.append(clock_ahead(evidence.clock_moved_s))
    text = ", ".join(facts)
    if not named:
        return text
    method = method_words(evidence.method).title
    return f"{method}: {text}" if text else method
