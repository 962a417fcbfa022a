"""Phones that sign to count: each way in which an answer may be wrong, and what goes on without the database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.domain.phones.enrolled import digest_of
from kiosk.domain.phones.phone_key import PhoneKey, Site
from kiosk.domain.trust.throttle import Source
from kiosk.errors import ConflictError, DatabaseError
from kiosk.services.phones.phone_enrolment import NewPhone
from kiosk.services.phones.phone_keys import CHALLENGE_S, PASS_S, PhoneKeys
from tests.fakes.phones.authenticator import Authenticator
from tests.world.classroom import PIN, Classroom, enrol_path

NAME = "kiosk.school.test"
SITE = Site(f"https://{NAME}:8443", NAME)
BROWSER, TICKET = "phone-1", "ticket 1"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A phone with a key, as the kiosk knows it and as it is."""

    done: NewPhone
    authenticator: Authenticator

    @property
    def credential(self) -> str:
        found = digest_of(self.done.secret)
        assert found is not None
        return found


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    room = Classroom(tmp_path)
    room.wants_enrolled_phones()
    yield room
    room.close()


@pytest.fixture
def keys(room: Classroom) -> PhoneKeys:
    return room.cases.phones.keys


def authenticator(*, counts: bool = True) -> Authenticator:
    return Authenticator(SITE.origin, SITE.name, counts)


def enrol(room: Classroom, browser: str = BROWSER, *, counts: bool = True) -> Enrolled:
    phones, phone = room.cases.phones, authenticator(counts=counts)
    form = phones.enrolments.exchange(enrol_path(room, room.anita).rpartition("/")[2], browser)
    phones.keys.take_made(form, browser, phone.make(phones.keys.to_make(form, browser, SITE)))
    key = phones.keys.made(form, browser)
    assert key is not None
    return Enrolled(phones.enrolments.enrol(form, PIN, source=Source(browser, "10.0.0.7"), key=key), phone)


@pytest.fixture
def phone(room: Classroom) -> Enrolled:
    return enrol(room)


def ask(keys: PhoneKeys, phone: Enrolled, *, matter: str = TICKET, site: Site = SITE) -> str:
    return keys.to_show(matter, BROWSER, site, phone.done.phone)


def is_shown(
    keys: PhoneKeys, phone: Enrolled, answer: str, matter: str = TICKET, browser: str = BROWSER
) -> bool:
    return keys.is_shown(matter, browser, phone.credential, answer)


def kept(room: Classroom) -> PhoneKey:
    (phone,) = room.cases.phones.enrolments.own(room.anita)
    assert phone.key is not None
    return phone.key


def test_a_phone_is_asked_for_a_key_of_its_own_hardware_under_no_ones_number(
    room: Classroom, phone: Enrolled
) -> None:
    asked = phone.authenticator.asked
    assert asked["rp"] == {"id": NAME, "name": NAME}
    assert asked["attestation"] == "none"
    chosen = asked["authenticatorSelection"]
    assert (chosen["authenticatorAttachment"], chosen["residentKey"], chosen["userVerification"]) == (
        "platform",
        "discouraged",
        "discouraged",
    )
    assert room.anita.student_no not in json.dumps(asked)
    assert kept(room).credential_id == phone.authenticator.credential_id


def test_a_phone_that_signs_what_it_was_asked_has_shown_its_key(
    room: Classroom, keys: PhoneKeys, phone: Enrolled
) -> None:
    for _again in range(2):
        assert is_shown(keys, phone, phone.authenticator.show(ask(keys, phone)))
    assert kept(room).sign_count == 2


def test_many_phones_do_not_count_and_are_taken(room: Classroom, keys: PhoneKeys) -> None:
    phone = enrol(room, counts=False)
    for _again in range(2):
        assert is_shown(keys, phone, phone.authenticator.show(ask(keys, phone)))


@pytest.mark.parametrize(
    "origin", ["https://kiosk.school.test", "http://kiosk.school.test:8443", "https://evil.test"]
)
def test_an_answer_that_was_given_to_another_page_is_none(
    keys: PhoneKeys, phone: Enrolled, origin: str
) -> None:
    phone.authenticator.origin = origin
    assert not is_shown(keys, phone, phone.authenticator.show(ask(keys, phone)))


def test_an_answer_for_another_name_is_none(keys: PhoneKeys, phone: Enrolled) -> None:
    phone.authenticator.rp_id = "school.test"
    assert not is_shown(keys, phone, phone.authenticator.show(ask(keys, phone)))


def test_an_answer_is_good_once_and_an_older_one_is_not(keys: PhoneKeys, phone: Enrolled) -> None:
    answer = phone.authenticator.show(ask(keys, phone))
    assert is_shown(keys, phone, answer)
    assert not is_shown(keys, phone, answer)
    ask(keys, phone)
    assert not is_shown(keys, phone, answer), "it signed another challenge"
    first, second = ask(keys, phone), ask(keys, phone)
    assert first != second
    assert not is_shown(keys, phone, phone.authenticator.show(first)), "only what was asked last is good"


def test_an_answer_is_good_for_a_minute(room: Classroom, keys: PhoneKeys, phone: Enrolled) -> None:
    asked = ask(keys, phone)
    room.clock.advance(CHALLENGE_S - 1)
    assert is_shown(keys, phone, phone.authenticator.show(asked))
    asked = ask(keys, phone)
    room.clock.advance(CHALLENGE_S)
    assert not is_shown(keys, phone, phone.authenticator.show(asked))


