import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from kiosk.errors import BusyError
from kiosk.web.http import fair_queue
from kiosk.web.http.fair_queue import FairQueue


class Held:
    """Work that a test lets end; notes in which order it was begun."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.begun = queue.SimpleQueue[str]()

    def work(self, name: str) -> Callable[[], str]:
        def run() -> str:
            self.begun.put(name)
            self.go_on.wait(60)
            return name

        return run

    def order(self) -> list[str]:
        found = []
        while not self.begun.empty():
            found.append(self.begun.get())
        return found


def test_a_student_waits_for_one_job_of_a_laptop_and_not_for_hundreds() -> None:
    held = Held()

    async def come() -> None:
        with ThreadPoolExecutor(1) as pool:
            jobs = FairQueue(pool, 1)
            laptop = [asyncio.create_task(jobs.run("laptop", held.work("laptop"))) for _ in range(200)]
            await asyncio.sleep(0)
            student = asyncio.create_task(jobs.run("phone", held.work("phone")))
            await asyncio.sleep(0)
            held.go_on.set()
            await asyncio.gather(student, *laptop)

    asyncio.run(come())
    assert "phone" in held.order()[:3]


def test_one_source_never_has_all_threads() -> None:
    held = Held()

    async def come() -> None:
        with ThreadPoolExecutor(4) as pool:
            jobs = FairQueue(pool, 4)
            laptop = [asyncio.create_task(jobs.run("laptop", held.work("laptop"))) for _ in range(9)]
            await asyncio.sleep(0)
            student = asyncio.create_task(jobs.run("phone", held.work("phone")))
            begun = [await asyncio.to_thread(held.begun.get, timeout=60) for _ in range(3)]
            assert sorted(begun) == ["laptop", "laptop", "phone"]
            held.go_on.set()
            await asyncio.gather(student, *laptop)

    asyncio.run(come())


def test_what_is_too_much_is_refused_for_its_source_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_queue, "MOST_OF_SOURCE", 3)
    held = Held()

    async def come() -> list[object]:
        with ThreadPoolExecutor(1) as pool:
            jobs = FairQueue(pool, 1)
            laptop = [asyncio.create_task(jobs.run("laptop", held.work("laptop"))) for _ in range(6)]
            await asyncio.sleep(0)
            student = asyncio.create_task(jobs.run("phone", held.work("phone")))
            await asyncio.sleep(0)
            held.go_on.set()
            return await asyncio.gather(student, *laptop, return_exceptions=True)

    phone, *laptop = asyncio.run(come())
    assert phone == "phone"
    assert [isinstance(one, BusyError) for one in laptop] == [False] * 4 + [True] * 2


def test_what_fails_is_told_to_who_asked_and_frees_its_thread() -> None:
    def fail() -> None:
        raise ValueError("broken")

    async def come() -> str:
        with ThreadPoolExecutor(1) as pool:
            jobs = FairQueue(pool, 1)
            with pytest.raises(ValueError, match="broken"):
                await jobs.run("phone", fail)
            return await jobs.run("phone", lambda: "next")

    assert asyncio.run(come()) == "next"


def test_who_gave_up_while_waiting_is_skipped() -> None:
    held = Held()

    async def come() -> None:
        with ThreadPoolExecutor(1) as pool:
            jobs = FairQueue(pool, 1)
            first = asyncio.create_task(jobs.run("laptop", held.work("first")))
            await asyncio.sleep(0)
            gone = asyncio.create_task(jobs.run("laptop", held.work("gone")))
            last = asyncio.create_task(jobs.run("laptop", held.work("last")))
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.sleep(0)
            held.go_on.set()
            await asyncio.gather(first, last)

    asyncio.run(come())
    assert held.order() == ["first", "last"]
