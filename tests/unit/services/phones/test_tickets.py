import pytest

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.trust.throttle import Source
from kiosk.services.phones import tickets
from kiosk.services.phones.tickets import Tickets
from tests.fakes.actors import admin
from tests.world.school import SmallSchool


@pytest.fixture
def session(school: SmallSchool) -> ClassSession:
    course, _ = school.add_course()
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.running.show(session, course)
    return session


@pytest.fixture
def kept(school: SmallSchool, session: ClassSession) -> Tickets:
    return Tickets(clock=school.clock, incidents=school.incidents)


def scan(school: SmallSchool, kept: Tickets, browser: str, address: str) -> str:
    shown = school.running.current
    assert shown is not None
    return kept.make(shown, Source(browser, address)).ticket_id


def test_a_browser_has_one_live_ticket(school: SmallSchool, kept: Tickets) -> None:
    first = scan(school, kept, "phone", "10.0.0.7")
    second = scan(school, kept, "phone", "10.0.0.7")
    assert kept.get(first, "phone") is None
    assert kept.get(second, "phone") is not None
    assert len(kept) == 1


def test_a_phone_that_scans_in_a_loop_throws_away_only_its_own(
    school: SmallSchool, kept: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It threw away everybody's: 5,000 in all were kept."""
    monkeypatch.setattr(tickets, "MAX_TICKETS", 50)
    of_students = {f"phone-{n}": scan(school, kept, f"phone-{n}", f"10.0.0.{n}") for n in range(30)}
    of_laptop = [scan(school, kept, f"cookie-{n}", "10.0.0.66") for n in range(200)]
    assert len(kept) == 50
    assert all(kept.get(ticket_id, browser) for browser, ticket_id in of_students.items())
    assert kept.get(of_laptop[-1], "cookie-199") is not None
    assert kept.get(of_laptop[0], "cookie-0") is None


def test_the_teacher_hears_of_it(
    school: SmallSchool, kept: Tickets, session: ClassSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "MANY_OF_ADDRESS", 20)
    for number in range(20):
        scan(school, kept, f"cookie-{number}", "10.0.0.66")
    assert school.incidents.of_session(session.session_id, actor=admin("Anna")) == []
    for number in range(5):
        scan(school, kept, f"more-{number}", "10.0.0.66")
        school.clock.advance(5)
    (told,) = school.incidents.of_session(session.session_id, actor=admin("Anna"))
    assert (told.kind, told.times) == (IncidentKind.MANY_SCANS, 5)


def test_a_ticket_that_is_given_back_does_not_replace_a_newer_one(school: SmallSchool, kept: Tickets) -> None:
    used = kept.use_up(scan(school, kept, "phone", "10.0.0.7"))
    assert used is not None
    newer = scan(school, kept, "phone", "10.0.0.7")
    kept.give_back(used)
    assert kept.get(newer, "phone") is not None
    assert kept.get(used.ticket_id, "phone") is None


def test_tickets_expire(school: SmallSchool, kept: Tickets) -> None:
    first = scan(school, kept, "phone", "10.0.0.7")
    school.clock.advance(tickets.TICKET_S)
    assert kept.get(first, "phone") is None
    assert len(kept) == 0
