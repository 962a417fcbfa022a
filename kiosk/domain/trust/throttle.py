"""How long an account, a phone or an address rests after wrong passwords or PINs, and who counts for whom. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.people.students import fold

UNDER: Final = "\x1f"
"""Stands between an account and what is counted under it; no number, address or identifier holds it."""

ADDRESSES: Final = "addresses"
"""What the addresses are counted under, whatever number is tried from there."""


@dataclass(frozen=True, slots=True)
class FailureCount:
    """Wrong tries on one account, kept in the store so that a restart forgives nothing."""

    failures: int = 0
    last_failure_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ThrottleRule:
    """After `free` failures an account rests `first`, doubling with each further one, at most `longest`.

    After `locked_after` it is locked until somebody unlocks it, where it locks at all: six digits are a million, so
    guessing even at the slowest pace must end. One failure is forgotten each time that `forgets` passes without another.
    """

    free: int = 5
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    locked_after: int | None = None
    forgets: timedelta | None = None

    def is_locked(self, count: FailureCount) -> bool:
        """Whether waiting does not help any more."""
        return self.locked_after is not None and count.failures >= self.locked_after

    def left(self, count: FailureCount, now: datetime) -> FailureCount:
        """The count without what is forgotten by now."""
        if self.forgets is None or count.last_failure_at is None or self.is_locked(count):
            return count
        forgotten = max(0, (now - count.last_failure_at) // self.forgets)
        failures = max(0, count.failures - forgotten)
        return FailureCount(failures, count.last_failure_at) if failures else FailureCount()

    def rests_after(self, count: FailureCount) -> bool:
        """Whether somebody who has failed so often has to rest."""
        return count.failures >= self.free

    def rest(self, count: FailureCount, now: datetime) -> timedelta:
        """How long the account must still wait before the next try; zero when it may try now."""
        if count.failures < self.free or count.last_failure_at is None:
            return timedelta(0)
        doublings = min(count.failures - self.free, 32)
        pause = min(self.first * float(2**doublings), self.longest)
        # A wall clock that was set back meanwhile must not make the rest longer than it is.
        return min(pause, max(timedelta(0), count.last_failure_at + pause - now))


LOCKED: Final = 100
"""Wrong PINs that lock a number, on a known phone or elsewhere."""

STAFF: Final = ThrottleRule(first=timedelta(seconds=5), longest=timedelta(seconds=30))
"""Passwords have at least ten characters and are typed at the kiosk alone, two a minute: whoever plays with the keyboard must
not keep a teacher from the class."""

STAFF_NAME: Final = ThrottleRule(free=20, forgets=timedelta(days=1))
"""All wrong passwords of one account from phones and tablets; the kiosk's keyboard is counted apart."""

STAFF_PLACE: Final = ThrottleRule(forgets=timedelta(days=1))
"""Wrong passwords of one account from one network address."""

NUMBER: Final = ThrottleRule(free=20, locked_after=LOCKED, forgets=timedelta(days=1))
"""All wrong PINs of one student number from phones that are not known: see docs/security.md for what is left to a guesser."""

PHONE: Final = ThrottleRule(forgets=timedelta(days=1))
"""Wrong PINs of one number from one browser that is not known."""

PLACE: Final = ThrottleRule(free=10, forgets=timedelta(days=1))
"""Wrong PINs of one number from one network address, which others may share."""

ADDRESS: Final = ThrottleRule(
    free=60, first=timedelta(seconds=10), longest=timedelta(seconds=10), forgets=timedelta(seconds=10)
)
"""Wrong PINs of all numbers from one address: a class behind one may mistype sixty, and then one each ten seconds."""

KNOWN: Final = ThrottleRule(locked_after=LOCKED, forgets=timedelta(days=1))
"""Wrong PINs of one number on a phone that gave the right one before; nobody else's count."""


SHARED: Final = frozenset({NUMBER, ADDRESS})
"""What several people are counted for: the right PIN of one gives back that try, and forgives nobody else's."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a try comes from.

    Attributes:
        browser: Random identifier of the browser.
        address: Network address; empty when unknown.
        is_known: Whether the right PIN of this number was given in this browser before.
    """

    browser: str = ""
    address: str = ""
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """One count that a try is held to."""

    account: str
    rule: ThrottleRule


def account_of(student_no: str) -> str:
    """The name under which wrong tries of a student number are counted."""
    return f"student:{fold(student_no)}"


def staff_limits(name: str) -> tuple[Limit, ...]:
    """What a password of a teacher or admin is held to."""
    return (Limit(f"user:{fold(name)}", STAFF),)


def staff_phone_limits(name: str, source: Source) -> tuple[Limit, ...]:
    """What a password is held to that comes over the network; who guesses there keeps nobody from the kiosk itself."""
    account = f"user:{fold(name)}{UNDER}phones"
    return (
        Limit(account, STAFF_NAME),
        Limit(f"{account}{UNDER}address {source.address}", STAFF_PLACE),
        Limit(f"{ADDRESSES}{UNDER}{source.address}", ADDRESS),
    )


def pin_limits(student_no: str, source: Source) -> tuple[Limit, ...]:
    """What a PIN is held to: on a known phone to what was tried there, elsewhere to what others tried, too."""
    account = account_of(student_no)
    if source.is_known:
        return (Limit(f"{account}{UNDER}known {source.browser}", KNOWN),)
    limits = [Limit(account, NUMBER), Limit(f"{account}{UNDER}browser {source.browser}", PHONE)]
    if source.address:
        limits.append(Limit(f"{account}{UNDER}address {source.address}", PLACE))
        limits.append(Limit(f"{ADDRESSES}{UNDER}{source.address}", ADDRESS))
    return tuple(limits)


def blocks(number: FailureCount, places: Iterable[FailureCount], now: datetime) -> bool:
    """Whether wrong PINs of a student number make anybody wait who has it: all of them, or those of one phone or address."""
    own = NUMBER.left(number, now)
    return NUMBER.rests_after(own) or any(PHONE.rests_after(PHONE.left(one, now)) for one in places)
