"""Attendance records and their history in the database. Runs inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, update
from sqlalchemy import Row as ColumnsOfRow
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.attendance.class_tally import standing
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord, Correction, Evidence
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus, base_of, own_of
from kiosk.errors import ConflictError
from kiosk.storage.database.evidence import from_json, to_json
from kiosk.storage.database.tables import AttendanceRecordRow, ClassSessionRow, RecordHistoryRow, StudentRow
from kiosk.storage.repositories.class_sessions import counts as session_counts
from kiosk.storage.repositories.record_seals import RecordSeals
from kiosk.storage.repositories.repository import Repository, unknown
from kiosk.storage.repositories.school_statuses import OwnStatuses
from kiosk.translation import _


def record_columns() -> tuple[ColumnElement[Any], ...]:
    """All columns of a record, to select them without tracking rows."""
    return tuple(AttendanceRecordRow.metadata.tables["attendance_records"].columns)


def record_of(
    row: AttendanceRecordRow | ColumnsOfRow[*tuple[Any, ...]], own: OwnStatuses
) -> AttendanceRecord:
    """The domain value of a row, or of its selected columns."""
    return AttendanceRecord(
        record_id=row.id,
        session_id=row.session_id,
        student_id=row.student_id,
        status=Status(row.status),
        method=Method(row.method) if row.method else None,
        marked_at=row.marked_at.astimezone(UTC),
        evidence=from_json(row.evidence),
        version=row.version,
        policy=ProofPolicy(row.policy),
        own=own.of(row.school_status_id),
    )


class AttendanceRecords(Repository):
    """Attendance records. `UNIQUE(session, student)` stands in the database itself."""

    def __init__(self, *, db_session: Session) -> None:
        super().__init__(db_session=db_session)
        self._own = OwnStatuses(db_session=db_session)

    def find(self, session_id: int, student_id: int) -> AttendanceRecord | None:
        row = self._row(session_id, student_id)
        return record_of(row, self._own) if row else None

    def get(self, record_id: int) -> AttendanceRecord | None:
        """As it stands now, also where this transaction read it before."""
        row = self._db_session.get(AttendanceRecordRow, record_id, populate_existing=True)
        return record_of(row, self._own) if row else None

    def of_session(self, session_id: int) -> list[AttendanceRecord]:
        """By marked_at, oldest first."""
        wanted = (
            select_columns(*record_columns())
            .where(col(AttendanceRecordRow.session_id) == session_id)
            .order_by(col(AttendanceRecordRow.marked_at), col(AttendanceRecordRow.id))
        )
        return [record_of(row, self._own) for row in self._db_session.connection().execute(wanted)]

    def add(
        self,
        *,
        session_id: int,
        student_id: int,
        status: AnyStatus,
        method: Method | None,
        marked_at: datetime,
        evidence: Sequence[Evidence],
    ) -> AttendanceRecord:
        """Raises NotFoundError when the session or the student does not exist."""
        session = self._db_session.get(ClassSessionRow, session_id)
        row = AttendanceRecordRow(
            session_id=session_id,
            student_id=student_id,
            status=base_of(status).value,
            school_status_id=_own_id(status),
            method=method.value if method else None,
            marked_at=marked_at,
            evidence=to_json(evidence),
            policy=session.policy if session else ProofPolicy.EITHER.value,
        )
        marked = ConflictError(
            _("This student is marked already in this class session."), _("Nothing more to do.")
        )
        RecordSeals(db_session=self._db_session).before_change(session_id)
        self._insert(row, (ClassSessionRow, session_id), (StudentRow, student_id), taken=marked)
        return record_of(row, self._own)

    def correct(
        self, record: AttendanceRecord, *, corrected_at: datetime, actor: str, reason: str
    ) -> AttendanceRecord:
        """Raises NotFoundError for an unknown record. Session and student of a record never change."""
        row = self._db_session.get(AttendanceRecordRow, record.record_id, populate_existing=True)
        if row is None:
            raise unknown(AttendanceRecordRow)
        before = record_of(row, self._own)
        RecordSeals(db_session=self._db_session).before_change(before.session_id)
        changed = self._db_session.exec(
            update(AttendanceRecordRow)
            .where(
                col(AttendanceRecordRow.id) == record.record_id,
                col(AttendanceRecordRow.version) == record.version,
            )
            .values(
                status=record.status.value,
                school_status_id=_own_id(record.shown),
                method=record.method.value if record.method else None,
                marked_at=record.marked_at,
                evidence=to_json(record.evidence),
                version=record.version + 1,
            )
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount != 1:
            raise ConflictError(
                _("Somebody else changed this record meanwhile."), _("Look at it again, then decide.")
            )
        self._db_session.add(_history_row(before, corrected_at=corrected_at, actor=actor, reason=reason))
        self._db_session.flush()
        self._db_session.refresh(row)
        return record_of(row, self._own)

    def history(self, record_id: int) -> list[Correction]:
        """What the record was before each correction, oldest first."""
        wanted = (
            select(RecordHistoryRow, AttendanceRecordRow)
            .join(AttendanceRecordRow, col(AttendanceRecordRow.id) == RecordHistoryRow.record_id)
            .where(RecordHistoryRow.record_id == record_id)
            .order_by(col(RecordHistoryRow.version))
        )
        return [_correction_of(old, now, self._own) for old, now in self._db_session.exec(wanted)]

    def undecided(self, *where: ColumnElement[bool]) -> list[AttendanceRecord]:
        """Absences of sessions that are open on which nobody has decided: nobody is counted by them yet."""
        wanted = (
            select_columns(*record_columns())
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(
                col(ClassSessionRow.ended_at).is_(None),
                col(AttendanceRecordRow.status) == Status.ABSENT.value,
                session_counts(),
                *where,
            )
        )
        found = [record_of(row, self._own) for row in self._db_session.connection().execute(wanted)]
        return [record for record in found if standing(record, is_open=True) is None]

    def count(self, course_id: int, student_id: int) -> AttendanceCount:
        """What a student came to in a course, cancelled sessions apart."""
        counted = (
            select(AttendanceRecordRow.status, func.count())
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(
                AttendanceRecordRow.student_id == student_id,
                ClassSessionRow.course_id == course_id,
                session_counts(),
            )
            .group_by(col(AttendanceRecordRow.status))
        )
        total = AttendanceCount()
        for status, number in self._db_session.exec(counted):
            total = total.plus(Status(status), number)
        mine = (
            col(AttendanceRecordRow.student_id) == student_id,
            col(ClassSessionRow.course_id) == course_id,
        )
        for record in self.undecided(*mine):
            total = total.plus(record.status, -1)
        for _key, own, number in self.refinements([], *mine, session_counts()):
            total = total.refined(own, number)
        return total

    def refinements(
        self, keys: Sequence[SQLColumnExpression[Any]], *where: ColumnElement[bool]
    ) -> Iterator[tuple[tuple[Any, ...], SchoolStatus, int]]:
        """(keys, status of the school's own, how many records have it), by columns of records and class sessions.

        Beside the counts of the four, which indexes alone answer; a school without such statuses is asked nothing more.
        """
        if not self._own.exist():
            return
        which = col(AttendanceRecordRow.school_status_id)
        wanted = (
            select_columns(*keys, which, func.count())
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(which.is_not(None), *where)
            .group_by(*keys, which)
        )
        for *key, own_id, number in self._db_session.connection().execute(wanted):
            own = self._own.of(own_id)
            if own is not None:
                yield tuple(key), own, number

    def counts_of(self, session_ids: Collection[int]) -> dict[int, AttendanceCount]:
        """What some sessions came to, by session id; one without a record is left out."""
        counted = (
            select(AttendanceRecordRow.session_id, AttendanceRecordRow.status, func.count())
            .where(col(AttendanceRecordRow.session_id).in_(session_ids))
            .group_by(col(AttendanceRecordRow.session_id), col(AttendanceRecordRow.status))
        )
        return self._without_undecided(
            self._db_session.exec(counted), col(AttendanceRecordRow.session_id).in_(session_ids)
        )

    def counts(self, course_id: int) -> dict[int, AttendanceCount]:
        """What each session of a course came to, by session id, cancelled ones too; one without a record is left out."""
        counted = (
            select(AttendanceRecordRow.session_id, AttendanceRecordRow.status, func.count())
            .join(ClassSessionRow, col(ClassSessionRow.id) == AttendanceRecordRow.session_id)
            .where(ClassSessionRow.course_id == course_id)
            .group_by(col(AttendanceRecordRow.session_id), col(AttendanceRecordRow.status))
        )
        return self._without_undecided(
            self._db_session.exec(counted), col(ClassSessionRow.course_id) == course_id
        )

    def _without_undecided(
        self, counted: Iterable[tuple[int, str, int]], where: ColumnElement[bool]
    ) -> dict[int, AttendanceCount]:
        totals: defaultdict[int, AttendanceCount] = defaultdict(AttendanceCount)
        for session_id, status, number in counted:
            totals[session_id] = totals[session_id].plus(Status(status), number)
        for (session_id,), own, number in self.refinements([col(AttendanceRecordRow.session_id)], where):
            totals[session_id] = totals[session_id].refined(own, number)
        for record in self.undecided(where):
            totals[record.session_id] = totals[record.session_id].plus(record.status, -1)
        return dict(totals)

    def _row(self, session_id: int, student_id: int) -> AttendanceRecordRow | None:
        wanted = select(AttendanceRecordRow).where(
            AttendanceRecordRow.session_id == session_id, AttendanceRecordRow.student_id == student_id
        )
        return self._db_session.exec(wanted).one_or_none()


def _own_id(status: AnyStatus) -> int | None:
    own = own_of(status)
    return own.status_id if own is not None else None


def _history_row(
    before: AttendanceRecord, *, corrected_at: datetime, actor: str, reason: str
) -> RecordHistoryRow:
    return RecordHistoryRow(
        record_id=before.record_id,
        version=before.version,
        status=before.status.value,
        school_status_id=_own_id(before.shown),
        method=before.method.value if before.method else None,
        marked_at=before.marked_at,
        evidence=to_json(before.evidence),
        corrected_at=corrected_at,
        actor=actor,
        reason=reason,
    )


def _correction_of(old: RecordHistoryRow, now: AttendanceRecordRow, own: OwnStatuses) -> Correction:
    before = AttendanceRecord(
        record_id=old.record_id,
        session_id=now.session_id,
        student_id=now.student_id,
        status=Status(old.status),
        method=Method(old.method) if old.method else None,
        marked_at=old.marked_at,
        evidence=from_json(old.evidence),
        version=old.version,
        policy=ProofPolicy(now.policy),
        own=own.of(old.school_status_id),
    )
    return Correction(before, old.corrected_at, old.actor, old.reason)
