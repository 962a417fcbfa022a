"""Services over a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world.school import SmallSchool, open_school, open_threaded_school


@pytest.fixture
def school(data_dir: Path) -> Iterator[SmallSchool]:
    with open_school(data_dir) as opened:
        yield opened


@pytest.fixture
def threaded_school(data_dir: Path) -> Iterator[SmallSchool]:
    with open_threaded_school(data_dir) as opened:
        yield opened
