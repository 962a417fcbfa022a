"""A real database server dies under a kiosk with a class open, and the kiosk is closed and started again meanwhile."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.bootstrap import Kiosk
from kiosk.domain.attendance.choices import CheckInOutcome, Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.people.students import Student
from kiosk.services.attendance.check_in import Claim
from kiosk.services.events import CheckInResult, ClaimsDelivered, Event, SessionStarted
from kiosk.settings import KioskSettings, StorageSettings
from kiosk.storage.kept_claims import undelivered
from tests.conftest import PATIENCE_S
from tests.fakes.actors import admin
from tests.fakes.recorder import EventRecorder
from tests.fakes.storage.postgresql import PostgresServer, running_postgres
from tests.world.kiosk import build_kiosk

pytestmark = [
    pytest.mark.logs_warnings,
    pytest.mark.skipif(sys.platform == "win32", reason="the server runs on a Unix socket"),
]


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with running_postgres(durable=True) as running:  # what it confirmed outlives its own end
        yield running


class Room:
    """A kiosk of a school on that server."""

    def __init__(self, data_dir: Path, models_dir: Path, url: str) -> None:
        settings = KioskSettings(storage=StorageSettings(database_url=url))
        self.kiosk: Kiosk = build_kiosk(data_dir, models_dir=models_dir, settings=settings)
        self.recorder = EventRecorder()
        self.kiosk.events.subscribe(Event, self.recorder.on_event)
        self.kiosk.start()

    def open_class(self) -> tuple[ClassSession, list[Student]]:
        app = self.kiosk.app
        course = app.courses.lists.add_course(code="CS 101", title="Algorithms", room="", actor=admin())
        with self.kiosk.database.transaction() as repositories:
            today = app.core.today()
            people = [
                repositories.students.add(student_no=f"S{number}", full_name=f"Student {number}", email=None)
                for number in range(8)
            ]
            for student in people:
                repositories.courses.register(course.course_id, student.student_id, today)
            repositories.school_settings.put("faces.rule", "walk_past")
        session = app.attendance.sessions.start(course.course_id, actor=admin(), model="none")
        app.attendance.running.show(session, course)
        self.kiosk.events.emit(SessionStarted(session, course, len(people)))
        return session, people

    def come(self, session: ClassSession, student: Student, method: Method) -> CheckInResult:
        device = f"phone {student.student_no}" if method.is_scan else None
        evidence = Evidence(method, self.kiosk.app.core.clock.now(), device=device)
        claim = Claim(session.session_id, student.student_id, evidence)
        return self.kiosk.app.attendance.check_in.submit(claim).result(PATIENCE_S)

    def delivered(self) -> list[CheckInResult]:
        self.recorder.wait_for(lambda event: isinstance(event, ClaimsDelivered) and not event.left)
        return [one for event in self.recorder.of(ClaimsDelivered) for one in event.results]


@pytest.mark.usefixtures("patient")
def test_a_class_goes_on_without_its_server(server: PostgresServer, data_dir: Path, models_dir: Path) -> None:
    url = server.address(server.make_database())
    room = Room(data_dir, models_dir, url)
    session, people = room.open_class()
    before = room.come(session, people[0], Method.FACE)
    server.stop()

    kept = [
        room.come(session, student, method)
        for student, method in zip(people[1:4], (Method.FACE, Method.PHONE, Method.PASS), strict=True)
    ]
    again = room.come(session, people[0], Method.PHONE)
    assert room.kiosk.stop() == ()  # closed while the server is away
    assert sum(one.number for one in undelivered(data_dir)) == 3
    server.start()
    with_server = Room(data_dir, models_dir, url)
    delivered = with_server.delivered()

    assert before.outcome is CheckInOutcome.MARKED_PRESENT
    assert [one.outcome for one in kept] == [CheckInOutcome.KEPT] * 3
    assert (again.outcome, again.record) == (CheckInOutcome.ALREADY_MARKED, before.record)
    assert [one.outcome for one in delivered] == [CheckInOutcome.MARKED_PRESENT] * 3
    roster = with_server.kiosk.app.attendance.sessions.roster(session.session_id)
    records = [entry.record for entry in roster if entry.record is not None]
    assert {(one.student_id, one.status, one.marked_at) for one in records} == {
        (one.student.student_id, Status.PRESENT, one.at) for one in (before, *kept)
    }
    assert with_server.kiosk.app.trust.audit.verify(actor=admin()) is None
    assert with_server.kiosk.stop() == ()
    assert undelivered(data_dir) == []


@pytest.mark.usefixtures("patient")
def test_a_server_that_comes_back_by_itself_gets_what_was_kept(
    server: PostgresServer, data_dir: Path, models_dir: Path
) -> None:
    room = Room(data_dir, models_dir, server.address(server.make_database()))
    session, people = room.open_class()
    server.stop()
    kept = [room.come(session, student, Method.PHONE) for student in people]
    server.start()

    delivered = room.delivered()

    assert [one.outcome for one in kept] == [CheckInOutcome.KEPT] * len(people)
    assert [(one.outcome, one.at) for one in delivered] == [
        (CheckInOutcome.MARKED_PRESENT, one.at) for one in kept
    ]
    assert room.kiosk.stop() == ()
