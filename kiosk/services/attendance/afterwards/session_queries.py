"""Class sessions in the database, as their page reads and changes them. Runs inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from kiosk.domain.attendance.class_session import Cancellation, ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.storage.database.tables import ClassSessionRow, CourseRow
from kiosk.storage.repositories.class_sessions import class_session_of, is_there
from kiosk.storage.repositories.courses import course_of
from kiosk.storage.repositories.record_seals import RecordSeals
from kiosk.storage.repositories.repository import Repository


class SessionQueries(Repository):
    """Each change raises NotFoundError for an unknown session, and says first that the records' meaning changes."""

    def listed(
        self, course_id: int | None, *, seen: frozenset[int] | None, limit: int
    ) -> list[tuple[Course, ClassSession]]:
        """The newest sessions, of one course or of all of `seen` (None: of all), cancelled ones too."""
        wanted = (
            select(CourseRow, ClassSessionRow)
            .join(ClassSessionRow, col(ClassSessionRow.course_id) == CourseRow.id)
            .where(is_there())
        )
        if course_id is not None:
            wanted = wanted.where(ClassSessionRow.course_id == course_id)
        if seen is not None:
            wanted = wanted.where(col(ClassSessionRow.course_id).in_(seen))
        newest = wanted.order_by(col(ClassSessionRow.started_at).desc(), col(ClassSessionRow.id).desc())
        return [
            (course_of(course), class_session_of(row))
            for course, row in self._db_session.exec(newest.limit(limit))
        ]

    def between(self, course_id: int, first: datetime, last: datetime) -> Sequence[ClassSession]:
        """Sessions of a course that were going on at some time between two moments, the oldest first."""
        wanted = (
            select(ClassSessionRow)
            .where(
                ClassSessionRow.course_id == course_id,
                col(ClassSessionRow.started_at) < last,
                col(ClassSessionRow.ended_at).is_(None) | (col(ClassSessionRow.ended_at) > first),
                is_there(),
            )
            .order_by(col(ClassSessionRow.started_at), col(ClassSessionRow.id))
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def note_added(self, session_id: int, *, ended_at: datetime, added_at: datetime) -> ClassSession:
        """Say of a session that it was held without the kiosk, and until when."""
        row = self._held(session_id)
        row.ended_at, row.added_at = ended_at, added_at
        return self._done(row)

    def describe(self, session_id: int, *, note: str, room: str) -> ClassSession:
        """Change the words that tell it from others."""
        row = self._get(ClassSessionRow, session_id)
        row.note, row.room = note, room
        return self._done(row)

    def set_cancelled(self, session_id: int, cancelled: Cancellation | None) -> ClassSession:
        """Let a session not count; None: let it count again."""
        row = self._held(session_id)
        row.cancelled_at = cancelled.at if cancelled else None
        row.cancelled_by = cancelled.by if cancelled else ""
        row.cancel_reason = cancelled.reason if cancelled else ""
        return self._done(row)

    def set_times(self, session_id: int, started_at: datetime, ended_at: datetime) -> ClassSession:
        """Change when it was held; its records are not touched."""
        row = self._get(ClassSessionRow, session_id)
        row.started_at, row.ended_at = started_at, ended_at
        return self._done(row)

    def open_again(self, session_id: int, until: datetime) -> ClassSession:
        """Take its end back, until a moment at which it ends by itself."""
        row = self._held(session_id)
        row.ended_at, row.reopened_until = None, until
        return self._done(row)

    def set_deleted(self, session_id: int, at: datetime | None, by: str = "") -> ClassSession:
        """Put a session away with its records, or with None back again."""
        row = self._held(session_id)
        row.deleted_at, row.deleted_by = at, by
        return self._done(row)

    def _held(self, session_id: int) -> ClassSessionRow:
        row = self._get(ClassSessionRow, session_id)
        RecordSeals(db_session=self._db_session).before_change(session_id)
        return row

    def _done(self, row: ClassSessionRow) -> ClassSession:
        self._db_session.flush()
        return class_session_of(row)
