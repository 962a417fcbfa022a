"""What the web part remembers between a form and the page that follows it, so that a reload never posts again.

Lives in memory only, bounded in number and time. Used on the web thread's event loop alone, so it needs no lock.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from kiosk.services.attendance.running_class import ShownClass
from kiosk.services.events import CheckInResult

T = TypeVar("T")

KEEP_S: Final = 900.0
MAX_KEPT: Final = 5000


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a confirmed ticket, or what is still becoming of it."""

    browser: str
    student_id: int
    live: ShownClass
    future: "Future[CheckInResult]"


@dataclass(frozen=True, slots=True)
class RefusedSignIn:
    """Why the last sign-in of a browser failed, to be said once beside the form."""

    user_text: str
    hint: str
    student_no: str
    status_code: int


class Memory(Generic[T]):
    """A few values by key, each for `KEEP_S` seconds; the oldest go first when there are too many."""

    def __init__(self, monotonic: Callable[[], float], *, most: int = MAX_KEPT) -> None:
        self._monotonic = monotonic
        self._most = most
        self._kept: dict[str, tuple[float, T]] = {}

    def put(self, key: str, value: T) -> None:
        """Keep a value as the newest."""
        self._kept.pop(key, None)
        self._kept[key] = (self._monotonic() + KEEP_S, value)
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]

    def get(self, key: str) -> T | None:
        """The value, or None when there is none or it is too old."""
        expires, value = self._kept.get(key, (0.0, None))
        if value is not None and expires <= self._monotonic():
            del self._kept[key]
            return None
        return value

    def pop(self, key: str) -> T | None:
        """The value, which is then forgotten."""
        value = self.get(key)
        self._kept.pop(key, None)
        return value

    def forget(self, unwanted: Callable[[T], bool]) -> None:
        """Drop all values that `unwanted` picks."""
        self._kept = {key: kept for key, kept in self._kept.items() if not unwanted(kept[1])}
