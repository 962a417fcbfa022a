"""A phone that signs is not held up by requests that wait for a database in vain."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from fastapi import Request

from kiosk.domain.phones.enrolled import digest_of
from kiosk.domain.phones.phone_key import Site
from kiosk.domain.trust.throttle import Source
from kiosk.errors import DatabaseError
from kiosk.web.http.browsers import Visitor
from kiosk.web.http.workers import Workers
from kiosk.web.pages.key_asking import KeyAsking
from tests.fakes.phones.authenticator import Authenticator
from tests.world.classroom import PIN, Classroom, enrol_path

T = TypeVar("T")

SITE = Site("https://kiosk.school.test", "kiosk.school.test")
BROWSER, TICKET = "phone-1", "ticket 1"


class VainWorkers(Workers):
    """Whoever asks them waited for too long; with `reads`, only whoever writes."""

    def __init__(self, *, reads: bool) -> None:
        super().__init__(lambda: None)
        self._reads = reads

    async def write(self, use_case: Callable[[], T], *, source: str) -> T:
        raise DatabaseError("The server is away.")

    async def read(self, query: Callable[[], T]) -> T:
        if not self._reads:
            raise DatabaseError("The server is away.")
        return await asyncio.to_thread(query)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Classroom]:
    room = Classroom(tmp_path)
    room.wants_enrolled_phones()
    yield room
    room.close()


def enrol(room: Classroom, authenticator: Authenticator) -> Visitor:
    phones = room.cases.phones
    form = phones.enrolments.exchange(enrol_path(room, room.anita).rpartition("/")[2], BROWSER)
    phones.keys.take_made(form, BROWSER, authenticator.make(phones.keys.to_make(form, BROWSER, SITE)))
    key = phones.keys.made(form, BROWSER)
    done = phones.enrolments.enrol(form, PIN, source=Source(BROWSER, "10.0.0.7"), key=key)
    return Visitor("cookie", BROWSER, True, done.token, room.anita, "", "10.0.0.7", "", done.secret)


def request(host: str = "kiosk.school.test", scheme: str = "https") -> Request:
    headers = [(b"host", host.encode())]
    return Request({"type": "http", "method": "GET", "scheme": scheme, "path": "/", "headers": headers})


def test_who_waited_in_vain_is_asked_by_what_was_read_as_the_class_began(room: Classroom) -> None:
    visitor = enrol(room, authenticator := Authenticator(SITE.origin, SITE.name))
    keys = room.cases.phones.keys
    asking = KeyAsking(keys, workers=VainWorkers(reads=False), secure=True)
    assert not asyncio.run(asking.is_wanted(request(), visitor))
    room.remember(room.open_class())
    assert asyncio.run(asking.is_wanted(request(), visitor))
    credential = digest_of(visitor.secret)
    phone = keys.remembered(credential or "")
    assert phone is not None
    answer = authenticator.show(keys.to_show(TICKET, BROWSER, SITE, phone))
    asking = KeyAsking(keys, workers=VainWorkers(reads=True), secure=True)
    assert asyncio.run(asking.is_shown(visitor, TICKET, answer))


def test_only_a_name_by_https_is_a_site(room: Classroom) -> None:
    keys, workers = room.cases.phones.keys, VainWorkers(reads=True)
    secure, plain = (KeyAsking(keys, workers=workers, secure=one) for one in (True, False))
    assert secure.site(request()) == SITE
    assert plain.site(request()) is None
    assert secure.site(request(scheme="http")) is None
    assert secure.site(request("10.0.0.7")) is None
