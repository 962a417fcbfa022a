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
    """After `free` failures an account rests `first`, doubling with each further one, at most `longest`.

    After `locked_after` it is locked until somebody unlocks it, where accounts lock at all: six digits are a million, so
    guessing even at the slowest pace must end.
    """

    free: int = 5
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    locked_after: int = 100

    def is_locked(self, count: FailureCount) -> bool:
        """Whether waiting does not help any more."""
        return count.failures >= self.locked_after

    def rest(self, count: FailureCount, now: datetime) -> timedelta:
        """How long the account must still wait before the next try; zero when it may try now."""
        if count.failures < self.free or count.last_failure_at is None:
            return timedelta(0)
        doublings = min(count.failures - self.free, 32)
        pause = min(self.first * float(2**doublings), self.longest)
        # A wall clock that was set back meanwhile must not make the rest longer than it is.
        return min(pause, max(timedelta(0), count.last_failure_at + pause - now))
