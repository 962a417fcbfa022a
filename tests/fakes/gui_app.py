"""A kiosk for the window's tests: the real store and services, a runtime that opens no camera and no model."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
    Event,
    FaceDecided,
    OnEvent,
    RuntimeStopped,
    SessionEnded,
    SessionStarted,
)
from kiosk.services.faces.ambiguous_faces import AmbiguousFaces
from kiosk.services.faces.ambiguous_memory import AmbiguousMemory
from kiosk.services.faces.enrolment import Enrolment
from kiosk.services.faces.recognition.analysis import FrameAnalysis, Preview, TrackDecision
from kiosk.services.faces.recognition.track_memory import Doubt
from kiosk.settings import KioskSettings, LookSettings, WebSettings
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store_worker import StoreWorker
from kiosk.vision.pictures import write_picture
from tests.fakes.actors import admin
from tests.fakes.vision import (
    FACE,
    FakeDetector,
    FakeEmbedder,
    FakeQualityMeter,
    picture_of,
    vector_of,
)
from tests.world import DataCopy, QuickHasher, build_kiosk

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

    def __init__(self, *, sessions: Sessions, live: RunningClass, on_event: OnEvent) -> None:
        self._sessions = sessions
        self._live = live
        self._on_event = on_event
        self.fake_preview = FakePreview()
        self.refuse: KioskError | None = None
        self.reloads = 0
        self.stopped = False

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
        return self._show(self._sessions.session(session_id))

    def end_class(self, *, actor: Actor) -> SessionEnded:
        live = self._live.current
        if live is None:
            raise ConflictError("No class is open at this kiosk.")
        self._live.clear()
        return self._sessions.end(live.session.session_id, actor=actor)

    def reload_gallery(self) -> None:
        self.reloads += 1

    def stop(self) -> tuple[str, ...]:
        self.stopped = True
        self._on_event(RuntimeStopped())
        return ()

    def _show(self, session: ClassSession) -> ClassSession:
        course = self._sessions.course_of(session)
        self._live.show(session, course)
        self._on_event(SessionStarted(session, course, len(self._sessions.roster(session.session_id))))
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
    doubtful_faces: AmbiguousMemory
    events: list[Event] = field(default_factory=list)
    listeners: list[OnEvent] = field(default_factory=list)

    def pass_by(
        self, session: ClassSession, candidate: Student, picture: BgrImage | None = None, *, track: int = 1
    ) -> None:
        """Let somebody be asked to scan, whose face is closest to `candidate`'s."""
        match = Match(candidate.student_id, 0.53, 0.7)
        image = picture_of(1) if picture is None else picture
        doubt = Doubt(match, image, Detection(FACE, 1.0), vector_of(1), 0.0)
        decision = Decision(Outcome.AMBIGUOUS, match, 0.0, 12)
        self.doubtful_faces.take(
            session.session_id,
            TrackDecision(track, FACE, decision, None, 0.0, doubt),
            self.app.clock.now(),
        )
        self.emit(
            FaceDecided(session.session_id, track, Outcome.AMBIGUOUS, None, 0.0, 0.0, match.distance, None)
        )

    def allow_face(self, student: Student) -> None:
        """Record the student's consent."""
        word = Consent(
            student.student_id, ConsentKind.FACE_RECOGNITION, True, self.app.clock.now(), "the test"
        )
        self.app.store.write(lambda repositories: repositories.consents.add(word))

    def enrol_face(self, student: Student) -> None:
        """Record the student's consent and a face of the model that classes run with here."""
        self.allow_face(student)

        def work(repositories: Repositories) -> None:
            sample = repositories.faces.add_sample(
                student_id=student.student_id,
                picture=b"jpeg",
                source=student.student_no.encode(),
                captured_at=self.app.clock.now(),
            )
            assert sample is not None
            template = Template(0, student.student_id, "fake", vector_of(1), 1.0)
            repositories.faces.add_template(sample_id=sample.sample_id, template=template)

        self.app.store.write(work)

    def emit(self, event: Event) -> None:
        """Tell everybody, as a worker thread would."""
        self.events.append(event)
        for listener in self.listeners:
            listener(event)

    def start(self, policy: ProofPolicy = ProofPolicy.EITHER) -> ClassSession:
        """Open a class session."""
        return self.runtime.start_class(self.course.course_id, actor=admin(self.teacher.name), policy=policy)

    def mark(self, session: ClassSession, student: Student, method: Method = Method.PHONE) -> CheckInResult:
        """Let a student come through the one door now."""
        return self.check_in(session, student, Evidence(method, self.app.clock.now()))

    def check_in(self, session: ClassSession, student: Student, evidence: Evidence) -> CheckInResult:
        """Let a student come through the one door with this evidence."""
        door = CheckIn(store=self.app.store, zone=self.app.zone, on_event=self.emit)
        return door.submit(Claim(session.session_id, student.student_id, evidence)).result()


