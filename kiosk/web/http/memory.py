"""What phones may ask for again a moment later, so that a reload never posts twice: `WebMemory`, made once.

In memory only, bounded in number and time, and handed to each web part in turn: what a phone was told outlives the part
that said it. Safe to call from any thread, for one part may still finish while the next one begins.
"""

import secrets
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final, Generic, Self, TypeVar

from kiosk.domain.people.students import Student
from kiosk.errors import StorageError
from kiosk.services.attendance.lesson.teaching import Taught
from kiosk.services.attendance.running_class import ShownClass
from kiosk.services.events import CheckInResult
from kiosk.services.people.consents import ConsentReceipt
from kiosk.services.ports.clock import Clock
from kiosk.web.api.rate import RateLimit

T = TypeVar("T")

KEEP_S: Final = 900.0
MAX_KEPT: Final = 5000


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a confirmed ticket, or what is still becoming of it."""

    browser: str
    student_id: int
    shown_class: ShownClass
    future: "Future[CheckInResult]"

    @property
    def failure(self) -> StorageError | None:
        """Why it could not be saved; None where it was, or is not known yet."""
        error = self.future.exception() if self.future.done() else None
        return error if isinstance(error, StorageError) else None


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """That a student's word was recorded, for that student alone; `remains` says what is left elsewhere."""

    student_id: int
    receipt: ConsentReceipt
    remains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter whose code one browser typed; with `receipt` it is answered, and the code is forgotten."""

    browser: str
    code: str = field(repr=False)
    student: Student | None = None
    receipt: ConsentReceipt | None = None
    remains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedSignIn:
    """Why the last sign-in of a browser failed, to be said once beside the form."""

    user_text: str
    hint: str
    student_no: str
    status_code: int


class Memory(Generic[T]):
    """A few values by key, each for `KEEP_S` seconds; the oldest go first when there are too many."""

    def __init__(self, clock: Clock, *, most: int = MAX_KEPT) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, T]] = {}

    def put(self, key: str, value: T) -> None:
        """Keep a value as the newest, and let go of those that are too old."""
        with self._lock:
            now_s = self._clock.monotonic()
            self._kept.pop(key, None)
            self._kept[key] = (now_s + KEEP_S, value)
            while len(self._kept) > self._most or next(iter(self._kept.values()))[0] <= now_s:
                del self._kept[next(iter(self._kept))]

    def __len__(self) -> int:
        with self._lock:
            return len(self._kept)

    def get(self, key: str) -> T | None:
        """The value, or None when there is none or it is too old."""
        with self._lock:
            return self._fresh(self._kept.get(key))

    def pop(self, key: str) -> T | None:
        """The value, which is then forgotten."""
        with self._lock:
            return self._fresh(self._kept.pop(key, None))

    def _fresh(self, kept: tuple[float, T] | None) -> T | None:
        return kept[1] if kept is not None and self._clock.monotonic() < kept[0] else None


class Answers(Memory[Answer]):
    """What became of check-ins, by ticket."""

    def forget_settled(self, browser: str) -> None:
        """Drop what a browser was told; what it still waits for stays."""
        with self._lock:
            self._kept = {
                ticket_id: kept
                for ticket_id, kept in self._kept.items()
                if kept[1].browser != browser or not kept[1].future.done()
            }


@dataclass(frozen=True, slots=True)
class DoneByTeacher:
    """What a teacher has just done, in a sentence, and the way back where there is one."""

    words: str
    taught: Taught | None = None


@dataclass(frozen=True, slots=True)
class WebMemory:
    """All that outlives a web part.

    Attributes:
        answers: By ticket; a page shows one to the browser and student that got it.
        receipts: By a random identifier.
        letters: By a random identifier, those that are being answered.
        refused_sign_ins: By browser.
        changed_pins: By browser, the student whose PIN was changed there.
        enrolled_phones: By browser that was enrolled, whether it was another student's before.
        taught: By teacher and browser, what the teacher did there last.
        api_rate: How often each token may ask.
        form_key: Secret of the forms' tokens, so that a form that a phone shows is good in the next web part, too.
    """

    answers: Answers
    receipts: Memory[KeptReceipt]
    letters: Memory[OpenLetter]
    refused_sign_ins: Memory[RefusedSignIn]
    changed_pins: Memory[int]
    enrolled_phones: Memory[bool]
    taught: Memory[DoneByTeacher]
    api_rate: RateLimit
    form_key: bytes = field(repr=False)

    @classmethod
    def begin(cls, clock: Clock) -> Self:
        """An empty one, with a new key."""
        return cls(
            Answers(clock),
            Memory(clock),
            Memory(clock),
            Memory(clock),
            Memory(clock),
            Memory(clock),
            Memory(clock),
            RateLimit(clock),
            secrets.token_bytes(32),
        )
