"""A fresh database for each test; migrated once, then copied.

A test that asks for `database` and not for its file runs twice: with SQLite and with PostgreSQL.
"""

import inspect
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.postgresql import PostgresServer, running_postgres
from tests.unit.storage.classroom import Classroom, add_classroom


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if (
        "database" in metafunc.fixturenames
        and "data_dir" not in inspect.signature(metafunc.function).parameters
    ):
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def _migrated_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("migrated") / "data"
    SqlDatabase.open(database_path(made), key_ring=KeyRing.open_or_create(made)).close()
    return made


@pytest.fixture
def data_dir(tmp_path: Path, _migrated_dir: Path) -> Path:
    copied = tmp_path / "data"
    shutil.copytree(_migrated_dir, copied)
    return copied


@pytest.fixture
def key_ring(data_dir: Path) -> KeyRing:
    return KeyRing.open_or_create(data_dir)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def _migrated_template(postgres: PostgresServer, _migrated_dir: Path) -> str:
    name = postgres.make_database()
    SqlDatabase.open(postgres.address(name), key_ring=KeyRing.open_or_create(_migrated_dir)).close()
    return name


@pytest.fixture
def database(request: pytest.FixtureRequest, data_dir: Path, key_ring: KeyRing) -> Iterator[SqlDatabase]:
    target: Path | str = database_path(data_dir)
    if getattr(request, "param", "sqlite") == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        target = server.address(server.make_database(request.getfixturevalue("_migrated_template")))
    opened = SqlDatabase.open(target, key_ring=key_ring)
    yield opened
    opened.close()


@pytest.fixture
def classroom(database: SqlDatabase) -> Classroom:
    return add_classroom(database)
