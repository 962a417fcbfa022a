"""How much is kept of what goes by its age, and deleting what is too old. Runs inside the caller's transaction."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func
from sqlalchemy import select as select_columns
from sqlmodel import col

from kiosk.domain.school.kept_lines import KeptKind
from kiosk.storage.database.message_tables import MessageRow
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    AuditRow,
    ConsentRow,
    DeviceUseRow,
    EnrolledPhoneRow,
    IncidentRow,
    LoginFailureRow,
    SuspectedAttackRow,
)
from kiosk.storage.repositories.repository import Repository

EXPORTED: Final = ("records.exported", "student.exported", "letters.printed")
"""Entries of the log that say that a file with people's data left the kiosk."""

_MOMENTS: Final[dict[KeptKind, Any]] = {
    KeptKind.TRACES: DeviceUseRow.at,
    KeptKind.PHONES: EnrolledPhoneRow.enrolled_at,
    KeptKind.INCIDENTS: IncidentRow.at,
    KeptKind.EVENTS: SuspectedAttackRow.at,
    KeptKind.FAILURES: LoginFailureRow.last_failure_at,
    KeptKind.MESSAGES: MessageRow.at,
    KeptKind.EXPORTS: AuditRow.at,
    KeptKind.CONSENTS: ConsentRow.recorded_at,
    KeptKind.RECORDS: AttendanceRecordRow.marked_at,
    KeptKind.LOG: AuditRow.at,
}
"""From which moment on each is kept."""


class KeptQueries(Repository):
    """Counts and deletes by age."""

    def count(self, kind: KeptKind, *, before: datetime | None = None) -> tuple[int, datetime | None]:
        """How many there are (from before a moment), and of when the oldest is."""
        moment = col(_MOMENTS[kind])
        where: list[ColumnElement[bool]] = [moment.is_not(None)]
        if kind is KeptKind.EXPORTS:
            where.append(col(AuditRow.action).in_(EXPORTED))
        if before is not None:
            where.append(moment < before)
        number, oldest = self._db_session.execute(
            select_columns(func.count(), func.min(moment)).where(*where)
        ).one()
        return number, oldest

    def forget_events(self, before: datetime) -> int:
        """Delete pictures that were held up, of which only the moment is kept; returns how many."""
        old = delete(SuspectedAttackRow).where(col(SuspectedAttackRow.at) < before)
        return self._db_session.exec(old).rowcount

    def forget_messages(self, before: datetime) -> int:
        """Delete e-mails that were sent, or tried; returns how many."""
        old = delete(MessageRow).where(col(MessageRow.at) < before)
        return self._db_session.exec(old).rowcount

    def forget_failures(self, before: datetime) -> int:
        """Delete counts of wrong sign-ins to which none was added since; returns how many accounts had one."""
        old = delete(LoginFailureRow).where(col(LoginFailureRow.last_failure_at) < before)
        return self._db_session.exec(old).rowcount
