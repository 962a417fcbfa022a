"""The school that is moved: a consistent copy of its file, brought to this program's schema. The file itself is only read.

A copy, because an older schema is upgraded in it, and because nothing that happens meanwhile may change what is compared.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Engine, select
from sqlmodel import col

from kiosk.errors import ConflictError, DamageError, StorageError
from kiosk.storage.backup.backing_up import copy_database
from kiosk.storage.backup.restoring import unwatched
from kiosk.storage.database import schema
from kiosk.storage.database.engine import engine_for, is_absent
from kiosk.storage.database.sql_database import KEY_CHECK
from kiosk.storage.database.sql_errors import RESTORE, plain_errors
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.database.tables import ClassSessionRow, CourseRow
from kiosk.storage.keys.key_ring import DATABASE_FILE, HOW_TO_RECOVER, KeyRing, database_path
from kiosk.storage.keys.private_files import storage_errors
from kiosk.storage.moving.rows import fact
from kiosk.translation import _

FOLDER: Final = ".moving-"


@dataclass(frozen=True, slots=True)
class Source:
    """A school's copy.

    Attributes:
        engine: Over the copy.
        fingerprint: Equal for equal files and programs.
        was_upgraded: Whether the school's file is of an older schema.
    """

    engine: Engine
    keys: KeyRing
    fingerprint: str
    was_upgraded: bool


@contextmanager
def opened(data_dir: Path) -> Iterator[Source]:
    """Copy a school's file into a folder that is gone at the end of the block.

    Raises:
        ConflictError: There is no school, or a class is open.
        StorageError: The file is damaged, or there is no room for the copy.
    """
    path = database_path(data_dir)
    keys = KeyRing.existing(data_dir)
    if keys is None or is_absent(path):
        raise ConflictError(_("There is no school in {place} that could be moved.", place=data_dir))
    with (
        storage_errors(data_dir),
        TemporaryDirectory(dir=data_dir, prefix=FOLDER, ignore_cleanup_errors=True) as folder,
    ):
        copy = Path(folder) / DATABASE_FILE
        try:
            with plain_errors():
                copy_database(path, copy, unwatched, read_only=True)
        except DamageError as error:
            raise DamageError(_("The database is damaged, so it was not moved."), _(RESTORE)) from error
        fingerprint = _digest(copy)
        engine = engine_for(copy)
        try:
            with plain_errors():
                yield _looked_at(engine, keys, fingerprint)
        finally:
            engine.dispose()


@contextmanager
def watched(data_dir: Path) -> Iterator["Unchanged"]:
    """Notice at the end of a block whether somebody wrote to the school's file meanwhile, as another command does."""
    uri = f"{database_path(data_dir).absolute().as_uri()}?mode=ro"
    with plain_errors(), closing(sqlite3.connect(uri, uri=True)) as connection:
        yield Unchanged(connection)


class Unchanged:
    """Knows how often others have written to a file since it was made."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version = self._look()

    def require(self) -> None:
        """Raises ConflictError: somebody wrote."""
        if self._look() != self._version:
            raise ConflictError(
                _("The school was changed while it was moved, so nothing was switched."),
                _("Run this again, with no other command at work."),
            )

    def _look(self) -> int:
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version


def _looked_at(engine: Engine, keys: KeyRing, fingerprint: str) -> Source:
    with engine.begin() as connection:
        before = schema.revision(connection)
    if before is None:
        raise ConflictError(_("The database here is no school's."))
    schema.upgrade(engine)
    with engine.begin() as connection:
        schema.check_references(connection)
        check = fact(connection, KEY_CHECK)
        if check is None or not hmac.compare_digest(check, keys.check_value):
            raise StorageError(_("The school key does not belong to this database."), _(HOW_TO_RECOVER))
        unended = (
            select(col(CourseRow.code))
            .join(ClassSessionRow, col(ClassSessionRow.course_id) == col(CourseRow.id))
            .where(col(ClassSessionRow.ended_at).is_(None))
        )
        if (code := connection.execute(unended).scalar()) is not None:
            raise ConflictError(
                _("{code} has a session that is still open.", code=code),
                _("End it in the kiosk, close the kiosk, then run this again."),
            )
    return Source(engine, keys, f"{schema.HEAD} {fingerprint}", before != schema.HEAD)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
