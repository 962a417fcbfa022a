"""Makes the pictures of the roster and the views in docs/images, with the program's own widgets.

    python -m scripts.screenshots_views [FOLDER] [NAME…]

Without a folder they go to docs/images; without names all of that are made. With a folder every picture is also made
dark and at 1366×768. No display is needed; the school in the pictures is made up.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QWidget

from kiosk import bootstrap
from kiosk.bootstrap.settings import SettingsFile
from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.recognition import BUILTIN_MODEL, BUILTIN_TEMPLATES, Template
from kiosk.domain.people.staff import Role, User
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.desk import Desk
from kiosk.gui.people.first_start import FirstStartView
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.places import Place
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.store_banner import StoreBanner
from kiosk.services.app import KioskApp
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.attendance.claims import Claims
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    Events,
    RecognitionReady,
    SessionStarted,
    WebStateChanged,
)
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.clock import SteadyClock, SystemClock
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import KioskSettings, WebSettings
from kiosk.settings import Theme as Look
from kiosk.storage.store_worker import StoreWorker
from scripts.screenshots import BASE_URL, StillPreview, StillRuntime, classroom, picture_application
from tests.fakes.app_parts import with_part
from tests.fakes.recorder import told

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent

PASSWORD = "correct horse battery"  # noqa: S105 - of people who do not exist
EXAMPLE_PHRASE = "amber-violin-harbour-cactus-lantern-pebble-orchid-tunnel"
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
    """Stands where the pictures put it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


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
def bare_kiosk() -> Iterator[KioskApp]:
    """A kiosk on its very first day."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        kiosk = bootstrap.build(directory, models_dir=directory, settings=KioskSettings(), for_window=True)
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
            store.drain(5)
            kiosk.database.close()


@contextmanager
def school() -> Iterator[School]:
    """A kiosk on Monday, 23 November, at 09:12, in its third month."""
    with bare_kiosk() as bare:
        monday = datetime(2026, 11, 23, 9, 12, tzinfo=bare.core.zone)
        clock = SetClock(monday)
        core = bare.core
        sessions = Sessions(
            store=core.store,
            clock=SteadyClock(clock),
            school=bare.school.shared,
            zone=core.zone,
            events=Events(),
        )
        app = with_part(bare, "core.clock", SteadyClock(clock))
        app = with_part(app, "attendance.sessions", sessions)
        app.school.faces.choose(FaceRule.WALK_PAST, actor=Actor.system("setup"))
        admin = app.people.accounts.add(
            name="Ada Lindgren", role=Role.ADMIN, password=PASSWORD, actor=Actor.system("setup")
        )
        app.people.accounts.add(
            name="Tom Baker", role=Role.TEACHER, password=PASSWORD, actor=Actor.system("setup")
        )
        app.people.accounts.add(
            name="Ruth Osei", role=Role.TEACHER, password=PASSWORD, actor=Actor.system("setup")
        )
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
        clock.moment = monday
        yield School(app, clock, admin, courses, students, session_id)


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


def wait_until(ready: Callable[[], bool]) -> None:
    """Let the program work until something is there."""
    deadline = time.monotonic() + 20
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("the picture never became ready")
        QApplication.processEvents()
        time.sleep(0.01)
    for _ in range(5):
        QApplication.processEvents()


def picture_of(window: QWidget, dialog: QDialog | None = None) -> Any:
    """A window with what stands over it, as a screen would show it."""
    QApplication.processEvents()
    picture = window.grab()
    if dialog is not None:
        painter = QPainter(picture)
        place = window.rect().center() - QPoint(dialog.width() // 2, dialog.height() // 2)
        painter.drawPixmap(place, dialog.grab())
        painter.end()
    return picture


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to take: a size, a look, and where it goes."""

    theme: Theme
    size: tuple[int, int]

    def window(self, *widgets: QWidget) -> QWidget:
        """A window of the size, with the widgets side by side."""
        frame = QWidget()
        frame.setProperty("surface", "page")
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            row.addWidget(widget)
        frame.resize(*self.size)
        frame.show()
        return frame


