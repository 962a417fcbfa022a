"""How long an account rests after wrong passwords or PINs."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class FailureCount:
    """Wrong tries in a row on one account, kept in the store so that a restart forgives nothing."""

    failures: int = 0
    last_failure_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ThrottleRule:
    """After `free` failures an account rests `first`, doubling with each further one, at most `longest`."""

    free: int = 5
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)

    def rest(self, count: FailureCount, now: datetime) -> timedelta:
        """How long the account must still wait before the next try; zero when it may try now."""
        if count.failures < self.free or count.last_failure_at is None:
            return timedelta(0)
        doublings = min(count.failures - self.free, 32)
        pause = min(self.first * float(2**doublings), self.longest)
        # A wall clock that was set back meanwhile must not make the rest longer than it is.
        return min(pause, max(timedelta(0), count.last_failure_at + pause - now))
