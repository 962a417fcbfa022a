"""A kiosk for the window's tests: the real store and services, a runtime that opens no camera and no model."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from kiosk import bootstrap
from kiosk.domain.attendance.choices import LivenessMode, Method, ProofPolicy
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.frames import BgrImage, Detection, Frame
from kiosk.domain.faces.recognition import Decision, Match, Outcome, Template
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.staff import Role, User
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ConflictError, KioskError
from kiosk.services.app import KioskApp
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import (
    CheckInResult,
    ConsentWithdrawn,
    Event,
    Events,
    FaceDecided,
    GalleryChanged,
    RuntimeStopped,
    SessionEnded,
    SessionStarted,
)
from kiosk.services.faces.ambiguous_faces import AmbiguousFaces
from kiosk.services.faces.ambiguous_memory import AmbiguousMemory
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.recognition.analysis import FrameAnalysis, Preview, TrackDecision
from kiosk.services.faces.recognition.track_memory import ClosestLook
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.health import Health
from kiosk.settings import KioskSettings, LookSettings, WebSettings
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.actors import admin
from tests.fakes.app_parts import with_part
from tests.fakes.faces.enrolments import MadeEnrolment
from tests.fakes.health import FakeHealth
from tests.fakes.vision.recognition import (
    FACE,
    FakeDetector,
    FakeEmbedder,
    FakeQualityMeter,
    picture_of,
    vector_of,
)
from tests.world.kiosk import DataCopy, Parts, QuickHasher, build_kiosk

PASSWORD = "correct horse battery"


class FakePreview:
    """What the window polls; tests put values in."""

    def __init__(self) -> None:
        self.newest: Frame | None = None
        self.seen: FrameAnalysis | None = None

    def frame(self) -> Frame | None:
        return self.newest

    def analysis(self) -> FrameAnalysis | None:
        return self.seen


class FakeRuntime:
    """`KioskRuntime` without threads: sessions are really stored, nothing is recognised."""

    def __init__(self, *, sessions: Sessions, running: RunningClass, events: Events) -> None:
        self._sessions = sessions
        self._running = running
        self._events = events
        self.fake_preview = FakePreview()
        self.refuse: KioskError | None = None
        self.reloads = 0
        self.stopped = False
        events.subscribe(GalleryChanged, self._on_gallery_changed)
        events.subscribe(ConsentWithdrawn, self._on_gallery_changed)

    @property
    def preview(self) -> Preview:
        return self.fake_preview

    def start_class(
        self,
        course_id: int,
        *,
        actor: Actor,
        liveness: LivenessMode = LivenessMode.OFF,
        policy: ProofPolicy = ProofPolicy.EITHER,
    ) -> ClassSession:
        if self.refuse is not None:
            raise self.refuse
        started = self._sessions.start(course_id, actor=actor, model="fake", policy=policy, liveness=liveness)
        return self._show(started)

    def resume_class(self, session_id: int, *, actor: Actor) -> ClassSession:
        self._sessions.require_reached(session_id, actor)
        return self._show(self._sessions.session(session_id))

    def end_class(self, *, actor: Actor) -> SessionEnded:
        shown = self._running.current
        if shown is None:
            raise ConflictError("No class is open at this kiosk.")
        ended = self._sessions.end(shown.session.session_id, actor=actor)
        self._running.clear()
        return ended

    def _on_gallery_changed(self, _event: GalleryChanged | ConsentWithdrawn) -> None:
        self.reloads += 1

    def stop(self) -> tuple[str, ...]:
        self.stopped = True
        self._events.emit(RuntimeStopped())
        return ()

    def _show(self, session: ClassSession) -> ClassSession:
        course = self._sessions.course_of(session)
        self._running.show(session, course)
        self._events.emit(SessionStarted(session, course, len(self._sessions.roster(session.session_id))))
        return session


@dataclass(slots=True)
class GuiKiosk:
    """A kiosk with one course of students, an admin and a teacher (both with `PASSWORD`)."""

    app: KioskApp
    runtime: FakeRuntime
    course: Course
    students: list[Student]
    admin: User
    teacher: User
    ambiguous_faces: AmbiguousMemory
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app.core.events.subscribe(Event, self.events.append)

    def pass_by(
        self, session: ClassSession, candidate: Student, picture: BgrImage | None = None, *, track: int = 1
    ) -> None:
        """Let somebody be asked to scan, whose face is closest to `candidate`'s."""
        match = Match(candidate.student_id, 0.53, 0.7)
        image = picture_of(1) if picture is None else picture
        doubt = ClosestLook(match, image, Detection(FACE, 1.0), vector_of(1), 0.0)
        decision = Decision(Outcome.AMBIGUOUS, match, 0.0, 12)
        self.ambiguous_faces.take(
            session.session_id,
            TrackDecision(track, FACE, decision, None, 0.0, doubt),
            self.app.core.clock.now(),
        )
        self.emit(
            FaceDecided(session.session_id, track, Outcome.AMBIGUOUS, None, 0.0, 0.0, match.distance, None)
        )

    def allow_face(self, student: Student) -> None:
        """Record the student's consent."""
        word = Consent(
            student.student_id, ConsentKind.FACE_RECOGNITION, True, self.app.core.clock.now(), "the test"
        )
        self.app.core.store.write(lambda repositories: repositories.consents.add(word))

    def enrol_face(self, student: Student) -> None:
        """Record the student's consent and a face of the model that classes run with here."""
        self.allow_face(student)

        def work(repositories: Repositories) -> None:
            sample = repositories.faces.add_sample(
                student_id=student.student_id,
                picture=b"jpeg",
                source=student.student_no.encode(),
                captured_at=self.app.core.clock.now(),
            )
            assert sample is not None
            template = Template(0, student.student_id, "fake", vector_of(1), 1.0)
            repositories.faces.add_template(sample_id=sample.sample_id, template=template)

        self.app.core.store.write(work)

    def emit(self, event: Event) -> None:
        """Tell everybody, as a worker thread would."""
        self.app.core.events.emit(event)

    def start(self, policy: ProofPolicy = ProofPolicy.EITHER) -> ClassSession:
        """Open a class session."""
        return self.runtime.start_class(self.course.course_id, actor=admin(self.teacher.name), policy=policy)

    def mark(self, session: ClassSession, student: Student, method: Method = Method.PHONE) -> CheckInResult:
        """Let a student come through the one door now."""
        return self.check_in(session, student, Evidence(method, self.app.core.clock.now()))

    def check_in(self, session: ClassSession, student: Student, evidence: Evidence) -> CheckInResult:
        """Let a student come through the one door with this evidence."""
        door = CheckIn(store=self.app.core.store, zone=self.app.core.zone, events=self.app.core.events)
        return door.submit(Claim(session.session_id, student.student_id, evidence)).result()


