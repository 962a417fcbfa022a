"""A blocked or dead web part never touches recognition, and the reverse: the real runtime, web server and pages.

Only camera and networks are fakes, which the tests feed face by face and bring to a standstill.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.people.students import Student
from kiosk.pipeline.runtime import Background, Runtime
from kiosk.pipeline.web_supervisor import WebSupervisor
from kiosk.services.events import CheckInResult, Event, RecognitionReady, WebStateChanged, WorkerFailed
from kiosk.services.ports.web import WebServer
from kiosk.settings import WebSettings
from kiosk.storage.store_worker import StoreWorker
from kiosk.web.http.server import UvicornServer
from tests.fakes.actors import admin
from tests.fakes.attendance.classes import FakeClasses, FakeRuns
from tests.fakes.camera.sources import FedSource
from tests.fakes.phones.handset import form, heading
from tests.fakes.recorder import WAIT_S, EventRecorder
from tests.fakes.vision.recognition import FakeDetector, frames_of, with_noise
from tests.world.classroom import phone_app
from tests.world.school import SmallSchool, open_school

PIN = "482915"


@dataclass
class FrailDetector(FakeDetector):
    """Finds faces until it is told to stand still or to fail."""

    goes: threading.Event = field(default_factory=threading.Event)
    stuck: threading.Event = field(default_factory=threading.Event)
    fails: bool = False

    def __post_init__(self) -> None:
        self.goes.set()

    def detect(self, image: BgrImage) -> list[Detection]:
        if not self.goes.is_set():
            self.stuck.set()
            self.goes.wait(WAIT_S)
        if self.fails:
            raise RuntimeError("the network is broken")
        return super().detect(image)


@dataclass
class Kiosk:
    """A class with one student whose face is known and one who has a PIN."""

    runtime: Runtime
    recorder: EventRecorder
    camera: FedSource
    detector: FrailDetector
    app: FastAPI
    course: Course
    face: Student
    phone: Student
    school: SmallSchool

    def start_class(self) -> ClassSession:
        session = self.runtime.start_class(self.course.course_id, actor=admin("Anna"))
        self.recorder.wait_for(lambda event: isinstance(event, RecognitionReady))
        return session

    def walk_past(self) -> None:
        self.camera.feed(*with_noise(frames_of([1] * 10)))

    def url(self, path: str = "") -> str:
        self.recorder.wait_for(lambda event: isinstance(event, WebStateChanged) and event.running)
        return self.school.running.base_url + path

    def check_in_by_phone(self) -> str:
        """Over a real connection; the last page's heading."""
        base_url = self.url()
        code = self.school.running.code()
        assert code is not None
        with httpx.Client(
            base_url=base_url,
            headers={"Origin": base_url},
            follow_redirects=True,
            timeout=WAIT_S,
            trust_env=False,
        ) as browser:
            action, hidden = form(browser.get(code.url).text, "Sign in")
            fields = hidden | {"student_no": self.phone.student_no, "pin": PIN}
            action, hidden = form(browser.post(action, data=fields).text, "I am here")
            return heading(browser.post(action, data=hidden))

    def wait_for_mark(self, student: Student) -> CheckInResult:
        found = self.recorder.wait_for(
            lambda event: isinstance(event, CheckInResult) and event.student == student
        )
        assert isinstance(found, CheckInResult)
        return found


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    with open_school(tmp_path) as filled:
        course, students = filled.add_course(students=2)
        filled.enrol(students[0], 1)
        filled.set_pin(students[1], PIN)
    school = SmallSchool(tmp_path, store=None)
    made = wired(school, course, students)
    made.runtime.start()
    yield made
    made.detector.goes.set()
    made.camera.release()
    assert made.runtime.stop() == ()
    school.database.close()


@dataclass(frozen=True, slots=True)
class OnThisPc:
    """Makes web parts that only this PC reaches."""

    app: FastAPI

    def build(self) -> WebServer:
        return UvicornServer(self.app, WebSettings(host="127.0.0.1").model_copy(update={"port": 0}))


