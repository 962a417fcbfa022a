"""Services over a real database: migrated once, then copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.storage.store_worker import StoreWorker
from tests.fakes.school import FakeSchool, open_school


@pytest.fixture(scope="session")
def _migrated_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("services") / "data"
    with open_school(made):
        pass
    return made


@pytest.fixture
def data_dir(tmp_path: Path, _migrated_dir: Path) -> Path:
    copied = tmp_path / "data"
    shutil.copytree(_migrated_dir, copied)
    return copied


@pytest.fixture
def school(data_dir: Path) -> Iterator[FakeSchool]:
    with open_school(data_dir) as opened:
        yield opened


@pytest.fixture
def threaded_school(school: FakeSchool) -> Iterator[FakeSchool]:
    """The same school with the real store thread, for many callers at once."""
    worker = StoreWorker(database=school.database)
    worker.start()
    yield FakeSchool(school.database, worker)
    assert worker.drain(10)
