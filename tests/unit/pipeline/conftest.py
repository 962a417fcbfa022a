from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.pipeline.class_bench import MakeBench, benches


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[MakeBench]:
    with benches(tmp_path) as make:
        yield make
