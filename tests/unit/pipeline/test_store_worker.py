import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest

from kiosk.errors import ConflictError, StorageError
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.storage.locked_database import locked_database
from tests.world.school import SmallSchool, open_school

WAIT_S = 60.0


@pytest.fixture
def school(tmp_path: Path) -> Iterator[SmallSchool]:
    with open_school(tmp_path) as opened:
        with opened.database.transaction() as repositories:  # these tests look at all that is written
            for name in repositories.school_settings.all():
                repositories.school_settings.remove(name)
        yield opened


@pytest.fixture
def worker(school: SmallSchool) -> Iterator[StoreWorker]:
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
    assert worker.write(partial(put, "a")) == "store"
    assert names(worker) == {"a"}


def test_a_read_runs_in_the_calling_thread_beside_a_slow_write(worker: StoreWorker) -> None:
    go_on = threading.Event()
    slow = worker.write_later(lambda repositories: go_on.wait(WAIT_S))

    assert worker.read(lambda repositories: threading.current_thread()) is threading.current_thread()
    go_on.set()
    assert slow.result(WAIT_S)


def test_the_answer_comes_after_the_commit(worker: StoreWorker) -> None:
    seen: list[set[str]] = []

    answer = worker.write_later(partial(put, "a"))
    answer.add_done_callback(lambda done: seen.append(names(worker)))
    answer.result(WAIT_S)
    worker.write(lambda repositories: None)

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
            worker.write_later(work)

    threads = [threading.Thread(target=submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count = worker.write(lambda repositories: repositories.school_settings.get("count"))

    assert most == 1
    assert count == "200"


def test_writes_run_in_the_order_they_were_given(worker: StoreWorker) -> None:
    order: list[int] = []

    def note(number: int, repositories: Repositories) -> None:
        order.append(number)

    answers = [worker.write_later(partial(note, number)) for number in range(50)]
    answers[-1].result(WAIT_S)

    assert order == list(range(50))


def test_a_write_that_fails_is_undone_and_the_next_one_runs(worker: StoreWorker) -> None:
    def fail(repositories: Repositories) -> None:
        put("half", repositories)
        raise ValueError("on purpose")

    failed = worker.write_later(fail)
    good = worker.write_later(partial(put, "good"))

    with pytest.raises(ValueError, match="on purpose"):
        failed.result(WAIT_S)
    good.result(WAIT_S)
    assert names(worker) == {"good"}


def test_a_commit_that_fails_is_an_error_and_the_next_write_runs(school: SmallSchool) -> None:
    class TightDisk:
        full = True
        batch = school.database.batch
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
    failed = worker.write_later(partial(put, "a"))
    with pytest.raises(StorageError, match="disk is full"):
        failed.result(WAIT_S)
    good = worker.write_later(partial(put, "b"))

    assert good.result(WAIT_S) == "store"
    assert worker.drain(WAIT_S)
    assert names(worker) == {"b"}


def test_a_write_in_the_store_thread_is_refused_for_it_would_wait_for_itself(worker: StoreWorker) -> None:
    def write_again(_repositories: Repositories) -> None:
        worker.write(partial(put, "a"))

    with pytest.raises(RuntimeError, match="wait for itself"):
        worker.write(write_again)
    assert names(worker) == set()


def test_what_was_written_is_told_in_the_order_of_the_commits_before_whoever_waits_goes_on(
    worker: StoreWorker,
) -> None:
    told: list[str] = []

    def tell(name: str) -> None:
        assert name in names(worker)
        assert threading.current_thread().name == "store"
        told.append(name)

    def write(name: str, repositories: Repositories) -> str:
        put(name, repositories)
        return name

    together = [worker.write_later(partial(write, f"n{number}"), then=tell) for number in range(20)]
    alone = worker.write(partial(write, "last"), then=tell)

    assert [answer.result(0) for answer in together] == told[:-1] == [f"n{number}" for number in range(20)]
    assert told[-1] == alone == "last"


def test_what_was_not_written_is_not_told(worker: StoreWorker) -> None:
    def fail(_repositories: Repositories) -> str:
        raise ConflictError("It is taken.")

    told: list[str] = []
    with pytest.raises(ConflictError):
        worker.write(fail, then=told.append)
    assert told == []


@pytest.mark.logs_warnings
def test_a_listener_that_fails_leaves_nobody_waiting(worker: StoreWorker) -> None:
    def fail(_name: str) -> None:
        raise RuntimeError("the window is gone")

    assert worker.write(partial(put, "a"), then=fail) == "store"
    assert worker.write(partial(put, "b")) == "store"


class WatchedDatabase:
    """A database that counts its commits; those of several writes fail when the disk is full."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.snapshot = database.snapshot
        self.close = database.close
        self.full = False
        self.alone = self.together = 0

    @contextmanager
    def transaction(self) -> Iterator[Repositories]:
        with self._database.transaction() as repositories:
            yield repositories
        self.alone += 1

    @contextmanager
    def batch(self) -> Iterator[Callable[[], AbstractContextManager[Repositories]]]:
        with self._database.batch() as part:
            yield part
            if self.full:
                raise StorageError("The disk is full.", "Make room.")
        self.together += 1


@pytest.fixture
def watched(school: SmallSchool) -> WatchedDatabase:
    return WatchedDatabase(school.database)


def queued(
    database: Database,
    *works: Callable[[Repositories], object],
    told: "Callable[[Future[object]], None]" = lambda _answer: None,
) -> "list[Future[object]]":
    """Writes that all waited while the store was busy, answered; `told` hears each answer."""
    worker = StoreWorker(database=database, together_s=WAIT_S)
    worker.start()
    go_on = threading.Event()
    worker.write_later(lambda repositories: go_on.wait(WAIT_S))
    answers: list[Future[object]] = [worker.write_later(work) for work in works]
    for answer in answers:
        answer.add_done_callback(told)
    go_on.set()
    assert worker.drain(WAIT_S)
    return answers


def in_store(database: Database) -> set[str]:
    with database.snapshot() as repositories:
        return set(repositories.school_settings.all())


def test_writes_that_waited_share_commits(watched: WatchedDatabase) -> None:
    answers = queued(watched, *(partial(put, f"n{number}") for number in range(200)))

    assert [answer.result(0) for answer in answers] == ["store"] * 200
    assert in_store(watched) == {f"n{number}" for number in range(200)}
    assert watched.together == 4
    assert watched.alone <= 1, "the one that they waited for"


def test_answers_of_writes_that_share_a_commit_come_after_it(watched: WatchedDatabase) -> None:
    seen: list[set[str]] = []

    def tell(_answer: "Future[object]") -> None:
        seen.append(in_store(watched))

    queued(watched, partial(put, "a"), partial(put, "b"), told=tell)
    assert seen == [{"a", "b"}] * 2


def test_one_that_fails_is_undone_alone_among_those_that_share_a_commit(watched: WatchedDatabase) -> None:
    def fail(repositories: Repositories) -> None:
        put("half", repositories)
        raise ConflictError("It is taken.")

    first, failed, last = queued(watched, partial(put, "first"), fail, partial(put, "last"))

    assert (first.result(0), last.result(0)) == ("store", "store")
    with pytest.raises(ConflictError, match="taken"):
        failed.result(0)
    assert in_store(watched) == {"first", "last"}


def test_a_failing_commit_fails_all_that_share_it(watched: WatchedDatabase) -> None:
    watched.full = True
    answers = queued(watched, partial(put, "a"), partial(put, "b"))

    for answer in answers:
        with pytest.raises(StorageError, match="disk is full"):
            answer.result(0)
    assert in_store(watched) == set()


def test_a_database_that_fails_in_the_middle_writes_none_of_those_that_share_a_commit(
    watched: WatchedDatabase,
) -> None:
    """SQLite may have ended the whole transaction by then, so nothing that follows may pass for written."""

    def fail(repositories: Repositories) -> None:
        raise StorageError("The disk reports an error.")

    first, failed, later = queued(watched, partial(put, "first"), fail, partial(put, "later"))

    for answer in (first, failed):
        with pytest.raises(StorageError, match="reports an error"):
            answer.result(0)
    assert later.result(0) == "store"
    assert in_store(watched) == {"later"}


class SilentServer:
    """A database whose transactions cannot begin while it is gone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.snapshot = database.snapshot
        self.close = database.close
        self.gone = True
        self.asked = 0

    @contextmanager
    def transaction(self) -> Iterator[Repositories]:
        self._answer()
        with self._database.transaction() as repositories:
            yield repositories

    @contextmanager
    def batch(self) -> Iterator[Callable[[], AbstractContextManager[Repositories]]]:
        self._answer()
        with self._database.batch() as part:
            yield part

    def _answer(self) -> None:
        self.asked += 1
        if self.gone:
            raise StorageError("The database server cannot be reached.")


def test_a_transaction_that_cannot_begin_fails_all_that_waited_for_it_at_once(school: SmallSchool) -> None:
    """A lock lasts ten seconds for each that begins anew, so the last of them would wait for minutes."""
    server = SilentServer(school.database)
    worker = StoreWorker(database=server)
    answers = [worker.write_later(partial(put, f"n{number}")) for number in range(6)]
    worker.start()
    assert worker.drain(WAIT_S)

    for answer in answers:
        with pytest.raises(StorageError, match="cannot be reached"):
            answer.result(0)
    assert server.asked == 1
    assert in_store(server) == set()


def test_what_is_written_after_a_transaction_could_not_begin_is_written(school: SmallSchool) -> None:
    server = SilentServer(school.database)
    worker = StoreWorker(database=server)
    worker.start()
    failed = worker.write_later(partial(put, "a"))
    with pytest.raises(StorageError, match="cannot be reached"):
        failed.result(WAIT_S)
    server.gone = False

    assert worker.write(partial(put, "b")) == "store"
    assert worker.drain(WAIT_S)
    assert in_store(server) == {"b"}


@pytest.mark.logs_warnings
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("writes", [1, 6])
def test_writes_to_a_file_that_another_program_has_locked_are_all_answered(
    tmp_path: Path, writes: int
) -> None:
    with open_school(tmp_path) as school:
        before = in_store(school.database)
        worker = StoreWorker(database=school.database)
        answers = [worker.write_later(partial(put, f"n{number}")) for number in range(writes)]
        with locked_database(tmp_path):
            worker.start()
            assert worker.drain(WAIT_S)

        for answer in answers:
            with pytest.raises(StorageError, match="in use by another program"):
                answer.result(0)
        assert in_store(school.database) == before


class NotForeseen(BaseException):
    """Nothing that a program expects."""


def test_something_worse_than_an_error_is_answered_and_the_thread_goes_on(school: SmallSchool) -> None:
    def fail(repositories: Repositories) -> None:
        put("half", repositories)
        raise NotForeseen

    first, failed = queued(school.database, partial(put, "first"), fail)
    for answer in (first, failed):
        with pytest.raises(NotForeseen):
            answer.result(0)

    worker = StoreWorker(database=school.database)
    worker.start()
    alone, next_one = worker.write_later(fail), worker.write_later(partial(put, "next"))
    with pytest.raises(NotForeseen):
        alone.result(WAIT_S)
    next_one.exception(WAIT_S)  # it may have shared the commit
    assert worker.write(partial(put, "good")) == "store"
    assert worker.drain(WAIT_S)
    assert "half" not in in_store(school.database)


def test_what_waits_for_a_thread_that_never_started_is_refused(school: SmallSchool) -> None:
    worker = StoreWorker(database=school.database)
    answers = [worker.write_later(partial(put, f"n{number}")) for number in range(3)]

    assert worker.drain(WAIT_S)

    for answer in answers:
        with pytest.raises(StorageError, match="closing"):
            answer.result(0)


def test_nobody_who_stops_waiting_cancels_a_write_or_stops_the_thread(worker: StoreWorker) -> None:
    go_on = threading.Event()
    worker.write_later(lambda repositories: go_on.wait(WAIT_S))
    given_up = worker.write_later(partial(put, "a"))

    assert not given_up.cancel()
    go_on.set()

    worker.write(partial(put, "b"))
    assert names(worker) == {"a", "b"}


def test_draining_finishes_what_is_queued_and_refuses_what_comes_after(school: SmallSchool) -> None:
    worker = StoreWorker(database=school.database)
    worker.start()
    go_on = threading.Event()
    worker.write_later(lambda repositories: go_on.wait(WAIT_S))
    queued = [worker.write_later(partial(put, f"n{number}")) for number in range(10)]

    assert not worker.drain(0)
    refused = worker.write_later(partial(put, "late"))
    go_on.set()
    assert worker.drain(WAIT_S)

    assert [answer.result(0) for answer in queued] == ["store"] * 10
    with pytest.raises(StorageError, match="closing"):
        refused.result(0)
    assert names(worker) == {f"n{number}" for number in range(10)}


def test_draining_twice_or_before_the_start_is_harmless(school: SmallSchool) -> None:
    never_started = StoreWorker(database=school.database)
    assert never_started.drain(0)

    worker = StoreWorker(database=school.database)
    worker.start()
    assert worker.drain(WAIT_S)
    assert worker.drain(WAIT_S)
