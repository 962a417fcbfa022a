"""A fresh database file for each test; migrated once, then copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.storage.database import SqlDatabase
from kiosk.storage.key_ring import KeyRing, database_path
from tests.unit.storage.classroom import Classroom, add_classroom


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


@pytest.fixture
def database(data_dir: Path, key_ring: KeyRing) -> Iterator[SqlDatabase]:
    opened = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    yield opened
    opened.close()


@pytest.fixture
def classroom(database: SqlDatabase) -> Classroom:
    return add_classroom(database)