SETTINGS = KioskSettings(look=LookSettings(sounds=False), web=WebSettings(enabled=False))
NAMES = ("Anita Rao", "Ben Okafor", "Chen Wei", "Dara Singh", "Elif Kaya", "Farid Haddad")


@contextmanager
def window_kiosk(
    data_dir: Path, *, settings: KioskSettings, on_event: OnEvent = lambda _event: None
) -> Iterator[bootstrap.Kiosk]:
    """A kiosk of which only the store's thread runs."""
    kiosk = build_kiosk(
        data_dir,
        models_dir=data_dir / "models",
        hasher=QuickHasher(),
        on_event=on_event,
        settings=settings,
        for_window=True,
    )
    store = kiosk.app.store
    assert isinstance(store, StoreWorker)
    store.start()
    try:
        yield kiosk
    finally:
        kiosk.app.models.close()
        store.drain(60)
        kiosk.database.close()


@contextmanager
def gui_kiosk(
    data_dir: Path, *, settings: KioskSettings = SETTINGS, names: tuple[str, ...] = NAMES
) -> Iterator[GuiKiosk]:
    """A kiosk over a fresh data directory, with its store thread running."""
    filled = _filled(names)
    filled.data.write(data_dir)
    holder: list[GuiKiosk] = []

    def tell(event: Event) -> None:
        if holder:
            holder[0].emit(event)

    with window_kiosk(data_dir, settings=settings, on_event=tell) as kiosk:
        runtime = FakeRuntime(sessions=kiosk.app.sessions, live=kiosk.app.live, on_event=tell)
        faces = AmbiguousMemory(clock=kiosk.app.clock, write_picture=write_picture)
        app = dataclasses.replace(kiosk.app, runtime=runtime, doubtful=_doubtful(kiosk.app, faces))
        holder.append(
            GuiKiosk(app, runtime, filled.course, list(filled.students), filled.admin, filled.teacher, faces)
        )
        holder[0].listeners.extend((faces.on_event, app.awaited.on_event))
        yield holder[0]


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
            course = app.people.add_course(
                code="CS 101", title="Algorithms", room="Room 4.12", actor=admin("test")
            )
            students = tuple(_enrol(app, course, names))
            ada = app.accounts.add(name="Ada", role=Role.ADMIN, password=PASSWORD, actor=admin("test"))
            teacher = app.accounts.add(name="Tom", role=Role.TEACHER, password=PASSWORD, actor=admin("test"))
        return _Filled(DataCopy.of(Path(folder)), course, students, ada, teacher)


def enrolment_of(app: KioskApp) -> Enrolment:
    """That of a school whose every picture shows person 1 of `tests.fakes.vision`."""
    return Enrolment(
        store=app.store,
        clock=app.clock,
        detector=FakeDetector(),
        embedder=FakeEmbedder(),
        quality=FakeQualityMeter(),
        read_picture=lambda _data: picture_of(1),
        write_picture=lambda _image: b"jpeg",
        lookalikes=app.lookalikes,
    )


def _doubtful(app: KioskApp, faces: AmbiguousMemory) -> AmbiguousFaces:
    enrolment = enrolment_of(app)
    return AmbiguousFaces(
        store=app.store, clock=app.clock, sessions=app.sessions, faces=faces, enrolment=lambda: enrolment
    )


def _enrol(app: KioskApp, course: Course, names: tuple[str, ...]) -> list[Student]:
    def work(repositories: Any) -> list[Student]:
        students = [
            repositories.students.add(student_no=f"S{number:03}", full_name=name, email=None)
            for number, name in enumerate(names, 1)
        ]
        for student in students:
            repositories.courses.register(
                course.course_id, student.student_id, app.today() - timedelta(days=7)
            )
        return students

    return app.store.write(work)
