"""Class sessions and records in slices, for readers that page through them. Runs inside the caller's view.

Slices are cut by id ("after this one"), which both SQLite and PostgreSQL answer from the primary key: what is added
meanwhile comes at the end, and no row is shown twice or left out.
"""

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.records.filters import ListedRecord, RecordFilter, ReportFilter
from kiosk.storage.database.tables import AttendanceRecordRow, ClassSessionRow, StudentRow
from kiosk.storage.repositories.class_sessions import class_session_of, is_there
from kiosk.storage.repositories.records import record_of
from kiosk.storage.repositories.reports import chosen_sessions
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.school_statuses import OwnStatuses
from kiosk.storage.repositories.students import student_of


class ListingQueries(Repository):
    """Read-only slices, by id: at most `limit` of those that come after `after_id`.

    Cancelled sessions are listed and say so; their records are not, for whoever adds records up counts them.
    """

    def sessions(
        self, chosen: ReportFilter, *, is_open: bool | None, after_id: int, limit: int
    ) -> list[ClassSession]:
        conditions = chosen_sessions(chosen, cancelled=True)
        if is_open is not None:
            ended = col(ClassSessionRow.ended_at)
            conditions.append(ended.is_(None) if is_open else ended.is_not(None))
        wanted = (
            select(ClassSessionRow)
            .where(col(ClassSessionRow.id) > after_id, *conditions)
            .order_by(col(ClassSessionRow.id))
            .limit(limit)
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def records(self, chosen: RecordFilter, *, after_id: int, limit: int) -> list[ListedRecord]:
        return self._records(col(AttendanceRecordRow.id) > after_id, *_conditions(chosen), limit=limit)

    def record(self, record_id: int) -> ListedRecord | None:
        found = self._records(col(AttendanceRecordRow.id) == record_id, is_there(), limit=1)
        return found[0] if found else None

    def _records(self, *conditions: ColumnElement[bool], limit: int) -> list[ListedRecord]:
        wanted = (
            select(AttendanceRecordRow, StudentRow)
            .join(StudentRow, col(StudentRow.id) == AttendanceRecordRow.student_id)
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(*conditions)
            .order_by(col(AttendanceRecordRow.id))
            .limit(limit)
        )
        return [
            ListedRecord(record_of(record, OwnStatuses(db_session=self._db_session)), student_of(student))
            for record, student in self._db_session.exec(wanted)
        ]


def _conditions(chosen: RecordFilter) -> list[ColumnElement[bool]]:
    conditions = chosen_sessions(chosen.sessions)
    if chosen.session_id is not None:
        conditions.append(col(AttendanceRecordRow.session_id) == chosen.session_id)
    if chosen.student_id is not None:
        conditions.append(col(AttendanceRecordRow.student_id) == chosen.student_id)
    if chosen.status is not None:
        conditions.append(col(AttendanceRecordRow.status) == chosen.status.value)
    return conditions
