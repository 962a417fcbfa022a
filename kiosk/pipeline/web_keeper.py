"""Keeps the web part up beside everything else: starts it, follows its address, starts it again when it died.

All methods run on the housekeeping thread, but `stop`, which comes after that thread has ended. A web part that does
not come up costs a try now and then and touches nothing else.
"""

import logging
from collections.abc import Callable
from typing import Final

from kiosk.errors import KioskError
from kiosk.services.events import OnEvent, WebStateChanged
from kiosk.services.live import Live
from kiosk.services.ports.web import WebServer

MAX_WAIT_TICKS: Final = 12
"""A minute, with a tick of five seconds: a port that became free, or a certificate that was renewed, is found soon."""

STEADY_TICKS: Final = 12
"""What has run this long may be started again at once when it dies."""

log = logging.getLogger(__name__)


class WebKeeper:
    """One web part, built anew for each start."""

    def __init__(self, *, build: Callable[[], WebServer], live: Live, on_event: OnEvent) -> None:
        self._build = build
        self._live = live
        self._on_event = on_event
        self._web: WebServer | None = None
        self._tries = 0
        self._wait = 0
        self._steady = 0
        self._said = ""

    def start(self) -> None:
        """Try once; what goes wrong is an event, the same thing again is not."""
        try:
            web = self._build()
            base_url = web.start()
        except KioskError as error:
            self._back_off()
            if error.user_text != self._said:
                self._said = error.user_text
                self._on_event(WebStateChanged(False, "", error.user_text, error.hint))
            return
        self._web, self._said, self._steady = web, "", 0
        self._reachable_at(base_url)

    def tick(self) -> None:
        """Look after it; called every few seconds."""
        if self._web is not None:
            if self._web.is_running():
                self._follow(self._web)
                return
            self._mourn(self._web)
        if self._wait > 0:
            self._wait -= 1
            return
        self.start()

    def stop(self, timeout_s: float) -> bool:
        """Stop it; False when it did not end in time."""
        return self._web is None or self._web.stop(timeout_s)

    def _follow(self, web: WebServer) -> None:
        self._steady += 1
        if self._steady >= STEADY_TICKS:
            self._tries = 0
        address = web.address()
        if address != self._live.base_url:
            self._reachable_at(address)

    def _mourn(self, web: WebServer) -> None:
        log.error("The web part ended by itself; it is started again.")
        self._web = None
        web.stop(0)
        self._live.reachable_at("")
        self._on_event(
            WebStateChanged(
                False,
                "",
                "The part for phones has stopped.",
                "It is started again by itself. The camera and the teacher's list work all the same.",
            )
        )
        if self._tries:
            self._back_off()
        else:
            self._tries = 1

    def _back_off(self) -> None:
        """1, 2, 4, … ticks."""
        self._wait = min(2**self._tries, MAX_WAIT_TICKS)
        self._tries += 1

    def _reachable_at(self, base_url: str) -> None:
        self._live.reachable_at(base_url)
        self._on_event(WebStateChanged(True, base_url))
