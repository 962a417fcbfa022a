import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

from kiosk.errors import StorageError
from kiosk.storage import migrations, schema
from kiosk.storage.database import SqlDatabase
from kiosk.storage.key_ring import KeyRing, database_path
from kiosk.storage.tables import Row


def test_the_migrations_make_what_the_tables_say() -> None:
    engine = create_engine("sqlite://")
    schema.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()


def test_the_migrations_make_the_same_checks_as_the_tables() -> None:
    migrated, declared = create_engine("sqlite://"), create_engine("sqlite://")
    schema.upgrade(migrated)
    Row.metadata.create_all(declared)
    with migrated.connect() as left, declared.connect() as right:
        assert _checks(left) == _checks(right)
        assert sum(len(checks) for checks in _checks(left).values()) >= 14
    migrated.dispose()
    declared.dispose()


def _checks(connection: Connection) -> dict[str, set[tuple[str, str]]]:
    inspector = inspect(connection)
    return {
        table: {(str(check["name"]), check["sqltext"]) for check in inspector.get_check_constraints(table)}
        for table in Row.metadata.tables
    }


def test_the_newest_script_is_the_revision_that_the_program_expects() -> None:
    scripts = ScriptDirectory(str(Path(str(migrations.__file__)).parent))
    assert scripts.get_heads() == [schema.HEAD]


def test_the_first_revision_can_be_taken_back() -> None:
    from alembic import command
    from alembic.config import Config

    engine = create_engine("sqlite://")
    schema.upgrade(engine)
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_upgrading_a_current_database_changes_nothing(data_dir: Path, key_ring: KeyRing) -> None:
    before = database_path(data_dir).read_bytes()
    SqlDatabase.open(database_path(data_dir), key_ring=key_ring).close()
    assert database_path(data_dir).read_bytes() == before


def test_a_database_of_a_newer_version_is_refused_in_words(data_dir: Path, key_ring: KeyRing) -> None:
    connection = sqlite3.connect(database_path(data_dir))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        SqlDatabase.open(database_path(data_dir), key_ring=key_ring)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path, key_ring: KeyRing) -> None:
    path = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(StorageError, match="no kiosk database"):
        SqlDatabase.open(path, key_ring=key_ring)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    connection.close()
