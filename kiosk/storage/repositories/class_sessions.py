"""Class sessions in the database. Runs inside the caller's transaction."""

from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.errors import ConflictError
from kiosk.storage.database.tables import ClassSessionRow, CourseRow
from kiosk.storage.repositories.repository import Repository
from kiosk.translation import _


def class_session_of(row: ClassSessionRow) -> ClassSession:
    """The domain value of a row."""
    return ClassSession(
        session_id=row.id,
        course_id=row.course_id,
        started_at=row.started_at.astimezone(UTC),
        ended_at=row.ended_at.astimezone(UTC) if row.ended_at else None,
        late_after=timedelta(seconds=row.late_after_s),
        policy=ProofPolicy(row.policy),
        liveness=LivenessMode(row.liveness),
        started_by=row.started_by,
        model=row.model,
        code_key=row.code_key,
        headcount=row.headcount,
    )


class ClassSessions(Repository):
    """Meetings of courses."""

    def get(self, session_id: int) -> ClassSession | None:
        row = self._db_session.get(ClassSessionRow, session_id)
        return class_session_of(row) if row else None

    def open_ones(self) -> list[ClassSession]:
        """Oldest first."""
        wanted = (
            select(ClassSessionRow)
            .where(col(ClassSessionRow.ended_at).is_(None))
            .order_by(col(ClassSessionRow.started_at), col(ClassSessionRow.id))
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def of_course(self, course_id: int) -> list[ClassSession]:
        """Newest first."""
        wanted = (
            select(ClassSessionRow)
            .where(ClassSessionRow.course_id == course_id)
            .order_by(col(ClassSessionRow.started_at).desc(), col(ClassSessionRow.id).desc())
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def latest(self, since: datetime) -> list[ClassSession]:
        """Sessions of all courses started at or after `since`, newest first."""
        wanted = (
            select(ClassSessionRow)
            .where(ClassSessionRow.started_at >= since)
            .order_by(col(ClassSessionRow.started_at).desc(), col(ClassSessionRow.id).desc())
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def add(
        self,
        *,
        course_id: int,
        started_at: datetime,
        late_after: timedelta,
        policy: ProofPolicy,
        liveness: LivenessMode,
        started_by: str,
        model: str,
        code_key: bytes,
    ) -> ClassSession:
        """Raises NotFoundError when the course does not exist."""
        row = ClassSessionRow(
            course_id=course_id,
            started_at=started_at,
            late_after_s=late_after.total_seconds(),
            policy=policy.value,
            liveness=liveness.value,
            started_by=started_by,
            model=model,
            code_key=code_key,
        )
        self._insert(row, (CourseRow, course_id))
        return class_session_of(row)

    def end(self, session_id: int, ended_at: datetime) -> None:
        """Raises NotFoundError for an unknown session, ConflictError for one that has ended."""
        row = self._get(ClassSessionRow, session_id)
        if row.ended_at is not None:
            raise ConflictError(_("This class session has ended already."), _("Start a new one to go on."))
        row.ended_at = ended_at
        self._db_session.flush()

    def set_headcount(self, session_id: int, headcount: int | None) -> ClassSession:
        """Raises NotFoundError for an unknown session."""
        row = self._get(ClassSessionRow, session_id)
        row.headcount = headcount
        self._db_session.flush()
        return class_session_of(row)
