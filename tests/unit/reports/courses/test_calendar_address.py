from collections.abc import Callable

import httpx
import pytest

from kiosk.errors import SourceError
from kiosk.reports.courses.calendar_address import fetch_calendar
from kiosk.reports.courses.calendar_file import MOST_BYTES

ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def fetch(address: str, answer: Callable[[httpx.Request], httpx.Response]) -> bytes:
    return fetch_calendar(address, client=httpx.Client(transport=httpx.MockTransport(answer)))


def test_a_calendar_is_fetched_and_subscriptions_come_by_https() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=ICS)

    assert fetch(" webcal://school.example/a.ics ", answer) == ICS
    assert fetch("http://school.example/a.ics", answer) == ICS
    assert asked == ["https://school.example/a.ics", "http://school.example/a.ics"]


def test_redirects_are_followed_but_not_for_ever_and_not_to_where_anybody_listens() -> None:
    def to(target: str) -> Callable[[httpx.Request], httpx.Response]:
        def answer(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/there":
                return httpx.Response(200, content=ICS)
            return httpx.Response(302, headers={"location": target})

        return answer

    assert fetch("https://school.example/a.ics", to("/there")) == ICS
    for target in ("http://school.example/there", "file:///etc/passwd", "ftp://school.example/there"):
        with pytest.raises(SourceError, match="not safe"):
            fetch("https://school.example/a.ics", to(target))
    with pytest.raises(SourceError, match="on and on"):
        fetch("https://school.example/a.ics", to("/a.ics"))


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "does not let"), (403, "does not let"), (404, "no calendar at this address"), (500, "error 500")],
)
def test_a_refusal_is_said_in_words(status: int, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        fetch("https://school.example/a.ics", lambda _request: httpx.Response(status))


def test_what_cannot_be_reached_or_is_too_slow_is_said_in_words() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    with pytest.raises(SourceError, match="cannot be reached"):
        fetch("https://school.example/a.ics", broken)
    with pytest.raises(SourceError, match="does not answer"):
        fetch("https://school.example/a.ics", slow)


def test_what_is_huge_is_not_read_to_its_end() -> None:
    content = b"x" * (MOST_BYTES + 1)
    with pytest.raises(SourceError, match="larger than 3 MB"):
        fetch("https://school.example/a.ics", lambda _request: httpx.Response(200, content=content))


@pytest.mark.parametrize(
    "address", ["", "a.ics", "file:///etc/passwd", "https://", "ftp://x/a.ics", "http://[::1"]
)
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(SourceError, match="no address"):
        fetch(address, lambda _request: httpx.Response(200, content=ICS))
