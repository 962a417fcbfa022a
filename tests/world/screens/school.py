"""A made-up school in its third month, for the screens: copied for each showing, because making it takes long."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np

from kiosk.bootstrap.settings import SettingsFile
from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.recognition import BUILTIN_TEMPLATES, Template
from kiosk.domain.people.staff import Role, User
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.services.app import KioskApp
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import Events
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.clock import SteadyClock, SystemClock
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import KioskSettings, WebSettings
from kiosk.storage.store_worker import StoreWorker
from tests.fakes.app_parts import with_part
from tests.world.kiosk import DataCopy, Parts, QuickHasher, build_kiosk

BASE_URL = "http://10.20.4.17:8080"
PASSWORD = "correct horse battery"
NAMES = (
    "Anita Rao", "Ben Okafor", "Chen Wei", "Dara Singh", "Elif Kaya", "Farid Haddad", "Grace Mbeki", "Hugo Lindqvist",
    "Ines Duarte", "Jonas Weber", "Kofi Mensah", "Lucía Romero", "Mei Tanaka", "Noah Fischer", "Olga Petrova",
    "Priya Natarajan", "Quentin Laurent", "Rosa Marchetti", "Samir Aziz", "Tomasz Nowak", "Uma Krishnan",
    "Viktor Hansen", "Wanjiru Kamau", "Yusuf Demir",
)  # fmt: skip
COURSES = (
    ("CS 101", "Algorithms", "Room 4.12", 24),
    ("CS 205", "Databases", "Room 2.03", 18),
    ("MA 110", "Linear Algebra", "Hall B", 22),
    ("PH 120", "Mechanics", "Lab 1", 16),
)
METHODS = (Method.FACE, Method.PHONE, Method.FACE, Method.PASS, Method.FACE)


class SetClock(SystemClock):
    """Stands where a screen puts it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.skipped_s = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return super().monotonic() + self.skipped_s


@dataclass(frozen=True, slots=True)
class School:
    """A made-up school with past sessions and one that is open."""

    app: KioskApp
    clock: SetClock
    admin: User
    courses: list[Course]
    students: list[Student]
    open_session: int


@contextmanager
def kiosk_over(directory: Path) -> Iterator[KioskApp]:
    """A kiosk over a directory of data, reached at an address that stands still; no camera, no model, no phones."""
    kiosk = build_kiosk(
        directory,
        models_dir=directory,
        parts=Parts(hasher=QuickHasher()),
        settings=KioskSettings(),
        for_window=True,
    )
    store = cast(StoreWorker, kiosk.app.core.store)
    store.start()
    kiosk.app.attendance.running.reachable_at(BASE_URL)
    address = ShownAddress(
        store=store,
        clock=kiosk.app.core.clock,
        web=WebSettings(),
        read_adapters=lambda: [AdapterLine("Wi-Fi", "10.20.4.17", True, True)],
        settings=SettingsFile(directory),
    )
    try:
        yield with_part(kiosk.app, "phones.address", address)
    finally:
        kiosk.app.models.installing.close()
        store.drain(60)
        kiosk.database.close()


@contextmanager
def bare_kiosk() -> Iterator[KioskApp]:
    """A kiosk on its very first day."""
    with tempfile.TemporaryDirectory() as folder, kiosk_over(Path(folder)) as app:
        yield app


@contextmanager
def school() -> Iterator[School]:
    """A kiosk on Monday, 23 November, at 09:12, in its third month."""
    filled = _filled()
    with tempfile.TemporaryDirectory() as folder:
        filled.data.write(Path(folder))
        with kiosk_over(Path(folder)) as bare:
            app, clock = _standing_still(bare)
            yield School(
                *(app, clock, filled.admin), list(filled.courses), list(filled.students), filled.open_session
            )


def _standing_still(bare: KioskApp) -> tuple[KioskApp, SetClock]:
    clock = SetClock(datetime(2026, 11, 23, 9, 12, tzinfo=bare.core.zone))
    core = bare.core
    sessions = Sessions(
        store=core.store,
        clock=SteadyClock(clock),
        school=bare.school.shared,
        zone=core.zone,
        events=Events(),
    )
    app = with_part(bare, "core.clock", SteadyClock(clock))
    return with_part(app, "attendance.sessions", sessions), clock


