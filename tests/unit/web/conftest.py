from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.phones.handset import Handset
from tests.world.classroom import Classroom


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Classroom]:
    room = Classroom(tmp_path)
    yield room
    room.store.release()
    room.close()


@pytest.fixture
def handset(classroom: Classroom) -> Iterator[Handset]:
    with Handset(classroom.app()) as phone:
        yield phone
