"""A small school: every use case over a real database in a temporary directory, with a clock that tests move."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.recognition import Template
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.errors import DatabaseError
from kiosk.services.events import Event
from kiosk.services.people.accounts import Throttle
from kiosk.services.ports.outputs import PasswordHasher
from kiosk.settings import KioskSettings
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database, Store
from kiosk.storage.store_worker import PROBE_S, StoreWorker
from tests.fakes.clock import FakeClock
from tests.fakes.vision.recognition import MODEL, vector_of
from tests.world.kiosk import Parts, QuickHasher, build_kiosk

T = TypeVar("T")
ZONE = ZoneInfo("Europe/Berlin")


class DirectStore:
    """`Store` without a thread: each write is one transaction, run at once.

    A read within a read is refused: with a writer between them they would wait for each other.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._here = threading.local()
        self.trouble: DatabaseError | None = None

    def tell_of_trouble(self, on_trouble: Callable[[DatabaseError | None], None]) -> None:
        pass

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


class SmallSchool:
    """The use cases of one kiosk as `bootstrap` wires them, nothing of it started, and the events they emitted.

    With `store=None` it has the real one, whose thread whoever runs the kiosk starts.

    Attributes:
        draws: Says of one student after the other who is drawn for a spot check; nobody when there is none left.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        store: Callable[[Database], Store] | None = DirectStore,
        clock: FakeClock | None = None,
        hasher: PasswordHasher | None = None,
        keeps: bool = False,
        rule: FaceRule | None = FaceRule.WALK_PAST,
    ) -> None:
        """With `rule=None` nobody has chosen how faces are used, unless the directory says it."""
        self.clock, self.hasher = clock or FakeClock(), hasher or QuickHasher()
        self.draws: list[bool] = []
        kiosk = build_kiosk(
            data_dir,
            models_dir=data_dir / "models",
            parts=Parts(self.clock, self.hasher, store, ZONE, self._draw, keeps),
            settings=KioskSettings(),
        )
        self.kiosk = kiosk
        self.cases, self.database, self.store = kiosk.app, kiosk.database, kiosk.app.core.store
        with kiosk.database.transaction() as repositories:
            if rule is not None and repositories.school_settings.get("faces.rule") is None:
                repositories.school_settings.put("faces.rule", rule.value)
        self.hub, self.galleries = kiosk.events, kiosk.faces.galleries
        self.events: list[Event] = []
        self.hub.subscribe(Event, self.events.append)
        attendance, people, faces = kiosk.app.attendance, kiosk.app.people, kiosk.app.faces
        self.awaited, self.claims, self.incidents = (
            attendance.awaited,
            attendance.claims,
            attendance.incidents,
        )
        self.sessions, self.running, self.marks = attendance.sessions, attendance.running, attendance.marks
        self.checkin, self.phone = attendance.check_in, kiosk.app.phones.check_in
        self.accounts, self.pins = people.accounts, people.pins
        self.throttle = Throttle(store=self.store, clock=self.clock)
        self.corrections, self.lookalikes = faces.corrections, faces.lookalikes
        self.school, self.retention = kiosk.app.school.shared, kiosk.app.school.retention

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
def open_school(data_dir: Path, *, clock: FakeClock | None = None) -> Iterator[SmallSchool]:
    """The school of a data directory, which gets a database if it has none."""
    made = SmallSchool(data_dir, clock=clock)
    try:
        yield made
    finally:
        made.database.close()


@contextmanager
def open_threaded_school(data_dir: Path) -> Iterator[SmallSchool]:
    """The same with the store's thread, for many callers at once."""
    made = SmallSchool(data_dir, store=start_store)
    try:
        yield made
    finally:
        assert isinstance(made.store, StoreWorker)
        assert made.store.drain(60)
        made.database.close()


def start_store(database: Database, *, probe_s: float = PROBE_S) -> StoreWorker:
    """The real store, with its thread running."""
    worker = StoreWorker(database=database, probe_s=probe_s)
    worker.start()
    return worker
