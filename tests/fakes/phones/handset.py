"""A student's phone without a screen: follows links and fills in forms as a browser does."""

import re
import ssl
from contextlib import suppress
from html import unescape
from types import TracebackType
from typing import Self

import httpx
from fastapi import FastAPI
from httpx import URL, Response, TransportError
from starlette.testclient import TestClient

from tests.fakes.phones.page_form import form

__all__ = ["ADDRESS", "Handset", "form", "get_at_last", "heading", "words"]

ADDRESS = "http://kiosk.test"


class Handset:
    """One browser with its cookies."""

    def __init__(self, app: FastAPI, *, base_url: str = ADDRESS, address: str = "testclient") -> None:
        self.client = TestClient(
            app, base_url=base_url, raise_server_exceptions=False, client=(address, 50000)
        )
        self._base_url = base_url

    def __enter__(self) -> Self:
        self.client.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.__exit__(kind, error, trace)

    def get(self, path: str) -> Response:
        answer: Response = self.client.get(path)
        return answer

    def submit(self, page: Response, button: str, **fields: str) -> Response:
        """Press a button of a page: its form's hidden fields go with it."""
        action, hidden = form(page.text, button)
        return self.post(action, hidden | fields)

    def post(self, path: str, fields: dict[str, str], *, follow: bool = True, **headers: str) -> Response:
        headers = {"Origin": self._base_url} | headers
        answer: Response = self.client.post(path, data=fields, headers=headers, follow_redirects=follow)
        return answer

    def sign_in(self, page: Response, student_no: str, pin: str) -> Response:
        return self.submit(page, "Sign in", student_no=student_no, pin=pin)


def get_at_last(address: URL, verify: ssl.SSLContext | bool = True) -> Response:
    """Ask a server whose limits are too short for a busy machine until it answers."""
    while True:
        with suppress(TransportError):
            return httpx.get(address, verify=verify)


def heading(page: Response) -> str:
    """The page's one first-level heading."""
    found = re.findall(r"<h1>(.*?)</h1>", page.text, re.DOTALL)
    assert len(found) == 1, page.text
    return unescape(found[0])


def words(page: Response) -> str:
    """What can be read on the page, in one line."""
    body = page.text.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
