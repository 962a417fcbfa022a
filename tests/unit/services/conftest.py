"""Services over a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.storage.store_worker import StoreWorker
from tests.world.school import FakeSchool, open_school


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
    assert worker.drain(60)