SETTINGS = KioskSettings(look=LookSettings(sounds=False), web=WebSettings(enabled=False))
NAMES = ("Anita Rao", "Ben Okafor", "Chen Wei", "Dara Singh", "Elif Kaya", "Farid Haddad")


@contextmanager
def window_kiosk(
    data_dir: Path,
    *,
    settings: KioskSettings,
    clock: Clock | None = None,
    zone: ZoneInfo | None = None,
    models_dir: Path | None = None,
) -> Iterator[bootstrap.Kiosk]:
    """A kiosk of which only the store's thread runs."""
    kiosk = build_kiosk(
        data_dir,
        models_dir=models_dir or data_dir / "models",
        parts=Parts(hasher=QuickHasher(), clock=clock, zone=zone),
        settings=settings,
        for_window=True,
    )
    store = kiosk.app.core.store
    assert isinstance(store, StoreWorker)
    store.start()
    try:
        yield kiosk
    finally:
        kiosk.app.models.installing.close()
        store.drain(60)
        kiosk.database.close()


@contextmanager
def gui_kiosk(
    data_dir: Path, *, settings: KioskSettings = SETTINGS, names: tuple[str, ...] = NAMES
) -> Iterator[GuiKiosk]:
    """A kiosk over a fresh data directory, with its store thread running."""
    filled = _filled(names)
    filled.data.write(data_dir)
    with window_kiosk(data_dir, settings=settings) as kiosk:
        core, attendance, memory = kiosk.app.core, kiosk.app.attendance, kiosk.faces.memory
        runtime = FakeRuntime(sessions=attendance.sessions, running=attendance.running, events=core.events)
        app = with_part(kiosk.app, "faces.ambiguous", _ambiguous(kiosk.app, memory))
        app = with_part(app, "runtime", runtime)
        app = with_part(app, "trust.health", Health(store=core.store, checks=FakeHealth()))
        students = list(filled.students)
        yield GuiKiosk(app, runtime, filled.course, students, filled.admin, filled.teacher, memory)


@dataclass(frozen=True, slots=True)
class _Filled:
    data: DataCopy
    course: Course
    students: tuple[Student, ...]
    admin: User
    teacher: User


@cache
def _filled(names: tuple[str, ...]) -> _Filled:
    """A data directory with the course, its students and both accounts."""
    with TemporaryDirectory() as folder:
        with window_kiosk(Path(folder), settings=SETTINGS) as kiosk:
            app = kiosk.app
            course = app.courses.lists.add_course(
                code="CS 101", title="Algorithms", room="Room 4.12", actor=admin("test")
            )
            students = tuple(_enrol(app, course, names))
            ada = app.people.accounts.add(name="Ada", role=Role.ADMIN, password=PASSWORD, actor=admin("test"))
            teacher = app.people.accounts.add(
                name="Tom", role=Role.TEACHER, password=PASSWORD, actor=admin("test")
            )
        return _Filled(DataCopy.of(Path(folder)), course, students, ada, teacher)


def enrolment_of(app: KioskApp) -> Enrolment:
    """That of a school whose every picture shows person 1 of `tests.fakes.vision.recognition`."""
    return Enrolment(
        store=app.core.store,
        clock=app.core.clock,
        detector=FakeDetector(),
        embedder=FakeEmbedder(),
        quality=FakeQualityMeter(),
        read_picture=lambda _data: picture_of(1),
        write_picture=lambda _image: b"jpeg",
        lookalikes=app.faces.lookalikes,
    )


def _ambiguous(app: KioskApp, faces: AmbiguousMemory) -> AmbiguousFaces:
    return AmbiguousFaces(
        store=app.core.store,
        clock=app.core.clock,
        sessions=app.attendance.sessions,
        marks=app.attendance.marks,
        faces=faces,
        enrolments=MadeEnrolment(enrolment_of(app)),
    )


def _enrol(app: KioskApp, course: Course, names: tuple[str, ...]) -> list[Student]:
    def work(repositories: Any) -> list[Student]:
        students = [
            repositories.students.add(student_no=f"S{number:03}", full_name=name, email=None)
            for number, name in enumerate(names, 1)
        ]
        for student in students:
            repositories.courses.register(
                course.course_id, student.student_id, app.core.today() - timedelta(days=7)
            )
        return students

    return app.core.store.write(work)
