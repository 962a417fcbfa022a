"""Bringing a database to this program's schema. Runs once at open, on the opening thread.

Alembic and the migration scripts are loaded only when there is something to migrate: a start with a current
database stays fast. The scripts are found beside `kiosk.storage.migrations`, also in a frozen app.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, MetaData, Table, func, inspect, select

from kiosk.errors import StorageError
from kiosk.storage import migrations
from kiosk.translation import _, ngettext

HEAD: Final = "0027"
"""Newest revision that this program knows; a test holds it equal to the scripts."""


def upgrade(engine: Engine, *, before: Callable[[], object] = lambda: None) -> None:
    """Create or upgrade all tables in one transaction; `before` is called before tables that are there change.

    Raises:
        StorageError: The database was written by a newer program, or is no kiosk database.
    """
    with engine.begin() as connection:
        known = revision(connection)
    if known == HEAD:
        return
    if known is not None:
        refuse_newer(known)
        before()
    with engine.connect() as connection, _may_rebuild_tables(connection), connection.begin():
        take_turns(connection, "schema")
        found = revision(connection)
        if found is None and inspect(connection).get_table_names():
            raise StorageError(
                _("This database holds other data and is no kiosk database."),
                _("Choose another file, or an empty database."),
            )
        if found != HEAD:
            _run_migrations(connection, found)
            check_references(connection)


def take_turns(connection: Connection, what: str) -> None:
    """Let no other program's transaction on a server go on that does the same, until this one ends; SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"kiosk {what}", 0))))


def is_empty(engine: Engine) -> bool:
    """Whether a database has no table at all."""
    with engine.connect() as connection:
        return not inspect(connection).get_table_names()


def revision(connection: Connection) -> str | None:
    """Revision that a database stands at; None for one without."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = Table("alembic_version", MetaData(), autoload_with=connection)
    return connection.scalar(select(version.c.version_num))


def refuse_newer(found: str | None) -> None:
    """Check that this program can work with a revision. Raises StorageError: it is none of ours."""
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory(str(_folder())).walk_revisions()}
    if found is not None and found not in known:
        raise StorageError(
            _("This database was written by a newer version of the kiosk."),
            _("Update this program, or restore a backup made with this version."),
        )


@contextmanager
def _may_rebuild_tables(connection: Connection) -> Iterator[None]:
    """Let SQLite replace a table that others refer to, which is how a column or a check of it changes.

    Dropping the old one would otherwise delete its rows first and refuse, because others refer to them
    (https://www.sqlite.org/lang_altertable.html, section 7). The switch works outside of transactions only.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    sqlite = connection.connection
    sqlite.execute("PRAGMA foreign_keys=OFF").close()
    try:
        yield
    finally:
        sqlite.execute("PRAGMA foreign_keys=ON").close()


def check_references(connection: Connection) -> None:
    """Look for rows that refer to nothing, which only SQLite lets in. Raises StorageError: there are some."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StorageError(
            ngettext(
                "This database holds {n} row that refers to nothing; it was not changed.",
                "This database holds {n} rows that refer to nothing; it was not changed.",
                len(broken),
                n=len(broken),
            ),
            _("Restore a backup."),
        )


def _run_migrations(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config

    refuse_newer(found)
    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _folder() -> Path:
    return Path(str(migrations.__file__)).parent
