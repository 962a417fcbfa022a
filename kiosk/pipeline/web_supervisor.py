"""Keeps the web part up beside everything else: starts it, follows its address, starts it again when it died, and puts
another one in its place when the settings or the certificate's files changed.

`start` and `tick` run on the housekeeping thread, `replace` on that of whoever changed the settings, `stop` comes last;
a lock lets one of them work at a time. A web part that does not come up costs a try now and then and touches nothing
else.
"""

import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol

from kiosk.errors import KioskError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events, WebStateChanged
from kiosk.services.ports.web import WebServer
from kiosk.translation import _

MAX_WAIT_TICKS: Final = 12
"""Under a minute, with a tick of four seconds: a port that became free, or a certificate that was renewed, is found soon."""

STEADY_TICKS: Final = 12
"""What has run this long may be started again at once when it dies."""

STOP_S: Final = 5.0
"""For the requests that are under way in a web part that another one takes the place of."""

log = logging.getLogger(__name__)


class WebBuilder(Protocol):
    """Makes a web part by the settings that are in force."""

    def build(self) -> WebServer:
        """One that is not started yet.

        Raises:
            KioskError: It cannot be made by them, for example with this certificate.
        """


class WebSupervisor:
    """One web part, built anew for each start."""

    def __init__(
        self,
        *,
        builder: WebBuilder,
        running: RunningClass,
        events: Events,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Start nothing yet; `is_wanted` says whether phones are to be served now."""
        self._is_wanted = is_wanted
        self._builder = builder
        self._running = running
        self._events = events
        self._lock = threading.Lock()
        self._web: WebServer | None = None
        self._closed = False
        self._tries = 0
        self._wait = 0
        self._steady = 0
        self._said = ""
        self._not_renewed = ""

    def start(self) -> None:
        """Try once; what goes wrong is an event, the same thing again is not."""
        with self._lock:
            self._start()

    def tick(self) -> None:
        """Look after it; called every few seconds."""
        with self._lock:
            if self._closed:
                return
            if self._web is not None:
                if self._web.is_running():
                    self._follow(self._web)
                    return
                self._note_death(self._web)
            if self._wait > 0:
                self._wait -= 1
                return
            self._start()

    def replace(self) -> None:
        """Serve by the settings that are in force now, or no more. The port is not answered for a moment.

        Where nothing served, the same as another try: what goes wrong is an event.

        Raises:
            KioskError: The new web part does not start; the one from before serves again.
        """
        with self._lock:
            if not self._is_wanted():
                self._turn_off()
            elif self._web is None:
                self._tries = self._wait = 0
                self._start()
            else:
                self._replace(self._web)

    def stop(self, timeout_s: float) -> bool:
        """Stop it for good; False when it did not end in time."""
        with self._lock:
            self._closed = True
            return self._web is None or self._web.stop(timeout_s)

    def _start(self) -> None:
        if self._closed or self._web is not None or not self._is_wanted():
            return
        try:
            web = self._builder.build()
            base_url = web.start()
        except KioskError as error:
            self._back_off()
            if error.user_text != self._said:
                self._said = error.user_text
                self._unreachable(error.user_text, error.hint)
            return
        self._web, self._said, self._steady = web, "", 0
        self._reachable_at(base_url)

    def _turn_off(self) -> None:
        before, self._web = self._web, None
        if before is not None:
            before.stop(STOP_S)
        self._said = ""
        self._running.reachable_at("")
        self._events.emit(WebStateChanged(False))

    def _replace(self, before: WebServer) -> None:
        if self._closed:
            return
        after = self._builder.build()
        after.prepare()  # what is wrong with the files is found while the one from before still serves
        before.stop(STOP_S)
        try:
            base_url = after.start()
        except KioskError:
            self._go_back_to(before)
            raise
        self._web, self._steady, self._not_renewed = after, 0, ""
        self._reachable_at(base_url)

    def _go_back_to(self, before: WebServer) -> None:
        try:
            self._reachable_at(before.start())
        except KioskError as error:
            self._web = None
            self._back_off()
            self._unreachable(error.user_text, error.hint)

    def _follow(self, web: WebServer) -> None:
        self._steady += 1
        if self._steady >= STEADY_TICKS:
            self._tries = 0
        if web.has_new_certificate():
            self._renew(web)
            return
        address = web.address()
        if address != self._running.base_url:
            self._reachable_at(address)

    def _renew(self, web: WebServer) -> None:
        """Take renewed files; while they are no good (half written, say) serve with those from before."""
        try:
            self._replace(web)
        except KioskError as error:
            if error.user_text != self._not_renewed:
                self._not_renewed = error.user_text
                log.warning("The certificate's new files are not used: %s", error.user_text)
        else:
            log.info("The certificate's new files are used.")

    def _note_death(self, web: WebServer) -> None:
        log.error("The web part ended by itself; it is started again.")
        self._web = None
        web.stop(0)
        self._unreachable(
            _("The part for phones has stopped."),
            _("It is started again by itself. The camera and the teacher's list work all the same."),
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
        self._running.reachable_at(base_url)
        self._events.emit(WebStateChanged(True, base_url))

    def _unreachable(self, sentence: str, hint: str) -> None:
        self._running.reachable_at("", trouble=sentence)
        self._events.emit(WebStateChanged(False, "", sentence, hint))
