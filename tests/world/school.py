"""A small school over a real database in a temporary directory, with a clock that tests move."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.recognition import Template
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.phones.codes import Rotation
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.claims import Claims
from kiosk.services.attendance.incidents import Incidents
from kiosk.services.attendance.marks_by_hand import MarksByHand
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import Event, Events, PinReplaced
from kiosk.services.faces.corrections import Corrections
from kiosk.services.faces.galleries import Galleries
from kiosk.services.faces.lookalikes import Lookalikes
from kiosk.services.people.accounts import Accounts, Throttle
from kiosk.services.people.pins import Pins
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.ports.outputs import PasswordHasher
from kiosk.services.school.retention import Retention
from kiosk.services.school.school_settings import School
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database, Store
from tests.fakes.clock import FakeClock
from tests.fakes.vision.recognition import MODEL, vector_of
from tests.world.kiosk import QuickHasher, with_schema

T = TypeVar("T")
ZONE = ZoneInfo("Europe/Berlin")


class DirectStore:
    """`Store` without a thread: each write is one transaction, run at once.

    A read within a read is refused: with a writer between them they would wait for each other.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._here = threading.local()

    def write(self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None) -> T:
        return self.write_later(work, then=then).result()

    def write_later(
        self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None
    ) -> "Future[T]":
        answer: Future[T] = Future()
        try:
            with self._database.transaction() as repositories:
                result = work(repositories)
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            answer.set_exception(error)
        else:
            if then is not None:
                then(result)
            answer.set_result(result)
        return answer

    def read(self, query: Callable[[Repositories], T]) -> T:
        assert not getattr(self._here, "reads", False), "a read within a read"
        self._here.reads = True
        try:
            with self._database.snapshot() as repositories:
                return query(repositories)
        finally:
            self._here.reads = False


@dataclass
class FakeSchool:
    """The services of one kiosk without threads, and the events they emitted."""

    database: Database
    store: Store
    clock: FakeClock = field(default_factory=FakeClock)
    hasher: PasswordHasher = field(default_factory=QuickHasher)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.awaited = AwaitedFaces(store=self.store, clock=self.clock)
        self.hub = Events()
        self.hub.subscribe(Event, self.awaited.on_event)
        self.hub.subscribe(Event, self.events.append)
        self.school = School(store=self.store, clock=self.clock)
        self.throttle = Throttle(store=self.store, clock=self.clock)
        self.accounts = Accounts(
            store=self.store, hasher=self.hasher, clock=self.clock, throttle=self.throttle
        )
        self.pins = Pins(
            store=self.store,
            hasher=self.hasher,
            clock=self.clock,
            throttle=self.throttle,
            events=self.hub,
        )
        self.sessions = Sessions(
            store=self.store, clock=self.clock, school=self.school, zone=ZONE, events=self.hub
        )
        self.marks = MarksByHand(store=self.store, clock=self.clock, events=self.hub)
        self.corrections = Corrections(store=self.store, clock=self.clock, events=self.hub)
        self.draws: list[bool] = []
        self.checkin = CheckIn(
            store=self.store,
            zone=ZONE,
            events=self.hub,
            lot=self._draw,
            awaited=self.awaited,
        )
        self.retention = Retention(store=self.store, clock=self.clock, zone=ZONE)
        self.claims = Claims(store=self.store, clock=self.clock, events=self.hub)
        self.lookalikes = Lookalikes(store=self.store, clock=self.clock, school=self.school)
        self.galleries = Galleries(store=self.store, school=self.school, lookalikes=self.lookalikes)
        self.running = RunningClass(clock=self.clock, rotation=Rotation(15))
        self.incidents = Incidents(store=self.store, clock=self.clock, events=self.hub)
        self.phone = Phone(
            running=self.running,
            pins=self.pins,
            checkin=self.checkin,
            store=self.store,
            clock=self.clock,
            incidents=self.incidents,
        )
        self.hub.subscribe(PinReplaced, self.phone.on_event)

    def _draw(self, _share: float) -> bool:
        """The next of `draws`; nobody is drawn when there is none left."""
        return bool(self.draws) and self.draws.pop(0)

    def add_course(self, code: str = "CS 101", students: int = 3) -> tuple[Course, list[Student]]:
        """A course with students ``<code letters>-1`` and so on, registered since today."""
        day = self.clock.now().astimezone(ZONE).date()

        def work(repositories: Repositories) -> tuple[Course, list[Student]]:
            course = repositories.courses.add(code=code, title=f"Title of {code}")
            people = []
            for number in range(1, students + 1):
                student = repositories.students.add(
                    student_no=f"{code.replace(' ', '')}-{number}", full_name=f"Student {number}", email=None
                )
                repositories.courses.register(course.course_id, student.student_id, day)
                people.append(student)
            return course, people

        return self.store.write(work)

    def enrol(self, student: Student, person: int, *, pictures: int = 1, consent: bool = True) -> None:
        """Give a student the face of `person` in `tests.fakes.vision.recognition`."""
        now = self.clock.now()

        def work(repositories: Repositories) -> None:
            kind = ConsentKind.FACE_RECOGNITION
            repositories.consents.add(Consent(student.student_id, kind, consent, now, "the test"))
            for number in range(pictures):
                source = f"{student.student_no}/{number}".encode()
                sample = repositories.faces.add_sample(
                    student_id=student.student_id,
                    picture=f"{person}".encode(),
                    source=source,
                    captured_at=now,
                )
                assert sample is not None
                template = Template(0, student.student_id, MODEL.name, vector_of(person), 1.0)
                repositories.faces.add_template(sample_id=sample.sample_id, template=template)

        self.store.write(work)

    def set_pin(self, student: Student, pin: str) -> None:
        self.store.write(
            lambda repositories: repositories.students.set_pin_hash(student.student_id, self.hasher.hash(pin))
        )


@contextmanager
def open_school(data_dir: Path) -> Iterator[FakeSchool]:
    """The school of a data directory, which gets a database if it has none."""
    keys = KeyRing.open_or_create(with_schema(data_dir))
    database = SqlDatabase.open(database_path(data_dir), key_ring=keys)
    try:
        yield FakeSchool(database, DirectStore(database))
    finally:
        database.close()
