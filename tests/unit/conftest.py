"""A fresh database for each test that asks for one.

A test that asks for `database` and not for its file runs twice: with SQLite and with PostgreSQL.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.storage.postgresql import PostgresServer, running_postgres
from tests.unit.storage.classroom import Classroom, add_classroom
from tests.world.kiosk import with_schema


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if (
        "database" in metafunc.fixturenames
        and "data_dir" not in inspect.signature(metafunc.function).parameters
    ):
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return with_schema(tmp_path / "data")


@pytest.fixture
def key_ring(data_dir: Path) -> KeyRing:
    return KeyRing.open_or_create(data_dir)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def _server_database(postgres: PostgresServer) -> str:
    """One for all tests, cleared after each: a copy is 300 files."""
    return postgres.make_database()


@pytest.fixture
def database(request: pytest.FixtureRequest, data_dir: Path, key_ring: KeyRing) -> Iterator[SqlDatabase]:
    if getattr(request, "param", "sqlite") == "sqlite":
        opened = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
        yield opened
        opened.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name: str = request.getfixturevalue("_server_database")
    opened = SqlDatabase.open(server.address(name), key_ring=key_ring)
    yield opened
    opened.close()
    server.clear(name)


@pytest.fixture
def classroom(database: SqlDatabase) -> Classroom:
    return add_classroom(database)
