"""A kiosk screen that stands still: names, times and faces are set, everything else is the program."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from kiosk.demo.cast import lay
from kiosk.demo.classroom import paint_room
from kiosk.demo.drawing import draw
from kiosk.demo.people import Pose
from kiosk.demo.pool import pool
from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.frames import Box, Frame
from kiosk.domain.faces.recognition import Outcome
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.theme import Theme
from kiosk.services.app import KioskApp
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    CheckInResult,
    Event,
    FaceDecided,
    RecognitionReady,
    SessionStarted,
    WebStateChanged,
)
from kiosk.services.faces.recognition.analysis import FaceState, FaceView, FrameAnalysis, Preview
from kiosk.services.ports.clock import SystemClock
from tests.fakes.app_parts import with_part
from tests.world.screens.school import BASE_URL, kiosk_over

NAMES = (
    "Anita Rao", "Ben Okafor", "Chen Wei", "Dara Singh", "Elif Kaya", "Farid Haddad", "Grace Mbeki", "Hugo Lindqvist",
    "Ines Duarte", "Jonas Weber", "Kofi Mensah", "Lucía Romero", "Mei Tanaka", "Noah Fischer", "Olga Petrova",
    "Priya Natarajan", "Quentin Laurent", "Rosa Marchetti", "Samir Aziz", "Tomasz Nowak",
)  # fmt: skip


class StillClock(SystemClock):
    """Stands at 09:02:17."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.seconds = 1000.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class StillPreview:
    """One frame with its faces."""

    def __init__(self, frame: Frame | None, analysis: FrameAnalysis | None) -> None:
        self._frame = frame
        self._analysis = analysis

    def frame(self) -> Frame | None:
        return self._frame

    def analysis(self) -> FrameAnalysis | None:
        if self._analysis is not None:
            self._analysis = replace(self._analysis, frame_index=self._analysis.frame_index + 1)
        return self._analysis


class StillRuntime:
    """A runtime of which only the preview is used."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a still has no {name}")


@dataclass(frozen=True, slots=True)
class Stage:
    """A kiosk with a course of 60, of whom some have come."""

    app: KioskApp
    clock: StillClock
    course: Course
    session: ClassSession
    students: list[Student]

    def came(self, index: int, minute: int, method: Method = Method.FACE) -> CheckInResult:
        """The event of a student being marked `minute` minutes after nine."""
        status = Status.LATE if minute >= 10 else Status.PRESENT
        at = self.session.started_at + timedelta(minutes=minute, seconds=7)
        student = self.students[index]
        record = AttendanceRecord(index + 1, self.session.session_id, student.student_id, status, method, at)
        outcome = CheckInOutcome.MARKED_LATE if status is Status.LATE else CheckInOutcome.MARKED_PRESENT
        return CheckInResult(outcome, self.session.session_id, student, method, record, at)

    def decided(self, outcome: Outcome) -> FaceDecided:
        """The event of a face that is nobody's, or ambiguous."""
        return FaceDecided(self.session.session_id, 9, outcome, None, 0.0, 1.0, None, None)


@contextmanager
def stage() -> Iterator[Stage]:
    """A class of 60 that began at nine, seventeen seconds after two past."""
    with tempfile.TemporaryDirectory() as folder, kiosk_over(Path(folder)) as made:
        course = made.courses.lists.add_course(
            code="CS 101", title="Algorithms", room="4.12", actor=Actor.system("still")
        )
        students = enrol(made, course)
        session = made.attendance.sessions.start(
            course.course_id, actor=Actor.system("Ada"), model="dlib-resnet-v1"
        )
        nine = datetime(2026, 9, 7, 9, 0, tzinfo=made.core.zone)
        session = replace(session, started_at=nine)
        clock = StillClock(nine + timedelta(minutes=2, seconds=17))
        app = replace(
            with_part(made, "core.clock", clock), runtime=StillRuntime(StillPreview(*classroom(students)))
        )
        app.attendance.running.show(session, course)
        app.attendance.running.reachable_at(BASE_URL)
        yield Stage(app, clock, course, session, students)


