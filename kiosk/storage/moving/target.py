"""The server that a school is moved to: looked at before anything is written, and refused in words. Calling thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Final

from sqlalchemy import URL, Connection, Engine, func, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from kiosk.errors import ConflictError, DatabaseError, StorageError
from kiosk.storage.database import schema
from kiosk.storage.database.engine import engine_for
from kiosk.storage.database.move_mark import MARK, MoveMark, read_mark
from kiosk.storage.database.sql_database import KEY_CHECK
from kiosk.storage.database.sql_errors import plain_errors
from kiosk.storage.moving.rows import TABLES, fact
from kiosk.translation import N_, _

OLDEST: Final = 13
"""Major version of the oldest server that is taken; older ones get no corrections any more."""

_SAID: Final = (
    (
        ("password authentication failed", "no password supplied"),
        N_("The server refuses this name and password."),
    ),
    (("does not exist",), N_("The server has no such database, or no such user.")),
    (
        ("no pg_hba.conf entry", "pg_hba.conf rejects"),
        N_("The server lets nobody in from this PC as this user."),
    ),
    (("resolve host", "translate host name", "Name or service"), N_("The server's name is not known.")),
    (("invalid connection option", "invalid sslmode"), N_("The address has a part that no server knows.")),
    (
        ("certificate", "SSL"),
        N_("The server's certificate, or its encryption, is not what the address demands."),
    ),
)
"""What drivers and servers say while connecting, where there is no code to go by, and what it means."""


class Found(Enum):
    """What stands in the target."""

    NOTHING = auto()
    TABLES = auto()
    """Of this program, without a row."""
    PART = auto()
    """What an earlier run of this move has brought."""
    SCHOOL = auto()
    """The same school, with a kiosk that uses it."""


def address(said: str) -> URL:
    """The address of a server as the settings keep it.

    Raises:
        StorageError: It is none.
    """
    try:
        url = make_url(said.strip())
    except (ArgumentError, ValueError):  # such as a port that is no number
        url = None
    if url is None or url.get_backend_name() not in {"postgresql", "postgres"}:
        raise StorageError(
            _("This is not the address of a PostgreSQL server."),
            _("It looks like postgresql+psycopg://user@host/database."),
        )
    return url.set(drivername="postgresql+psycopg")


@contextmanager
def opened(url: URL) -> Iterator[Engine]:
    """A server that answers, is new enough, writes, and lets us make tables; held against a second move to it.

    Raises:
        StorageError: It is not so.
    """
    engine = engine_for(url.render_as_string(hide_password=False))
    try:
        with _held(engine):
            yield engine
    finally:
        engine.dispose()


@contextmanager
def _held(engine: Engine) -> Iterator[None]:
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise _not_let_in(error) from error
    with connection, plain_errors():
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        require_able(connection)
        try:
            connection.execute(select(func.pg_advisory_lock(func.hashtextextended(MARK.name, 0))))
        except OperationalError as error:
            raise ConflictError(
                _("A school is being moved to this database by another program."),
                _("Wait until that is done, then run this again."),
            ) from error
        yield


def require_able(connection: Connection) -> None:
    """Check the server. Raises StorageError: it is too old, does not write, is not in UTF-8, or gives no right."""
    version: int = connection.connection.driver_connection.info.server_version  # type: ignore[union-attr]
    require_new_enough(version // 10_000)
    standby, encoding, may = connection.execute(
        text(
            "SELECT pg_is_in_recovery(), pg_encoding_to_char(encoding), "
            "coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) "
            "FROM pg_database WHERE datname = current_database()"
        )
    ).one()
    if standby:
        raise StorageError(
            _("The server is a standby, which takes no writes."), _("Give the address of the first server.")
        )
    if encoding != "UTF8":
        raise StorageError(
            _("The database is kept in {encoding}, not in UTF-8.", encoding=encoding),
            _("Make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."),
        )
    if not may:
        raise StorageError(
            _("This user may not make tables in the database."),
            _("Let the user own the database, or GRANT CREATE ON SCHEMA public."),
        )


def require_new_enough(version: int) -> None:
    """Check a server's major version. Raises StorageError: it is too old."""
    if version < OLDEST:
        raise StorageError(
            _("The server is PostgreSQL {version}, which is too old.", version=version),
            _("Version {oldest} or later is needed.", oldest=OLDEST),
        )


def look(connection: Connection, key_check: str) -> tuple[Found, MoveMark | None]:
    """What stands in the database.

    Raises:
        ConflictError: Another school, or something that is none of ours.
    """
    tables = set(inspect(connection).get_table_names())
    mark = read_mark(connection)
    if mark is not None:
        if mark.key_check != key_check:
            raise _other_school()
        return Found.PART, mark
    if not tables - {MARK.name}:
        return Found.NOTHING, None
    if not {table.name for table in TABLES} <= tables:
        raise ConflictError(
            _("The database on the server holds other data."),
            _("Make an empty database for the school, and give its address."),
        )
    if schema.revision(connection) != schema.HEAD:
        raise ConflictError(
            _("The database on the server was made by another version of the kiosk."),
            _("Make an empty database for the school, and give its address."),
        )
    return _found(connection, key_check), None


def _found(connection: Connection, key_check: str) -> Found:
    known = fact(connection, KEY_CHECK)
    if known is not None and known != key_check:
        raise _other_school()
    is_used = any(
        connection.execute(select(table).limit(1)).first() is not None
        for table in TABLES
        if table.name != "store_facts"
    )
    if is_used and known is None:
        raise _other_school()
    return Found.SCHOOL if is_used else Found.TABLES


def _other_school() -> ConflictError:
    return ConflictError(
        _("The database on the server holds another school."),
        _("Make an empty database for this one, and give its address."),
    )


def _not_let_in(error: DBAPIError) -> DatabaseError:
    said = str(error.orig)
    for signs, words in _SAID:
        if any(sign in said for sign in signs):
            return DatabaseError(_(words), _("Check the address, and what the server allows."))
    return DatabaseError(
        _("The database server cannot be reached."), _("Check the network and the server, then try again.")
    )
