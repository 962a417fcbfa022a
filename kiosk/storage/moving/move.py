"""The move of a school to a server, from the first look to the last comparison. Runs on the calling thread.

It may be killed at any moment: the next run goes on where this one was, or begins anew where the school was changed since. The
target counts as moved only after every row was read back and is equal, the log's chain holds, and the numbers go on behind the
highest one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, func, select, text
from sqlmodel import Session

from kiosk.errors import ConflictError, StorageError
from kiosk.storage.database import schema
from kiosk.storage.database.engine import place_of
from kiosk.storage.database.move_mark import MoveMark, write_mark
from kiosk.storage.database.sql_errors import plain_errors
from kiosk.storage.database.tables import ClassSessionRow
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.moving import rows, source, target
from kiosk.storage.moving.rows import TABLES, DifferentError, fact
from kiosk.storage.moving.source import Source
from kiosk.storage.moving.target import Found
from kiosk.storage.repositories.audit import AuditLog
from kiosk.storage.repositories.class_sessions import REMOVED
from kiosk.translation import _


class Step(Enum):
    """What is done with a table."""

    LOOKED_AT = auto()
    COPIED = auto()
    COMPARED = auto()


@dataclass(frozen=True, slots=True)
class TableMoved:
    """One table and its rows."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done.

    Attributes:
        place: Host and database of the server, without user and password.
        went_on: Whether an earlier run had begun it.
        was_there: Whether the whole school was on the server already.
        broken_entry: The first entry of the log that does not fit, on both sides; None where the log is whole.
        log_head: Id and hash of the newest entry of the log; None where there is none.
        was_upgraded: Whether the source is of an older schema.
    """

    place: str
    tables: tuple[TableMoved, ...]
    went_on: bool
    was_there: bool
    broken_entry: int | None
    log_head: tuple[int, str] | None
    was_upgraded: bool

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(one.rows for one in self.tables)


Watch = Callable[[Step, str, int, int], None]
"""Is told that so many of so many rows of a table were copied or compared."""


def unwatched(_step: Step, _table: str, _done: int, _total: int) -> None:
    """Says nothing."""


def look(data_dir: Path, address: str, *, watch: Watch = unwatched) -> Moved:
    """Say what a move would bring, and check all that can be checked without writing anything on the server.

    Raises:
        KioskError: It cannot be moved.
    """
    url = target.address(address)
    with source.opened(data_dir) as school, target.opened(url) as server:
        with plain_errors(), server.connect() as there:
            found, _mark = target.look(there, school.keys.check_value)
        with school.engine.connect() as here:
            counted = tuple(TableMoved(table.name, rows.count(here, table)) for table in TABLES)
            for table, one in zip(TABLES, counted, strict=True):
                done = 0
                for piece in rows.pieces(table, here):
                    rows.require_fit(table, piece)
                    done += len(piece)
                    watch(Step.LOOKED_AT, table.name, done, one.rows)
        return Moved(
            place_of(url),
            counted,
            found is Found.PART,
            found is Found.SCHOOL,
            *_log(school.engine, school.keys),
            school.was_upgraded,
        )


def move(data_dir: Path, address: str, *, watch: Watch = unwatched) -> Moved:
    """Bring the school of a data directory to a server, or go on with it; the data directory is only read.

    Raises:
        KioskError: It cannot be moved, or the server does not hold what was written.
    """
    url = target.address(address)
    with source.opened(data_dir) as school, target.opened(url) as server, plain_errors():
        with server.connect() as there:
            found, mark = target.look(there, school.keys.check_value)
        wanted = MoveMark(school.keys.check_value, school.fingerprint, is_done=False)
        went_on = mark is not None and mark.fingerprint == school.fingerprint
        is_done = found is Found.SCHOOL or (went_on and mark is not None and mark.is_done)
        if not is_done:
            _prepare(server, wanted, found, went_on=went_on)
            _copy(school, server, watch)
        try:
            counted = _compare(school, server, watch)
        except DifferentError as error:
            if found is Found.SCHOOL:
                raise _in_use() from error
            with server.begin() as there:
                write_mark(there, MoveMark(wanted.key_check, "", is_done=False))
            raise
        broken, _head = _log(server, school.keys)
        log = _log(school.engine, school.keys)
        if broken not in (None, log[0]):
            raise StorageError(_("The log on the server does not fit at entry {broken}.", broken=broken))
        if not is_done:
            _finish(server, wanted)
        return Moved(place_of(url), counted, went_on, is_done, *log, school.was_upgraded)


def _prepare(server: Engine, mark: MoveMark, found: Found, *, went_on: bool) -> None:
    if found is Found.NOTHING:
        schema.upgrade(server)
    if went_on:
        return
    with server.begin() as there:
        names = ", ".join(f'"{table.name}"' for table in TABLES)
        there.execute(text(f"TRUNCATE {names}"))
        write_mark(there, mark)


def _copy(school: Source, server: Engine, watch: Watch) -> None:
    with school.engine.connect() as here:
        for table in TABLES:
            total = rows.count(here, table)

            def told(done: int, of: str = table.name, total: int = total) -> None:
                watch(Step.COPIED, of, done, total)

            rows.copy(table, here, server, told)


def _compare(school: Source, server: Engine, watch: Watch) -> tuple[TableMoved, ...]:
    with school.engine.connect() as here, server.connect() as there:
        counted = []
        for table in TABLES:
            total = rows.count(here, table)

            def told(done: int, of: str = table.name, total: int = total) -> None:
                watch(Step.COMPARED, of, done, total)

            rows.compare(table, here, there, told)
            counted.append(TableMoved(table.name, total))
        return tuple(counted)


def _log(engine: Engine, keys: KeyRing) -> tuple[int | None, tuple[int, str] | None]:
    """The first entry of the log that does not fit, and its newest one."""
    with Session(engine) as db_session:
        log = AuditLog(db_session=db_session, key_ring=keys)
        return log.verify(), log.head()


def _finish(server: Engine, mark: MoveMark) -> None:
    """Let new rows get numbers behind the highest one, help the server's planner, and say that everything is there."""
    with server.begin() as there:
        for table in TABLES:
            _go_on_counting(there, table)
    for table in TABLES:
        with server.begin() as there:
            there.execute(text(f'ANALYZE "{table.name}"'))
    with server.begin() as there:
        write_mark(there, MoveMark(mark.key_check, mark.fingerprint, is_done=True))


def _go_on_counting(there: Connection, table: Table) -> None:
    (key,) = table.primary_key.columns
    sequence = there.execute(select(func.pg_get_serial_sequence(table.name, key.name))).scalar()
    if sequence is None:
        return
    highest = there.execute(select(func.max(key))).scalar() or 0
    if table.name == ClassSessionRow.__tablename__:  # a number that a removed session had is not given again
        highest = max(highest, int(fact(there, REMOVED) or 0))
    there.execute(select(func.setval(sequence, max(highest, 1), highest > 0)))


def _in_use() -> ConflictError:
    return ConflictError(
        _(
            "The server holds this school already, and it differs from what is here: a kiosk has used it since."
        ),
        _("Nothing was changed. To copy it anew, make an empty database on the server first."),
    )
