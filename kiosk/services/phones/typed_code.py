"""Typed codes, for phones whose camera fails, and the limits on guessing them. Safe to call from any thread.

A typed code is one of 24^6 (about 191 million), and two are valid at any time. Wrong tries are counted per browser and
for the whole kiosk: 300 wrong tries a minute find a valid code within a minute with a chance of 3 in a million, and
through a class of an hour with 2 in 10,000. What is found is a ticket alone; a student's number and PIN are still
needed to mark anybody. Expired codes are no guesses and are not counted.
"""

import threading
from collections import deque
from typing import Final

from kiosk.errors import CodeError, ExpiredCodeError, ThrottledError
from kiosk.services.attendance.running_class import RunningClass, ShownClass
from kiosk.services.ports.clock import Clock
from kiosk.translation import _

WINDOW_S: Final = 60.0
"""Wrong tries are forgotten after this."""

MOST_OF_BROWSER: Final = 5
"""Wrong tries of one browser within the window. A browser can take a new identifier, hence the second limit."""

MOST_OF_ALL: Final = 300
"""Wrong tries of all browsers within the window: a class of 300 may mistype one each."""


class TypedCodes:
    """Judges typed codes and refuses to while there were too many wrong ones."""

    def __init__(self, *, running: RunningClass, clock: Clock) -> None:
        self._running = running
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: deque[tuple[float, str]] = deque()

    def accept(self, text: str, browser: str) -> ShownClass:
        """The class that a typed code is valid for.

        Raises:
            ThrottledError: Too many wrong tries within a minute, here or altogether.
            ExpiredCodeError: The code was genuine, but its time is over.
            CodeError: It is wrong, or no class is open.
        """
        with self._lock:  # judged under the lock: of many tries at once none slips past the limit
            self._require_tries_left(browser)
            try:
                return self._running.accept_typed(text)
            except ExpiredCodeError:
                raise
            except CodeError:
                if self._running.current is not None:
                    self._wrong.append((self._clock.monotonic(), browser))
                raise

    def _require_tries_left(self, browser: str) -> None:
        now = self._clock.monotonic()
        while self._wrong and self._wrong[0][0] <= now - WINDOW_S:
            self._wrong.popleft()
        own = sum(1 for _when, who in self._wrong if who == browser)
        if own >= MOST_OF_BROWSER or len(self._wrong) >= MOST_OF_ALL:
            raise ThrottledError(
                _("Too many wrong codes were typed."),
                _("Please wait a minute, or scan the code on the kiosk's screen with the camera."),
            )
