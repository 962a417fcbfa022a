"""Today, the roster beside the kiosk screen, and the records of a course."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.choices import Method, ProofPolicy
from kiosk.domain.attendance.claims import Awaited, PendingClaim
from kiosk.domain.attendance.rechecks import RecheckMeaning, RecheckMode
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.attendance.stays import CheckOutMode
from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.kiosk_screen.screen import KioskScreen
from kiosk.gui.attendance.lesson.summary_view import SummaryView
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.roster.state import RosterFilter
from kiosk.gui.desk import Desk
from kiosk.gui.places import Place
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.theme import Theme, Tone
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.check_in import CheckIn, Claim
from kiosk.services.attendance.claims import Claims
from kiosk.services.attendance.leaving.check_outs import CheckOuts
from kiosk.services.attendance.recheck.recheck_watch import RecheckWatch, Ways
from kiosk.services.attendance.recheck.rechecks import Rechecks
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    Event,
    Events,
    RecognitionReady,
    SessionStarted,
    WebStateChanged,
)
from tests.fakes.app_parts import with_part
from tests.fakes.recorder import told
from tests.world.screens.kiosk_stage import StillPreview, StillRuntime, classroom
from tests.world.screens.school import BASE_URL, PASSWORD, School, SetClock, bare_kiosk, school
from tests.world.screens.shot import Screen, Shot, settle, wait_until


def class_screen(set_up: School, theme: Theme) -> KioskScreen:
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


def come_to_rest(shown: KioskScreen, clock: SetClock) -> None:
    """Let boxes and numbers arrive."""
    settle()
    for _ in range(30):
        clock.skipped_s += 0.05
        shown.poll()
    settle()


@contextmanager
def roster(shot: Shot, *, marking: bool = True, veils: bool = False) -> Iterator[QWidget]:
    """The roster beside the kiosk screen, one student opened."""
    with school() as set_up:
        panel = RosterPanel(set_up.app, shot.theme)
        screen = class_screen(set_up, shot.theme)
        with shot.window(screen, panel) as window:
            panel.setFixedWidth(min(shot.theme.px(640), shot.size[0] // 2))
            panel.show_session(set_up.open_session, Actor.system("Tom Baker"))
            panel.veil(veils)
            wait_until(lambda: panel.students.model.rowCount() > 0)
            if marking:
                panel.students.list.clicked.emit(panel.students.model.index(1))
                wait_until(lambda: bool(panel.mark_pane.history))
            come_to_rest(screen, set_up.clock)
            yield window


def roster_list(shot: Shot) -> Any:
    """The roster with nobody opened."""
    return roster(shot, marking=False)


@contextmanager
def roster_marking_all(shot: Shot) -> Iterator[QWidget]:
    """The roster that asks how all who are missing are marked, one of whom has scanned and waits."""
    with school() as set_up:
        core, session_id = set_up.app.core, set_up.open_session
        missing = [one for one in set_up.app.attendance.sessions.roster(session_id) if one.record is None]
        scan = Evidence(Method.PHONE, core.clock.now())
        claim = PendingClaim(session_id, missing[0].student.student_id, scan, Awaited.EYE, scan.at, None)
        core.store.write(lambda repositories: repositories.claims.put(claim))
        panel = RosterPanel(set_up.app, shot.theme)
        screen = class_screen(set_up, shot.theme)
        with shot.window(screen, panel) as window:
            panel.setFixedWidth(min(shot.theme.px(640), shot.size[0] // 2))
            panel.show_session(session_id, Actor.system("Tom Baker"))
            wait_until(lambda: bool(panel.state.lines and panel.state.claims))
            panel.students.chips[RosterFilter.MISSING].click()
            panel.students.all_button.click()
            come_to_rest(screen, set_up.clock)
            yield window


def roster_in_class(shot: Shot) -> Any:
    """The roster where the class can read it."""
    return roster(shot, marking=False, veils=True)


def _asked_again(made: School) -> School:
    """The open class in a re-check that began 108 s ago; two of three of those who are here have shown up."""
    app, actor = made.app, Actor.system("Tom Baker")
    wanted = {"recheck": RecheckMode.TEACHER, "recheck_meaning": RecheckMeaning.ABSENT}
    app.school.shared.change_rules(app.school.shared.rules().model_copy(update=wanted), actor=actor)
    core = replace(app.core, events=Events())
    watch = RecheckWatch(core, ways=Ways(app.attendance.awaited))
    core.events.subscribe(Event, watch.on_event)
    rechecks = Rechecks(core, can_show_up=lambda _policy: True)
    session = app.attendance.sessions.session(made.open_session)
    core.events.emit(SessionStarted(session, made.courses[0], len(made.students)))
    rechecks.start(session.session_id, actor=actor)
    made.clock.moment += timedelta(seconds=108)
    door = CheckIn(store=core.store, zone=core.zone, events=core.events)
    now = watch.now(session.session_id)
    for number, student_id in enumerate(sorted(now.asked) if now is not None else ()):
        if number % 3:
            proof = Evidence(Method.FACE, core.clock.now())
            door.submit(Claim(session.session_id, student_id, proof)).result()
    shown = with_part(with_part(app, "attendance.recheck_watch", watch), "attendance.rechecks", rechecks)
    return replace(made, app=shown)


@contextmanager
def recheck(shot: Shot, *, is_over: bool = False) -> Iterator[QWidget]:
    """Students show up again: the line on the kiosk screen, and the roster beside it; `is_over`: who did not."""
    with school() as made:
        set_up = _asked_again(made)
        panel = RosterPanel(set_up.app, shot.theme)
        screen = class_screen(set_up, shot.theme)
        with shot.window(screen, panel) as window:
            panel.setFixedWidth(min(shot.theme.px(640), shot.size[0] // 2))
            if is_over:
                set_up.clock.moment += timedelta(seconds=220)
                set_up.app.attendance.rechecks.judge(set_up.open_session)
            panel.show_session(set_up.open_session, Actor.system("Tom Baker"))
            wait_until(lambda: panel.students.model.rowCount() > 0 and bool(panel.rechecks.buttons))
            come_to_rest(screen, set_up.clock)
            yield window


def recheck_over(shot: Shot) -> Any:
    """Who did not show up again."""
    return recheck(shot, is_over=True)


@contextmanager
def check_out(shot: Shot, *, correcting: bool = False) -> Iterator[QWidget]:
    """Students leave: the line on the kiosk screen, and minutes in the roster; `correcting`: one is corrected."""
    with school() as made:
        app, actor = made.app, Actor.system("Tom Baker")
        wanted = {"check_out": CheckOutMode.TEACHER, "check_out_after_min": 1}
        app.school.shared.change_rules(app.school.shared.rules().model_copy(update=wanted), actor=actor)
        made.clock.moment += timedelta(minutes=40)
        cases = CheckOuts(app.core)
        cases.open(made.open_session, actor=actor)
        door = CheckIn(store=app.core.store, zone=app.core.zone, events=Events())
        for one in cases.of_session(made.open_session, actor=actor).students[::3]:
            proof = Evidence(Method.FACE, app.core.clock.now())
            door.submit(Claim(made.open_session, one.student.student_id, proof)).result()
        made.clock.moment += timedelta(minutes=12)
        set_up = replace(made, app=with_part(app, "attendance.check_outs", cases))
        panel = RosterPanel(set_up.app, shot.theme)
        screen = class_screen(set_up, shot.theme)
        with shot.window(screen, panel) as window:
            panel.setFixedWidth(min(shot.theme.px(640), shot.size[0] // 2))
            panel.show_session(made.open_session, actor)
            wait_until(
                lambda: panel.students.model.rowCount() > 0 and panel.check_outs.list_button.isVisible()
            )
            panel.check_outs.list_button.click()
            if correcting:
                next(iter(panel.check_outs.buttons.values())).click()
            come_to_rest(screen, set_up.clock)
            yield window


def minutes(shot: Shot) -> Any:
    """The minutes of one student, about to be corrected."""
    return check_out(shot, correcting=True)


@contextmanager
def class_summary(shot: Shot) -> Iterator[QWidget]:
    """How a class went, right after its end."""
    with school() as set_up:
        set_up.app.attendance.sessions.end(set_up.open_session, actor=Actor.system("Tom Baker"))
        view = SummaryView(set_up.app, shot.theme)
        with shot.window(view) as window:
            view.show_class(set_up.open_session, Actor.system("Tom Baker"))
            wait_until(lambda: view.summary is not None)
            view.notes_button.click()
            settle()
            yield window


def _claims_of(set_up: School) -> tuple[School, int]:
    """A class that demands phone and face: some are awaited at the camera, some by the teacher."""
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
    start = session.started_at
    for number, method, after_s in ways:
        evidence = Evidence(method, start.fromtimestamp(start.timestamp() + after_s, start.tzinfo))
        claim = Claim(session.session_id, set_up.students[number].student_id, evidence)
        door.submit(claim).result()
    clock.moment = start.fromtimestamp(start.timestamp() + 270, start.tzinfo)
    shown_app = with_part(app, "attendance.awaited", awaited)
    shown_app = with_part(shown_app, "attendance.claims", claims)
    shown = replace(set_up, app=shown_app, open_session=session.session_id, courses=[set_up.courses[2]])
    return shown, session.session_id


@contextmanager
def claims(shot: Shot, *, full_screen: bool = False) -> Iterator[QWidget]:
    """A class that demands phone and face, some of whom are awaited."""
    with school() as made:
        set_up, session_id = _claims_of(made)
        panel = RosterPanel(set_up.app, shot.theme)
        screen = class_screen(set_up, shot.theme)
        with shot.window(screen, panel) as window:
            panel.setFixedWidth(min(shot.theme.px(640), shot.size[0] // 2))
            panel.show_session(session_id, Actor.system("Tom Baker"))
            wait_until(lambda: panel.students.model.rowCount() > 0 and bool(panel.claims.lines))
            if full_screen:
                screen.toggle_code_screen()
                panel.hide()
            come_to_rest(screen, set_up.clock)
            yield window


def claims_code(shot: Shot) -> Any:
    """The same with the code on the full screen."""
    return claims(shot, full_screen=True)


@contextmanager
def desk_of(shot: Shot, set_up: School, user: User | None = None) -> Iterator[tuple[QWidget, Desk]]:
    """The desk of the admin, or of somebody else, with Today and its courses in front."""
    desk = Desk(set_up.app, shot.theme)
    with shot.window(desk) as window:
        desk.show_for(user or set_up.admin)
        wait_until(lambda: bool(desk.today.cards) or desk.today.courses.import_button is not None)
        yield window, desk


@contextmanager
def today_open(shot: Shot) -> Iterator[QWidget]:
    """A class is open."""
    with school() as set_up, desk_of(shot, set_up) as (window, _desk):
        yield window


def at_desk(arrange: Callable[[School, Desk], None], *, morning: bool = False) -> Screen:
    """The desk, brought to where it is worth seeing; `morning`: a week later, before the first class."""

    @contextmanager
    def shown(shot: Shot) -> Iterator[QWidget]:
        with school() as set_up:
            if morning:
                set_up.app.attendance.sessions.end(set_up.open_session, actor=Actor.system("Tom Baker"))
                set_up.clock.moment = datetime(2026, 11, 30, 8, 58, tzinfo=set_up.app.core.zone)
            with desk_of(shot, set_up) as (window, desk):
                arrange(set_up, desk)
                settle()
                yield window

    return shown


def _reached(set_up: School, desk: Desk) -> None:
    """After a test with a phone that worked."""
    desk.today.phones.test_button.click()
    token = set_up.app.phones.test.state().url.rpartition("/")[2]
    set_up.app.phones.test.arrived(token, address="10.20.7.7", is_this_pc=False)
    desk.today.phones.look()


def _crowded(set_up: School, desk: Desk) -> None:
    """What may stand there at once: a banner, a course to start, a test that nobody answers."""
    desk.today.banner.say(
        "The certificate for phones ends on 2026-12-16 (in 16 days).",
        "Ask who runs the school’s network for a new one, and put it in the place of the old files: the kiosk takes it "
        "by itself. After that day phones cannot check in until the new one is there.",
        Tone.LATE,
    )
    desk.today.phones.test_button.click()
    set_up.app.phones.test._began_s -= 60
    desk.today.phones.look()


def _no_network(set_up: School, desk: Desk) -> None:
    """No phone reaches it."""
    set_up.app.attendance.running.reachable_at("http://127.0.0.1:8080")
    desk.today.phones.look()


@contextmanager
def today_empty(shot: Shot) -> Iterator[QWidget]:
    """The first time."""
    with bare_kiosk() as app:
        admin = app.people.accounts.add(
            name="Ada Lindgren", role=Role.ADMIN, password=PASSWORD, actor=Actor.system("setup")
        )
        desk = Desk(app, shot.theme)
        with shot.window(desk) as window:
            desk.show_for(admin)
            wait_until(lambda: desk.today.courses.import_button is not None)
            yield window


def place(wanted: Place) -> Screen:
    """A place of the bar, as it comes to the front."""
    return at_desk(lambda _set_up, desk: desk.go_to(wanted))


def _by_course(desk: Desk) -> RecordsView:
    desk.go_to(Place.RECORDS)
    page = desk.pages[Place.RECORDS]
    page.course_chip.click()
    shown: RecordsView = page.by_course
    return shown


def _all_records(_set_up: School, desk: Desk) -> None:
    desk.go_to(Place.RECORDS)
    page = desk.pages[Place.RECORDS]
    wait_until(lambda: page.list.list.model.rowCount() > 0)
    page.list.list.table.selectRow(1)


def _one_record(_set_up: School, desk: Desk) -> None:
    _all_records(_set_up, desk)
    page = desk.pages[Place.RECORDS]
    row = page.list.list.model.row(1)
    page.open_record(row.key)
    wait_until(lambda: page.record.file is not None)


def _records(_set_up: School, desk: Desk) -> None:
    view = _by_course(desk)
    wait_until(lambda: view.register.students.model.rowCount() > 0)
    view.sessions.selectRow(2)
    wait_until(lambda: view.register.students.model.rowCount() > 0)


def _records_marking(_set_up: School, desk: Desk) -> None:
    register = _by_course(desk).register
    wait_until(lambda: register.students.model.rowCount() > 0)
    register.students.list.clicked.emit(register.students.model.index(1))
    wait_until(lambda: bool(register.mark_pane.history))


SCREENS: Final[dict[str, Screen]] = {
    "today": at_desk(lambda _set_up, _desk: None, morning=True),
    "today-open": today_open,
    "today-empty": today_empty,
    "today-reached": at_desk(_reached),
    "today-crowded": at_desk(_crowded, morning=True),
    "today-testing": at_desk(lambda _set_up, desk: desk.today.phones.test_button.click()),
    "today-no-network": at_desk(_no_network),
    "roster": roster,
    "roster-list": roster_list,
    "roster-marking-all": roster_marking_all,
    "roster-in-class": roster_in_class,
    "recheck": recheck,
    "recheck-over": recheck_over,
    "check-out": check_out,
    "minutes": minutes,
    "class-summary": class_summary,
    "claims": claims,
    "claims-code": claims_code,
    "records": at_desk(_records),
    "records-all": at_desk(_all_records),
    "record": at_desk(_one_record),
    "records-marking": at_desk(_records_marking),
    "people": place(Place.PEOPLE),
    "courses": place(Place.COURSES),
    "reports": place(Place.REPORTS),
}
