"""Taking a student out of the database so that counts of past classes stay. Runs inside the caller's transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, or_
from sqlmodel import col, select

from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.throttle import account_of
from kiosk.storage.database.absence_tables import PlannedAbsenceRow
from kiosk.storage.database.check_out_tables import CheckOutRow
from kiosk.storage.database.message_tables import MessageRow, StudentContactRow
from kiosk.storage.database.recheck_tables import RecheckStudentRow
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    ConsentCodeRow,
    ConsentRow,
    DeviceUseRow,
    EnrolledPhoneRow,
    FacePairRow,
    IncidentRow,
    ObjectionRow,
    PendingClaimRow,
    RecordHistoryRow,
    RegistrationRow,
    StudentMergeRow,
    StudentRow,
)
from kiosk.storage.repositories.audit import STUDENT_DELETED
from kiosk.storage.repositories.faces import REMOVED
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.repositories.repository import Repository
from kiosk.storage.repositories.students import student_of

_OWN: Final = (
    ConsentRow,
    ConsentCodeRow,
    DeviceUseRow,
    EnrolledPhoneRow,
    PendingClaimRow,
    PlannedAbsenceRow,
    RecheckStudentRow,
    CheckOutRow,
    MessageRow,
    StudentContactRow,
)
"""Tables whose rows are about one student and go with them."""

_KEPT_OF_EVIDENCE: Final = frozenset({"method", "at"})


@dataclass(frozen=True, slots=True)
class Removed:
    """How many pictures went, and how many records stay under a number that says nothing."""

    pictures: int
    records: int


def remove_student(
    repositories: Repositories,
    student: Student,
    *,
    actor: str,
    now: datetime,
    deleted_at: datetime,
    leaves_on: date,
) -> Removed:
    """Delete a student: face, key, answers, PIN, traces, messages, name, number and address; the log says so.

    Args:
        repositories: Those of the transaction.
        student: Who goes.
        actor: As it stands in the log.
        now: When it is written there.
        deleted_at: When the student was deleted first: now, unless a restored database follows what came after it.
        leaves_on: The first day on which the student is in no course any more.
    """
    student_id = student.student_id
    removal = StudentRemoval(db_session=repositories.db_session)
    pictures = repositories.faces.forget(student_id)
    repositories.db_session.info.setdefault(REMOVED, []).append(student.student_no)
    repositories.failures.forgive(account_of(student.student_no))
    for session_id in removal.classes_of(student_id):
        repositories.record_seals.before_change(session_id)
    for former in removal.merged_into(student_id):
        remove_student(
            *(repositories, former), actor=actor, now=now, deleted_at=deleted_at, leaves_on=leaves_on
        )
    records = removal.remove(student_id, leaves_on=leaves_on, at=deleted_at)
    detail = f"{pictures} samples deleted, {records} records stay nameless"
    repositories.audit.add(now, actor, STUDENT_DELETED, student.student_no, detail)
    return Removed(pictures, records)


class StudentRemoval(Repository):
    """Deletes what is about one student, and makes a nameless row of the student."""

    def has_open_class(self, student_id: int) -> bool:
        """Whether a class that is open has the student on its roster or among its records."""
        registered = select(RegistrationRow.course_id).where(
            RegistrationRow.student_id == student_id, col(RegistrationRow.until).is_(None)
        )
        marked = select(AttendanceRecordRow.session_id).where(AttendanceRecordRow.student_id == student_id)
        wanted = select(ClassSessionRow.id).where(
            col(ClassSessionRow.ended_at).is_(None),
            or_(col(ClassSessionRow.course_id).in_(registered), col(ClassSessionRow.id).in_(marked)),
        )
        return self._db_session.exec(wanted.limit(1)).first() is not None

    def merged_into(self, student_id: int) -> list[Student]:
        """Who was merged into the student, and is deleted with him or her."""
        wanted = select(StudentRow).where(StudentRow.merged_into_id == student_id)
        return [student_of(row) for row in self._db_session.exec(wanted) if row.deleted_at is None]

    def classes_of(self, student_id: int) -> list[int]:
        """Ids of the classes in which the student has a record."""
        wanted = select(AttendanceRecordRow.session_id).where(AttendanceRecordRow.student_id == student_id)
        return sorted(set(self._db_session.exec(wanted)))

    def remove(self, student_id: int, *, leaves_on: date, at: datetime) -> int:
        """Delete all but registrations and records, and strip these; returns how many records stay, nameless."""
        records = select(AttendanceRecordRow.id).where(AttendanceRecordRow.student_id == student_id)
        for kind in (ObjectionRow, RecordHistoryRow):
            self._db_session.exec(delete(kind).where(col(kind.record_id).in_(records)))
        for own in _OWN:
            self._db_session.exec(delete(own).where(col(own.student_id) == student_id))
        merges = or_(col(StudentMergeRow.kept_id) == student_id, col(StudentMergeRow.gone_id) == student_id)
        self._db_session.exec(delete(StudentMergeRow).where(merges))
        for naming in (IncidentRow, FacePairRow):
            where = or_(col(naming.student_id) == student_id, col(naming.other_id) == student_id)
            self._db_session.exec(delete(naming).where(where))
        self._end_registrations(student_id, leaves_on)
        stay = self._strip_records(student_id)
        row = self._get(StudentRow, student_id)
        row.student_no, row.full_name = f"deleted-{student_id}", "–"
        row.student_no_folded, row.full_name_folded = fold(row.student_no), fold(row.full_name)
        row.sort_name_folded = row.full_name_folded
        row.family_name = row.called = row.system_id = ""
        row.email = row.pin_hash = None
        row.deleted_at = at
        self._db_session.flush()
        return stay

    def _end_registrations(self, student_id: int, leaves_on: date) -> None:
        wanted = select(RegistrationRow).where(
            RegistrationRow.student_id == student_id,
            or_(col(RegistrationRow.until).is_(None), col(RegistrationRow.until) > leaves_on),
        )
        for row in self._db_session.exec(wanted):
            if row.since < leaves_on:
                row.until = leaves_on
            else:
                self._db_session.delete(row)

    def _strip_records(self, student_id: int) -> int:
        """What was measured, which phone, who corrected and why goes; status, time and method stay."""
        rows = self._db_session.exec(
            select(AttendanceRecordRow).where(AttendanceRecordRow.student_id == student_id)
        ).all()
        for row in rows:
            row.evidence = [_stripped(one) for one in row.evidence]
        return len(rows)


def _stripped(proof: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in proof.items() if name in _KEPT_OF_EVIDENCE}
