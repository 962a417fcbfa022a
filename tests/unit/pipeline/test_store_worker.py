import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from kiosk.errors import StorageError
from kiosk.pipeline.store_worker import StoreWorker
from kiosk.services.ports.store import Repositories
from tests.fakes.school import FakeSchool, open_school

WAIT_S = 10.0


@pytest.fixture
def school(tmp_path: Path) -> Iterator[FakeSchool]:
    with open_school(tmp_path) as opened:
        yield opened


@pytest.fixture
def worker(school: FakeSchool) -> Iterator[StoreWorker]:
    made = StoreWorker(database=school.database)
    made.start()
    yield made
    assert made.drain(WAIT_S)


def put(name: str, repositories: Repositories) -> str:
    repositories.school_settings.put(name, "here")
    return threading.current_thread().name


def names(worker: StoreWorker) -> set[str]:
    return set(worker.read(lambda repositories: repositories.school_settings.all()))


def test_a_write_runs_in_the_store_thread_and_its_result_comes_back(worker: StoreWorker) -> None:
    assert worker.write(partial(put, "a")).result(WAIT_S) == "store"
    assert names(worker) == {"a"}


def test_a_read_runs_in_the_calling_thread_beside_a_slow_write(worker: StoreWorker) -> None:
    go_on = threading.Event()
    slow = worker.write(lambda repositories: go_on.wait(WAIT_S))

    assert worker.read(lambda repositories: threading.current_thread()) is threading.current_thread()
    go_on.set()
    assert slow.result(WAIT_S)


def test_the_answer_comes_after_the_commit(worker: StoreWorker) -> None:
    seen: list[set[str]] = []

    answer = worker.write(partial(put, "a"))
    answer.add_done_callback(lambda done: seen.append(names(worker)))
    answer.result(WAIT_S)
    worker.write(lambda repositories: None).result(WAIT_S)

    assert seen == [{"a"}]


def test_writes_of_many_threads_run_one_at_a_time_and_none_is_dropped(worker: StoreWorker) -> None:
    at_work = 0
    most = 0
    together = threading.Barrier(8)

    def work(repositories: Repositories) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        count = int(repositories.school_settings.get("count") or 0)
        repositories.school_settings.put("count", str(count + 1))
        at_work -= 1

    def submit() -> None:
        together.wait(WAIT_S)
        for _ in range(25):
            worker.write(work)

    threads = [threading.Thread(target=submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = worker.write(lambda repositories: repositories.school_settings.get("count")).result(WAIT_S)

    assert most == 1
    assert count == "200"


def test_writes_run_in_the_order_they_were_given(worker: StoreWorker) -> None:
    order: list[int] = []

    def note(number: int, repositories: Repositories) -> None:
        order.append(number)

    answers = [worker.write(partial(note, number)) for number in range(50)]
    answers[-1].result(WAIT_S)

    assert order == list(range(50))


def test_a_write_that_fails_is_undone_and_the_next_one_runs(worker: StoreWorker) -> None:
    def fail(repositories: Repositories) -> None:
        put("half", repositories)
        raise ValueError("on purpose")

    failed = worker.write(fail)
    good = worker.write(partial(put, "good"))

    with pytest.raises(ValueError, match="on purpose"):
        failed.result(WAIT_S)
    good.result(WAIT_S)
    assert names(worker) == {"good"}


def test_a_commit_that_fails_is_an_error_and_the_next_write_runs(school: FakeSchool) -> None:
    class TightDisk:
        full = True
        snapshot = school.database.snapshot
        close = school.database.close

        @contextmanager
        def transaction(self) -> Iterator[Repositories]:
            with school.database.transaction() as repositories:
                yield repositories
                if self.full:
                    self.full = False
                    raise StorageError("The disk is full.", "Make room.")

    worker = StoreWorker(database=TightDisk())
    worker.start()
    failed = worker.write(partial(put, "a"))
    good = worker.write(partial(put, "b"))

    with pytest.raises(StorageError, match="disk is full"):
        failed.result(WAIT_S)
    assert good.result(WAIT_S) == "store"
    assert worker.drain(WAIT_S)
    assert names(worker) == {"b"}


def test_nobody_who_stops_waiting_cancels_a_write_or_stops_the_thread(worker: StoreWorker) -> None:
    go_on = threading.Event()
    worker.write(lambda repositories: go_on.wait(WAIT_S))
    given_up = worker.write(partial(put, "a"))

    assert not given_up.cancel()
    go_on.set()

    worker.write(partial(put, "b")).result(WAIT_S)
    assert names(worker) == {"a", "b"}


def test_draining_finishes_what_is_queued_and_refuses_what_comes_after(school: FakeSchool) -> None:
    worker = StoreWorker(database=school.database)
    worker.start()
    go_on = threading.Event()
    worker.write(lambda repositories: go_on.wait(WAIT_S))
    queued = [worker.write(partial(put, f"n{number}")) for number in range(10)]

    assert not worker.drain(0)
    refused = worker.write(partial(put, "late"))
    go_on.set()
    assert worker.drain(WAIT_S)

    assert [answer.result(0) for answer in queued] == ["store"] * 10
    with pytest.raises(StorageError, match="closing"):
        refused.result(0)
    assert names(worker) == {f"n{number}" for number in range(10)}


def test_draining_twice_or_before_the_start_is_harmless(school: FakeSchool) -> None:
    never_started = StoreWorker(database=school.database)
    assert never_started.drain(0)

    worker = StoreWorker(database=school.database)
    worker.start()
    assert worker.drain(WAIT_S)
    assert worker.drain(WAIT_S)
