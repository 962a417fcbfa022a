"""Shows pages that were fetched before in a real browser, at an address for each, with nothing running behind it."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from httpx import Response
from playwright.sync_api import BrowserContext, Page, Route

from kiosk.web.http.rendering import STATIC_PATH

HOST: Final = "http://kiosk.test"

RELOAD: Final = re.compile(rb'<meta http-equiv="refresh"[^>]*>')
"""A page that reloads by itself would go away while it is measured."""


class PageServer:
    """Answers all that a browser asks for from memory; whatever else it asks for is refused and noted."""

    def __init__(self, pages: Mapping[str, Response], assets: Mapping[str, Response]) -> None:
        """Take them.

        Args:
            pages: By name.
            assets: Static files by their name below ``/static/``.
        """
        self._pages = pages
        self._assets = assets
        self.refused: list[str] = []

    def serve(self, context: BrowserContext) -> None:
        """Answer for this context."""
        context.route("**/*", self._answer)

    def open(self, page: Page, name: str) -> None:
        """Go to a page."""
        page.goto(f"{HOST}/{name}")

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        path = address.path
        found = None
        if route.request.url.startswith(HOST):
            if path.startswith(STATIC_PATH):
                found = self._assets.get(path.removeprefix(STATIC_PATH))
            else:
                found = self._pages.get(path.removeprefix("/"))
        if found is None:
            self.refused.append(route.request.url)
            route.abort()
            return
        headers = {
            name: value
            for name, value in found.headers.items()
            if name not in {"content-length", "set-cookie"}
        }
        route.fulfill(status=found.status_code, headers=headers, body=RELOAD.sub(b"", found.content))