@dataclass(frozen=True, slots=True)
class _Filled:
    data: DataCopy
    admin: User
    courses: tuple[Course, ...]
    students: tuple[Student, ...]
    open_session: int


@cache
def _filled() -> _Filled:
    """The data of the school, and who is in it."""
    with tempfile.TemporaryDirectory() as folder:
        with kiosk_over(Path(folder)) as bare:
            app, clock = _standing_still(bare)
            monday = clock.moment
            app.school.faces.choose(FaceRule.WALK_PAST, actor=Actor.system("setup"))
            people = [("Ada Lindgren", Role.ADMIN), ("Tom Baker", Role.TEACHER), ("Ruth Osei", Role.TEACHER)]
            users = [
                app.people.accounts.add(name=name, role=role, password=PASSWORD, actor=Actor.system("setup"))
                for name, role in people
            ]
            courses = [
                app.courses.lists.add_course(code=code, title=title, room=room, actor=Actor.system("setup"))
                for code, title, room, _ in COURSES
            ]
            students = enrol(app, courses)
            for week in (4, 3, 2, 1):
                hold(app, clock, courses[0], students, monday - timedelta(weeks=week, minutes=12), end=True)
                hold(app, clock, courses[1], students[:18], monday - timedelta(weeks=week, days=3), end=True)
            clock.moment = monday
            session_id = hold(app, clock, courses[0], students, monday - timedelta(minutes=12), end=False)
        return _Filled(DataCopy.of(Path(folder)), users[0], tuple(courses), tuple(students), session_id)


def enrol(app: KioskApp, courses: list[Course]) -> list[Student]:
    def work(repositories: Any) -> list[Student]:
        students = [
            repositories.students.add(student_no=f"S2{number:03}", full_name=name, email=None)
            for number, name in enumerate(NAMES, 41)
        ]
        for course, (*_, size) in zip(courses, COURSES, strict=True):
            for student in students[:size]:
                repositories.courses.register(course.course_id, student.student_id, date(2026, 9, 1))
        for student in students[:21]:
            sample = repositories.faces.add_sample(
                student_id=student.student_id,
                picture=b"none",
                source=student.student_no.encode(),
                captured_at=datetime(2026, 9, 1, tzinfo=app.core.zone),
            )
            vector = np.zeros(128, np.float32)
            template = Template(0, student.student_id, BUILTIN_TEMPLATES, vector, 1.0)
            repositories.faces.add_template(sample_id=sample.sample_id, template=template)
        return students

    return app.core.store.write(work)


def hold(
    app: KioskApp, clock: SetClock, course: Course, students: list[Student], at: datetime, *, end: bool
) -> int:
    """One meeting of a course: most come, some late, some not at all, one is marked by hand."""
    clock.moment = at
    session = app.attendance.sessions.start(
        course.course_id, actor=Actor.system("Tom Baker"), model="dlib-resnet-v1"
    )
    door = CheckIn(store=app.core.store, zone=app.core.zone, events=Events())
    for number, student in enumerate(students):
        turn = (number * 7 + at.day) % 12
        if turn in {3, 9}:
            continue
        came = at + timedelta(minutes=11 if turn == 5 else 1 + turn % 4, seconds=number)
        method = METHODS[number % len(METHODS)]
        votes, distance = (3, 0.31 + turn / 100) if method is Method.FACE else (None, None)
        evidence = Evidence(method, came, votes=votes, distance=distance)
        door.submit(Claim(session.session_id, student.student_id, evidence)).result()
    clock.moment = at + timedelta(minutes=8)
    app.attendance.marks.mark(
        session.session_id,
        students[1].student_id,
        Status.EXCUSED,
        actor=Actor.system("Tom Baker"),
        reason="Brought a note",
    )
    if end:
        app.attendance.sessions.end(
            session.session_id, actor=Actor.system("Tom Baker"), at=at + timedelta(minutes=90)
        )
    return session.session_id
