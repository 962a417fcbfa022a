"""The whole runtime of a class, without Qt, camera and model, for the tests of the runtime."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.errors import ModelError, SourceError
from kiosk.pipeline.runtime import Background, Runtime
from kiosk.pipeline.web_supervisor import WebSupervisor
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import CameraState, CameraStateChanged, Event, Events
from kiosk.services.ports.sources import FrameSource
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.attendance.classes import FakeClasses, FakeRuns
from tests.fakes.recorder import WAIT_S, EventRecorder
from tests.fakes.vision.recognition import FakeEmbedder
from tests.world.school import ZONE, SmallSchool, open_school


class FakeWebServer:
    def __init__(self, failure: SourceError | None = None) -> None:
        self.failure = failure
        self.running = False

    def build(self) -> "FakeWebServer":
        return self

    def start(self) -> str:
        if self.failure is not None:
            raise self.failure
        self.running = True
        return "http://10.20.4.17:8080"

    def stop(self, timeout_s: float) -> bool:
        self.running = False
        return True

    def is_running(self) -> bool:
        return self.running

    def address(self) -> str:
        return "http://10.20.4.17:8080"

    def prepare(self) -> None:
        pass

    def has_new_certificate(self) -> bool:
        return False


class Tidying(Background):
    """Says that it was called."""

    tick_s = 0.05

    def __init__(self, tidied: threading.Event, loaded: threading.Event | None = None) -> None:
        """With `loaded`, models are loaded when that is set."""
        self._tidied = tidied
        self._loaded = loaded

    def warm_up(self) -> None:
        if self._loaded is not None:
            assert self._loaded.wait(WAIT_S)

    def tick(self) -> None:
        self._tidied.set()


@dataclass
class Bench:
    school: SmallSchool
    recorder: EventRecorder
    runtime: Runtime
    embedder: FakeEmbedder
    web: FakeWebServer
    course: Course
    students: list[Student]
    tidied: threading.Event
    checkin: CheckIn
    awaited: AwaitedFaces
    events: Events


MakeBench = Callable[..., Bench]


@contextmanager
def benches(data_dir: Path) -> Iterator[MakeBench]:
    """Makes runtimes over one school, and stops them at the end."""
    opened: list[Runtime] = []
    with open_school(data_dir) as school:

        def make(
            source: FrameSource,
            *,
            failure: ModelError | None = None,
            web: FakeWebServer | None = None,
            check_liveness: Callable[[LivenessMode], None] | None = None,
            loaded: threading.Event | None = None,
        ) -> Bench:
            course, students = school.add_course(students=3)
            school.enrol(students[0], 1)
            school.enrol(students[1], 2)
            recorder = EventRecorder()
            store = StoreWorker(database=school.database)
            awaited = AwaitedFaces(store=store, clock=school.clock)
            events = Events()
            events.subscribe(Event, awaited.on_event)
            events.subscribe(Event, recorder.on_event)
            sessions = Sessions(
                store=store, clock=school.cases.core.clock, school=school.school, zone=ZONE, events=events
            )
            checkin = CheckIn(store=store, zone=ZONE, events=events)
            embedder = FakeEmbedder()
            tidied = threading.Event()
            web = web or FakeWebServer()

            runs = FakeRuns(
                school, source, events, checkin, embedder=embedder, awaited=awaited, failure=failure
            )
            runtime = Runtime(
                store=store,
                sessions=sessions,
                running=school.running,
                classes=FakeClasses(school, runs.build, check=check_liveness),
                events=events,
                web=WebSupervisor(builder=web, running=school.running, events=events),
                background=Tidying(tidied, loaded),
            )
            runtime.start()
            opened.append(runtime)
            return Bench(
                school, recorder, runtime, embedder, web, course, students, tidied, checkin, awaited, events
            )

        yield make
        for runtime in opened:
            runtime.stop()


def is_state(state: CameraState) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, CameraStateChanged) and event.state is state
