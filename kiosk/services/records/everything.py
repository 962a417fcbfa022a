"""Everything that is kept about one student, for the person who asks: one file. Any thread but the window's.

A row is found by what its table refers to, so a table that is added later and names students is in the file, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, or_, select
from sqlmodel import Session, col
from sqlmodel import select as sql_select

from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import NotFoundError
from kiosk.services.core import Core
from kiosk.services.ports.everything import StudentFile, StudentFileWriter
from kiosk.services.trust.rights import require
from kiosk.settings import SchoolRules
from kiosk.storage.database.tables import AuditRow, Row
from kiosk.storage.store import Repositories
from kiosk.translation import _

SECRET: Final = frozenset({"pin_hash", "wrapped_key", "sealed_picture", "sealed_vector", "code_hash", "hash"})
"""Columns that are kept as digests or sealed: the file says that there is something. Pictures are in it, opened."""

OTHERS: Final = frozenset({"other_id"})
"""Columns that name another student: the file says nothing about anybody else."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """What was handed out: `number` is the entry in the log."""

    number: int
    pictures: int
    records: int


class EverythingAboutStudent:
    """Collects and writes it."""

    def __init__(self, core: Core, *, write: StudentFileWriter) -> None:
        self._core = core
        self._write = write

    def save(self, path: Path, student: Student, *, actor: Actor) -> WrittenFile:
        """Write the file, and note in the log that it was handed out.

        Raises:
            NotFoundError: There is no such student.
            ExportError: The file cannot be written.
            StorageError: A picture cannot be decrypted.
        """
        require(self._core.store, actor, Right.MANAGE_PEOPLE)
        require(self._core.store, actor, Right.ENROL)
        now = self._core.clock.now()
        found = self._core.store.read(lambda repositories: _collected(repositories, student, now))
        self._write(path, found)
        records = len(found.tables.get("attendance_records", ()))

        def note(repositories: Repositories) -> int:
            detail = f"{len(found.pictures)} pictures, {records} records"
            repositories.audit.add(now, actor.name, "student.exported", student.student_no, detail)
            return repositories.audit.entries(1)[0].entry_id

        return WrittenFile(self._core.store.write(note), len(found.pictures), records)


def _collected(repositories: Repositories, student: Student, now: datetime) -> StudentFile:
    known = repositories.students.get(student.student_id)
    if known is None:
        raise NotFoundError(_("That student does not exist any more."))
    pictures = [
        (f"{number:03}.{_ending(one.picture)}", one.picture)
        for number, one in enumerate(repositories.faces.samples(known.student_id), 1)
    ]
    tables = _tables(repositories.db_session, known.student_id)
    tables["log"] = [
        {
            "number": one.id,
            "at": _plain(one.at),
            "actor": one.actor,
            "action": one.action,
            "detail": one.detail,
        }
        for one in _log(repositories.db_session, known.student_no)
    ]
    standing = repositories.students.pin_hashes([known.student_id])
    about = {
        "student_no": known.student_no,
        "full_name": known.full_name,
        "email": known.email,
        "has_pin": bool(standing),
        "made_at": now.isoformat(),
        "counts": {name: len(rows) for name, rows in tables.items()},
    }
    rules = SchoolRules.from_texts(repositories.school_settings.all())
    return StudentFile(rules.school_name, known.student_no, now, about, tables, pictures)


def _tables(db_session: Session, student_id: int) -> dict[str, list[Mapping[str, Any]]]:
    """Every row that refers to the student, or to such a row of records, by table."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    records = Row.metadata.tables["attendance_records"]
    for table in Row.metadata.sorted_tables:
        where = _about(table, student_id, records)
        if where is None:
            continue
        rows = (
            db_session.connection()
            .execute(select(table).where(where).order_by(*table.primary_key))
            .mappings()
        )
        found[table.name] = [
            {
                name: _plain(value)
                for name, value in row.items()
                if name not in SECRET
                and not name.endswith("_folded")
                and (name not in OTHERS or value == student_id)
                and (name != "student_id" or value == student_id)
            }
            for row in rows
        ]
    sessions = Row.metadata.tables["class_sessions"]
    courses = Row.metadata.tables["courses"]
    when = (
        select(sessions.c.id, sessions.c.started_at, courses.c.code)
        .join(courses, courses.c.id == sessions.c.course_id)
        .where(sessions.c.id.in_(select(records.c.session_id).where(records.c.student_id == student_id)))
    )
    by_id = {one.id: one for one in db_session.connection().execute(when)}
    found["attendance_records"] = [
        {
            "course": by_id[row["session_id"]].code,
            "class_began": _plain(by_id[row["session_id"]].started_at),
            **row,
        }
        for row in found["attendance_records"]
    ]
    return found


def _log(db_session: Session, student_no: str) -> Sequence[AuditRow]:
    return db_session.exec(
        sql_select(AuditRow).where(AuditRow.subject == student_no).order_by(col(AuditRow.id))
    ).all()


def _about(table: Table, student_id: int, records: Table) -> ColumnElement[bool] | None:
    columns: Sequence[Any] = [table.c[name] for name in ("student_id", "other_id") if name in table.c]
    if columns:
        return or_(*(column == student_id for column in columns))
    if "record_id" in table.c:
        return table.c.record_id.in_(select(records.c.id).where(records.c.student_id == student_id))
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, bytes) else value


def _ending(picture: bytes) -> str:
    return "png" if picture.startswith(b"\x89PNG") else "jpg"
