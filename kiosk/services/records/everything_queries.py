"""Every row of the database that is about one student."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, or_, select
from sqlmodel import Session, col
from sqlmodel import select as sql_select

from kiosk.domain.people.students import Student
from kiosk.storage.database.tables import METADATA, AuditRow
from kiosk.storage.repositories.repository import Repository

SECRET: Final = frozenset({"pin_hash", "wrapped_key", "sealed_picture", "sealed_vector", "code_hash", "hash"})
"""Columns that are kept as digests or sealed: the file says that there is something. Pictures are in it, opened."""

OTHERS: Final = frozenset({"other_id"})
"""Columns that name another student: the file says nothing about anybody else."""


class EverythingQueries(Repository):
    """Reads them by table."""

    def tables(self, student: Student) -> dict[str, list[Mapping[str, Any]]]:
        """The rows that refer to the student, and under `log` the entries about the student's number."""
        found = _rows(self._db_session, student.student_id)
        found["log"] = [
            {
                "number": one.id,
                "at": _plain(one.at),
                "actor": one.actor,
                "action": one.action,
                "detail": one.detail,
            }
            for one in _log(self._db_session, student.student_no)
        ]
        return found


def _rows(db_session: Session, student_id: int) -> dict[str, list[Mapping[str, Any]]]:
    """Every row that refers to the student, or to such a row of records, by table."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    records = METADATA.tables["attendance_records"]
    for table in METADATA.sorted_tables:
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
    sessions = METADATA.tables["class_sessions"]
    courses = METADATA.tables["courses"]
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
    _name_own_statuses(db_session, found["attendance_records"], found["record_history"])
    rechecks = METADATA.tables["rechecks"]
    asked_at = select(rechecks.c.id, rechecks.c.session_id, rechecks.c.began_at).where(
        rechecks.c.id.in_([row["recheck_id"] for row in found["recheck_students"]])
    )
    windows = {one.id: one for one in db_session.connection().execute(asked_at)}
    found["recheck_students"] = [
        {
            "session_id": windows[row["recheck_id"]].session_id,
            "asked_at": _plain(windows[row["recheck_id"]].began_at),
            **row,
        }
        for row in found["recheck_students"]
    ]
    return found


def _name_own_statuses(db_session: Session, *tables: list[Mapping[str, Any]]) -> None:
    """Say beside the number of a status of the school's own what it is called."""
    own = METADATA.tables["school_statuses"]
    names = {one.id: one.name for one in db_session.connection().execute(select(own.c.id, own.c.name))}
    for rows in tables:
        rows[:] = [{**row, "school_status": names.get(row["school_status_id"], "")} for row in rows]


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
