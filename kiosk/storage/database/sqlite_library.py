"""The SQLite that this program uses, everywhere the same one.

A wheel brings a current SQLite where one exists; elsewhere it is Python's own. Two libraries in one process must never
open the same file: closing it in one lets go of the other's locks (https://www.sqlite.org/howtocorrupt.html, 2.2.1).
So nothing else here imports ``sqlite3``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["sqlite3"]
