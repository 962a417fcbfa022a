"""Scans and typed codes that are no good reach the teacher when they come in bulk."""

from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.services.phones.bad_codes import LEAST_OF_ADDRESS, LEAST_OF_BROWSER
from tests.fakes.actors import admin
from tests.fakes.phones.handset import Handset
from tests.world.classroom import Classroom


def told(classroom: Classroom, session_id: int) -> list[tuple[IncidentKind, int]]:
    classroom.store.write(lambda _repositories: None)  # after all that were written before
    return [(one.kind, one.times) for one in classroom.incidents.of_session(session_id, actor=admin())]


def test_a_browser_that_scans_forged_codes_is_told(handset: Handset, classroom: Classroom) -> None:
    session_id = classroom.open_class().session_id
    handset.get("/")  # gives it a cookie
    for number in range(LEAST_OF_BROWSER):
        assert told(classroom, session_id) == []
        assert handset.get(f"/s/ABCDEFG{'ABCDE'[number]}").status_code == 400
    assert told(classroom, session_id) == [(IncidentKind.FOREIGN_CODES, LEAST_OF_BROWSER)]


def test_phones_without_a_cookie_are_counted_by_address(handset: Handset, classroom: Classroom) -> None:
    session_id = classroom.open_class().session_id
    old = classroom.scan_path()
    classroom.clock.advance(31)
    for _ in range(LEAST_OF_ADDRESS):
        assert told(classroom, session_id) == []
        assert handset.get(old).status_code == 410
    assert told(classroom, session_id) == [(IncidentKind.EXPIRED_CODES, LEAST_OF_ADDRESS)]


def test_guessed_codes_are_told(handset: Handset, classroom: Classroom) -> None:
    session_id = classroom.open_class().session_id
    home = handset.get("/")
    for _ in range(LEAST_OF_BROWSER):
        assert handset.submit(home, "Continue", code="ACDEFG").status_code == 400
    assert handset.submit(home, "Continue", code="ACDEFG").status_code == 429
    assert told(classroom, session_id) == [(IncidentKind.MISTYPED_CODES, LEAST_OF_BROWSER)]
