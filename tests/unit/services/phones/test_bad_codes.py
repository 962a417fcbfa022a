"""Codes that are no good are told to the teacher when they come in bulk."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.phones import codes
from kiosk.domain.trust.throttle import Source
from kiosk.errors import CodeError, KioskError
from kiosk.services.events import IncidentNoted
from kiosk.services.phones import bad_codes
from kiosk.services.phones.bad_codes import LEAST_OF_ADDRESS, LEAST_OF_BROWSER, TELL_EVERY_S, WINDOW_S
from tests.fakes.actors import admin
from tests.world.school import SmallSchool

BROWSER = "browser-1"
FOREIGN = "ABCDEFGH"


def open_class(school: SmallSchool, code: str = "CS 101") -> ClassSession:
    course, _ = school.add_course(code)
    session = school.sessions.start(course.course_id, actor=admin("Anna"), model="fake")
    school.running.reachable_at("http://kiosk")
    school.running.show(session, course)
    return session


@pytest.fixture
def session(school: SmallSchool) -> ClassSession:
    return open_class(school)


def shown(school: SmallSchool) -> tuple[str, str]:
    """The code to scan and the one to type."""
    code = school.running.code()
    assert code is not None
    return code.url.rpartition("/")[2], code.typed


def scan(
    school: SmallSchool,
    times: int = 1,
    *,
    code: str = FOREIGN,
    browser: str = BROWSER,
    address: str | None = None,
) -> None:
    for _ in range(times):
        with pytest.raises(CodeError):
            school.phone.exchange(code, Source(browser, address or ""), has_cookie=address is None)


def mistype(school: SmallSchool, times: int, code: str) -> None:
    for _ in range(times):
        with pytest.raises(KioskError):
            school.phone.exchange_typed(code, Source(BROWSER))


def told(school: SmallSchool, session: ClassSession) -> list[tuple[IncidentKind, int]]:
    return [(one.kind, one.times) for one in school.incidents.of_session(session.session_id, actor=admin())]


def test_a_few_bad_codes_are_nobodys_business(school: SmallSchool, session: ClassSession) -> None:
    scan(school, LEAST_OF_BROWSER - 1)
    for number in range(2 * LEAST_OF_BROWSER):
        scan(school, browser=f"browser-{number}-too")
    assert told(school, session) == []
    assert school.events == []


def test_codes_that_the_class_never_showed_are_told_in_bulk(
    school: SmallSchool, session: ClassSession
) -> None:
    scan(school, LEAST_OF_BROWSER)
    incident = Incident(
        session.session_id, IncidentKind.FOREIGN_CODES, None, None, school.clock.now(), LEAST_OF_BROWSER
    )
    assert school.incidents.of_session(session.session_id, actor=admin()) == [incident]
    assert school.events == [IncidentNoted(incident)]


def test_codes_of_another_session_are_foreign(school: SmallSchool, session: ClassSession) -> None:
    code, _typed = shown(school)
    later = open_class(school, "CS 205")
    scan(school, LEAST_OF_BROWSER, code=code)
    assert told(school, later) == [(IncidentKind.FOREIGN_CODES, LEAST_OF_BROWSER)]
    assert told(school, session) == []


def test_expired_codes_are_told_whether_scanned_or_typed(school: SmallSchool, session: ClassSession) -> None:
    code, typed = shown(school)
    school.clock.advance(30)
    scan(school, 2, code=code)
    mistype(school, LEAST_OF_BROWSER - 2, typed)
    assert told(school, session) == [(IncidentKind.EXPIRED_CODES, LEAST_OF_BROWSER)]


def test_guesses_are_told_also_while_they_are_throttled(school: SmallSchool, session: ClassSession) -> None:
    first = shown(school)[1]
    wrong = first[:-1] + next(one for one in codes.TYPED.alphabet if one != first[-1])
    mistype(school, LEAST_OF_BROWSER, wrong)
    school.clock.advance(TELL_EVERY_S)
    mistype(school, 3, wrong)
    school.clock.advance(TELL_EVERY_S)
    mistype(school, 1, wrong)
    assert told(school, session) == [(IncidentKind.MISTYPED_CODES, LEAST_OF_BROWSER + 4)]


def test_the_list_is_written_to_now_and_then_and_no_code_is_counted_twice(
    school: SmallSchool, session: ClassSession
) -> None:
    scan(school, 40)
    assert len(school.events) == 1
    scan(school, 40, browser="browser-2")
    assert len(school.events) == 1
    school.clock.advance(TELL_EVERY_S)
    scan(school)
    assert len(school.events) == 2
    assert told(school, session) == [(IncidentKind.FOREIGN_CODES, 81)]


def test_codes_that_lie_a_minute_apart_are_no_bulk(school: SmallSchool, session: ClassSession) -> None:
    for _ in range(3):
        scan(school, LEAST_OF_BROWSER - 1)
        school.clock.advance(WINDOW_S + 1)
    assert told(school, session) == []
    scan(school, LEAST_OF_BROWSER)
    assert told(school, session) == [(IncidentKind.FOREIGN_CODES, LEAST_OF_BROWSER)]


def test_phones_behind_one_address_may_be_many(school: SmallSchool, session: ClassSession) -> None:
    for number in range(LEAST_OF_ADDRESS - 1):
        scan(school, browser=f"new-{number}", address="10.0.0.7")
    assert told(school, session) == []
    scan(school, browser="one more", address="10.0.0.7")
    assert told(school, session) == [(IncidentKind.FOREIGN_CODES, LEAST_OF_ADDRESS)]


def test_between_classes_nobody_is_told(school: SmallSchool, session: ClassSession) -> None:
    school.running.clear()
    scan(school, 3 * LEAST_OF_BROWSER)
    assert told(school, session) == []


def test_ever_new_browsers_fill_no_memory(
    school: SmallSchool, session: ClassSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bad_codes, "MOST_SENDERS", 3)
    scan(school, LEAST_OF_BROWSER - 1)
    for number in range(3):
        scan(school, browser=f"new-{number}")
    scan(school)  # was forgotten, begins anew
    assert told(school, session) == []


def test_codes_from_many_threads_are_each_counted_once(school: SmallSchool, session: ClassSession) -> None:
    noted: list[int] = []
    count = bad_codes.BadCodes(running=school.running, incidents=Noting(noted), clock=school.clock)
    sender = bad_codes.Sender(BROWSER, False)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(200):
            pool.submit(count.refused, CodeError("no"), sender, typed=False)
    school.clock.advance(TELL_EVERY_S)
    count.refused(CodeError("no"), sender, typed=False)
    assert noted == [LEAST_OF_BROWSER, 201 - LEAST_OF_BROWSER]


class Noting:
    """Writes numbers down instead of incidents."""

    def __init__(self, noted: list[int]) -> None:
        self._noted = noted

    def note(self, session_id: int, kind: IncidentKind, *, times: int = 1) -> None:
        self._noted.append(times)