def kiosk_screen(set_up: School, theme: Theme) -> KioskScreen:
    """The kiosk screen of the open session, with three drawn people before the camera."""
    app = set_up.app
    preview = StillPreview(*classroom(set_up.students))
    shown = KioskScreen(app.core, app.attendance, app.phones.qr, StillRuntime(preview), theme)
    session = set_up.app.attendance.sessions.session(set_up.open_session)
    set_up.app.attendance.running.show(session, set_up.courses[0])
    set_up.app.attendance.running.reachable_at(BASE_URL)
    shown.on_event(SessionStarted(session, set_up.courses[0], len(set_up.students)))
    shown.on_event(CameraStateChanged(CameraState.RUNNING))
    shown.on_event(WebStateChanged(True, BASE_URL))
    shown.on_event(RecognitionReady(session.session_id, "dlib-resnet-v1", "dlib-hog", 21, 21))
    return shown


def settle(shown: KioskScreen) -> None:
    """Let boxes and numbers come to rest."""
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        shown.poll()
        QApplication.processEvents()
        time.sleep(0.02)


def roster(shot: Shot) -> Any:
    with school() as set_up:
        panel = RosterPanel(set_up.app, shot.theme)
        window = shot.window(kiosk_screen(set_up, shot.theme), panel)
        panel.show_session(set_up.open_session, Actor.system("Tom Baker"))
        wait_until(lambda: panel.students.model.rowCount() > 0)
        panel.students.list.clicked.emit(panel.students.model.index(1))
        wait_until(lambda: bool(panel.mark_pane.history))
        settle(window.findChildren(KioskScreen)[0])
        return closing(window)


def claims(shot: Shot, *, full_screen: bool = False) -> Any:
    """A class that demands phone and face: some are awaited at the camera, some by the teacher."""
    with school() as set_up:
        app, clock = set_up.app, set_up.clock
        for student in set_up.students[:21]:
            app.people.consents.record(student.student_id, given=True, actor=Actor.system("Ada Lindgren"))
        session = app.attendance.sessions.start(
            set_up.courses[2].course_id,
            actor=Actor.system("Tom Baker"),
            model=BUILTIN_MODEL,
            policy=ProofPolicy.BOTH,
        )
        app.attendance.awaited.on_event(SessionStarted(session, set_up.courses[2], 22))
        awaited = AwaitedFaces(store=app.core.store, clock=clock)
        awaited.on_event(SessionStarted(session, set_up.courses[2], 22))
        door = CheckIn(store=app.core.store, zone=app.core.zone, events=told(awaited.on_event))
        claims = Claims(store=app.core.store, clock=clock, events=told(awaited.on_event))
        ways = [(number, Method.PHONE, 0) for number in (0, 2, 3)]
        ways += [(number, Method.FACE, 10) for number in (0, 2, 3)]
        ways += [(5, Method.PHONE, 20), (21, Method.PHONE, 240)]
        ways += [(number, Method.PHONE, 240 + number) for number in (9, 12, 15, 8, 11, 13)]
        for number, method, after_s in ways:
            evidence = Evidence(method, session.started_at + timedelta(seconds=after_s))
            claim = Claim(session.session_id, set_up.students[number].student_id, evidence)
            door.submit(claim).result()
        clock.moment = session.started_at + timedelta(seconds=270)
        shown_app = with_part(app, "attendance.awaited", awaited)
        shown_app = with_part(shown_app, "attendance.claims", claims)
        shown = replace(set_up, app=shown_app, open_session=session.session_id, courses=[set_up.courses[2]])
        panel = RosterPanel(shown_app, shot.theme)
        screen = kiosk_screen(shown, shot.theme)
        window = shot.window(screen, panel)
        panel.show_session(session.session_id, Actor.system("Tom Baker"))
        wait_until(lambda: panel.students.model.rowCount() > 0 and bool(panel.claims.lines))
        settle(screen)
        if full_screen:
            screen.toggle_code_screen()
            panel.hide()
            settle(screen)
        return closing(window)