def enrol(app: KioskApp, course: Course) -> list[Student]:
    names = [*NAMES, *(f"Student {number}" for number in range(len(NAMES) + 1, 61))]

    def work(repositories: Any) -> list[Student]:
        students = []
        for number, name in enumerate(names, 1):
            student = repositories.students.add(student_no=f"S{number:03}", full_name=name, email=None)
            repositories.courses.register(course.course_id, student.student_id, date(2026, 1, 1))
            students.append(student)
        return students

    return app.core.store.write(work)


def classroom(students: list[Student]) -> tuple[Frame, FrameAnalysis]:
    """Three drawn people at different distances, and what recognition says about them."""
    picture = paint_room()
    people = pool()
    cast = (
        (people[3], Pose(yaw=-10), 1010.0, 372.0, 0.62, FaceState.CHECKING, None),
        (people[1], Pose(yaw=9), 268.0, 372.0, 0.66, FaceState.PLEASE_SCAN, None),
        (people[2], Pose(yaw=-2), 640.0, 330.0, 1.25, FaceState.RECOGNISED, students[0]),
    )
    faces = []
    for track, (person, pose, x, y, scale, state, student) in enumerate(cast, 1):
        lay(picture, draw(person, pose), x=x, y=y, scale=scale)
        side = 196 * scale
        faces.append(FaceView(track, Box(x - side / 2, y - 0.34 * side, side, side * 1.08), state, student))
    height, width = picture.shape[:2]
    analysis = FrameAnalysis(1, 10.0, width, height, tuple(faces), (), 0)
    return Frame(picture, 10.0, 1), analysis


def ready(set_up: Stage) -> list[Event]:
    """Camera, recognition and phones are there."""
    return [
        CameraStateChanged(CameraState.RUNNING),
        RecognitionReady(set_up.session.session_id, "dlib-resnet-v1", "dlib-hog", 60, 300),
        WebStateChanged(True, BASE_URL),
    ]


def busy(set_up: Stage) -> list[Event]:
    """Thirty-eight present, two late, the newest ones with names."""
    methods = (Method.FACE, Method.PHONE, Method.FACE, Method.PHONE, Method.PASS, Method.FACE)
    events = ready(set_up)
    events += [set_up.came(index, 0) for index in range(45, 14, -1)]
    late = [set_up.came(index, 10, Method.PHONE) for index in (13, 14)]
    nine = set_up.session.started_at
    events += [replace(one, record=replace(one.record, marked_at=nine)) for one in late if one.record]
    events += [set_up.came(index, 2 - index // 3, methods[index % 6]) for index in range(6, -1, -1)]
    return events


def kiosk_screen(set_up: Stage, theme: Theme) -> KioskScreen:
    """The screen of the class, with nothing told to it yet."""
    app = set_up.app
    return KioskScreen(app.core, app.attendance, app.phones.qr, app.runtime, theme)


def begin(shown: KioskScreen, set_up: Stage, events: list[Event]) -> None:
    """Tell it a class and what happened in it; boxes and cards come to rest."""
    shown.on_event(SessionStarted(set_up.session, set_up.course, 60))
    for _ in range(200):
        QApplication.processEvents()
        if shown.state.roster:
            break
    for event in events:
        shown.on_event(event)
        set_up.clock.advance(4.0)
        shown.poll()
    set_up.clock.advance(10)


def come_to_rest(shown: KioskScreen, clock: StillClock, seconds: float = 0.8) -> None:
    """Let what moves on it arrive."""
    for _ in range(30):
        clock.advance(seconds / 30)
        shown.poll()
    QApplication.processEvents()


class StillKeeping:
    """Claims of some students wait on this PC."""

    is_on = True

    def __init__(self, students: frozenset[int]) -> None:
        self._students = students

    def students(self, _session_id: int) -> frozenset[int]:
        return self._students

    def arrived(self) -> None:
        """Nothing waits any more."""
        self._students = frozenset()
