"""Typed codes, for phones whose camera fails, and the limits on guessing them. Safe to call from any thread.

A typed code is one of 24^6 (about 191 million), and two are valid at any time. Wrong tries are counted per browser and per
network address, never for everybody: nobody's guesses keep others from typing. 60 wrong tries a minute from one address find a
valid code through a class of an hour with a chance of 4 in 100,000, and from 250 addresses at once with 1 in 100. What is found
is a ticket alone; a student's number and PIN are still needed to mark anybody. Expired codes are no guesses and are not counted.
"""

import threading
from collections import deque
from typing import Final

from kiosk.domain.trust.throttle import Source
from kiosk.errors import CodeError, ExpiredCodeError, ThrottledError
from kiosk.services.attendance.running_class import RunningClass, ShownClass
from kiosk.services.ports.clock import Clock
from kiosk.translation import _

WINDOW_S: Final = 60.0
"""Wrong tries are forgotten after this."""

MOST_OF_BROWSER: Final = 5
"""Wrong tries of one browser within the window. A browser can take a new identifier, hence the second limit."""

MOST_OF_ADDRESS: Final = 60
"""Wrong tries from one address within the window. A whole class may share one; a phone on which a student is signed in
is held to the own count alone."""

MOST_KEPT: Final = 20000
"""Bounds memory; the oldest are forgotten first."""


class TypedCodes:
    """Judges typed codes and refuses to while there were too many wrong ones."""

    def __init__(self, *, running: RunningClass, clock: Clock) -> None:
        self._running = running
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: deque[tuple[float, str, str]] = deque(maxlen=MOST_KEPT)

    def accept(self, text: str, source: Source) -> ShownClass:
        """The class that a typed code is valid for.

        Raises:
            ThrottledError: Too many wrong tries within a minute, in this browser or from its address.
            ExpiredCodeError: The code was genuine, but its time is over.
            CodeError: It is wrong, or no class is open.
        """
        with self._lock:  # judged under the lock: of many tries at once none slips past the limit
            self._require_tries_left(source)
            try:
                return self._running.accept_typed(text)
            except ExpiredCodeError:
                raise
            except CodeError:
                if self._running.current is not None:
                    self._wrong.append((self._clock.monotonic(), source.browser, source.address))
                raise

    def _require_tries_left(self, source: Source) -> None:
        now = self._clock.monotonic()
        while self._wrong and self._wrong[0][0] <= now - WINDOW_S:
            self._wrong.popleft()
        own = sum(browser == source.browser for _when, browser, _where in self._wrong)
        near = sum(address == source.address for _when, _browser, address in self._wrong)
        if own >= MOST_OF_BROWSER or (near >= MOST_OF_ADDRESS and not source.is_known):
            raise ThrottledError(
                _("Too many wrong codes were typed."),
                _("Please wait a minute, or scan the code on the kiosk's screen with the camera."),
            )
