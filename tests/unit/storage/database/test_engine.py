import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from kiosk.errors import StorageError
from kiosk.storage.database.engine import BUSY_TIMEOUT_MS, engine_for, has_wal_fix, reading, set_journal
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_the_write_ahead_log_is_used_only_where_its_fix_is(version: tuple[int, ...], fixed: bool) -> None:
    assert has_wal_fix(version) is fixed


@pytest.mark.durable
def test_connections_are_set_up_for_safety(tmp_path: Path) -> None:
    engine = engine_for(tmp_path / "a.sqlite3")
    set_journal(engine)
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("foreign_keys", "busy_timeout", "synchronous", "secure_delete", "journal_mode")
        }
    engine.dispose()
    journal = "wal" if has_wal_fix(sqlite3.sqlite_version_info) else "delete"
    assert found == {
        "foreign_keys": 1,
        "busy_timeout": BUSY_TIMEOUT_MS,
        "synchronous": 3,
        "secure_delete": 1,
        "journal_mode": journal,
    }


def test_a_reading_view_cannot_write_and_a_later_transaction_can(tmp_path: Path) -> None:
    engine = engine_for(tmp_path / "a.sqlite3")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE things (name TEXT)")
    with reading(engine).connect() as connection, pytest.raises(Exception, match="readonly"):
        connection.exec_driver_sql("INSERT INTO things VALUES ('a')")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO things VALUES ('b')")
        assert connection.exec_driver_sql("SELECT name FROM things").scalars().all() == ["b"]
    engine.dispose()


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX systems")
def test_only_the_owner_reads_the_database_file(tmp_path: Path) -> None:
    engine_for(tmp_path / "made" / "a.sqlite3").dispose()
    assert stat.S_IMODE((tmp_path / "made" / "a.sqlite3").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o700


@pytest.mark.parametrize("address", ["mysql://host/school", "postgresql+asyncpg://host/school", "::://"])
def test_other_kinds_of_addresses_are_refused_in_words(address: str) -> None:
    with pytest.raises(StorageError, match="database"):
        engine_for(address)


def test_a_postgresql_address_is_taken_without_connecting() -> None:
    engine = engine_for("postgresql+psycopg://kiosk@127.0.0.1:1/school")
    assert engine.dialect.name == "postgresql"
    engine.dispose()


def test_a_server_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    from kiosk.storage.keys.key_ring import KeyRing

    key_ring = KeyRing.open_or_create(tmp_path)
    with pytest.raises(StorageError, match="server cannot be reached"):
        SqlDatabase.open("postgresql+psycopg://kiosk@127.0.0.1:1/school?connect_timeout=2", key_ring=key_ring)


def _lose_transaction(engine: Engine, *, then_savepoint: bool) -> None:
    """Insert a row and let the database end the transaction by itself, as SQLite does when the disk fails."""
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO things VALUES ('a')")
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.cursor().execute("ROLLBACK")
        if then_savepoint:
            connection.begin_nested()


@pytest.mark.parametrize("then_savepoint", [False, True])
def test_a_transaction_that_the_database_ended_by_itself_is_not_gone_on_with(
    tmp_path: Path, then_savepoint: bool
) -> None:
    engine = engine_for(tmp_path / "a.sqlite3")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE things (name TEXT)")
    with pytest.raises(StorageError, match="disk reports an error"):
        _lose_transaction(engine, then_savepoint=then_savepoint)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT name FROM things").scalars().all() == []
    engine.dispose()


@pytest.mark.durable
def test_a_database_that_cannot_last_through_a_power_cut_is_refused(tmp_path: Path) -> None:
    engine = engine_for(tmp_path / "a.sqlite3")
    event.listen(engine, "connect", lambda driver, _entry: driver.execute("PRAGMA synchronous=NORMAL"))
    with pytest.raises(StorageError, match="a power cut loses nothing"):
        set_journal(engine)
    engine.dispose()
