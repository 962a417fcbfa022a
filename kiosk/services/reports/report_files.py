"""Reports as files. Slow: call from a worker thread."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.records.filters import ReportFilter
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.domain.reports.reports import Report
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.core import Core
from kiosk.services.reports.attendance_reports import AttendanceReports
from kiosk.services.reports.scope import to_take_along
from kiosk.services.trust.rights import require

ReportPrinter = Callable[[Path, Report, ZoneInfo], None]
"""Writes a report as a PDF, atomically. Raises ExportError: the target cannot be written."""


class ReportFiles:
    """Writes reports as PDF, and notes in the log who took which."""

    def __init__(self, core: Core, *, reports: AttendanceReports, write: ReportPrinter) -> None:
        self._core = core
        self._reports = reports
        self._write = write

    def save(self, path: Path, question: ReportQuestion, *, actor: Actor) -> Report:
        """Write a report as PDF and return it.

        Raises:
            ExportError: The target cannot be written; an old file there stays as it was.
            ForbiddenError: The actor is a teacher and does not teach the course, or none.
            KioskError: As the report that is asked for raises.
        """
        require(self._core.store, actor, Right.EXPORT)
        self._core.store.read(
            lambda repositories: to_take_along(repositories, actor, ReportFilter(question.course_id))
        )
        report = self._reports.report(question, actor=actor)
        self._write(path, report, self._core.zone)
        about = report.head.course or "all courses"
        self._core.store.write(
            lambda repositories: repositories.audit.add(
                self._core.clock.now(),
                actor.name,
                "report.exported",
                path.name,
                f"{question.kind.value}, {about}",
            )
        )
        return report

    def suggested_name(self, kind: ReportKind, label: str) -> str:
        """A file name that says what is in it, such as ``register-CS101-2026-11-23.pdf``."""
        said = "".join(letter for letter in label if letter.isalnum()) or "all"
        return f"{kind.value}-{said}-{self._core.today().isoformat()}.pdf"
