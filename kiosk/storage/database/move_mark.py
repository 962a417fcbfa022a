"""The mark of a move that stands in a server's database while a school is brought there. Any thread.

It is a table of its own, in no schema version. While it says that rows are still on their way no kiosk opens that database; once
everything is there, the first kiosk that opens it takes the mark away, and from then on nothing is ever copied over it.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Boolean, Column, Connection, Engine, MetaData, String, Table, inspect, select

from kiosk.errors import StorageError
from kiosk.translation import _

MARK: Final = Table(
    "kiosk_move",
    MetaData(),
    Column("key_check", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("is_done", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class MoveMark:
    """Which school is brought here.

    Attributes:
        key_check: Of its school key.
        fingerprint: Of the file that is copied; empty where what was copied is to be thrown away.
        is_done: Whether all of it is here and was compared.
    """

    key_check: str
    fingerprint: str
    is_done: bool


def read_mark(connection: Connection) -> MoveMark | None:
    """The mark of a database; None where nothing is, or was, moved."""
    if not inspect(connection).has_table(MARK.name):
        return None
    row = connection.execute(select(MARK)).first()
    return MoveMark(row.key_check, row.fingerprint, row.is_done) if row is not None else None


def write_mark(connection: Connection, mark: MoveMark) -> None:
    """Put it in the place of the one before."""
    MARK.create(connection, checkfirst=True)
    connection.execute(MARK.delete())
    said = {"key_check": mark.key_check, "fingerprint": mark.fingerprint, "is_done": mark.is_done}
    connection.execute(MARK.insert(), said)


def settle(engine: Engine) -> None:
    """Take the mark of a move that is done away; for a kiosk that begins to use the database.

    Raises:
        StorageError: The move is not done.
    """
    if engine.dialect.name == "sqlite":
        return
    with engine.begin() as connection:
        mark = read_mark(connection)
        if mark is None:
            return
        if not mark.is_done:
            raise StorageError(
                _("A school is being moved to this database, and not all of it is there yet."),
                _(
                    "Run “kiosk migrate-to” again on the PC that the school comes from; it goes on where it was."
                ),
            )
        MARK.drop(connection, checkfirst=True)
