"""Class sessions in the database. Runs inside the caller's transaction."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import Cancellation, ClassSession, DeletedSession
from kiosk.errors import ConflictError
from kiosk.storage.database.check_out_tables import CheckOutRow
from kiosk.storage.database.recheck_tables import RecheckRow, RecheckStudentRow
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    CourseRow,
    DeviceUseRow,
    IncidentRow,
    ObjectionRow,
    PendingClaimRow,
    RecordHistoryRow,
    StoreFactRow,
    SuspectedAttackRow,
)
from kiosk.storage.repositories.record_seals import RecordSeals
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.students import forget_in_merges
from kiosk.translation import _

REMOVED: Final = "class_sessions.removed"


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
        clock_moved=timedelta(seconds=row.clock_moved_s),
        is_replay=row.is_replay,
        note=row.note,
        room=row.room,
        cancelled=_cancellation_of(row),
        added_at=row.added_at.astimezone(UTC) if row.added_at else None,
        reopened_until=row.reopened_until.astimezone(UTC) if row.reopened_until else None,
        check_out_since=row.check_out_since.astimezone(UTC) if row.check_out_since else None,
    )


def _cancellation_of(row: ClassSessionRow) -> Cancellation | None:
    if row.cancelled_at is None:
        return None
    return Cancellation(row.cancelled_at.astimezone(UTC), row.cancelled_by, row.cancel_reason)


def is_there() -> ColumnElement[bool]:
    """Holds for class sessions that nobody deleted: every list of sessions, and of records of many, asks this."""
    return col(ClassSessionRow.deleted_at).is_(None)


def counts() -> ColumnElement[bool]:
    """Holds for class sessions that were neither deleted nor cancelled: every rate and every number of absences asks this."""
    return col(ClassSessionRow.deleted_at).is_(None) & col(ClassSessionRow.cancelled_at).is_(None)


def do_not_count() -> SelectOfScalar[int]:
    """Ids of class sessions that were deleted or cancelled: few, for queries that otherwise read records alone."""
    return select(ClassSessionRow.id).where(~counts())


class ClassSessions(Repository):
    """Meetings of courses; those that were deleted and can still be put back are not among them."""

    def get(self, session_id: int) -> ClassSession | None:
        row = self._db_session.get(ClassSessionRow, session_id)
        return class_session_of(row) if row and row.deleted_at is None else None

    def hold(self, session_id: int) -> ClassSession | None:
        """The session, decided on by nobody else until this transaction ends.

        Whoever decides by what is stored of a session holds it first, and before the log (`AuditLog.add`): other kiosks on the
        same server wait then, and see what was decided. SQLite has one writer anyway.
        """
        held = {"key_share": True}  # who only refers to the session goes on
        row = self._db_session.get(ClassSessionRow, session_id, with_for_update=held, populate_existing=True)
        return class_session_of(row) if row and row.deleted_at is None else None

    def server_time(self) -> datetime | None:
        """What a server's clock says, which all kiosks on it share; None with SQLite."""
        connection = self._db_session.connection()
        if connection.dialect.name == "sqlite":
            return None
        now: datetime = connection.execute(select_columns(func.now())).scalar_one()
        return now.astimezone(UTC)

    def open_ones(self) -> list[ClassSession]:
        """Oldest first."""
        wanted = (
            select(ClassSessionRow)
            .where(col(ClassSessionRow.ended_at).is_(None), is_there())
            .order_by(col(ClassSessionRow.started_at), col(ClassSessionRow.id))
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def of_course(self, course_id: int) -> list[ClassSession]:
        """Newest first."""
        wanted = (
            select(ClassSessionRow)
            .where(ClassSessionRow.course_id == course_id, is_there())
            .order_by(col(ClassSessionRow.started_at).desc(), col(ClassSessionRow.id).desc())
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def latest(self, since: datetime) -> list[ClassSession]:
        """Sessions of all courses started at or after `since`, newest first."""
        wanted = (
            select(ClassSessionRow)
            .where(ClassSessionRow.started_at >= since, is_there())
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
        self._never_again(row)
        self._insert(row, (CourseRow, course_id))
        return class_session_of(row)

    def note_replay(self, session_id: int) -> ClassSession:
        """Say that a session was made from a recording, and may be taken back. Raises NotFoundError for an unknown one."""
        row = self._get(ClassSessionRow, session_id)
        row.is_replay = True
        self._db_session.flush()
        return class_session_of(row)

    def end(self, session_id: int, ended_at: datetime) -> None:
        """Raises NotFoundError for an unknown session, ConflictError for one that has ended."""
        row = self._get(ClassSessionRow, session_id)
        if row.ended_at is not None:
            raise ConflictError(_("This class session has ended already."), _("Start a new one to go on."))
        RecordSeals(db_session=self._db_session).before_change(session_id)
        row.ended_at = ended_at
        row.reopened_until = None
        self._db_session.flush()

    def set_clock_moved(self, session_id: int, moved: timedelta) -> None:
        """Keep how far the PC's clock stands ahead of the session's time. Raises NotFoundError for an unknown session."""
        self._get(ClassSessionRow, session_id).clock_moved_s = moved.total_seconds()
        self._db_session.flush()

    def with_clock_moved(self) -> list[ClassSession]:
        """Those during which the clock was moved, and whose times do not have it yet, newest first."""
        wanted = (
            select(ClassSessionRow)
            .where(ClassSessionRow.clock_moved_s != 0, is_there())
            .order_by(col(ClassSessionRow.started_at).desc(), col(ClassSessionRow.id).desc())
        )
        return [class_session_of(row) for row in self._db_session.exec(wanted)]

    def add_clock_moved(self, session_id: int) -> None:
        """Add what the clock was moved by to the times of a session and of what was seen in it; then it was moved by nothing.

        The records' times are not among them (`AttendanceRecords.correct`). Raises NotFoundError for an unknown session.
        """
        row = self._get(ClassSessionRow, session_id)
        moved, ended_at = timedelta(seconds=row.clock_moved_s), row.ended_at
        for use in self._db_session.exec(select(DeviceUseRow).where(DeviceUseRow.session_id == session_id)):
            use.at += moved
            use.scanned_at = use.scanned_at + moved if use.scanned_at else None
        for incident in self._db_session.exec(
            select(IncidentRow).where(IncidentRow.session_id == session_id)
        ):
            incident.at += moved
        attacks = select(SuspectedAttackRow).where(SuspectedAttackRow.session_id == session_id)
        for attack in self._db_session.exec(attacks):
            attack.at += moved
        self._move_later_proofs(session_id, moved)
        row.started_at += moved
        row.ended_at = ended_at + moved if ended_at else None
        row.clock_moved_s = 0.0
        self._db_session.flush()

    def _move_later_proofs(self, session_id: int, moved: timedelta) -> None:
        rechecks = self._db_session.exec(select(RecheckRow).where(RecheckRow.session_id == session_id)).all()
        for one in rechecks:
            for name in ("due_at", "began_at", "closes_at", "ended_at"):
                moment = getattr(one, name)
                setattr(one, name, moment + moved if moment else None)
        shown = select(RecheckStudentRow).where(
            col(RecheckStudentRow.recheck_id).in_([one.id for one in rechecks])
        )
        for asked in self._db_session.exec(shown):
            asked.shown_at = asked.shown_at + moved if asked.shown_at else None
        for out in self._db_session.exec(select(CheckOutRow).where(CheckOutRow.session_id == session_id)):
            out.left_at = out.left_at + moved if out.left_at else None

    def newest_moment(self, session_id: int) -> datetime | None:
        """The latest time that is known of a session: of its start, a record or a claim; None for an unknown one."""
        session = self.get(session_id)
        if session is None:
            return None
        known = [session.started_at]
        for latest in (
            select(func.max(AttendanceRecordRow.marked_at)).where(
                AttendanceRecordRow.session_id == session_id
            ),
            select(func.max(PendingClaimRow.made_at)).where(PendingClaimRow.session_id == session_id),
        ):
            moment = self._db_session.exec(latest).one()
            if moment is not None:
                known.append(moment.astimezone(UTC))
        return max(known)

    def deleted(self, *, before: datetime | None = None) -> list[DeletedSession]:
        """Those that were deleted (before a moment) and can still be put back, the newest deletion first."""
        wanted = select(ClassSessionRow).where(col(ClassSessionRow.deleted_at).is_not(None))
        if before is not None:
            wanted = wanted.where(col(ClassSessionRow.deleted_at) < before)
        ordered = wanted.order_by(col(ClassSessionRow.deleted_at).desc(), col(ClassSessionRow.id).desc())
        return [
            DeletedSession(class_session_of(row), row.deleted_at.astimezone(UTC), row.deleted_by)
            for row in self._db_session.exec(ordered)
            if row.deleted_at is not None
        ]

    def remove(self, session_id: int) -> None:
        """Forget a session and all that stands under it; does nothing for an unknown one."""
        RecordSeals(db_session=self._db_session).before_change(session_id)
        records = select(AttendanceRecordRow.id).where(AttendanceRecordRow.session_id == session_id)
        for below in (ObjectionRow, RecordHistoryRow):
            self._db_session.exec(delete(below).where(col(below.record_id).in_(records)))
        rechecks = select(RecheckRow.id).where(RecheckRow.session_id == session_id)
        self._db_session.exec(
            delete(RecheckStudentRow).where(col(RecheckStudentRow.recheck_id).in_(rechecks))
        )
        for kind in (
            RecheckRow,
            CheckOutRow,
            AttendanceRecordRow,
            PendingClaimRow,
            DeviceUseRow,
            IncidentRow,
            SuspectedAttackRow,
        ):
            self._db_session.exec(delete(kind).where(col(kind.session_id) == session_id))
        forget_in_merges(self._db_session, session_id)
        self._db_session.exec(delete(ClassSessionRow).where(col(ClassSessionRow.id) == session_id))
        removed = self._db_session.get(StoreFactRow, REMOVED) or StoreFactRow(name=REMOVED, value="0")
        removed.value = str(max(int(removed.value), session_id))
        self._db_session.add(removed)
        self._db_session.flush()

    def _never_again(self, row: ClassSessionRow) -> None:
        """Give no number again that a removed session had, as SQLite would: the log goes on to name it."""
        removed = self._db_session.get(StoreFactRow, REMOVED)
        if removed is None or self._db_session.get_bind().dialect.name != "sqlite":
            return
        highest = self._db_session.exec(select(func.max(ClassSessionRow.id))).one() or 0
        if highest <= int(removed.value):
            row.id = int(removed.value) + 1

    def set_check_out(self, session_id: int, since: datetime | None) -> ClassSession:
        """Let students check out since a moment, or not any more. Raises NotFoundError for an unknown session."""
        row = self._get(ClassSessionRow, session_id)
        row.check_out_since = since
        self._db_session.flush()
        return class_session_of(row)

    def set_headcount(self, session_id: int, headcount: int | None) -> ClassSession:
        """Raises NotFoundError for an unknown session."""
        row = self._get(ClassSessionRow, session_id)
        row.headcount = headcount
        self._db_session.flush()
        return class_session_of(row)
