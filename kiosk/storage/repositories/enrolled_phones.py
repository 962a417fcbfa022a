"""Phones that were enrolled at the kiosk. Runs inside the caller's transaction."""

from datetime import UTC, datetime

from sqlalchemy import delete, update
from sqlmodel import col, select

from kiosk.domain.phones.enrolled import EnrolledPhone
from kiosk.domain.phones.phone_key import PhoneKey
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

    def with_keys(self) -> dict[str, EnrolledPhone]:
        """All that have a key, by the digests of their secrets."""
        wanted = select(EnrolledPhoneRow).where(col(EnrolledPhoneRow.public_key).is_not(None))
        return {row.secret_hash: _phone_of(row) for row in self._db_session.exec(wanted)}

    def add(
        self,
        student_id: int,
        secret_hash: str,
        *,
        kind: str,
        enrolled_at: datetime,
        enrolled_by: str,
        key: PhoneKey | None = None,
    ) -> EnrolledPhone:
        """Raises NotFoundError for an unknown student."""
        row = EnrolledPhoneRow(
            student_id=student_id,
            secret_hash=secret_hash,
            kind=kind,
            enrolled_at=enrolled_at,
            enrolled_by=enrolled_by,
            credential_id=key.credential_id if key else None,
            public_key=key.public_key if key else None,
            sign_count=key.sign_count if key else None,
        )
        self._insert(row, (StudentRow, student_id))
        return _phone_of(row)

    def count(self, phone_id: int, sign_count: int) -> bool:
        """Note how often a phone signed; False where it is gone, or said as much before: one of two is a copy."""
        later = (
            update(EnrolledPhoneRow)
            .where(col(EnrolledPhoneRow.id) == phone_id, col(EnrolledPhoneRow.sign_count) < sign_count)
            .values(sign_count=sign_count)
        )
        return self._db_session.exec(later).rowcount > 0

    def remove(self, phone_id: int) -> bool:
        """Whether there was one."""
        gone = delete(EnrolledPhoneRow).where(col(EnrolledPhoneRow.id) == phone_id)
        return self._db_session.exec(gone).rowcount > 0

    def remove_of(self, student_id: int) -> int:
        """Remove all of a student; returns how many."""
        gone = delete(EnrolledPhoneRow).where(col(EnrolledPhoneRow.student_id) == student_id)
        return self._db_session.exec(gone).rowcount


def _phone_of(row: EnrolledPhoneRow) -> EnrolledPhone:
    key = None
    if row.credential_id is not None and row.public_key is not None:
        key = PhoneKey(row.credential_id, row.public_key, row.sign_count or 0)
    enrolled_at = row.enrolled_at.astimezone(UTC)
    return EnrolledPhone(row.id, row.student_id, row.kind, enrolled_at, row.enrolled_by, key)
