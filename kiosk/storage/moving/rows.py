"""Rows on their way: read in the order of their keys, written in pieces, read back and compared by value. Calling thread.

A piece is written whole or not at all and keys go up, so the highest key on the server says how far a copy came, whenever it
was cut off. No more than a piece of each side is ever in memory.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, LargeBinary, String, Table, collate, func, select
from sqlalchemy import Row as ColumnsOfRow
from sqlalchemy.exc import StatementError

from kiosk.errors import FileFormatError, StorageError
from kiosk.storage.database.sql_errors import plain_errors
from kiosk.storage.database.tables import METADATA
from kiosk.translation import _

PIECE: Final = 2000
"""Rows that are written together."""

PIECE_WITH_PICTURES: Final = 100
"""The same where rows hold pictures or vectors."""

TABLES: Final[tuple[Table, ...]] = tuple(METADATA.sorted_tables)
"""All of them, none before one that it refers to."""


class DifferentError(StorageError):
    """What was read back is not what was written."""


Told = Callable[[int], None]
"""Is told how many rows of a table are done."""

OneRow = ColumnsOfRow[*tuple[Any, ...]]


def fact(connection: Connection, name: str) -> str | None:
    """What the store of a database knows of itself under a name."""
    facts = METADATA.tables["store_facts"].columns
    value: str | None = connection.execute(select(facts.value).where(facts.name == name)).scalar()
    return value


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def copy(table: Table, source: Connection, target: Engine, told: Told) -> None:
    """Write all rows of a table that are not on the server yet.

    Raises:
        FileFormatError: A row holds what the server does not take.
        StorageError: The server cannot be written; what was told is there.
    """
    with target.connect() as connection:
        done = count(connection, table)
        last = connection.execute(select(func.max(_key(table, connection)))).scalar_one()
    told(done)
    for piece in pieces(table, source, after=last):
        rows = [dict(zip(table.columns.keys(), row, strict=True)) for row in piece]
        try:
            with plain_errors(), target.begin() as connection:
                connection.execute(table.insert(), rows)
        except (StatementError, TypeError, ValueError) as error:  # what the environment did is said by now
            raise _refused(table, piece) from error
        done += len(piece)
        told(done)


def compare(table: Table, source: Connection, target: Connection, told: Told) -> None:
    """Read every row on both sides. Raises StorageError: they are not equal, or one is missing or too many."""
    last, done = None, 0
    for piece in pieces(table, source):
        there = _piece(table, target, after=last)
        if piece != there:
            both = zip_longest(piece, there)
            ours, theirs = next(pair for pair in both if pair[0] != pair[1])
            raise _different(table, _key_of(table, ours if ours is not None else theirs))
        last, done = _key_of(table, piece[-1]), done + len(piece)
        told(done)
    if _piece(table, target, after=last):
        raise _different(table, last)


def pieces(table: Table, connection: Connection, *, after: Any = None) -> Iterator[Sequence[OneRow]]:
    """All rows behind a key, in the order of the keys."""
    while piece := _piece(table, connection, after=after):
        yield piece
        after = _key_of(table, piece[-1])


def require_fit(table: Table, piece: Sequence[OneRow]) -> None:
    """Check that the server takes these rows: SQLite keeps texts of any length and with any character.

    Raises:
        FileFormatError: It does not.
    """
    limits = [getattr(column.type, "length", None) for column in table.columns]
    for row in piece:
        for column, limit, value in zip(table.columns, limits, row, strict=True):
            if isinstance(value, str) and ("\0" in value or (limit is not None and len(value) > limit)):
                raise _unfit(table, row, column.name)


def _piece(table: Table, connection: Connection, *, after: Any) -> Sequence[OneRow]:
    key = _key(table, connection)
    has_pictures = any(isinstance(column.type, LargeBinary) for column in table.columns)
    wanted = select(table).order_by(key).limit(PIECE_WITH_PICTURES if has_pictures else PIECE)
    if after is not None:
        wanted = wanted.where(key > after)
    return connection.execute(wanted).all()


def _key(table: Table, connection: Connection) -> ColumnElement[Any]:
    """The primary key, in an order that both databases agree on."""
    (column,) = table.primary_key.columns
    is_text = isinstance(column.type, String) and connection.dialect.name == "postgresql"
    return collate(column, "C") if is_text else column


def _key_of(table: Table, row: OneRow) -> Any:
    (column,) = table.primary_key.columns
    return row[list(table.columns).index(column)]


def _refused(table: Table, piece: Sequence[OneRow]) -> FileFormatError:
    try:
        require_fit(table, piece)
    except FileFormatError as error:
        return error
    return FileFormatError(
        _(
            "The server does not take rows of the table {table} between {first} and {last}.",
            table=table.name,
            first=_key_of(table, piece[0]),
            last=_key_of(table, piece[-1]),
        ),
        _("Nothing was switched. Look at the server's log for the reason."),
    )


def _unfit(table: Table, row: OneRow, column: str) -> FileFormatError:
    return FileFormatError(
        _(
            "Row {key} of the table {table} holds a text in “{column}” that a server does not take: it is too long, or has "
            "a zero character.",
            key=_key_of(table, row),
            table=table.name,
            column=column,
        ),
        _("Nothing was switched. Correct it in the kiosk, then run this again."),
    )


def _different(table: Table, key: Any) -> DifferentError:
    return DifferentError(
        _("The table {table} on the server differs from the source at row {key}.", table=table.name, key=key),
        _("Nothing was switched. Run this again: it then copies everything anew."),
    )