def claims_code(shot: Shot) -> Any:
    """The same with the code on the full screen."""
    return claims(shot, full_screen=True)


def sign_in_view(set_up: School, shot: Shot) -> SignInView:
    app, trouble = set_up.app, StoreBanner(shot.theme, set_up.app.core.store, None)
    return SignInView(app.people, app.attendance.sessions, trouble, shot.theme)


def sign_in(shot: Shot) -> Any:
    with school() as set_up:
        view = sign_in_view(set_up, shot)
        window = shot.window(view)
        view.name.edit.setText("Ada Lindgren")
        view.password.edit.setText(PASSWORD)
        return closing(window)


def sign_in_refused(shot: Shot) -> Any:
    with school() as set_up:
        view = sign_in_view(set_up, shot)
        window = shot.window(view)
        view.name.edit.setText("Ada Lindgren")
        view.password.edit.setText("wrong")
        view.button.click()
        wait_until(lambda: bool(view.banner.text))
        return closing(window)


def first_start(shot: Shot) -> Any:
    with bare_kiosk() as app:
        view = FirstStartView(app.core, app.people, app.trust, shot.theme)
        window = shot.window(view)
        return closing(window)


def recovery(shot: Shot) -> Any:
    with bare_kiosk() as app:
        view = FirstStartView(
            app.core, app.people, replace(app.trust, recovery_passphrase=EXAMPLE_PHRASE), shot.theme
        )
        window = shot.window(view)
        view.name.edit.setText("Ada Lindgren")
        for field in (view.password, view.again):
            field.edit.setText(PASSWORD)
        view.button.click()
        wait_until(lambda: view.recovery is not None)
        return closing(window)


def shown_today(shot: Shot, set_up: School, user: User) -> tuple[QWidget, Desk]:
    desk = Desk(set_up.app, shot.theme)
    window = shot.window(desk)
    desk.show_for(user)
    wait_until(lambda: bool(desk.today.cards) or desk.today.courses.import_button is not None)
    return window, desk


def today(shot: Shot) -> Any:
    with school() as set_up:
        set_up.app.attendance.sessions.end(set_up.open_session, actor=Actor.system("Tom Baker"))
        set_up.clock.moment = datetime(2026, 11, 30, 8, 58, tzinfo=set_up.app.core.zone)
        return closing(shown_today(shot, set_up, set_up.admin)[0])


def today_open(shot: Shot) -> Any:
    with school() as set_up:
        return closing(shown_today(shot, set_up, set_up.admin)[0])


def today_reached(shot: Shot) -> Any:
    """After a test that worked."""
    with school() as set_up:
        window, view = shown_today(shot, set_up, set_up.admin)
        view.today.phones.test_button.click()
        token = set_up.app.phones.test.state().url.rpartition("/")[2]
        set_up.app.phones.test.arrived(token, address="10.20.7.7", is_this_pc=False)
        view.today.phones.look()
        return closing(window)


def today_crowded(shot: Shot) -> Any:
    """Everything that may stand there at once: the banner, the offer, a course to start, a test that nobody answers."""
    with school() as set_up:
        set_up.app.attendance.sessions.end(set_up.open_session, actor=Actor.system("Tom Baker"))
        set_up.clock.moment = datetime(2026, 11, 30, 8, 58, tzinfo=set_up.app.core.zone)
        window, view = shown_today(shot, set_up, set_up.admin)
        wait_until(lambda: not view.today.offer.isHidden())
        view.today.banner.say(
            "The certificate for phones ends on 2026-12-16 (in 16 days).",
            "Ask who runs the school’s network for a new one, and put it in the place of the old files: the kiosk takes it "
            "by itself. After that day phones cannot check in until the new one is there.",
            Tone.LATE,
        )
        view.today.phones.test_button.click()
        set_up.app.phones.test._began_s -= 60
        view.today.phones.look()
        return closing(window)


def today_testing(shot: Shot) -> Any:
    with school() as set_up:
        window, view = shown_today(shot, set_up, set_up.admin)
        view.today.phones.test_button.click()
        return closing(window)


