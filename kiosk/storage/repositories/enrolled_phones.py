"""Phones that were enrolled at the kiosk. Runs inside the caller's transaction."""

from datetime import UTC, datetime

from sqlalchemy import delete
from sqlmodel import col, select

from kiosk.domain.phones.enrolled import EnrolledPhone
from kiosk.storage.database.tables import EnrolledPhoneRow, StudentRow
from kiosk.storage.repositories.repository import Repository


class EnrolledPhones(Repository):
    """A phone is one student's; a student may have several."""

    def by_hash(self, secret_hash: str) -> EnrolledPhone | None:
        """The phone whose secret has this digest."""
        wanted = select(EnrolledPhoneRow).where(EnrolledPhoneRow.secret_hash == secret_hash)
        row = self._db_session.exec(wanted).one_or_none()
        return _phone_of(row) if row else None

    def of_student(self, student_id: int) -> list[EnrolledPhone]:
        """Oldest first."""
        wanted = select(EnrolledPhoneRow).where(EnrolledPhoneRow.student_id == student_id)
        return [_phone_of(row) for row in self._db_session.exec(wanted.order_by(col(EnrolledPhoneRow.id)))]

    def add(
        self, student_id: int, secret_hash: str, *, kind: str, enrolled_at: datetime, enrolled_by: str
    ) -> EnrolledPhone:
        """Raises NotFoundError for an unknown student."""
        row = EnrolledPhoneRow(
            student_id=student_id,
            secret_hash=secret_hash,
            kind=kind,
            enrolled_at=enrolled_at,
            enrolled_by=enrolled_by,
        )
        self._insert(row, (StudentRow, student_id))
        return _phone_of(row)

    def remove(self, phone_id: int) -> bool:
        """Whether there was one."""
        gone = delete(EnrolledPhoneRow).where(col(EnrolledPhoneRow.id) == phone_id)
        return self._db_session.exec(gone).rowcount > 0

    def remove_of(self, student_id: int) -> int:
        """Remove all of a student; returns how many."""
        gone = delete(EnrolledPhoneRow).where(col(EnrolledPhoneRow.student_id) == student_id)
        return self._db_session.exec(gone).rowcount


def _phone_of(row: EnrolledPhoneRow) -> EnrolledPhone:
    return EnrolledPhone(row.id, row.student_id, row.kind, row.enrolled_at.astimezone(UTC), row.enrolled_by)
