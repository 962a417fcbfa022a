"""Recognition, or the reading of passes, that hangs: noticed, said, and replaced. Seconds are calls of `look_after`."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.frames import BgrImage, Detection, Frame
from kiosk.domain.faces.recognition import VotingRule
from kiosk.errors import ModelError
from kiosk.pipeline.class_run import ClassRun
from kiosk.pipeline.code_worker import CodeReading
from kiosk.pipeline.frame_worker import FrameWorker
from kiosk.pipeline.hang_watch import MOST, WITHIN, HangWatch
from kiosk.pipeline.vision_worker import LOADING_S, DecisionTargets
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.events import CheckInResult, Event, Events, RecognitionReady, SessionStarted, WorkerFailed
from kiosk.services.faces.recognition.recogniser import Recogniser, Sight
from kiosk.services.faces.recognition.slots import LatestSlot
from tests.fakes.actors import admin
from tests.fakes.camera.sources import ScriptedSource
from tests.fakes.recorder import WAIT_S, EventRecorder
from tests.fakes.vision.recognition import (
    MODEL,
    FakeDetector,
    FakeEmbedder,
    FakeQualityMeter,
    FakeTracker,
    frames_of,
    with_noise,
)
from tests.world.school import ZONE, SmallSchool, open_school

pytestmark = pytest.mark.logs_warnings
NOTICED_S = 10


class Hanging:
    """Something that hangs when a test says so, and comes back when it says so."""

    def __init__(self) -> None:
        self.hung, self.back = threading.Semaphore(0), threading.Event()

    def hang(self) -> None:
        self.hung.release()
        assert self.back.wait(WAIT_S)

    def wait(self) -> None:
        assert self.hung.acquire(timeout=WAIT_S)


class HangingDetector(FakeDetector):
    """Hangs for so many of its first frames."""

    def __init__(self, hanging: Hanging, *, times: int) -> None:
        self.hanging, self.times, self.fails = hanging, times, False

    def detect(self, image: BgrImage) -> list[Detection]:
        self.times -= 1
        if self.times >= 0:
            self.hanging.hang()
            if self.fails:
                raise MemoryError
        return super().detect(image)


class HangingReader:
    """Hangs for its first picture; a second one finds nothing."""

    def __init__(self, hanging: Hanging) -> None:
        self.hanging = hanging
        self.closed = threading.Event()
        self.failures = 0

    def read(self, image: BgrImage, *, timeout_s: float = 2.0) -> list[str]:
        self.hanging.hang()
        return ["a text that comes too late"]

    def close(self) -> None:
        self.closed.set()


class QuietReader(HangingReader):
    """Finds nothing, at once, and says that it looked."""

    def __init__(self, hanging: Hanging) -> None:
        super().__init__(hanging)
        self.looked = threading.Semaphore(0)

    def read(self, image: BgrImage, *, timeout_s: float = 2.0) -> list[str]:
        self.looked.release()
        return []


class GatedSource(ScriptedSource):
    """Gives each picture, and the end, when a test lets it."""

    def __init__(self, frames: list[Frame], *, live: bool = False) -> None:
        super().__init__(frames, live=live)
        self.gate = threading.Semaphore(0)

    def read(self) -> Frame | None:
        assert self.gate.acquire(timeout=WAIT_S)
        return super().read()


class Room:
    """A class of three, of whom the first is enrolled and walks past, at a kiosk whose seconds a test counts."""

    def __init__(self, school: SmallSchool, *, hangs: int) -> None:
        self.school = school
        course, self.students = school.add_course(students=3)
        school.enrol(self.students[0], 1)
        self.recorder = EventRecorder()
        school.hub.subscribe(Event, self.recorder.on_event)
        self.session = school.sessions.start(course.course_id, actor=admin("Anna"), model=MODEL.name)
        school.hub.emit(SessionStarted(self.session, course, 3))
        self.hanging = Hanging()
        self.detector = HangingDetector(self.hanging, times=hangs)
        self.loading: Hanging | None = None
        self.abandoned = 0
        self.readers: list[HangingReader] = []
        self.heard: list[str] = []
        self.run: ClassRun | None = None

    def begin(self, session: ClassSession) -> Recogniser:
        loading, self.loading = self.loading, None
        if loading is not None:
            loading.hang()
            raise ModelError("Nobody wants to hear this any more.")
        day = session.started_at.astimezone(ZONE).date()
        return Recogniser(
            sight=Sight(self.detector, FakeTracker(), FakeEmbedder(), FakeQualityMeter()),
            recognition=self.school.galleries.load(session.course_id, on=day, model=MODEL),
            rule=VotingRule(),
        )

    def abandon(self) -> None:
        self.abandoned += 1

    def take(self, text: str) -> None:
        self.heard.append(text)

    def open(self, source: ScriptedSource, *readers: HangingReader, every_frame: bool = True) -> ClassRun:
        self.readers = list(readers)
        pending = iter(readers)
        self.run = ClassRun(
            session=self.session,
            source=source,
            recognisers=self,
            targets=DecisionTargets(CheckIn(store=self.school.store, zone=ZONE, events=self.school.hub)),
            clock=self.school.clock,
            events=self.school.hub,
            every_frame=every_frame,
            code_reading=(lambda: CodeReading(next(pending), self)) if readers else None,
        )
        self.run.start()
        return self.run

    def seconds(self, number: int) -> None:
        assert self.run is not None
        for _ in range(number):
            self.run.look_after()

    def said(self) -> list[str]:
        return [event.user_text for event in self.recorder.of(WorkerFailed)]

    def scan(self, number: int) -> CheckInOutcome:
        evidence = Evidence(Method.PHONE, self.school.clock.now(), device=f"phone {number}")
        claim = Claim(self.session.session_id, self.students[number].student_id, evidence)
        return self.school.checkin.submit(claim).result().outcome

    def close(self) -> None:
        self.hanging.back.set()
        assert self.run is not None
        assert self.run.stop(WAIT_S) == ()


@pytest.fixture
def school(tmp_path: Path) -> Iterator[SmallSchool]:
    with open_school(tmp_path) as opened:
        yield opened


def test_recognition_that_hangs_is_said_within_ten_seconds_and_goes_on_anew(school: SmallSchool) -> None:
    room = Room(school, hangs=1)
    room.open(ScriptedSource(frames_of([1] * 30)))
    room.hanging.wait()
    room.seconds(NOTICED_S)

    assert room.said() == ["Recognition hung and is started anew."]
    assert room.abandoned == 1
    marked = room.recorder.wait_for(lambda event: isinstance(event, CheckInResult))
    assert isinstance(marked, CheckInResult)
    assert (marked.outcome, marked.student) == (CheckInOutcome.MARKED_PRESENT, room.students[0])
    assert len(room.recorder.of(RecognitionReady)) == 2
    assert school.awaited.can_see()
    room.close()


def test_a_class_before_a_camera_is_watched_by_a_thread_of_its_own(
    school: SmallSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.pipeline.class_run.TICK_S", 0.01)
    room = Room(school, hangs=1)
    source = GatedSource(with_noise(frames_of([1] * 10)), live=True)
    room.open(source, every_frame=False)
    source.gate.release()
    room.hanging.wait()

    room.recorder.wait_for(lambda event: isinstance(event, WorkerFailed))
    room.recorder.wait_for(lambda _event: len(room.recorder.of(RecognitionReady)) == 2)
    source.gate.release(20)
    room.close()


def test_phones_and_marks_by_hand_go_on_while_it_hangs(school: SmallSchool) -> None:
    room = Room(school, hangs=1)
    room.open(ScriptedSource(frames_of([1] * 30)))
    room.hanging.wait()

    assert room.scan(1) is CheckInOutcome.MARKED_PRESENT
    room.seconds(NOTICED_S)
    assert room.scan(2) is CheckInOutcome.MARKED_PRESENT
    room.close()


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_hung_recognition_brings_at_last_is_ignored(school: SmallSchool, fails: bool) -> None:
    room = Room(school, hangs=MOST)
    room.detector.fails = fails
    run = room.open(ScriptedSource(frames_of([1] * 30)))
    for _ in range(MOST):
        room.hanging.wait()
        room.seconds(NOTICED_S)
    room.hanging.back.set()
    for thread in threading.enumerate():
        if thread.name == "vision":
            thread.join(WAIT_S)

    assert run.analysis() is None
    assert room.recorder.of(CheckInResult) == []
    assert room.said()[-1] == "Recognition hung again and again, and is off for this class."
    assert len(room.said()) == MOST
    room.close()


def test_after_five_times_in_ten_minutes_only_codes_are_left(school: SmallSchool) -> None:
    room = Room(school, hangs=100)
    room.open(ScriptedSource(frames_of([1] * 30)))
    for _ in range(MOST):
        room.hanging.wait()
        room.seconds(NOTICED_S)
    room.seconds(WITHIN)

    assert room.abandoned == MOST - 1
    assert len(room.said()) == MOST
    assert not school.awaited.can_see()
    assert room.scan(1) is CheckInOutcome.MARKED_PRESENT
    room.close()


class IdleWorker(FrameWorker):
    """Has nothing to do; a test counts its steps."""

    def __init__(self) -> None:
        super().__init__(name="vision", frames=LatestSlot(), events=Events(), trouble=("", ""))

    def _work(self) -> None:
        """Nothing."""


@pytest.mark.parametrize(("between", "is_hopeless"), [(100, True), (200, False)])
def test_five_hangs_are_too_many_only_within_ten_minutes(between: int, is_hopeless: bool) -> None:
    watch = HangWatch()
    for _ in range(MOST):
        worker = IdleWorker()
        assert [watch.hangs(worker) for _ in range(between)] == [False] * between
        worker.steps = 1
        assert [watch.hangs(worker) for _ in range(NOTICED_S - 1)] == [False] * 8 + [True]

    assert watch.is_hopeless is is_hopeless


def test_loading_may_take_longer_before_it_hangs(school: SmallSchool) -> None:
    room = Room(school, hangs=0)
    room.loading = room.hanging
    room.open(ScriptedSource(frames_of([1] * 30)))
    room.hanging.wait()
    room.seconds(int(LOADING_S) - 1)
    assert room.said() == []
    room.seconds(2)

    assert room.said() == ["Recognition hung and is started anew."]
    room.recorder.wait_for(lambda event: isinstance(event, CheckInResult))
    room.close()
    assert room.said() == ["Recognition hung and is started anew."]


def test_recognition_that_waits_for_a_picture_does_not_hang(school: SmallSchool) -> None:
    room = Room(school, hangs=0)
    run = room.open(ScriptedSource([]))
    room.recorder.wait_for(lambda event: isinstance(event, RecognitionReady))
    room.seconds(1000)

    assert room.said() == []
    assert run.stop(WAIT_S) == ()


def test_a_reader_of_passes_that_hangs_is_replaced_and_said_to_work_again(school: SmallSchool) -> None:
    room = Room(school, hangs=0)
    hung, quiet = HangingReader(room.hanging), QuietReader(room.hanging)
    source = GatedSource(frames_of([0] * 3))
    run = room.open(source, hung, quiet)
    source.gate.release()
    room.hanging.wait()
    room.seconds(NOTICED_S)
    assert room.said() == ["Passes are not read for a moment."]
    for _ in range(2):
        source.gate.release()
        assert quiet.looked.acquire(timeout=WAIT_S)  # at the second picture the first one is done
    assert room.said()[1:] == [""]

    room.hanging.back.set()
    assert hung.closed.wait(WAIT_S)
    source.gate.release()
    room.close()
    assert quiet.closed.wait(WAIT_S)
    assert room.heard == []
    assert run.analysis() is not None
