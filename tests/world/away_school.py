"""A school whose database server goes away and comes back when a test says so: a file behind a `FaultyDatabase`."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.people.students import Student
from kiosk.errors import DatabaseError, StorageError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import CheckInResult, ClaimsDelivered, Event, SessionStarted
from kiosk.storage.store import Database
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.actors import admin
from tests.fakes.clock import FakeClock
from tests.fakes.recorder import EventRecorder
from tests.fakes.storage.faulty_database import FaultyDatabase
from tests.fakes.storage.two_kiosks import wait_until
from tests.fakes.vision.recognition import MODEL
from tests.world.school import SmallSchool

WAIT_S = 60.0
GONE = DatabaseError("The database server cannot be reached.", "Check the network and the server.")


class AwaySchool(SmallSchool):
    """CS 101 with three students and the class that is shown here."""

    def __init__(
        self,
        data_dir: Path,
        *,
        clock: FakeClock | None = None,
        keeps: bool = True,
        policy: ProofPolicy = ProofPolicy.EITHER,
    ) -> None:
        super().__init__(data_dir, store=self._open, clock=clock, keeps=keeps)
        self.recorder = EventRecorder()
        self.hub.subscribe(Event, self.recorder.on_event)
        self.keeping, self.delivery = self.cases.attendance.keeping, self.cases.attendance.delivery
        self.policy = policy

    def _open(self, database: Database) -> StoreWorker:
        self.faulty = FaultyDatabase(database)
        self.worker = StoreWorker(database=self.faulty, probe_s=0.02)
        return self.worker

    def begin(self) -> None:
        """As the program starts: what was kept goes first."""
        self.delivery.begin()
        self.worker.start()

    def show(self, session: ClassSession) -> None:
        """Show a class at this kiosk, without its threads."""
        course = self.sessions.course_of(session)
        self.running.show(session, course)
        self.hub.emit(SessionStarted(session, course, len(self.sessions.roster(session.session_id))))

    def open_class(self) -> tuple[ClassSession, list[Student]]:
        """A class that has just begun and is shown."""
        course, students = self.add_course()
        session = self.sessions.start(
            course.course_id,
            actor=admin("Anna"),
            model=MODEL.name,
            policy=self.policy,
            liveness=LivenessMode.OFF,
        )
        self.show(session)
        return session, students

    def go_away(self, why: StorageError = GONE) -> None:
        """From now on nothing can be read or written."""
        self.faulty.refuses = why

    def come_back(self) -> None:
        """It works again; whoever tries finds out."""
        self.faulty.refuses = None

    def claim(
        self, session: ClassSession, student: Student, method: Method = Method.PHONE
    ) -> "Future[CheckInResult]":
        """Somebody comes now."""
        device = f"phone of {student.student_no}" if method.is_scan else None
        distance = 0.31 if method is Method.FACE else None
        evidence = Evidence(method, self.clock.now(), device=device, distance=distance)
        return self.checkin.submit(Claim(session.session_id, student.student_id, evidence))

    def come(self, session: ClassSession, student: Student, method: Method = Method.PHONE) -> CheckInResult:
        """The same, and the answer."""
        return self.claim(session, student, method).result(WAIT_S)

    def delivered(self) -> list[ClaimsDelivered]:
        """What was delivered, once nothing waits any more."""
        self.recorder.wait_for(lambda event: isinstance(event, ClaimsDelivered) and not event.left)
        return self.recorder.of(ClaimsDelivered)

    def tick_until_delivered(self) -> None:
        """Tick as the program does, until nothing waits any more."""

        def is_delivered() -> bool:
            self.delivery.tick()
            return not self.keeping.count

        wait_until(is_delivered)

    def records(self, session: ClassSession) -> dict[int, AttendanceRecord]:
        """By student."""
        with self.database.snapshot() as repositories:
            return {one.student_id: one for one in repositories.records.of_session(session.session_id)}

    def close(self) -> None:
        """As the program ends."""
        self.delivery.stop()
        assert self.worker.drain(WAIT_S)
        self.keeping.close()
        self.database.close()


@contextmanager
def away_school(
    data_dir: Path,
    *,
    clock: FakeClock | None = None,
    keeps: bool = True,
    policy: ProofPolicy = ProofPolicy.EITHER,
) -> Iterator[AwaySchool]:
    """The school of a data directory, at work."""
    made = AwaySchool(data_dir, clock=clock, keeps=keeps, policy=policy)
    made.begin()
    try:
        yield made
    finally:
        made.close()
