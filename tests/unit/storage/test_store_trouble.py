"""A store whose database fails or says nothing: it says why, answers whoever waits, and finds out that it works again."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from kiosk.errors import ConflictError, DatabaseError, StorageError, UnknownOutcomeError
from kiosk.storage import store_job, store_worker
from kiosk.storage.database import engine, server_connection
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.storage.faulty_database import FaultyDatabase
from tests.fakes.storage.locked_database import locked_database
from tests.fakes.storage.postgresql import PostgresServer

WAIT_S = 60.0
GONE = DatabaseError("The database server cannot be reached.", "Check the network.")

pytestmark = pytest.mark.logs_warnings


def put(name: str, repositories: Repositories) -> str:
    repositories.school_settings.put(name, "here")
    return name


def stored(database: Database) -> set[str]:
    with database.snapshot() as repositories:
        return set(repositories.school_settings.all())


class Told:
    """What a store said of itself, waited for."""

    def __init__(self) -> None:
        self._said: queue.SimpleQueue[DatabaseError | None] = queue.SimpleQueue()

    def __call__(self, trouble: DatabaseError | None) -> None:
        self._said.put(trouble)

    @property
    def next(self) -> str:
        """The next thing that it says; empty when it works again."""
        said = self._said.get(timeout=WAIT_S)
        return said.user_text if said is not None else ""

    @property
    def is_silent(self) -> bool:
        return self._said.empty()


@contextmanager
def running(database: Database, told: Told | None = None) -> Iterator[StoreWorker]:
    worker = StoreWorker(database=database, probe_s=0.02)
    worker.tell_of_trouble(told or Told())
    worker.start()
    try:
        yield worker
    finally:
        assert worker.drain(WAIT_S)


@pytest.fixture
def faulty(data_dir: Path, key_ring: KeyRing) -> Iterator[FaultyDatabase]:
    opened = SqlDatabase.open(database_path(data_dir), key_ring=key_ring)
    yield FaultyDatabase(opened)
    opened.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long."""
    monkeypatch.setattr(store_job, "PATIENT_S", 0.2)
    monkeypatch.setattr(store_job, "COMMIT_S", 0.1)
    monkeypatch.setattr(store_worker, "LOOK_S", 0.02)


@pytest.mark.usefixtures("impatient")
def test_a_lock_is_said_once_and_goes_by_itself_without_anybody_writing(
    data_dir: Path, faulty: FaultyDatabase
) -> None:
    told = Told()
    with running(faulty, told) as worker:
        with locked_database(data_dir):
            for name in ("a", "b"):
                with pytest.raises(DatabaseError, match="in use by another program"):
                    worker.write(partial(put, name))
            assert told.next == "The database is in use by another program for too long."
            assert "in use" in str(worker.trouble)
            assert told.is_silent
        assert told.next == ""
        assert worker.trouble is None
    assert stored(faulty) == set()


def test_reading_that_fails_says_so_too(faulty: FaultyDatabase) -> None:
    told = Told()
    faulty.refuses = GONE
    with running(faulty, told) as worker:
        with pytest.raises(DatabaseError, match="cannot be reached"):
            worker.read(lambda repositories: None)
        assert told.next == GONE.user_text
        faulty.refuses = None
        assert told.next == ""


def test_another_reason_is_said_as_well(faulty: FaultyDatabase) -> None:
    told = Told()
    faulty.refuses = GONE
    with running(faulty, told) as worker:
        worker.write_later(partial(put, "a"))
        assert told.next == GONE.user_text
        faulty.refuses = DatabaseError("The disk is full.")
        assert told.next == "The disk is full."
        faulty.refuses = None
        assert told.next == ""


@pytest.mark.parametrize("own", [ConflictError("It is taken."), StorageError("A picture is damaged.")])
def test_what_a_write_itself_refuses_is_no_trouble_of_the_database(
    faulty: FaultyDatabase, own: Exception
) -> None:
    def fail(_repositories: Repositories) -> None:
        raise own

    told = Told()
    with running(faulty, told) as worker:
        with pytest.raises(type(own)):
            worker.write(fail)
        worker.write(partial(put, "a"))
    assert told.is_silent


