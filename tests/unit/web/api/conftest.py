from collections.abc import Iterator

import pytest

from tests.world.api_school import ApiSchool, Program
from tests.world.classroom import Classroom


@pytest.fixture
def school(classroom: Classroom) -> ApiSchool:
    return ApiSchool(classroom)


@pytest.fixture
def program(school: ApiSchool) -> Iterator[Program]:
    with Program(school.app(), school.token()) as asking:
        yield asking
