"""Time as a port, so that rules run in tests and in recordings without waiting."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, Protocol


class Clock(Protocol):
    """The kiosk's two clocks."""

    def now(self) -> datetime:
        """Wall-clock time, aware UTC: what records carry."""

    def monotonic(self) -> float:
        """Seconds that only ever grow: what expiry and durations are counted in."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


def _seconds_awake_or_not() -> Callable[[], float]:
    """The system's monotonic clock that goes on while the PC sleeps: else its waking would look like a leap."""
    names = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}
    kind = getattr(time, names.get(sys.platform, ""), None)
    return time.monotonic if kind is None else partial(time.clock_gettime, kind)


_seconds: Final = _seconds_awake_or_not()


class SystemClock:
    """`Clock` of the operating system."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return _seconds()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


SYSTEM_CLOCK: Final[Clock] = SystemClock()
"""For what is made without a `Core`: sources of frames, the reader of codes."""


class SteadyClock:
    """A clock whose wall time can be held: from then on it goes by the monotonic clock, whatever happens to the PC's own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since_start = Timeline(anchor=clock.now(), anchor_s=clock.monotonic())
        self._held: Timeline | None = None

    def now(self) -> datetime:
        held = self._held
        return held.utc(self._clock.monotonic()) if held is not None else self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)

    @property
    def moved(self) -> timedelta:
        """How far the PC's clock stands ahead of this one."""
        return self._clock.now() - self.now()

    @property
    def unmoved(self) -> datetime:
        """What it would be now, had nobody moved the PC's clock since the program started."""
        return self._since_start.utc(self._clock.monotonic())

    def hold(self, *, behind: timedelta = timedelta()) -> None:
        """Go on by the monotonic clock from a time that lies so far behind the PC's own."""
        self._held = Timeline(anchor=self._clock.now() - behind, anchor_s=self._clock.monotonic())

    def let_go(self) -> None:
        """Follow the PC's clock again."""
        self._held = None


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
