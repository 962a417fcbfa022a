"""Over HTTPS an enrolled phone signs before it counts, so that its cookies alone mark nobody; and where it cannot, what holds then."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Response

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.errors import DatabaseError
from tests.fakes.phones.authenticator import Authenticator
from tests.fakes.phones.handset import Handset, heading, words
from tests.unit.web.pages.test_my_phones import NOT_ENROLLED, hold_up
from tests.world.classroom import ANITA, PIN, Classroom, enrol_path

NAME = "kiosk.school.test"
ADDRESS = f"https://{NAME}"


class KeyHandset(Handset):
    """A phone that runs the page's script, and has a key."""

    def __init__(self, classroom: Classroom, base_url: str = ADDRESS, *, origin: str = "") -> None:
        super().__init__(classroom.app(secure=True), base_url=base_url)
        self.authenticator = Authenticator(origin or base_url, NAME)

    def press(self, page: Response, button: str, **fields: str) -> Response:
        """Press a button as a browser with scripts does: what the page asks for is signed first."""
        way = re.search(r'data-key-way="([^"]+)" data-key-for="(\w+)"', page.text)
        if way is None:
            return self.submit(page, button, **fields)
        asked = self.get(way[1])
        assert asked.headers["content-type"] == "application/json"
        answer = self.authenticator.make if way[2] == "make" else self.authenticator.show
        return self.submit(page, button, key=answer(asked.text), **fields)


@pytest.fixture
def session(classroom: Classroom) -> ClassSession:
    classroom.wants_enrolled_phones()
    return classroom.open_class()


@pytest.fixture
def phone(classroom: Classroom, session: ClassSession) -> Iterator[KeyHandset]:
    """Anita's, enrolled with a key."""
    with KeyHandset(classroom) as phone:
        form = phone.get(enrol_path(classroom, classroom.anita))
        assert re.findall(r"<script[^>]*>", form.text) == re.findall(
            r'<script src="/static/phone_key.js\?v=\w+" defer>', form.text
        )
        done = phone.press(form, "Enrol this phone", pin=PIN)
        assert heading(done) == "This phone is enrolled"
        assert "with a key of its own" in words(done)
        yield phone


def copy_of(phone: KeyHandset, classroom: Classroom) -> KeyHandset:
    """A browser elsewhere with every cookie of a phone, on a machine that has a key of its own."""
    other = KeyHandset(classroom)
    other.client.cookies.update(phone.client.cookies)
    assert {"__Host-kiosk_enrolled", "__Host-kiosk_browser", "__Host-kiosk_sign_in"} <= set(
        other.client.cookies
    )
    return other


def told(classroom: Classroom, session: ClassSession) -> list[tuple[IncidentKind, int | None]]:
    noted = classroom.store.read(lambda repositories: repositories.incidents.of_session(session.session_id))
    return [(one.kind, one.student_id) for one in noted]


def test_a_phone_that_signs_is_marked(classroom: Classroom, session: ClassSession, phone: KeyHandset) -> None:
    assert heading(phone.press(phone.get(classroom.scan_path()), "I am here")) == "You are marked present"
    (record,) = classroom.records(session)
    assert record.evidence[0].key_shown is True
    assert told(classroom, session) == []


def test_copied_cookies_mark_nobody(classroom: Classroom, session: ClassSession, phone: KeyHandset) -> None:
    with copy_of(phone, classroom) as thief:
        page = thief.get(classroom.scan_path())
        assert heading(page) == "Hello, Anita Rao"
        assert heading(thief.submit(page, "I am here")) == NOT_ENROLLED
        page = thief.get(classroom.scan_path())
        assert (
            heading(thief.press(page, "I am here")) == NOT_ENROLLED
        )  # with the key of the thief's own phone
        thief.authenticator.credential_id = phone.authenticator.credential_id
        page = thief.get(classroom.scan_path())
        assert heading(thief.press(page, "I am here")) == NOT_ENROLLED
    assert classroom.records(session) == []
    assert told(classroom, session) == [(IncidentKind.PHONE_NOT_ENROLLED, classroom.anita.student_id)]


def test_what_a_phone_signed_for_one_scan_is_worth_nothing_for_another(
    classroom: Classroom, session: ClassSession, phone: KeyHandset
) -> None:
    first = phone.get(classroom.scan_path())
    way = re.search(r'data-key-way="([^"]+)"', first.text)
    assert way is not None
    answer = phone.authenticator.show(phone.get(way[1]).text)
    second = phone.get(classroom.scan_path())
    assert heading(phone.submit(second, "I am here", key=answer)) == NOT_ENROLLED
    assert classroom.records(session) == []


def test_a_pass_is_shown_to_a_phone_that_signed_and_not_to_its_cookies(
    classroom: Classroom, session: ClassSession, phone: KeyHandset
) -> None:
    asked = phone.get("/pass")
    assert 'class="pass"' not in asked.text
    assert "refresh" not in asked.text  # it would take the question away
    shown = phone.press(asked, "Show my pass")
    assert 'class="pass"' in shown.text
    assert 'class="pass"' in phone.get(shown.url.path).text  # the page makes itself anew
    with copy_of(phone, classroom) as thief:
        page = thief.get("/pass")
        for answer in (
            thief.submit(page, "Show my pass"),
            thief.press(page, "Show my pass"),
            thief.get("/pass"),
        ):
            assert heading(answer) == "Anita Rao"
            assert 'class="pass"' not in answer.text
    classroom.clock.advance(120)
    assert 'class="pass"' not in phone.get(shown.url.path).text
    phone.press(phone.get(shown.url.path), "Show my pass")
    assert classroom.records(session) == []


