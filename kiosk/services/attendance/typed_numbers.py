"""Student numbers typed at the kiosk: they say whose face the camera is to expect, and prove nothing.

One at a time: the kiosk has one keypad, and a new number ends the try before it. What the screen says is the same, and
takes as long, whether a number is unknown, not enrolled, without consent, or somebody else's: it tells nobody who is enrolled.
`type` reads the store and runs on any thread but the main one; the rest is quick and safe from any.
"""

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from kiosk.domain.attendance.choices import Method
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import CheckInResult, Event, SessionEnded, SessionStarted
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Repositories, Store

LOOK_S: Final = 10.0
"""So long the camera waits for the face of a number."""
SHOWN_S: Final = 5.0
"""So long the screen says what came of it."""
FREE: Final = 5
WITHIN_S: Final = 60.0
REST_S: Final = 30.0
"""After `FREE` numbers within `WITHIN_S` that nobody's face followed the keypad rests for so long."""
MAX_DIGITS: Final = 32
SLACK_S: Final = 1.0
"""Between the clock of the frames and that of the keypad."""


class PadState(Enum):
    """What the keypad is doing."""

    READY = auto()
    LOOK = auto()
    """Somebody typed a number; the camera waits."""
    DONE = auto()
    """The face was the right one; a card says what it means for the student."""
    FAILED = auto()
    RESTING = auto()


@dataclass(frozen=True, slots=True)
class PadView:
    """What the screen shows; `left_s` is how long that still lasts."""

    state: PadState
    left_s: float = 0.0


@dataclass(slots=True)
class _Try:
    session_id: int
    student_id: int | None
    at: datetime
    at_s: float


class TypedNumbers:
    """Whom the camera may verify because a number was typed here."""

    def __init__(self, *, store: Store, clock: Clock, running: RunningClass) -> None:
        self._store = store
        self._clock = clock
        self._running = running
        self._lock = threading.Lock()
        self._now: _Try | None = None
        self._last: _Try | None = None
        self._failed: deque[float] = deque(maxlen=FREE)
        self._said: tuple[PadState, float] = (PadState.READY, 0.0)
        self._rests_until_s = float("-inf")

    def on_event(self, event: Event) -> None:
        """Learn whether the face came, and forget with the class."""
        match event:
            case CheckInResult(method=Method.FACE):
                with self._lock:
                    current = self._now
                    if (
                        current is not None
                        and current.session_id == event.session_id
                        and current.student_id == event.student.student_id
                    ):
                        self._now = None
                        self._say(PadState.DONE)
            case SessionStarted() | SessionEnded():
                with self._lock:
                    self._now = self._last = None
                    self._failed.clear()
                    self._said = (PadState.READY, 0.0)
                    self._rests_until_s = float("-inf")

    def type(self, number: str) -> PadView:
        """Take a number; whoever typed it has `LOOK_S` to look at the camera."""
        shown, wanted = self._running.current, number.strip()
        if shown is None or not wanted or len(wanted) > MAX_DIGITS:
            return self.view()
        student_id = self._store.read(lambda repositories: _id_of(repositories, wanted))
        with self._lock:
            self._follow()
            if self._rest_left() <= 0:
                if self._now is not None:
                    self._fail()
                if self._rest_left() <= 0:
                    at, at_s = self._clock.now(), self._clock.monotonic()
                    self._now = self._last = _Try(shown.session.session_id, student_id, at, at_s)
        return self.view()

    def view(self) -> PadView:
        """What the screen shows now."""
        with self._lock:
            self._follow()
            now_s = self._clock.monotonic()
            if self._now is not None:
                return PadView(PadState.LOOK, self._now.at_s + LOOK_S - now_s)
            if (rest := self._rest_left()) > 0:
                return PadView(PadState.RESTING, rest)
            state, since_s = self._said
            if state is not PadState.READY and now_s - since_s < SHOWN_S:
                return PadView(state, since_s + SHOWN_S - now_s)
            return PadView(PadState.READY)

    def expected(self, session_id: int) -> frozenset[int]:
        """The student whose face the camera is to expect in this session, if any."""
        with self._lock:
            self._follow()
            current = self._now
            if current is None or current.session_id != session_id or current.student_id is None:
                return frozenset()
            return frozenset({current.student_id})

    def was_typed(self, session_id: int, student_id: int, *, at: datetime) -> bool:
        """Whether a face that was seen at this moment follows this student's number, typed in this session."""
        with self._lock:
            last = self._last
            if last is None or (last.session_id, last.student_id) != (session_id, student_id):
                return False
            return -SLACK_S <= (at - last.at).total_seconds() <= LOOK_S + SLACK_S

    def _follow(self) -> None:
        """End the try whose time is over."""
        if self._now is not None and self._clock.monotonic() - self._now.at_s > LOOK_S:
            self._fail()

    def _fail(self) -> None:
        self._now = None
        self._say(PadState.FAILED)
        now_s = self._clock.monotonic()
        self._failed.append(now_s)
        if len(self._failed) == FREE and now_s - self._failed[0] <= WITHIN_S:
            self._rests_until_s = now_s + REST_S
            self._failed.clear()

    def _say(self, state: PadState) -> None:
        self._said = (state, self._clock.monotonic())

    def _rest_left(self) -> float:
        return self._rests_until_s - self._clock.monotonic()


def _id_of(repositories: Repositories, number: str) -> int | None:
    student = repositories.students.by_no(number)
    return student.student_id if student is not None else None