class Often(Background):
    tick_s = 0.05


def wired(school: SmallSchool, course: Course, students: list[Student]) -> Kiosk:
    recorder, camera, detector = EventRecorder(), FedSource(), FrailDetector()
    school.hub.subscribe(Event, recorder.on_event)
    app = phone_app(school)
    runs = FakeRuns(school, camera, school.hub, school.checkin, detector=detector)
    store = school.store
    assert isinstance(store, StoreWorker)
    runtime = Runtime(
        store=store,
        sessions=school.sessions,
        running=school.running,
        classes=FakeClasses(school, runs.build),
        events=school.hub,
        web=WebSupervisor(builder=OnThisPc(app), running=school.running, events=school.hub),
        background=Often(),
    )
    return Kiosk(runtime, recorder, camera, detector, app, course, students[0], students[1], school)


def test_recognition_marks_while_the_web_part_is_blocked(kiosk: Kiosk) -> None:
    blocked, go_on = threading.Event(), threading.Event()

    async def block() -> str:
        blocked.set()
        go_on.wait(WAIT_S)  # on the event loop, as no handler should
        return "done"

    kiosk.app.add_api_route("/block", block)
    kiosk.start_class()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(httpx.get, kiosk.url("/block"), timeout=WAIT_S)
        assert blocked.wait(WAIT_S)
        kiosk.walk_past()
        result = kiosk.wait_for_mark(kiosk.face)
        assert not answer.done(), "the web part was blocked all the time"
        go_on.set()
        assert answer.result(WAIT_S).status_code == 200

    assert result.outcome is CheckInOutcome.MARKED_PRESENT
    assert kiosk.check_in_by_phone() == "You are marked present"


@pytest.mark.logs_warnings
def test_recognition_marks_when_the_web_part_has_died_which_comes_back(kiosk: Kiosk) -> None:
    async def die() -> None:
        asyncio.get_running_loop().stop()
        await asyncio.sleep(WAIT_S)

    kiosk.app.add_api_route("/die", die)
    kiosk.start_class()
    with contextlib.suppress(httpx.TransportError):  # some answer or none
        httpx.get(kiosk.url("/die"), timeout=WAIT_S)
    kiosk.recorder.wait_for(lambda event: isinstance(event, WebStateChanged) and not event.running)
    kiosk.walk_past()

    assert kiosk.wait_for_mark(kiosk.face).outcome is CheckInOutcome.MARKED_PRESENT
    kiosk.recorder.wait_for(
        lambda _event: [one.running for one in kiosk.recorder.of(WebStateChanged)] == [True, False, True]
    )
    assert kiosk.check_in_by_phone() == "You are marked present"


def test_phones_are_served_while_recognition_stands_still(kiosk: Kiosk) -> None:
    session = kiosk.start_class()
    kiosk.detector.goes.clear()
    kiosk.walk_past()
    assert kiosk.detector.stuck.wait(WAIT_S)

    assert kiosk.check_in_by_phone() == "You are marked present"

    assert kiosk.wait_for_mark(kiosk.phone).method is Method.PHONE
    roster = kiosk.school.sessions.roster(session.session_id)
    assert [one.student for one in roster if one.record is not None] == [kiosk.phone]
    kiosk.detector.goes.set()
    assert kiosk.wait_for_mark(kiosk.face).method is Method.FACE


@pytest.mark.logs_warnings
def test_phones_are_served_when_recognition_has_died(kiosk: Kiosk) -> None:
    kiosk.start_class()
    kiosk.detector.fails = True
    kiosk.walk_past()
    failure = kiosk.recorder.wait_for(lambda event: isinstance(event, WorkerFailed))
    assert isinstance(failure, WorkerFailed)
    assert failure.worker == "vision"

    assert kiosk.check_in_by_phone() == "You are marked present"
    assert kiosk.wait_for_mark(kiosk.phone).method is Method.PHONE
