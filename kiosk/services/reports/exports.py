"""The workbook, and the same records as a table: what they cover and where they go."""

from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk import __version__
from kiosk.domain.courses.courses import Course
from kiosk.domain.records.filters import Days
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.leaving.staying import check_out_queries
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import ReportContext, WorkbookWriter
from kiosk.services.reports.scope import to_take_along
from kiosk.services.trust.rights import require
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _


class Exports:
    """Writes workbooks. Slow: call from a worker thread."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        zone: ZoneInfo,
        write_workbook: WorkbookWriter,
        write_table: WorkbookWriter,
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._write_workbook = write_workbook
        self._write_table = write_table

    def workbook(self, path: Path, days: Days, *, actor: Actor) -> int:
        """Write the workbook; returns the number of records in it.

        Raises:
            ConflictError: The last day lies before the first.
            NotFoundError: No such course.
            ForbiddenError: The actor is a teacher and does not teach it.
            ExportError: The target cannot be written; an old file there stays as it was.
        """
        require(self._store, actor, Right.EXPORT)
        return self._export(path, days, actor=actor, write=self._write_workbook)

    def table(self, path: Path, days: Days, *, actor: Actor) -> int:
        """Write the records alone as CSV, for other programs; returns how many there are. Raises as `workbook` does."""
        require(self._store, actor, Right.EXPORT)
        return self._export(path, days, actor=actor, write=self._write_table)

    def has_records(self, days: Days, *, actor: Actor) -> bool:
        """Whether a workbook of these days would hold any. Raises as `workbook` does."""
        require(self._store, actor, Right.EXPORT)

        def query(repositories: Repositories) -> bool:
            self._course(repositories, days.course_id)
            chosen = to_take_along(repositories, actor, days.filter(self._zone))
            return next(iter(repositories.reports.rows(chosen)), None) is not None

        return self._store.read(query)

    def _export(self, path: Path, days: Days, *, actor: Actor, write: WorkbookWriter) -> int:
        if days.first and days.last and days.last < days.first:
            raise ConflictError(_("The last day lies before the first."), _("Please swap the two dates."))

        def query(repositories: Repositories) -> int:
            course = self._course(repositories, days.course_id)
            rules = SchoolRules.from_texts(repositories.school_settings.all())
            context = ReportContext(
                chosen=to_take_along(repositories, actor, days.filter(self._zone)),
                course_label=course.label if course else _("All courses"),
                generated_at=self._clock.now(),
                generated_by=actor.name,
                zone=self._zone,
                version=__version__,
                log_head=_log_head(repositories),
                school=rules.school_name,
                limit_percent=rules.attendance_limit_percent,
                outs_of=check_out_queries(repositories).of_session if rules.check_out.is_on else None,
            )
            return write(path, repositories, context)

        count = self._store.read(query)
        self._store.write(
            lambda repositories: repositories.audit.add(
                self._clock.now(), actor.name, "records.exported", path.name, f"{count} records"
            )
        )
        return count

    def suggested_name(self, course: Course | None) -> str:
        """A file name that says what is in it, such as ``attendance-CS101-2026-11-23.xlsx``."""
        label = "".join(letter for letter in course.code if letter.isalnum()) if course else "all"
        return f"attendance-{label}-{self._clock.now().astimezone(self._zone).date().isoformat()}.xlsx"

    def _course(self, repositories: Repositories, course_id: int | None) -> Course | None:
        if course_id is None:
            return None
        course = repositories.courses.get(course_id)
        if course is None:
            raise NotFoundError(_("That course does not exist any more."))
        return course


def _log_head(repositories: Repositories) -> str:
    head = repositories.audit.head()
    return f"{head[0]} {head[1]}" if head is not None else ""
