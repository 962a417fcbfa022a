"""Time as a port, so that rules run in tests and in recordings without waiting."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol


class Clock(Protocol):
    """The kiosk's two clocks."""

    def now(self) -> datetime:
        """Wall-clock time, aware UTC: what records carry."""

    def monotonic(self) -> float:
        """Seconds that only ever grow: what expiry and durations are counted in."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """`Clock` of the operating system."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


SYSTEM_CLOCK: Final[Clock] = SystemClock()
"""For what is made without a `Core`: sources of frames, the reader of codes."""


class Timeline:
    """Turns a source's own seconds into wall-clock time.

    A live camera stamps frames with the monotonic clock, a recording with the position in it; an anchor
    on both scales makes records of either carry honest UTC times.
    """

    def __init__(self, *, anchor: datetime, anchor_s: float) -> None:
        self._anchor = anchor
        self._anchor_s = anchor_s

    def utc(self, time_s: float) -> datetime:
        """Aware UTC of a moment on the source's timeline."""
        return self._anchor + timedelta(seconds=time_s - self._anchor_s)
