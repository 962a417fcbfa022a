"""The audit log as a hash chain in the database. Runs inside the caller's transaction.

Each entry's hash is SHA-256 over the previous hash and all its own fields, so a changed, removed or inserted
entry shows. The newest entry is also kept apart, sealed with a key that is not in the database: who can
write to the database alone can neither cut entries off at the end nor compute the chain anew unseen. It is kept outside
of the database as well, so that an older or an emptied database in this one's place shows, too.
"""

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from kiosk.domain.attendance.class_session import BEGUN
from kiosk.domain.trust.audit import AuditEntry
from kiosk.errors import StorageError
from kiosk.storage.database.engine import place_of
from kiosk.storage.database.tables import AuditHeadRow, AuditRow, ClassSessionRow, CourseRow, UserRow
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.repositories.repository import Repository

FIRST_HASH: Final = "0" * 64
"""What stands before the first entry."""

RECORDS_SEALED: Final = "records.sealed"
"""The action of an entry that says what the records of a class come to."""

STUDENT_DELETED: Final = "student.deleted"
"""The action of an entry that names the number of a student who was deleted."""

_HEAD: Final = 1

WATCHED: Final = 500
"""Entries between two words to whoever watches `AuditLog.verify`."""

LOG_HEAD: Final = "kiosk_log_head"
"""In a database session's `info` the id and hash of the newest entry that it wrote; kept outside the database after the commit."""


class AuditLog(Repository):
    """The chained log of what people changed. No face, vector, PIN or code is ever in it."""

    def __init__(self, *, db_session: Session, key_ring: KeyRing) -> None:
        super().__init__(db_session=db_session)
        self._key_ring = key_ring
        self._place = place_of(db_session.get_bind().engine.url)

    def add(self, at: datetime, actor: str, action: str, subject: str, detail: str = "") -> None:
        """Write down at what moment who did what to whom."""
        # The lock on the head lines writers up (PostgreSQL; SQLite has one writer anyway).
        head = self._db_session.get(AuditHeadRow, _HEAD, with_for_update=True)
        previous_id, previous_hash = (head.entry_id, head.hash) if head else (0, FIRST_HASH)
        entry = AuditEntry(previous_id + 1, at.astimezone(UTC), actor, action, subject, detail)
        row = AuditRow(
            id=entry.entry_id,
            at=entry.at,
            actor=actor,
            action=action,
            subject=subject,
            detail=detail,
            previous_hash=previous_hash,
            hash=chained_hash(previous_hash, entry),
        )
        self._db_session.add(row)
        seal = self._key_ring.seal_of_head(row.id, row.hash)
        if head is None:
            self._db_session.add(AuditHeadRow(id=_HEAD, entry_id=row.id, hash=row.hash, seal=seal))
        else:
            head.entry_id, head.hash, head.seal = row.id, row.hash, seal
        self._db_session.flush()
        if LOG_HEAD in self._db_session.info or self._continues(previous_id, previous_hash):
            self._db_session.info[LOG_HEAD] = (row.id, row.hash)

    def _continues(self, previous_id: int, previous_hash: str) -> bool:
        """Whether this log goes on from what is kept outside; where it does not, that stays, or the next entry would hide it."""
        try:
            outside = self._key_ring.log_head(self._place)
        except StorageError:  # damaged: `verify` says so
            return False
        if outside is None or outside == (previous_id, previous_hash):
            return True
        row = self._db_session.get(AuditRow, outside[0])
        return row is not None and row.hash == outside[1]

    def knows(self, action: str, subject: str) -> bool:
        """Whether it was ever written down that this was done to that."""
        wanted = select(AuditRow.id).where(AuditRow.action == action, AuditRow.subject == subject).limit(1)
        return self._db_session.exec(wanted).first() is not None

    def entries(self, limit: int = 1000) -> list[AuditEntry]:
        """What was done, newest first; what the records of classes come to is left out."""
        newest = (
            select(AuditRow)
            .where(AuditRow.action != RECORDS_SEALED)
            .order_by(col(AuditRow.id).desc())
            .limit(limit)
        )
        return [_entry_of(row) for row in self._db_session.exec(newest)]

    def head(self) -> tuple[int, str] | None:
        """Id and hash of the newest entry; None where there is none."""
        head = self._db_session.get(AuditHeadRow, _HEAD)
        return (head.entry_id, head.hash) if head is not None else None

    def verify(self, watch: Callable[[int], object] = lambda _done: None) -> int | None:
        """Entries cut off at the end show as the id of the first missing one, at the beginning as 1.

        `watch` is told now and then how many entries fit; what it raises ends the walk.
        """
        outside = self._key_ring.log_head(
            self._place
        )  # read first: the view of the database is not older then
        last_id, last_hash, started = 0, FIRST_HASH, 0
        ordered = select(AuditRow).order_by(col(AuditRow.id)).execution_options(yield_per=1000)
        for row in self._db_session.exec(ordered):
            fits = (
                row.id == last_id + 1
                and row.previous_hash == last_hash
                and row.hash == chained_hash(last_hash, _entry_of(row))
            )
            if not fits or (outside is not None and row.id == outside[0] and row.hash != outside[1]):
                return row.id
            last_id, last_hash = row.id, row.hash
            started += row.action in BEGUN
            if row.id % WATCHED == 0:
                watch(row.id)
        if outside is not None and outside[0] > last_id:
            return last_id + 1
        if (last_id == 0 and self._is_used()) or started < self._class_sessions():
            return 1
        return self._head_fault(last_id, last_hash)

    def _is_used(self) -> bool:
        """Whether there is anything that is never made without an entry."""
        return any(
            self._db_session.exec(select(kept).limit(1)).first() is not None
            for kept in (UserRow.id, CourseRow.id)
        )

    def _class_sessions(self) -> int:
        return self._db_session.exec(select(func.count()).select_from(ClassSessionRow)).one()

    def _head_fault(self, last_id: int, last_hash: str) -> int | None:
        head = self._db_session.get(AuditHeadRow, _HEAD)
        if head is None:
            return None if last_id == 0 else last_id
        if head.entry_id > last_id:
            return last_id + 1
        seal = self._key_ring.seal_of_head(last_id, last_hash)
        genuine = (head.entry_id, head.hash) == (last_id, last_hash) and hmac.compare_digest(head.seal, seal)
        return None if genuine else last_id


def chained_hash(previous_hash: str, entry: AuditEntry) -> str:
    """SHA-256 (hex) over the JSON list of the previous hash and the entry's fields, times in UTC."""
    fields = [
        previous_hash,
        entry.entry_id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
    ]
    return sha256(json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _entry_of(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.id, row.at, row.actor, row.action, row.subject, row.detail)