def test_the_pass_of_a_phone_that_signed_counts(
    classroom: Classroom, session: ClassSession, phone: KeyHandset
) -> None:
    phone.press(phone.get("/pass"), "Show my pass")
    hold_up(classroom, phone, classroom.anita)
    assert [one.evidence[0].key_shown for one in classroom.records(session)] == [True]


def test_a_phone_that_makes_no_key_is_known_by_its_cookie(
    classroom: Classroom, session: ClassSession
) -> None:
    with KeyHandset(classroom) as phone:
        done = phone.submit(phone.get(enrol_path(classroom, classroom.anita)), "Enrol this phone", pin=PIN)
        assert "with a key of its own" not in words(done)
        page = phone.get(classroom.scan_path())
        assert "<script" not in page.text
        assert heading(phone.submit(page, "I am here")) == "You are marked present"
    assert [one.evidence[0].key_shown for one in classroom.records(session)] == [None]


def test_at_an_address_and_by_http_no_key_is_asked_for(classroom: Classroom) -> None:
    with Handset(classroom.app()) as plain, KeyHandset(classroom, "https://10.0.0.7") as numbered:
        for phone in (plain, numbered):
            form = phone.get(enrol_path(classroom, classroom.anita))
            assert "<script" not in form.text
            assert phone.get(f"{form.url.path}/key").status_code == 404
            assert heading(phone.submit(form, "Enrol this phone", pin=PIN)) == "This phone is enrolled"


def test_a_phone_with_a_key_does_not_count_by_http_whatever_cookie_is_sent(
    classroom: Classroom, session: ClassSession, phone: KeyHandset
) -> None:
    """The certificate was taken away: browsers keep the cookie for HTTPS; who copied it can send it all the same."""
    with Handset(classroom.app()) as plain:
        page = plain.sign_in(plain.get(classroom.scan_path()), ANITA, PIN)
        secret = phone.client.cookies["__Host-kiosk_enrolled"]
        plain.client.cookies.set("kiosk_enrolled", secret, domain="kiosk.test")
        assert heading(plain.submit(page, "I am here")) == NOT_ENROLLED
    assert classroom.records(session) == []


def test_a_wrong_pin_does_not_cost_the_key(classroom: Classroom) -> None:
    with KeyHandset(classroom) as phone:
        form = phone.get(enrol_path(classroom, classroom.anita))
        wrong = phone.press(form, "Enrol this phone", pin="000000")
        assert "That is not the PIN of Anita Rao." in words(wrong)
        assert "data-key-way" not in wrong.text
        assert "with a key of its own" in words(phone.press(wrong, "Enrol this phone", pin=PIN))


def test_a_key_that_was_made_for_another_page_is_said_and_enrols_nothing(classroom: Classroom) -> None:
    with KeyHandset(classroom, origin="https://evil.test") as phone:
        form = phone.get(enrol_path(classroom, classroom.anita))
        refused = phone.press(form, "Enrol this phone", pin=PIN)
        assert (refused.status_code, "did not arrive whole" in words(refused)) == (409, True)
    assert classroom.cases.phones.enrolments.own(classroom.anita) == []


def test_what_is_to_be_signed_is_told_to_the_browser_of_the_form_alone(
    classroom: Classroom, session: ClassSession, phone: KeyHandset
) -> None:
    page = phone.get(classroom.scan_path())
    with KeyHandset(classroom) as other:
        other.get("/")
        assert other.get(f"{page.url.path}/key").status_code == 410
        assert other.get("/pass/key").status_code == 404
        form = phone.get(enrol_path(classroom, classroom.anita))
        assert other.get(f"{form.url.path}/key").status_code == 410
    asked = json.loads(phone.get(f"{page.url.path}/key").text)
    assert (asked["rpId"], asked["timeout"]) == (NAME, 60_000)


@pytest.mark.logs_warnings  # the server goes away
@pytest.mark.parametrize("signs", [True, False])
def test_a_claim_that_is_kept_while_the_server_is_away_counts_where_the_phone_signed(
    tmp_path: Path, signs: bool
) -> None:
    room = Classroom(tmp_path, keeps=True)
    room.wants_enrolled_phones()
    with KeyHandset(room) as phone:
        phone.press(phone.get(enrol_path(room, room.anita)), "Enrol this phone", pin=PIN)
        session = room.open_class()
        room.remember(session)
        room.store.database.refuses = DatabaseError("The database server cannot be reached.")
        page = phone.get(room.scan_path())
        kept = phone.press(page, "I am here") if signs else phone.submit(page, "I am here")
        assert heading(kept) == "Kept here, will be delivered"
        room.come_back()
        assert len(room.records(session)) == signs
    room.close()
