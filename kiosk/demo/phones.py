"""The demo's phones: they read the code from a picture of the kiosk and check in over real HTTP.

A phone knows nothing of the kiosk but what its camera and its browser show: it reads the address from the picture,
follows it, fills in the forms and reads the page at the end. Runs on the thread that calls it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

import httpx

from kiosk.domain.faces.frames import BgrImage
from kiosk.errors import CodeError, SourceError
from kiosk.services.ports.outputs import CodeReader, PinSlip
from kiosk.translation import _

SCAN_TRIES: Final = 20
TIMEOUT_S: Final = 10.0

TakePicture = Callable[[], BgrImage | None]
"""A picture of what the kiosk shows now, in BGR; None while it shows no code."""

Wait = Callable[[float], bool]
"""Waits some seconds; True when it is time to give up."""


def check_in_by_phone(slip: PinSlip, *, picture: TakePicture, reader: CodeReader, wait: Wait) -> str:
    """Scan, sign in, confirm; returns the heading of the last page.

    Raises:
        CodeError: No code could be read from the kiosk's picture.
        SourceError: The kiosk did not answer, or its page had no form to fill in.
    """
    address = _scan(picture, reader, wait)
    try:
        with httpx.Client(follow_redirects=True, timeout=TIMEOUT_S, trust_env=False) as browser:
            page = browser.get(address)
            page = _submit(browser, page, {"student_no": slip.student.student_no, "pin": slip.pin})
            page = _submit(browser, page, {})
    except httpx.HTTPError as error:
        raise SourceError(_("The kiosk did not answer the phone."), f"{error}.") from error
    return _read(page).heading


def _scan(picture: TakePicture, reader: CodeReader, wait: Wait) -> str:
    for _unused in range(SCAN_TRIES):
        seen = picture()
        texts = reader.read(seen) if seen is not None else []
        for text in texts:
            if text.lower().startswith(("http://", "https://")):
                return text
        if wait(0.25):
            break
    raise CodeError(_("No code could be read from the kiosk's picture."))


@dataclass(frozen=True, slots=True)
class _Page:
    heading: str
    action: str | None
    fields: Mapping[str, str]


class _Reader(HTMLParser):
    """Finds the heading and the first form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = ""
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._in_heading = False
        self._in_form = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._in_heading = self._in_heading or tag == "h1"
        if tag == "form" and self.action is None:
            self.action, self._in_form = values.get("action", ""), True
        if tag == "input" and self._in_form and "name" in values:
            self.fields[values["name"]] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._in_heading = self._in_heading and tag != "h1"
        self._in_form = self._in_form and tag != "form"

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.heading = f"{self.heading} {data.strip()}".strip()


def _read(page: httpx.Response) -> _Page:
    reader = _Reader()
    reader.feed(page.text)
    return _Page(reader.heading, reader.action, reader.fields)


def _submit(browser: httpx.Client, page: httpx.Response, filled: Mapping[str, str]) -> httpx.Response:
    """Send the page's first form as a browser does, with its hidden fields."""
    shown = _read(page)
    if shown.action is None or not filled.keys() <= shown.fields.keys():
        raise SourceError(
            _(
                "The kiosk's page had no form to fill in: {heading}.",
                heading=shown.heading or page.status_code,
            )
        )
    target = page.url.join(shown.action)
    origin = f"{target.scheme}://{target.netloc.decode()}"
    return browser.post(target, data={**shown.fields, **filled}, headers={"Origin": origin})
