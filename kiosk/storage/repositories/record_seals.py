"""The records of ended classes in the log: a digest for each class, so that a changed or deleted record shows.

An entry says how many records a class has and what they come to, when it ends and whenever one of them is changed later,
written at the end of the transaction that did it. Which phone it was is left out, because that is forgotten in time.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from sqlmodel import col, select

from kiosk.storage.database.evidence import TRACES
from kiosk.storage.database.tables import AttendanceRecordRow, AuditRow, ClassSessionRow, RecordHistoryRow
from kiosk.storage.repositories.audit import RECORDS_SEALED, AuditLog
from kiosk.storage.repositories.repository import Repository

CHANGED: Final = "kiosk_changed_classes"
"""In a database session's `info` the ids of the classes whose records it changes, and whether they were as the log says before."""

OPEN_AGAIN: Final = "open again"
"""How the entry on a class ends that was ended and is open again: its records are not compared until it ends."""

BY: Final = "kiosk"
BROKEN: Final = "changed beside the program before: "
"""How the entry on a class begins whose records were already other ones, so that the next change does not hide it."""


class RecordSeals(Repository):
    """Writes the entries, and compares."""

    def before_change(self, session_id: int) -> None:
        """Whoever changes the records of a class, or ends or removes it, says so first."""
        changed: dict[int, bool] = self._db_session.info.setdefault(CHANGED, {})
        if session_id in changed:
            return
        row = self._db_session.get(ClassSessionRow, session_id)
        said = self._said_of(session_id) if row is not None and row.ended_at is not None else None
        changed[session_id] = said is None or said == self.digest(session_id)

    def seal_changed(self, audit: AuditLog) -> None:
        """Write down what the classes come to that were changed, those apart that are open."""
        changed: dict[int, bool] = self._db_session.info.pop(CHANGED, {})
        for session_id, was_whole in sorted(changed.items()):
            row = self._db_session.get(ClassSessionRow, session_id)
            said = self._said_of(session_id)
            is_open = row is not None and row.ended_at is None
            if (row is not None and not is_open) or (said is not None and not said.endswith(OPEN_AGAIN)):
                came_to = OPEN_AGAIN if is_open else self.digest(session_id)
                detail = ("" if was_whole else BROKEN) + came_to
                audit.add(datetime.now(UTC), BY, RECORDS_SEALED, _subject(session_id), detail)

    def digest(self, session_id: int) -> str:
        """How many records a class has, and the SHA-256 of them and of what they were; "" where it has none.

        That it was cancelled or deleted is part of it, for then its records count for nobody.
        """
        records = select(AttendanceRecordRow).where(AttendanceRecordRow.session_id == session_id)
        found = self._db_session.exec(
            records.order_by(col(AttendanceRecordRow.id)).execution_options(populate_existing=True)
        ).all()
        if not found:
            return ""
        earlier = (
            select(RecordHistoryRow)
            .where(
                col(RecordHistoryRow.record_id).in_(
                    select(AttendanceRecordRow.id).where(AttendanceRecordRow.session_id == session_id)
                )
            )
            .order_by(col(RecordHistoryRow.record_id), col(RecordHistoryRow.version))
            .execution_options(populate_existing=True)
        )
        whole: list[list[Any]] = [
            [_fields(row, row.student_id, row.policy) for row in found],
            [
                _fields(row, row.record_id, row.corrected_at, row.actor, row.reason)
                for row in self._db_session.exec(earlier)
            ],
        ]
        session = self._db_session.get(ClassSessionRow, session_id)
        if session is not None and (session.cancelled_at or session.deleted_at):
            whole.append([session.cancelled_at, session.cancel_reason, session.deleted_at])
        text = json.dumps(whole, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=_moment)
        return f"{len(found)} records, sha256 {sha256(text.encode()).hexdigest()}"

    def faults(self, watch: Callable[[int, int], object] = lambda _done, _of: None) -> list[int]:
        """Ids of the classes whose records are not those that the log knows.

        `watch` is told after each class how many were looked at, and of how many; what it raises ends the walk.
        """
        said, found = sorted(self._said().items()), []
        for number, (session_id, known) in enumerate(said, start=1):
            if not known.endswith(OPEN_AGAIN) and self.digest(session_id) != known:
                found.append(session_id)
            watch(number, len(said))
        return found

    def uncovered(self) -> int:
        """How many classes with records ended before the log knew of records, and were not changed since."""
        ended = (
            select(ClassSessionRow.id)
            .where(col(ClassSessionRow.ended_at).is_not(None))
            .where(col(ClassSessionRow.id).in_(select(AttendanceRecordRow.session_id).distinct()))
        )
        return len(set(self._db_session.exec(ended)) - set(self._said()))

    def _said(self) -> dict[int, str]:
        """What the newest entry on each class says."""
        wanted = select(AuditRow.subject, AuditRow.detail).where(AuditRow.action == RECORDS_SEALED)
        return {
            int(subject.removeprefix("#")): detail
            for subject, detail in self._db_session.exec(wanted.order_by(col(AuditRow.id)))
        }

    def _said_of(self, session_id: int) -> str | None:
        """What the newest entry on a class says; None where there is none."""
        wanted = select(AuditRow.detail).where(
            AuditRow.action == RECORDS_SEALED, AuditRow.subject == _subject(session_id)
        )
        return self._db_session.exec(wanted.order_by(col(AuditRow.id).desc()).limit(1)).first()


def _subject(session_id: int) -> str:
    return f"#{session_id}"


def _fields(row: AttendanceRecordRow | RecordHistoryRow, *others: Any) -> list[Any]:
    evidence = [{name: value for name, value in one.items() if name not in TRACES} for one in row.evidence]
    # Records of before there were such statuses, and those that have none, come to what they always came to.
    own = [] if row.school_status_id is None else [["school status", row.school_status_id]]
    return [row.id, row.version, row.status, row.method, row.marked_at, evidence, *others, *own]


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
