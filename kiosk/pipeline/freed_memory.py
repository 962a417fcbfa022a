"""Memory that was freed goes back to the system. On Linux with glibc; elsewhere there is nothing to do.

Camera, vision, codes and phones allocate and free on threads of their own, and glibc keeps what they freed: 25 MB a minute in
a window with a class, 126 MB after models were loaded, until it is asked to give it back.
"""

import ctypes
import sys
from typing import Final

from kiosk.services.ports.clock import Clock

EVERY_S: Final = 60.0


class FreedMemory:
    """Gives back once a minute. For the housekeeping thread."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
        self._due_s = clock.monotonic() + EVERY_S

    def tick(self) -> None:
        """Give back if it is time; takes some milliseconds, in which other threads go on."""
        if self._trim is not None and self._clock.monotonic() >= self._due_s:
            self._due_s = self._clock.monotonic() + EVERY_S
            self._trim(0)
