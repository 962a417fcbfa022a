"""Two kiosks of one school on one database server, each with a store of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.attendance.record import Evidence
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import CheckInResult, Events
from kiosk.services.people.accounts import Throttle
from kiosk.services.ports.clock import SteadyClock
from kiosk.services.school.school_settings import School
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.clock import FakeClock
from tests.fakes.storage.faulty_database import FaultyDatabase
from tests.fakes.storage.postgresql import PostgresServer
from tests.unit.storage.classroom import START, Classroom, add_classroom

WAIT_S = 60.0
ZONE = ZoneInfo("Europe/Berlin")


class Room:
    """One kiosk: its use cases over its own connection to the shared database."""

    def __init__(self, database: SqlDatabase) -> None:
        self.faulty = FaultyDatabase(database)
        self.store = StoreWorker(database=self.faulty, probe_s=0.05)
        self.clock = FakeClock(START + timedelta(minutes=1))
        clock = SteadyClock(self.clock)
        events = Events()
        school = School(store=self.store, clock=clock)
        self.check_in = CheckIn(store=self.store, zone=ZONE, events=events)
        self.sessions = Sessions(store=self.store, clock=clock, school=school, zone=ZONE, events=events)
        self.throttle = Throttle(store=self.store, clock=clock)
        self._database = database

    def claim(
        self,
        classroom: Classroom,
        number: int,
        *,
        method: Method = Method.FACE,
        device: str | None = None,
        second: int = 1,
    ) -> "Future[CheckInResult]":
        """Somebody comes to this kiosk."""
        evidence = Evidence(method, START + timedelta(seconds=second), device=device)
        session, student = classroom.session, classroom.students[number]
        return self.check_in.submit(Claim(session.session_id, student.student_id, evidence))

    @contextmanager
    def committing_late(self) -> Iterator[None]:
        """Inside the block what this kiosk writes is done and not committed."""
        self.faulty.commit.clear()
        try:
            yield
        finally:
            self.faulty.commit.set()

    def close(self) -> None:
        assert self.store.drain(WAIT_S)
        self._database.close()


class TwoRooms:
    """Two kiosks and a class of one course."""

    def __init__(self, server: PostgresServer, name: str, key_ring: KeyRing, second: KeyRing) -> None:
        self.url = url = server.address(name)
        self._server, self._name = server, name
        opened = SqlDatabase.open(url, key_ring=key_ring), SqlDatabase.open(url, key_ring=second)
        self.classroom = add_classroom(opened[0])
        with opened[0].transaction() as repositories:
            repositories.school_settings.put("faces.rule", "walk_past")
        self.database = opened[0]
        self.here, self.there = (Room(one) for one in opened)

    def start(self) -> None:
        self.here.store.start()
        self.there.store.start()

    def follow(self, policy: ProofPolicy) -> None:
        """Let the class demand this proof."""
        self._server.execute(self._name, f"UPDATE class_sessions SET policy = '{policy.value}'")

    def wait_for_one_that_waits(self) -> None:
        """Until one kiosk waits for the other one's lock."""
        wait_until(lambda: bool(self._server.execute(self._name, "SELECT 1 FROM pg_locks WHERE NOT granted")))

    def is_intact(self) -> bool:
        """Whether the chained log is whole."""
        with self.database.snapshot() as repositories:
            return repositories.audit.verify() is None

    def close(self) -> None:
        self.here.close()
        self.there.close()


@contextmanager
def two_rooms(server: PostgresServer, name: str, data_dir: Path, key_ring: KeyRing) -> Iterator[TwoRooms]:
    """Both are running inside the block; the second has a data directory of its own with the same key."""
    rooms = TwoRooms(server, name, key_ring, key_ring.in_folder(data_dir / "second"))
    rooms.start()
    try:
        yield rooms
    finally:
        rooms.close()


def come_to_a_kiosk(
    url: str, data_dir: Path, classroom: Classroom, start: Barrier, told: "Queue[list[str]]"
) -> None:
    """A kiosk in a process of its own, to which a whole class comes at once."""
    keys = KeyRing.existing(data_dir)
    assert keys is not None
    room = Room(SqlDatabase.open(url, key_ring=keys))
    room.store.start()
    start.wait(WAIT_S)
    answers = [room.claim(classroom, number) for number in range(len(classroom.students))]
    told.put([answer.result(WAIT_S).outcome.value for answer in answers])
    room.close()


def wait_until(holds: Callable[[], bool]) -> None:
    """Ask again and again until it holds."""
    until, pause = time.monotonic() + WAIT_S, threading.Event()
    while not holds():
        assert time.monotonic() < until
        pause.wait(0.01)
