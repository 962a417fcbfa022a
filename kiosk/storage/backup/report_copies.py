"""Keeps long exports from holding up check-ins on SQLite's rollback journal. Runs on the exporting thread.

With a write-ahead log readers and the writer do not meet. With a rollback journal a commit waits until the
last reader is done, and writing a workbook of 100,000 records takes many seconds. So, before the first query
of a report, its tables are copied into the connection's private temporary database (some tenths of a
second), and the lock on the real one is dropped. Unqualified names find temporary tables first
(https://www.sqlite.org/lang_naming.html), so the queries stay the same and the view stays consistent.
"""

from sqlalchemy import Connection, text
from sqlmodel import Session

from kiosk.storage.database.status_tables import SchoolStatusRow
from kiosk.storage.database.tables import (
    AttendanceRecordRow,
    ClassSessionRow,
    CourseRow,
    RegistrationRow,
    StudentRow,
)

_COPIED = tuple(
    str(table.__tablename__)
    for table in (
        AttendanceRecordRow,
        ClassSessionRow,
        CourseRow,
        RegistrationRow,
        SchoolStatusRow,
        StudentRow,
    )
)


class ReportCopy:
    """Makes the copy at most once for the reading view of `db_session`."""

    def __init__(self, *, db_session: Session) -> None:
        self._db_session = db_session
        self._made = False

    def prepare(self) -> None:
        """Copy and let go, where that is needed."""
        if self._made:
            return
        self._made = True
        connection = self._db_session.connection()
        if connection.dialect.name == "sqlite" and _journal(connection) != "wal":
            # A connection with copies must never serve another view: it leaves the pool and dies with this one.
            connection.detach()
            _copy(connection)


def _journal(connection: Connection) -> str:
    return str(connection.execute(text("PRAGMA journal_mode")).scalar_one()).lower()


def _copy(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA query_only=OFF")
    for table in _COPIED:
        rows = text(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table}")  # noqa: S608  our own names
        connection.execute(rows)
        connection.exec_driver_sql(f"CREATE UNIQUE INDEX temp.copy_{table} ON {table} (id)")
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("BEGIN")
    connection.exec_driver_sql("PRAGMA query_only=ON")
