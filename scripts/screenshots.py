"""Makes the pictures in docs/images: the program grabs its own widgets, with drawn people, on no display at all.

    python -m scripts.screenshots [FOLDER] [NAME…]

Without names all are made. The class is a still: names, times and faces are set, everything else is the program.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from kiosk import bootstrap
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
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.gui.application import prepare_application
from kiosk.gui.attendance.kiosk_screen.cards import CardBoard
from kiosk.gui.attendance.kiosk_screen.result_cards import draw_pile, pile_size
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.collecting import MainThreadCollector
from kiosk.gui.theme import Theme
from kiosk.services.app import KioskApp
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    CheckInResult,
    ClaimsDelivered,
    Event,
    FaceDecided,
    RecognitionReady,
    SessionStarted,
    StoreStateChanged,
    WebStateChanged,
)
from kiosk.services.faces.recognition.analysis import FaceState, FaceView, FrameAnalysis, Preview
from kiosk.services.ports.clock import SystemClock
from kiosk.settings import KioskSettings
from kiosk.settings import Theme as ThemeChoice
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.app_parts import with_part

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent

NAMES = (
    "Anita Rao", "Ben Okafor", "Chen Wei", "Dara Singh", "Elif Kaya", "Farid Haddad", "Grace Mbeki", "Hugo Lindqvist",
    "Ines Duarte", "Jonas Weber", "Kofi Mensah", "Lucía Romero", "Mei Tanaka", "Noah Fischer", "Olga Petrova",
    "Priya Natarajan", "Quentin Laurent", "Rosa Marchetti", "Samir Aziz", "Tomasz Nowak",
)  # fmt: skip
BASE_URL = "http://10.20.4.17:8080"
LONG_NAME = "https://kiosk-a12.informatics.school.example:8080"


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
def stage(theme: ThemeChoice) -> Iterator[Stage]:
    settings = KioskSettings()
    settings = settings.model_copy(
        update={"look": settings.look.model_copy(update={"theme": theme, "sounds": False})}
    )
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        kiosk = bootstrap.build(directory, models_dir=directory, settings=settings, for_window=True)
        store = cast(StoreWorker, kiosk.app.core.store)
        store.start()
        app = kiosk.app
        try:
            app.school.faces.choose(FaceRule.WALK_PAST, actor=Actor.system("still"))
            course = app.courses.lists.add_course(
                code="CS 101", title="Algorithms", room="4.12", actor=Actor.system("still")
            )
            students = enrol(app, course)
            session = app.attendance.sessions.start(
                course.course_id, actor=Actor.system("Ada"), model="dlib-resnet-v1"
            )
            nine = datetime(2026, 9, 7, 9, 0, tzinfo=app.core.zone)
            session = replace(session, started_at=nine)
            clock = StillClock(nine + timedelta(minutes=2, seconds=17))
            app = with_part(app, "core.clock", clock)
            app = replace(app, runtime=StillRuntime(StillPreview(*classroom(students))))
            app.attendance.running.show(session, course)
            app.attendance.running.reachable_at(BASE_URL)
            yield Stage(app, clock, course, session, students)
        finally:
            store.drain(5)
            kiosk.database.close()


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


def busy(set_up: Stage) -> list[Event]:
    """Thirty-eight present, two late, the newest ones with names."""
    methods = (Method.FACE, Method.PHONE, Method.FACE, Method.PHONE, Method.PASS, Method.FACE)
    events: list[Event] = [
        CameraStateChanged(CameraState.RUNNING),
        RecognitionReady(set_up.session.session_id, "dlib-resnet-v1", "dlib-hog", 60, 300),
        WebStateChanged(True, BASE_URL),
    ]
    events += [set_up.came(index, 0) for index in range(45, 14, -1)]
    late = [set_up.came(index, 10, Method.PHONE) for index in (13, 14)]
    nine = set_up.session.started_at
    events += [replace(one, record=replace(one.record, marked_at=nine)) for one in late if one.record]
    events += [set_up.came(index, 2 - index // 3, methods[index % 6]) for index in range(6, -1, -1)]
    return events


def screen(set_up: Stage, theme: Theme, size: tuple[int, int], events: list[Event]) -> KioskScreen:
    """A kiosk screen after `events`, with boxes and cards at rest."""
    shown = KioskScreen(
        set_up.app.core, set_up.app.attendance, set_up.app.phones.qr, set_up.app.runtime, theme
    )
    shown.resize(QSize(*size))
    shown.on_event(SessionStarted(set_up.session, set_up.course, 60))
    shown.show()
    for _ in range(200):
        QApplication.processEvents()
        if shown.state.roster:
            break
    for event in events:
        shown.on_event(event)
        set_up.clock.advance(4.0)
        shown.poll()
    set_up.clock.advance(10)
    return shown


def settle(shown: KioskScreen, clock: StillClock, seconds: float = 0.8) -> None:
    for _ in range(30):
        clock.advance(seconds / 30)
        shown.poll()
    QApplication.processEvents()


def save(widget: QWidget, folder: Path, name: str) -> None:
    QApplication.processEvents()
    path = folder / f"{name}.png"
    widget.grab().save(str(path))
    print(f"{path}  {path.stat().st_size // 1024} KB")


def kiosk_pictures(folder: Path, wanted: Callable[[str], bool]) -> None:
    for look in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        theme = Theme(look)
        theme.apply()
        for size, suffix in (((1920, 1080), ""), ((1366, 768), "-1366"), ((1280, 1024), "-1280x1024")):
            name = f"kiosk-{look.value}{suffix}"
            if wanted(name):
                with stage(look) as set_up:
                    shown = screen(set_up, theme, size, busy(set_up)[:-1])
                    shown.on_event(set_up.came(0, 2))
                    settle(shown, set_up.clock)
                    save(shown, folder, name)
                    shown.close()
        if wanted(f"kiosk-long-name-{look.value}"):
            for size, suffix in (((1920, 1080), ""), ((1366, 768), "-1366")):
                with stage(look) as set_up:
                    set_up.app.attendance.running.reachable_at(LONG_NAME)
                    shown = screen(set_up, theme, size, busy(set_up)[:-1])
                    settle(shown, set_up.clock)
                    save(shown, folder, f"kiosk-long-name-{look.value}{suffix}")
                    shown.toggle_code_screen()
                    settle(shown, set_up.clock)
                    save(shown, folder, f"code-long-name-{look.value}{suffix}")
                    shown.close()
        if wanted(f"code-{look.value}"):
            with stage(look) as set_up:
                shown = screen(set_up, theme, (1920, 1080), busy(set_up)[:-1])
                shown.toggle_code_screen()
                shown.on_event(set_up.came(3, 2, Method.PHONE))
                settle(shown, set_up.clock)
                save(shown, folder, f"code-{look.value}")
                shown.close()


def state_pictures(folder: Path, wanted: Callable[[str], bool]) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    theme.apply()
    lost = CameraStateChanged(
        CameraState.LOST, "The camera was unplugged.", "Plug it in again: the kiosk goes on by itself."
    )
    for name, event, phones in (("camera-lost", lost, True), ("starting", None, False)):
        if not wanted(name):
            continue
        with stage(ThemeChoice.LIGHT) as set_up:
            shot = set_up
            if event is None:
                nothing = StillRuntime(StillPreview(None, None))
                shot = replace(set_up, app=replace(set_up.app, runtime=nothing))
            if not phones:
                set_up.app.attendance.running.reachable_at("")
            events = [*busy(set_up), event] if event is not None else []
            shown = screen(shot, theme, (1920, 1080), events)
            settle(shown, set_up.clock)
            save(shown, folder, name)
            shown.close()


class StillKeeping:
    """Claims of some students wait on this PC."""

    is_on = True

    def __init__(self, students: frozenset[int]) -> None:
        self._students = students

    def students(self, _session_id: int) -> frozenset[int]:
        return self._students


def away_pictures(folder: Path, wanted: Callable[[str], bool]) -> None:
    """The screen while the database server is away, and when it is back."""
    for look in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        if not wanted(f"away-{look.value}"):
            continue
        theme = Theme(look)
        theme.apply()
        with stage(look) as set_up:
            students = frozenset(student.student_id for student in set_up.students[44:56])
            keeping = cast(Any, StillKeeping(students))
            attendance = replace(set_up.app.attendance, keeping=keeping)
            shot = replace(set_up, app=replace(set_up.app, attendance=attendance))
            away = StoreStateChanged("The database server cannot be reached.", "", is_keeping=True)
            shown = screen(shot, theme, (1920, 1080), [*busy(set_up)[:-1], away])
            kept = replace(
                set_up.came(45, 2, Method.PHONE),
                outcome=CheckInOutcome.KEPT,
                record=None,
                is_from_memory=True,
            )
            shown.on_event(kept)
            settle(shown, set_up.clock)
            save(shown, folder, f"away-{look.value}")
            set_up.clock.advance(10)
            delivered = tuple(set_up.came(index, 2, Method.PHONE) for index in range(44, 56))
            keeping._students = frozenset()
            shown.on_event(StoreStateChanged())
            shown.on_event(ClaimsDelivered(delivered, (), 0))
            settle(shown, set_up.clock)
            save(shown, folder, f"delivered-{look.value}")
            shown.close()


def card_pictures(folder: Path, wanted: Callable[[str], bool]) -> None:
    theme = Theme(ThemeChoice.LIGHT)
    theme.apply()
    with stage(ThemeChoice.LIGHT) as set_up:
        already = replace(set_up.came(1, 2), outcome=CheckInOutcome.ALREADY_MARKED)
        refused = replace(set_up.came(8, 2), outcome=CheckInOutcome.NOT_REGISTERED, record=None)
        cards: dict[str, list[Event]] = {
            "present": [set_up.came(0, 2)],
            "late": [set_up.came(1, 12)],
            "already": [already],
            "unknown": [set_up.decided(Outcome.UNKNOWN)],
            "please-scan": [set_up.decided(Outcome.AMBIGUOUS)],
            "refused": [refused],
            "three": [set_up.came(0, 2), set_up.came(1, 2, Method.PHONE), set_up.came(2, 12)],
        }
        for name, events in cards.items():
            if not wanted(f"card-{name}"):
                continue
            ready = [
                CameraStateChanged(CameraState.RUNNING),
                RecognitionReady(set_up.session.session_id, "dlib-resnet-v1", "dlib-hog", 60, 300),
                WebStateChanged(True, BASE_URL),
            ]
            shown = screen(set_up, theme, (1920, 1080), list(ready))
            for event in events:
                shown.on_event(event)
            settle(shown, set_up.clock)
            save(shown.camera, folder, f"card-{name}")
            shown.close()


def card_sheet(folder: Path, wanted: Callable[[str], bool]) -> None:
    """All kinds of cards in one picture, as they stand over the camera."""
    if not wanted("cards"):
        return
    with stage(ThemeChoice.LIGHT) as set_up:
        already = replace(set_up.came(1, 2), outcome=CheckInOutcome.ALREADY_MARKED)
        refused = replace(set_up.came(8, 2), outcome=CheckInOutcome.NOT_REGISTERED, record=None)
        events: list[Event] = [
            set_up.came(0, 2),
            set_up.came(1, 12),
            already,
            set_up.decided(Outcome.UNKNOWN),
            set_up.decided(Outcome.AMBIGUOUS),
            refused,
        ]
        sheet = QImage(1480, 540, QImage.Format.Format_RGB32)
        sheet.fill(QColor("#c4ccd2"))
        painter = QPainter(sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, event in enumerate(events):
            board = CardBoard(zone=set_up.app.core.zone, success_s=3, failure_s=5)
            board.on_event(event, 0.0)
            shown = board.shown(1.0)
            size = QSizeF(*pile_size(shown, 1.0))
            corner = QPointF(40 + 720 * (index % 2), 40 + 166 * (index // 2))
            draw_pile(painter, QRectF(corner, size), shown, 1.0, 1.0)
        painter.end()
    sheet.save(str(folder / "cards.png"))
    print(folder / "cards.png")


@contextmanager
def picture_application() -> Iterator[None]:
    """The application, with Python's collector on this thread only: a widget in a cycle must not die on the store's."""
    application = prepare_application([])
    collector = MainThreadCollector(application)
    try:
        yield
    finally:
        collector.stop()
        application.quit()


def main() -> None:
    with picture_application():
        make_pictures()


def make_pictures() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    names = sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)

    def wanted(name: str) -> bool:
        return not names or name in names

    kiosk_pictures(folder, wanted)
    state_pictures(folder, wanted)
    away_pictures(folder, wanted)
    card_pictures(folder, wanted)
    card_sheet(folder, wanted)


if __name__ == "__main__":
    main()
