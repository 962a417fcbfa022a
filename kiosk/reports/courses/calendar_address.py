"""Getting a calendar from an address. Worker threads only: it waits for the network."""

from time import monotonic
from typing import Final

import httpx

from kiosk.errors import SourceError
from kiosk.reports.courses.calendar_file import MOST_BYTES
from kiosk.translation import _

TIMEOUT: Final = httpx.Timeout(10.0)
REDIRECTS: Final = 5
SECONDS: Final = 30.0
"""Together: a server that sends a byte now and then holds up nobody."""

_WEB: Final = {"http", "https"}


def fetch_calendar(address: str, *, client: httpx.Client | None = None) -> bytes:
    """Implements `kiosk.services.ports.calendars.CalendarFetcher`; follows redirects, but never from HTTPS to HTTP."""
    with client or httpx.Client(timeout=TIMEOUT, verify=httpx.create_ssl_context()) as opened:
        try:
            return _fetched(opened, _checked(address))
        except httpx.TimeoutException as error:
            raise SourceError(
                _("{host} does not answer.", host=_host(address)), _("Try again later, or check the address.")
            ) from error
        except httpx.HTTPError as error:
            raise SourceError(
                _("{host} cannot be reached.", host=_host(address)),
                _("Check the address and this PC’s connection to the network."),
            ) from error


def _fetched(client: httpx.Client, url: httpx.URL) -> bytes:
    for _redirect in range(REDIRECTS + 1):
        with client.stream("GET", url, headers={"Accept": "text/calendar, */*;q=0.5"}) as answer:
            if not answer.is_redirect:
                return _content(answer)
            target = url.join(answer.headers.get("location", ""))
        if target.scheme not in _WEB or (url.scheme == "https" and target.scheme == "http"):
            raise SourceError(
                _("{host} sends on to an address that is not safe.", host=url.host),
                _("Ask for the address that begins with https."),
            )
        url = target
    raise SourceError(
        _("{host} sends on and on, and never to a calendar.", host=url.host),
        _("Open the address in a browser and copy where it leads to."),
    )


def _content(answer: httpx.Response) -> bytes:
    if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise SourceError(
            _("{host} does not let this kiosk read the calendar.", host=answer.url.host),
            _("Ask for the calendar’s private address (iCal), which needs no sign-in."),
        )
    if answer.status_code in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
        raise SourceError(
            _("There is no calendar at this address any more."), _("Copy the address anew from the calendar.")
        )
    if not answer.is_success:
        raise SourceError(
            _("{host} answered with error {code}.", host=answer.url.host, code=answer.status_code),
            _("Try again later."),
        )
    content, ends = bytearray(), monotonic() + SECONDS
    for piece in answer.iter_bytes():
        content += piece
        if monotonic() > ends:
            raise SourceError(
                _("{host} is too slow.", host=answer.url.host), _("Try again later, or take the file.")
            )
        if len(content) > MOST_BYTES:
            raise SourceError(
                _(
                    "What {host} sends is larger than {most} MB.",
                    host=answer.url.host,
                    most=MOST_BYTES // 1_000_000,
                ),
                _("Use the calendar of one course only."),
            )
    return bytes(content)


def _checked(address: str) -> httpx.URL:
    text = address.strip()
    scheme, separator, rest = text.partition("://")
    if separator and scheme.lower() in {
        "webcal",
        "webcals",
    }:  # how calendars are subscribed to; the file comes by HTTPS
        text = f"https://{rest}"
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise _no_address() from error
    if url.scheme not in _WEB or not url.host:
        raise _no_address()
    return url


def _no_address() -> SourceError:
    return SourceError(
        _("This is no address of a calendar."), _("It begins with https://, http:// or webcal://.")
    )


def _host(address: str) -> str:
    try:
        return httpx.URL(address.strip()).host or address
    except httpx.InvalidURL:
        return address