def test_a_commit_that_nobody_knows_of_is_looked_into_at_once(faulty: FaultyDatabase) -> None:
    told = Told()
    faulty.refuses = UnknownOutcomeError("The server was lost while saving.")
    with running(faulty, told) as worker:
        answer = worker.write_later(partial(put, "a"))
        assert isinstance(answer.exception(WAIT_S), UnknownOutcomeError)
        faulty.refuses = GONE
        assert told.next == GONE.user_text
        faulty.refuses = None


@pytest.mark.usefixtures("hasty")
def test_what_waits_for_a_transaction_that_never_begins_is_answered_and_never_written(
    faulty: FaultyDatabase,
) -> None:
    told = Told()
    faulty.begin.clear()
    with running(faulty, told) as worker:
        answers = [worker.write_later(partial(put, f"n{number}")) for number in range(3)]
        for answer in answers:
            with pytest.raises(DatabaseError, match="does not answer"):
                answer.result(WAIT_S)
        assert told.next == "The disk or the database server does not answer."
        faulty.begin.set()
        assert worker.write(partial(put, "later")) == "later"
        assert told.next == ""
    assert stored(faulty) == {"later"}


@pytest.mark.usefixtures("hasty")
def test_a_commit_that_takes_too_long_is_answered_and_told_of_when_it_comes(faulty: FaultyDatabase) -> None:
    written: queue.SimpleQueue[str] = queue.SimpleQueue()
    faulty.commit.clear()
    with running(faulty) as worker:
        answer = worker.write_later(partial(put, "a"), then=written.put)
        with pytest.raises(UnknownOutcomeError, match="not known whether"):
            answer.result(WAIT_S)
        faulty.commit.set()
        assert written.get(timeout=WAIT_S) == "a"
    assert stored(faulty) == {"a"}


@pytest.mark.usefixtures("hasty")
def test_long_work_is_waited_for_and_what_waits_behind_it_is_told(faulty: FaultyDatabase) -> None:
    go_on, told = threading.Event(), Told()

    def work(repositories: Repositories) -> str:
        go_on.wait(WAIT_S)
        return put("long", repositories)

    with running(faulty, told) as worker:
        long = worker.write_later(work)
        assert faulty.begins.wait(WAIT_S)
        with pytest.raises(StorageError, match="Something large is being saved"):
            worker.write(partial(put, "behind"))
        assert not long.done()
        go_on.set()
        assert long.result(WAIT_S) == "long"
    assert told.is_silent
    assert stored(faulty) == {"long"}


def test_nobody_waits_for_a_thread_that_hangs_while_the_program_ends(faulty: FaultyDatabase) -> None:
    faulty.begin.clear()
    with running(faulty) as worker:
        answers = [worker.write_later(partial(put, f"n{number}")) for number in range(2)]
        assert not worker.drain(0)
        worker.abandon()
        for answer in answers:
            with pytest.raises(StorageError, match="closing"):
                answer.result(0)
        faulty.begin.set()
    assert stored(faulty) == set()


def test_a_server_that_says_nothing_keeps_nobody_waiting(
    key_ring: KeyRing, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds its connections, as one whose machine was suspended; limits that it keeps itself do not help."""
    monkeypatch.setattr(server_connection, "SILENCE_S", 0.5)
    monkeypatch.setitem(engine._SERVER_PATIENCE, "connect_timeout", 2)
    told, at_work, go_on = Told(), threading.Event(), threading.Event()

    def work(repositories: Repositories) -> None:
        put("doubtful", repositories)
        repositories.db_session.flush()
        at_work.set()
        go_on.wait(WAIT_S)

    database = SqlDatabase.open(postgres.address(postgres.make_database()), key_ring=key_ring)
    with running(database, told) as worker:
        worker.write(partial(put, "before"))
        doubtful = worker.write_later(work)
        assert at_work.wait(WAIT_S)
        with postgres.hanging():
            go_on.set()
            assert isinstance(doubtful.exception(WAIT_S), UnknownOutcomeError)
            answers = [worker.write_later(partial(put, f"n{number}")) for number in range(3)]
            for answer in answers:
                with pytest.raises(DatabaseError, match="cannot be reached"):
                    answer.result(WAIT_S)
            with pytest.raises(DatabaseError, match="cannot be reached"):
                worker.read(lambda repositories: repositories.school_settings.all())
            assert told.next == "The database server cannot be reached."
        assert told.next == ""
        worker.write(partial(put, "after"))
    assert stored(database) - {"doubtful"} == {"before", "after"}
    database.close()
