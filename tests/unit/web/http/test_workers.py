import asyncio
import queue
import threading
from types import FunctionType

import pytest

import kiosk.web.http.workers
from kiosk.errors import DatabaseError
from kiosk.web.http.workers import SIGN_INS, Workers
from tests.world.classroom import Classroom


def test_a_page_waits_for_a_commit_beside_the_event_loop_and_not_on_it(classroom: Classroom) -> None:
    def make() -> str:
        return classroom.store.write(lambda repositories: "written")

    of_page = FunctionType(make.__code__, {"__name__": "kiosk.web.page"}, closure=make.__closure__)

    async def post() -> str:
        with pytest.raises(AssertionError, match="event loop"):
            of_page()
        workers = Workers(lambda: None)
        async with workers.running():
            return await workers.write(of_page, source="a phone")

    assert asyncio.run(post()) == "written"


def test_what_queued_for_long_while_nothing_can_be_saved_is_answered_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of the threads waits for seconds then, and behind them a whole class would wait for minutes."""
    monkeypatch.setattr(kiosk.web.http.workers, "QUEUED_S", 0.0)
    go_on, tried = threading.Event(), queue.SimpleQueue[str]()

    def hang() -> None:
        tried.put("hung")
        go_on.wait(60)

    async def post() -> list[BaseException | None]:
        trouble: list[DatabaseError] = []
        workers = Workers(lambda: trouble[0] if trouble else None)
        async with workers.running():
            hanging = [asyncio.create_task(workers.write(hang, source=f"phone {n}")) for n in range(SIGN_INS)]
            for _ in hanging:
                await asyncio.to_thread(tried.get)
            behind = [asyncio.create_task(workers.write(hang, source="late")) for _ in range(3)]
            await asyncio.sleep(0)
            trouble.append(DatabaseError("The database server cannot be reached."))
            go_on.set()
            return await asyncio.gather(*hanging, *behind, return_exceptions=True)

    answers = asyncio.run(post())
    assert answers[:SIGN_INS] == [None] * SIGN_INS
    assert [str(one) for one in answers[SIGN_INS:]] == ["The database server cannot be reached."] * 3
    assert tried.empty(), "nobody tried in vain"