def today_no_network(shot: Shot) -> Any:
    with school() as set_up:
        set_up.app.attendance.running.reachable_at("http://127.0.0.1:8080")
        return closing(shown_today(shot, set_up, set_up.admin)[0])


def today_empty(shot: Shot) -> Any:
    with bare_kiosk() as app:
        admin = app.people.accounts.add(
            name="Ada Lindgren", role=Role.ADMIN, password=PASSWORD, actor=Actor.system("setup")
        )
        desk = Desk(app, shot.theme)
        window = shot.window(desk)
        desk.show_for(admin)
        wait_until(lambda: desk.today.courses.import_button is not None)
        return closing(window)


def opened_records(desk: Desk) -> RecordsView:
    desk.buttons[Place.RECORDS].click()
    return cast(RecordsView, desk.pages[Place.RECORDS])


def records(shot: Shot) -> Any:
    with school() as set_up:
        window, view = shown_today(shot, set_up, set_up.admin)
        records = opened_records(view)
        wait_until(lambda: records.register.students.model.rowCount() > 0)
        records.sessions.selectRow(2)
        wait_until(lambda: records.register.students.model.rowCount() > 0)
        return closing(window)


def records_marking(shot: Shot) -> Any:
    with school() as set_up:
        window, view = shown_today(shot, set_up, set_up.admin)
        register = opened_records(view).register
        wait_until(lambda: register.students.model.rowCount() > 0)
        register.students.list.clicked.emit(register.students.model.index(1))
        wait_until(lambda: bool(register.mark_pane.history))
        return closing(window)


def closing(window: QWidget) -> Any:
    picture = picture_of(window)
    bury(window)
    return picture


def bury(window: QWidget) -> None:
    """Delete a window here and now: the garbage collector might do it in a thread of the store."""
    for thread in threading.enumerate():
        if thread.name == "window-task":
            thread.join()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


PICTURES: dict[str, Callable[[Shot], Any]] = {
    "first-start": first_start,
    "sign-in": sign_in,
    "today": today,
    "roster": roster,
    "claims": claims,
    "records": records,
}
"""Those that stand in the documentation."""

TRIALS: dict[str, Callable[[Shot], Any]] = {
    "claims-code": claims_code,
    "recovery": recovery,
    "sign-in-refused": sign_in_refused,
    "today-open": today_open,
    "today-empty": today_empty,
    "today-reached": today_reached,
    "today-crowded": today_crowded,
    "today-testing": today_testing,
    "today-no-network": today_no_network,
    "records-marking": records_marking,
}
"""Made in a folder of one's own only, to be looked at."""

WITH_DARK = {"today", "calibrate-dialog"}
LARGEST_BYTES = 400_000

Pictures = dict[str, Callable[[Shot], Any]]


def make_pictures(pictures: Pictures, trials: Pictures) -> None:
    """Make what the command line names: those of the documentation, or in a folder everything."""
    with picture_application():
        _make_pictures(pictures, trials)


def _make_pictures(pictures: Pictures, trials: Pictures) -> None:
    arguments = sys.argv[1:]
    trial = bool(arguments) and arguments[0] not in pictures
    folder = Path(arguments.pop(0)) if trial else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    everything = {**pictures, **trials} if trial else pictures
    for name in arguments or everything:
        for look in (Look.LIGHT, Look.DARK):
            for size in ((1920, 1080), (1366, 768)):
                if not trial and (size[1] != 1080 or (look is Look.DARK and name not in WITH_DARK)):
                    continue
                theme = Theme(look, scale=size[1] / 1080)
                theme.apply()
                suffix = ("-dark" if look is Look.DARK else "") + ("" if size[1] == 1080 else "-768")
                path = folder / f"{name}{suffix}.png"
                picture = everything[name](Shot(theme, size))
                picture.save(str(path))
                if not trial and path.stat().st_size > LARGEST_BYTES:
                    smooth = Qt.TransformationMode.SmoothTransformation
                    picture.scaledToWidth(1440, smooth).save(str(path))
                print(f"{path.name}  {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    make_pictures(PICTURES, TRIALS)
