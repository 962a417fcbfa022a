"""A database that another program has locked: no write can begin."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import database_path


@contextmanager
def locked_database(data_dir: Path) -> Iterator[None]:
    """Hold the write lock inside the block; tests use the fixture `impatient` beside it."""
    other = sqlite3.connect(database_path(data_dir), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.close()
