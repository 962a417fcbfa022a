"""A small school for the phone part: the real use cases and store, with a clock that tests set and a quick hasher."""

import queue
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np
from fastapi import FastAPI

from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.recognition import Template
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student
from kiosk.errors import DatabaseError
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import CheckInResult, ClaimsDelivered, SessionStarted, WebStateChanged
from kiosk.services.people.consent_letters import ConsentLetters
from kiosk.services.ports.letters import ConsentLetter, LetterWords
from kiosk.services.ports.outputs import PasswordHasher
from kiosk.settings import SchoolRules, WebSettings
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Database
from kiosk.web.api.application import ApiServices
from kiosk.web.application import CheckInServices, MyPagesServices, TeachServices, WebServices, create_app
from kiosk.web.http.host_names import HostNames
from kiosk.web.http.memory import WebMemory
from kiosk.web.http.networks import PhoneNetworks
from tests.fakes.actors import admin, teacher
from tests.fakes.clock import FakeClock
from tests.fakes.recorder import EventRecorder
from tests.fakes.storage.faulty_database import FaultyDatabase
from tests.world.school import ZONE, SmallSchool, start_store

T = TypeVar("T")

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""09:00 in Berlin."""

ANITA = "S2041"
BEN = "S2042"
PIN = "482915"


class HoldableStore:
    """A store whose writes can be held back, so that a test sees what happens before a commit.

    Attributes:
        database: Refuses what a test wants it to.
    """

    def __init__(self, database: Database) -> None:
        self.database = FaultyDatabase(database)
        self.worker = start_store(self.database, probe_s=0.02)
        self._held: list[Callable[[], None]] | None = None
        self.waiting: queue.SimpleQueue[None] = queue.SimpleQueue()
        """Has one for each write that came to be held back."""
        self.writes = 0
        self.tell_of_trouble = self.worker.tell_of_trouble

    @property
    def trouble(self) -> DatabaseError | None:
        return self.worker.trouble

    def hold(self) -> None:
        self._held = []

    def release(self) -> None:
        held, self._held = self._held or [], None
        for go in held:
            go()

    def write(self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None) -> T:
        if self._held is None:
            self.writes += 1
            return self.worker.write(work, then=then)
        return self.write_later(work, then=then).result()

    def write_later(
        self, work: Callable[[Repositories], T], *, then: Callable[[T], None] | None = None
    ) -> "Future[T]":
        self.writes += 1
        if self._held is None:
            return self.worker.write_later(work, then=then)
        answer: Future[T] = Future()

        def pass_on(done: "Future[T]") -> None:
            error = done.exception()
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(done.result())

        def go() -> None:
            self.worker.write_later(work, then=then).add_done_callback(pass_on)

        self._held.append(go)
        self.waiting.put(None)
        return answer

    def read(self, query: Callable[[Repositories], T]) -> T:
        return self.worker.read(query)


def phone_app(
    school: SmallSchool,
    *,
    memory: WebMemory | None = None,
    secure: bool = False,
    allowed: str = "",
    api: ApiServices | None = None,
) -> FastAPI:
    """What phones are served; `allowed` are their networks."""
    phones, records = school.cases.phones, school.cases.records
    return create_app(
        WebServices(
            CheckInServices(
                phones.check_in,
                school.running,
                phones.passes,
                phones.test,
                phones.known,
                phones.enrolments,
                phones.keys,
            ),
            MyPagesServices(
                records.student_data,
                school.retention,
                records.objections,
                school.cases.people.consents,
                school.cases.people.letters,
                school.cases.people.notices,
                school.cases.people.remains,
            ),
            TeachServices(school.cases.lesson.teaching, school.cases.lesson.sign_ins),
            api,
        ),
        clock=school.clock,
        zone=ZONE,
        secure=secure,
        networks=PhoneNetworks(
            WebSettings(allowed_subnets=allowed).allowed_networks(),
            phones.outsiders,
            HostNames(certified=("kiosk.test", "kiosk.school.test")),
        ),
        memory=memory or WebMemory.begin(school.clock),
    )


def enrol_path(school: SmallSchool, student: Student) -> str:
    """What the code says that a teacher shows for a student, without the address of the kiosk."""
    enrolments = school.cases.phones.enrolments
    school.running.reachable_at("http://kiosk")
    enrolments.begin(student, actor=teacher())
    return enrolments.state().url.removeprefix("http://kiosk")


class Classroom(SmallSchool):
    """CS 101 with Anita (registered, with a PIN) and Ben (with a PIN, registered elsewhere); writes have a thread."""

    store: HoldableStore

    def __init__(
        self,
        folder: Path,
        *,
        hasher: PasswordHasher | None = None,
        title: str = "Algorithms",
        anita: str = "Anita Rao",
        ben: str = "Ben Okafor",
        keeps: bool = False,
    ) -> None:
        """Open the school; `title` is the course's, `anita` and `ben` are the students' full names.

        With `keeps` claims are kept while the database is away, as if it were a server's.
        """
        super().__init__(folder, store=HoldableStore, clock=FakeClock(START), hasher=hasher, keeps=keeps)
        self.memory = WebMemory.begin(self.clock)
        self.phone_test, self.passes, self.objections = (
            self.cases.phones.test,
            self.cases.phones.passes,
            self.cases.records.objections,
        )

        def fill(repositories: Repositories) -> tuple[int, Student, Student]:
            course = repositories.courses.add(code="CS 101", title=title, room="4.12")
            first = repositories.students.add(student_no=ANITA, full_name=anita, email=None)
            second = repositories.students.add(student_no=BEN, full_name=ben, email=None)
            repositories.courses.register(course.course_id, first.student_id, date(2026, 1, 1))
            for student in (first, second):
                repositories.students.set_pin_hash(student.student_id, self.hasher.hash(PIN))
            return course.course_id, first, second

        self.course_id, self.anita, self.ben = self.store.write(fill)

    def app(self, *, secure: bool = False, allowed: str = "", api: ApiServices | None = None) -> FastAPI:
        return phone_app(self, memory=self.memory, secure=secure, allowed=allowed, api=api)

    def outsiders(self, session: ClassSession) -> int:
        """How often the teacher was told of phones from elsewhere, after all that is being written."""
        noted = self.store.write(lambda repositories: repositories.incidents.of_session(session.session_id))
        return sum(one.times for one in noted if one.kind is IncidentKind.OUTSIDE_NETWORK)

    def add_past_records(self, statuses: list[Status]) -> None:
        """One ended session for each, with Anita's record in it."""

        def work(repositories: Repositories) -> None:
            for index, status in enumerate(statuses, start=1):
                started = START - timedelta(days=7 * index)
                session = self._add_session(repositories, started, ProofPolicy.EITHER)
                repositories.class_sessions.end(session.session_id, started + timedelta(hours=1))
                self._add_record(repositories, session.session_id, status, started)

        self.store.write(work)

    def letter_codes(self) -> list[str]:
        """Print letters to everybody who is to be asked, and read the codes on them, by name of the student."""
        codes: list[str] = []

        def write(path: Path, words: LetterWords, letters: Sequence[ConsentLetter]) -> None:
            assert (path.suffix, words.notice.version >= 1) == (".pdf", True)
            codes.extend(one.code for one in letters)

        letters = ConsentLetters(
            self.cases.core,
            consents=self.cases.people.consents,
            address=lambda: self.running.base_url,
            write=write,
        )
        letters.issue(Path("letters.pdf"), actor=admin())
        return codes

    def allow_face(self) -> None:
        """Anita consents and is enrolled."""
        model, now = "dlib-resnet", self.clock.now()

        def work(repositories: Repositories) -> None:
            student_id = self.anita.student_id
            word = Consent(student_id, ConsentKind.FACE_RECOGNITION, True, now, "the test")
            repositories.consents.add(word)
            sample = repositories.faces.add_sample(
                student_id=student_id, picture=b"jpeg", source=b"file", captured_at=now
            )
            assert sample is not None
            template = Template(0, student_id, model, np.zeros(8, np.float32), 1.0)
            repositories.faces.add_template(sample_id=sample.sample_id, template=template)

        self.store.write(work)

    def begin_recheck(self, session: ClassSession) -> None:
        """Let everybody who is marked show up again from now on."""
        with self.database.transaction() as repositories:
            repositories.school_settings.put("rules.recheck", "teacher")
        self.remember(session)
        self.hub.emit(WebStateChanged(True, "http://10.20.4.17:8080"))
        self.cases.attendance.rechecks.start(session.session_id, actor=teacher())

    def open_class(self, policy: ProofPolicy = ProofPolicy.EITHER) -> ClassSession:
        """Start a class now: present for ten minutes, then late."""

        def work(repositories: Repositories) -> tuple[ClassSession, Course]:
            course = repositories.courses.get(self.course_id)
            assert course is not None
            return self._add_session(repositories, self.clock.now(), policy), course

        session, course = self.store.write(work)
        self.running.show(session, course)
        return session

    def wants_enrolled_phones(self) -> None:
        """The school lets only phones count that were enrolled."""
        self.school.change_rules(SchoolRules(enrolled_phones_only=True), actor=admin())

    def remember(self, session: ClassSession) -> None:
        """Let the kiosk know who is in a class that it shows, as when that begins."""
        course = self.sessions.course_of(session)
        self.hub.emit(SessionStarted(session, course, len(self.sessions.roster(session.session_id))))

    def come_back(self) -> None:
        """The database can be used again, and has what was kept."""
        told = EventRecorder()
        end = self.hub.subscribe(ClaimsDelivered, told.on_event)
        self.store.database.refuses = None
        told.wait_for(lambda event: isinstance(event, ClaimsDelivered) and not event.left)
        end()

    def register(self, student: Student) -> None:
        """Put somebody into CS 101, too."""
        self.store.write(
            lambda repositories: repositories.courses.register(
                self.course_id, student.student_id, date(2026, 1, 1)
            )
        )

    def end_class(self, session: ClassSession) -> None:
        """End it in the store; the code display is cleared as the runtime does."""
        self.store.write(
            lambda repositories: repositories.class_sessions.end(session.session_id, self.clock.now())
        )
        self.running.clear()

    def mark_by_camera(self, session: ClassSession) -> CheckInResult:
        """Anita walks past the camera."""
        evidence = Evidence(Method.FACE, self.clock.now())
        claim = Claim(session.session_id, self.anita.student_id, evidence)
        return self.checkin.submit(claim).result()

    def excuse(self, session: ClassSession) -> None:
        """Anita was excused beforehand."""
        self.store.write(
            lambda repositories: self._add_record(
                repositories, session.session_id, Status.EXCUSED, self.clock.now()
            )
        )

    def scan_path(self) -> str:
        """What the QR code shown now says, without the address of the kiosk."""
        self.running.reachable_at("http://kiosk")
        code = self.running.code()
        assert code is not None
        return code.url.removeprefix("http://kiosk")

    def records(self, session: ClassSession) -> list[AttendanceRecord]:
        return self.store.read(lambda repositories: repositories.records.of_session(session.session_id))

    def close(self) -> None:
        self.cases.attendance.delivery.stop()
        assert self.store.worker.drain(60)
        self.cases.attendance.keeping.close()
        self.database.close()

    def _add_session(
        self, repositories: Repositories, started_at: datetime, policy: ProofPolicy
    ) -> ClassSession:
        return repositories.class_sessions.add(
            course_id=self.course_id,
            started_at=started_at,
            late_after=timedelta(minutes=10),
            policy=policy,
            liveness=LivenessMode.OFF,
            started_by="teacher",
            model="dlib-resnet",
            code_key=b"k" * 32,
        )

    def _add_record(
        self, repositories: Repositories, session_id: int, status: Status, moment: datetime
    ) -> None:
        repositories.records.add(
            session_id=session_id,
            student_id=self.anita.student_id,
            status=status,
            method=Method.MANUAL,
            marked_at=moment,
            evidence=[],
        )
