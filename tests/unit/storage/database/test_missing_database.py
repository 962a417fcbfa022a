"""A database that is gone or empty beside its school's keys is damage, never the beginning of a new school."""

from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import StorageError
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.storage.postgresql import PostgresServer
from tests.unit.storage.classroom import START


def _school(data_dir: Path, target: str | Path) -> dict[str, bytes]:
    """A school that was used; what its keys folder holds."""
    keys = KeyRing.open_or_create(data_dir)
    database = SqlDatabase.open(target, key_ring=keys)
    with database.transaction() as repositories:
        repositories.audit.add(START, "admin", "user.added", "anna")
    database.close()
    keys.create_recovery()
    return _kept(data_dir)


def _kept(data_dir: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((data_dir / "keys").iterdir())}


@pytest.mark.parametrize("content", [None, b""])
def test_a_missing_or_empty_file_is_named_and_nothing_is_made_or_changed(
    tmp_path: Path, content: bytes | None
) -> None:
    kept = _school(tmp_path, database_path(tmp_path))
    database_path(tmp_path).unlink()
    if content is not None:
        database_path(tmp_path).write_bytes(content)

    with pytest.raises(StorageError, match="missing or empty") as raised:
        SqlDatabase.open(database_path(tmp_path), key_ring=KeyRing.open_or_create(tmp_path))

    assert "kiosk restore" in raised.value.hint
    assert database_path(tmp_path).exists() is (content is not None)
    assert _kept(tmp_path) == kept


def test_a_file_without_tables_is_named(tmp_path: Path) -> None:
    _school(tmp_path, database_path(tmp_path))
    database_path(tmp_path).unlink()
    connection = sqlite3.connect(database_path(tmp_path))
    connection.execute("PRAGMA user_version=1")
    connection.close()

    with pytest.raises(StorageError, match="missing or empty"):
        SqlDatabase.open(database_path(tmp_path), key_ring=KeyRing.open_or_create(tmp_path))


def test_a_file_with_tables_and_nothing_in_them_is_named(tmp_path: Path) -> None:
    kept = _school(tmp_path, database_path(tmp_path))
    with closing(sqlite3.connect(database_path(tmp_path))) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            if name != "alembic_version":
                connection.execute(f"DELETE FROM {name}")

    with pytest.raises(StorageError, match="missing or empty"):
        SqlDatabase.open(database_path(tmp_path), key_ring=KeyRing.open_or_create(tmp_path))

    assert _kept(tmp_path) == kept


def test_an_emptied_database_on_a_server_is_named_without_its_password(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    name = postgres.make_database()
    address = postgres.address(name).replace("kiosk@", "kiosk:secret@")
    _school(tmp_path, address)
    postgres.drop_tables(name)

    with pytest.raises(StorageError, match="missing or empty") as raised:
        SqlDatabase.open(address, key_ring=KeyRing.open_or_create(tmp_path))

    assert "secret" not in str(raised.value)


def test_a_school_may_begin_on_a_server_with_the_keys_that_it_has(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    _school(tmp_path, database_path(tmp_path))

    SqlDatabase.open(
        postgres.address(postgres.make_database()), key_ring=KeyRing.open_or_create(tmp_path)
    ).close()


def test_a_first_start_that_was_cut_off_before_its_database_was_there_is_begun_again(tmp_path: Path) -> None:
    KeyRing.open_or_create(tmp_path)

    SqlDatabase.open(database_path(tmp_path), key_ring=KeyRing.open_or_create(tmp_path)).close()


def test_with_the_keys_put_aside_the_next_start_begins_a_new_school(tmp_path: Path) -> None:
    kept = _school(tmp_path, database_path(tmp_path))
    database_path(tmp_path).unlink()
    keys = KeyRing.existing(tmp_path)
    assert keys is not None

    aside = keys.put_aside()

    assert {path.name.split(".before-")[0]: path.read_bytes() for path in aside} == kept
    new = KeyRing.open_or_create(tmp_path)
    assert new.is_new
    SqlDatabase.open(database_path(tmp_path), key_ring=new).close()
