"""Students' objections in the database. Runs inside the caller's transaction."""

from datetime import UTC, datetime

from sqlalchemy import func, update
from sqlmodel import col, select

from kiosk.domain.records.objections import Objection, ObjectionOutcome
from kiosk.errors import ConflictError
from kiosk.storage.database.tables import AttendanceRecordRow, ClassSessionRow, ObjectionRow
from kiosk.storage.repositories.class_sessions import is_there
from kiosk.storage.repositories.repository import Repository
from kiosk.translation import _


class MadeObjections(Repository):
    """Objections to attendance records; at most one that is open for each record."""

    def get(self, objection_id: int) -> Objection | None:
        row = self._db_session.get(ObjectionRow, objection_id, populate_existing=True)
        return objection_of(row) if row else None

    def of_record(self, record_id: int) -> list[Objection]:
        """Oldest first."""
        wanted = (
            select(ObjectionRow).where(ObjectionRow.record_id == record_id).order_by(col(ObjectionRow.id))
        )
        return [objection_of(row) for row in self._db_session.exec(wanted)]

    def of_student(self, student_id: int) -> list[Objection]:
        """To any record of the student, oldest first."""
        wanted = (
            select(ObjectionRow)
            .join(AttendanceRecordRow, col(AttendanceRecordRow.id) == ObjectionRow.record_id)
            .where(AttendanceRecordRow.student_id == student_id)
            .order_by(col(ObjectionRow.id))
        )
        return [objection_of(row) for row in self._db_session.exec(wanted)]

    def open_of_session(self, session_id: int) -> list[tuple[int, Objection]]:
        """Student ids with the objections that wait, oldest first; none of a session that was deleted."""
        wanted = (
            select(AttendanceRecordRow.student_id, ObjectionRow)
            .join(ObjectionRow, col(AttendanceRecordRow.id) == ObjectionRow.record_id)
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(
                AttendanceRecordRow.session_id == session_id, is_there(), col(ObjectionRow.outcome).is_(None)
            )
            .order_by(col(ObjectionRow.made_at), col(ObjectionRow.id))
        )
        return [(student_id, objection_of(row)) for student_id, row in self._db_session.exec(wanted)]

    def open_by_session(self, course_id: int) -> dict[int, int]:
        """How many wait, by session id; only sessions that have some."""
        counted = (
            select(AttendanceRecordRow.session_id, func.count())
            .join(ObjectionRow, col(AttendanceRecordRow.id) == ObjectionRow.record_id)
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(ClassSessionRow.course_id == course_id, is_there(), col(ObjectionRow.outcome).is_(None))
            .group_by(col(AttendanceRecordRow.session_id))
        )
        return dict(self._db_session.exec(counted).all())

    def add(self, *, record_id: int, reason: str, made_at: datetime) -> Objection:
        """Raises ConflictError when one to this record waits already, NotFoundError for an unknown record."""
        row = ObjectionRow(record_id=record_id, reason=reason, made_at=made_at)
        waits = ConflictError(_("Your teacher has not answered your last message about this yet."))
        self._insert(row, (AttendanceRecordRow, record_id), taken=waits)
        return objection_of(row)

    def close(self, objection: Objection) -> None:
        """Write down outcome and answer.

        Raises ConflictError when it does not wait any more (somebody else was faster).
        """
        changed = self._db_session.exec(
            update(ObjectionRow)
            .where(col(ObjectionRow.id) == objection.objection_id, col(ObjectionRow.outcome).is_(None))
            .values(
                outcome=objection.outcome.value if objection.outcome else None,
                answer=objection.answer,
                answered_at=objection.answered_at,
                answered_by=objection.answered_by,
            )
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount != 1:
            raise ConflictError(_("This objection was answered meanwhile."), _("Look at the list again."))


def objection_of(row: ObjectionRow) -> Objection:
    """The domain value of a row."""
    return Objection(
        objection_id=row.id,
        record_id=row.record_id,
        reason=row.reason,
        made_at=row.made_at.astimezone(UTC),
        outcome=ObjectionOutcome(row.outcome) if row.outcome else None,
        answer=row.answer,
        answered_at=row.answered_at.astimezone(UTC) if row.answered_at else None,
        answered_by=row.answered_by,
    )
