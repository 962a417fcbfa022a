"""Codes of printed letters about consent, as keyed hashes. Runs inside the caller's transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from kiosk.storage.database.tables import ConsentCodeRow
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.repositories.repository import Repository


@dataclass(frozen=True, slots=True)
class OpenCode:
    """A code that was not answered yet: whose letter it is on, and until when it can be."""

    student_id: int
    expires_at: datetime


class ConsentCodes(Repository):
    """One open code a student at most; what is answered or over is deleted."""

    def __init__(self, *, db_session: Session, key_ring: KeyRing) -> None:
        super().__init__(db_session=db_session)
        self._key_ring = key_ring

    def find(self, code: str) -> OpenCode | None:
        row = self._row(code)
        return OpenCode(row.student_id, row.expires_at) if row else None

    def put(self, student_id: int, code: str, *, made_at: datetime, made_by: str, until: datetime) -> None:
        """Keep a new code; the one before is no good any more."""
        self.remove_of([student_id])
        self._db_session.add(
            ConsentCodeRow(
                student_id=student_id,
                code_hash=self._hash(code),
                made_at=made_at,
                made_by=made_by,
                expires_at=until,
            )
        )
        self._db_session.flush()

    def use_up(self, code: str) -> bool:
        """Delete a code; False when there is none."""
        gone = delete(ConsentCodeRow).where(col(ConsentCodeRow.code_hash) == self._hash(code))
        return self._db_session.exec(gone).rowcount > 0

    def remove_of(self, student_ids: Collection[int]) -> int:
        """Delete the open codes of these students; returns how many."""
        gone = delete(ConsentCodeRow).where(col(ConsentCodeRow.student_id).in_(student_ids))
        return self._db_session.exec(gone).rowcount

    def remove_over(self, now: datetime) -> int:
        """Delete the codes whose time is over; returns how many."""
        return self._db_session.exec(
            delete(ConsentCodeRow).where(col(ConsentCodeRow.expires_at) <= now)
        ).rowcount

    def count(self, *, over_at: datetime | None = None) -> int:
        """How many there are; with `over_at`, whose time is over then."""
        wanted = select(func.count()).select_from(ConsentCodeRow)
        if over_at is not None:
            wanted = wanted.where(col(ConsentCodeRow.expires_at) <= over_at)
        return self._db_session.exec(wanted).one()

    def _row(self, code: str) -> ConsentCodeRow | None:
        wanted = select(ConsentCodeRow).where(ConsentCodeRow.code_hash == self._hash(code))
        return self._db_session.exec(wanted).one_or_none()

    def _hash(self, code: str) -> str:
        return self._key_ring.digest(b"consent code\0" + code.encode())
