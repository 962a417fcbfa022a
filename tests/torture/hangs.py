"""Recognition hangs (a model that never returns): it is said, students scan meanwhile, and it goes on anew; the fifth time within
ten minutes it is off for that class. In real time, with the program's own watch.
"""

import logging
import random
import threading
import time
from pathlib import Path
from typing import Final

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.frames import BgrImage, Detection, Frame
from kiosk.domain.faces.recognition import VotingRule
from kiosk.pipeline.class_run import HANGING, HOPELESS, ClassRun
from kiosk.pipeline.hang_watch import MOST
from kiosk.pipeline.vision_worker import DecisionTargets
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.events import CheckInResult, Event, RecognitionReady, WorkerFailed
from kiosk.services.faces.recognition.recogniser import Recogniser, Sight
from kiosk.services.ports.sources import SourceInfo
from tests.fakes.actors import admin
from tests.fakes.recorder import EventRecorder
from tests.fakes.vision.recognition import (
    MODEL,
    FakeDetector,
    FakeEmbedder,
    FakeQualityMeter,
    FakeTracker,
    frames_of,
    with_noise,
)
from tests.torture.school import Answer, Stored, Tally
from tests.world.school import ZONE, SmallSchool, open_school

LONGEST_S: Final = 60.0
"""Who is not told by then is counted as not told; by when it was said stands in the table."""


class _Detector(FakeDetector):
    """Hangs at the frame that it is told to."""

    def __init__(self) -> None:
        self.back = threading.Event()
        self.hung = threading.Event()
        self.left = -1

    def detect(self, image: BgrImage) -> list[Detection]:
        self.left -= 1
        if self.left == 0:
            self.hung.set()
            self.back.wait()
        return super().detect(image)


class _Camera:
    """Somebody stands before it all the time."""

    def __init__(self) -> None:
        self._frames = with_noise(frames_of([1] * 250))
        self._index = 0

    def open(self) -> SourceInfo:
        return SourceInfo("a camera", 320, 180, 30.0, live=True)

    def read(self) -> Frame | None:
        time.sleep(1 / 30)
        self._index += 1
        return Frame(self._frames[self._index % 250].image, time.monotonic(), self._index)

    def close(self) -> None: ...


class _Class:
    """One class in which it hangs up to five times."""

    def __init__(self, school: SmallSchool, hangs: int, tally: Tally) -> None:
        self._school = school
        self._tally = tally
        course, self._students = school.add_course(students=hangs + 1)
        school.enrol(self._students[0], 1)
        self._recorder = EventRecorder()
        school.hub.subscribe(Event, self._recorder.on_event)
        self._session = school.sessions.start(course.course_id, actor=admin("Anna"), model=MODEL.name)
        self._detector = _Detector()
        self.answers: list[Answer] = []
        self.noticed_s: list[float] = []

    def begin(self, session: ClassSession) -> Recogniser:
        day = session.started_at.astimezone(ZONE).date()
        return Recogniser(
            sight=Sight(self._detector, FakeTracker(), FakeEmbedder(), FakeQualityMeter()),
            recognition=self._school.galleries.load(session.course_id, on=day, model=MODEL),
            rule=VotingRule(),
        )

    def abandon(self) -> None: ...

    def hold(self, hangs: int, chance: random.Random) -> None:
        door = CheckIn(store=self._school.store, zone=ZONE, events=self._school.hub)
        run = ClassRun(
            session=self._session,
            source=_Camera(),
            recognisers=self,
            targets=DecisionTargets(door),
            clock=self._school.cases.core.clock,
            events=self._school.hub,
            every_frame=False,
        )
        run.start()
        try:
            for number in range(1, hangs + 1):
                self._wait_for(RecognitionReady, number)
                self._detector.left = chance.randint(1, 30)
                self._detector.hung.wait(LONGEST_S)
                self._detector.hung.clear()
                self._strike(number, door)
        finally:
            self._detector.back.set()
            self._tally.notes["threads that did not end"] += len(run.stop(LONGEST_S))

    def _strike(self, number: int, door: CheckIn) -> None:
        hung_s = time.monotonic()
        student = self._students[number].student_id
        evidence = Evidence(Method.PHONE, self._school.cases.core.clock.now(), device=f"phone {number}")
        scanned = door.submit(Claim(self._session.session_id, student, evidence)).result(LONGEST_S)
        self.answers.append(
            Answer(self._session.session_id, student, Method.PHONE.value, scanned.outcome.value)
        )
        self._wait_for(WorkerFailed, number)
        self.noticed_s.append(time.monotonic() - hung_s)
        said = self._recorder.of(WorkerFailed)[-1].user_text
        self._tally.notes["said otherwise"] += said != (HOPELESS if number == MOST else HANGING)[0]
        self._tally.runs += 1

    def _wait_for(self, kind: type[Event], number: int) -> None:
        self._recorder.wait_for(lambda _event: len(self._recorder.of(kind)) >= number, within_s=LONGEST_S)

    def marked_by_face(self) -> bool:
        """Whether the one who stood before the camera was recognised between the hangs."""
        results = self._recorder.of(CheckInResult)
        return any(one.student == self._students[0] for one in results)


def run(place: Path, *, runs: int, seed: int) -> Tally:
    """Let it hang so often, up to five times in a class."""
    logging.disable()  # the stack of each thread that hangs
    try:
        return _run(place, runs, seed)
    finally:
        logging.disable(logging.NOTSET)


def _run(place: Path, runs: int, seed: int) -> Tally:
    chance, tally = random.Random(seed), Tally()
    noticed_s: list[float] = []
    while tally.runs < runs:
        hangs = min(MOST, runs - tally.runs)
        folder = place / f"hangs-{tally.runs}"
        folder.mkdir(parents=True)
        with open_school(folder) as school:
            held = _Class(school, hangs, tally)
            held.hold(hangs, chance)
            tally.notes["nobody recognised"] += hangs > 1 and not held.marked_by_face()
        tally.end(held.answers)
        state = Stored.read(folder)
        tally.lost += sum(
            one.promises and (one.session, one.student) not in state.attended for one in held.answers
        )
        tally.broken += not state.whole
        noticed_s += held.noticed_s
    tally.measured = f"said after {min(noticed_s):.1f} to {max(noticed_s):.1f} s"
    tally.notes += type(tally.notes)()
    return tally
