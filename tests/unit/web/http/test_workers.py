import asyncio
from types import FunctionType

import pytest

from kiosk.web.http.workers import Workers
from tests.world.classroom import Classroom


def test_a_page_waits_for_a_commit_beside_the_event_loop_and_not_on_it(classroom: Classroom) -> None:
    def make() -> str:
        return classroom.store.write(lambda repositories: "written")

    of_page = FunctionType(make.__code__, {"__name__": "kiosk.web.page"}, closure=make.__closure__)

    async def post() -> str:
        with pytest.raises(AssertionError, match="event loop"):
            of_page()
        workers = Workers()
        async with workers.running():
            return await workers.write(of_page)

    assert asyncio.run(post()) == "written"
