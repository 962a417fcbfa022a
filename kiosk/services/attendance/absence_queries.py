"""Planned absences in the database, and the records that they are about. Runs inside the caller's transaction."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, delete
from sqlmodel import col, select

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.planned_absence import PlannedAbsence
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import ReportFilter
from kiosk.storage.database.absence_tables import PlannedAbsenceRow
from kiosk.storage.database.tables import AttendanceRecordRow, ClassSessionRow, CourseRow, StudentRow
from kiosk.storage.repositories.class_sessions import class_session_of
from kiosk.storage.repositories.courses import course_of
from kiosk.storage.repositories.records import record_of
from kiosk.storage.repositories.reports import chosen_sessions
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.school_statuses import OwnStatuses
from kiosk.storage.repositories.students import student_of


class AbsenceQueries(Repository):
    """Reads and writes them."""

    def get(self, absence_id: int) -> PlannedAbsence | None:
        row = self._db_session.get(PlannedAbsenceRow, absence_id)
        return _absence_of(row) if row else None

    def on(self, day: date, student_ids: Collection[int]) -> dict[int, PlannedAbsence]:
        """Of some students on a day, by student; of several the one that was entered last."""
        if not student_ids:
            return {}
        wanted = self._covering(
            col(PlannedAbsenceRow.first_day) <= day, col(PlannedAbsenceRow.last_day) >= day
        )
        return {one.student_id: one for one in wanted if one.student_id in student_ids}

    def from_day(self, day: date) -> list[tuple[Student, PlannedAbsence]]:
        """All that are not over on a day, the first to begin first."""
        wanted = (
            select(StudentRow, PlannedAbsenceRow)
            .join(PlannedAbsenceRow, col(PlannedAbsenceRow.student_id) == StudentRow.id)
            .where(col(PlannedAbsenceRow.last_day) >= day, col(StudentRow.deleted_at).is_(None))
            .order_by(
                col(PlannedAbsenceRow.first_day), col(StudentRow.sort_name_folded), col(PlannedAbsenceRow.id)
            )
        )
        return [(student_of(student), _absence_of(row)) for student, row in self._db_session.exec(wanted)]

    def add(self, absence: PlannedAbsence) -> PlannedAbsence:
        """Its id is made here. Raises NotFoundError: no such student."""
        row = PlannedAbsenceRow(
            student_id=absence.student_id,
            first_day=absence.first_day,
            last_day=absence.last_day,
            reason=absence.reason,
            made_at=absence.made_at,
            made_by=absence.made_by,
        )
        self._insert(row, (StudentRow, absence.student_id))
        return _absence_of(row)

    def remove(self, absence_id: int) -> None:
        """Does nothing for an unknown one."""
        self._db_session.exec(delete(PlannedAbsenceRow).where(col(PlannedAbsenceRow.id) == absence_id))

    def records(
        self, student_ids: Collection[int], chosen: ReportFilter
    ) -> list[tuple[Student, Course, ClassSession, AttendanceRecord]]:
        """Of some students in ended sessions, the oldest session first, then by name; cancelled sessions, too."""
        wanted = (
            select(StudentRow, CourseRow, ClassSessionRow, AttendanceRecordRow)
            .join(AttendanceRecordRow, col(AttendanceRecordRow.student_id) == StudentRow.id)
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .join(CourseRow, col(CourseRow.id) == ClassSessionRow.course_id)
            .where(
                col(StudentRow.id).in_(student_ids),
                col(ClassSessionRow.ended_at).is_not(None),
                *chosen_sessions(chosen, cancelled=True),
            )
            .order_by(
                col(ClassSessionRow.started_at), col(ClassSessionRow.id), col(StudentRow.sort_name_folded)
            )
        )
        return [
            (
                student_of(student),
                course_of(course),
                class_session_of(session),
                record_of(record, OwnStatuses(db_session=self._db_session)),
            )
            for student, course, session, record in self._db_session.exec(wanted)
        ]

    def _covering(self, *conditions: ColumnElement[bool]) -> Sequence[PlannedAbsence]:
        wanted = select(PlannedAbsenceRow).where(*conditions).order_by(col(PlannedAbsenceRow.id))
        return [_absence_of(row) for row in self._db_session.exec(wanted)]


def _absence_of(row: PlannedAbsenceRow) -> PlannedAbsence:
    made_at: datetime = row.made_at.astimezone(UTC)
    return PlannedAbsence(
        row.id, row.student_id, row.first_day, row.last_day, row.reason, made_at, row.made_by
    )