def test_an_answer_is_good_for_the_browser_and_the_scan_that_asked(keys: PhoneKeys, phone: Enrolled) -> None:
    answer = phone.authenticator.show(ask(keys, phone))
    assert not is_shown(keys, phone, answer, browser="phone-2")
    assert not is_shown(keys, phone, answer, matter="ticket 2")
    assert is_shown(keys, phone, answer)


def test_a_copy_of_the_key_that_counts_as_often_is_refused(
    room: Classroom, keys: PhoneKeys, phone: Enrolled
) -> None:
    assert is_shown(keys, phone, phone.authenticator.show(ask(keys, phone)))
    phone.authenticator.count = 0
    assert not is_shown(keys, phone, phone.authenticator.show(ask(keys, phone)))
    assert kept(room).sign_count == 1


def test_the_key_of_another_phone_does_not_count(room: Classroom, keys: PhoneKeys, phone: Enrolled) -> None:
    other = enrol(room, "phone-2")
    assert not is_shown(keys, phone, other.authenticator.show(ask(keys, phone)))
    other.authenticator.credential_id = phone.authenticator.credential_id
    assert not is_shown(keys, phone, other.authenticator.show(ask(keys, phone)))


def test_a_phone_that_was_removed_shows_nothing(room: Classroom, keys: PhoneKeys, phone: Enrolled) -> None:
    asked = ask(keys, phone)
    room.cases.phones.enrolments.remove_own(room.anita, phone.done.phone.phone_id)
    assert not is_shown(keys, phone, phone.authenticator.show(asked))


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{}",
        "[]",
        "null",
        "x",
        "[" * 8000,
        '{"id": 1}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
    ],
)
def test_what_no_browser_wrote_is_no_answer(keys: PhoneKeys, phone: Enrolled, answer: str) -> None:
    ask(keys, phone)
    assert not is_shown(keys, phone, answer)
    keys.to_make("form", BROWSER, SITE)
    with pytest.raises(ConflictError):
        keys.take_made("form", BROWSER, answer)


def test_an_answer_with_one_changed_byte_is_none(keys: PhoneKeys, phone: Enrolled) -> None:
    for place in ("authenticatorData", "signature", "clientDataJSON"):
        said = json.loads(phone.authenticator.show(ask(keys, phone)))
        text = said["response"][place]
        said["response"][place] = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
        assert not is_shown(keys, phone, json.dumps(said)), place


def test_a_key_is_made_for_this_page_within_a_minute_and_once(room: Classroom, keys: PhoneKeys) -> None:
    good = authenticator()
    answer = good.make(keys.to_make("form", BROWSER, SITE))
    with pytest.raises(ConflictError):
        keys.take_made("form", "phone-2", answer)
    keys.take_made("form", BROWSER, answer)
    with pytest.raises(ConflictError):
        keys.take_made("form", BROWSER, answer)
    late = good.make(keys.to_make("form", BROWSER, SITE))
    room.clock.advance(CHALLENGE_S)
    with pytest.raises(ConflictError):
        keys.take_made("form", BROWSER, late)
    for wrong in (Authenticator("https://evil.test", NAME), Authenticator(SITE.origin, "evil.test")):
        with pytest.raises(ConflictError):
            keys.take_made("form", BROWSER, wrong.make(keys.to_make("form", BROWSER, SITE)))
    keys.forget("form", BROWSER)
    assert keys.made("form", BROWSER) is None


def test_a_pass_is_open_for_its_browser_and_phone_for_two_minutes(
    room: Classroom, keys: PhoneKeys, phone: Enrolled
) -> None:
    name = keys.open_pass(BROWSER, phone.credential)
    assert not keys.is_open(name, "phone-2", phone.credential)
    assert not keys.is_open(name, BROWSER, "0" * 64)
    assert not keys.is_open("", BROWSER, phone.credential)
    room.clock.advance(PASS_S - 1)
    assert keys.is_open(name, BROWSER, phone.credential)
    room.clock.advance(1)
    assert not keys.is_open(name, BROWSER, phone.credential)


def test_without_the_rule_and_without_a_key_nothing_is_asked(
    tmp_path: Path, room: Classroom, phone: Enrolled
) -> None:
    keys = room.cases.phones.keys
    assert keys.wanted_of(phone.credential) == phone.done.phone
    assert keys.wanted_of("0" * 64) is None
    assert keys.wanted_of(None) is None
    other = Classroom(tmp_path / "other")
    free = enrol(other)
    assert other.cases.phones.keys.wanted_of(free.credential) is None
    other.close()


@pytest.mark.logs_warnings  # the store says that nothing can be written
def test_while_the_database_is_away_keys_are_those_that_were_read_when_the_class_began(
    room: Classroom, keys: PhoneKeys, phone: Enrolled
) -> None:
    room.remember(room.open_class())
    room.store.database.refuses = DatabaseError("The server is away.")
    assert keys.wanted_of(phone.credential) == phone.done.phone
    assert is_shown(keys, phone, phone.authenticator.show(ask(keys, phone)))
    phone.authenticator.count = 0
    assert not is_shown(keys, phone, phone.authenticator.show(ask(keys, phone))), "it was counted here"
    room.store.database.refuses = None
