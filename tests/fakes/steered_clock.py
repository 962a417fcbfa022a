"""The machine's own clocks, which a test may put forward."""

from datetime import datetime, timedelta

from kiosk.services.ports.clock import SystemClock


class SteeredClock(SystemClock):
    """Goes as every clock does; `advance` spares a test the waiting. Both scales jump together."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._ahead_s)

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead_s

    def advance(self, seconds: float) -> None:
        self._ahead_s += seconds
