"""Whom the camera is to look for: the pending claims of the class that is shown, in memory beside the store.

The store is read once, when a class begins or is resumed; after that events keep the list. `on_event` runs on the thread
of each event, `expected` on the vision thread for every frame, `names` on the main thread.
"""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.attendance.choices import CheckInOutcome
from kiosk.domain.attendance.claims import Awaited, PendingClaim
from kiosk.domain.people.students import Student
from kiosk.services.attendance.typed_numbers import TypedNumbers
from kiosk.services.events import (
    CameraState,
    CameraStateChanged,
    CheckInResult,
    ClaimsDelivered,
    ConsentWithdrawn,
    Event,
    RecognitionReady,
    RecordCorrected,
    RuntimeStopped,
    ScanWaitsAgain,
    SessionEnded,
    SessionStarted,
    WorkerFailed,
)
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

SHOWN: Final = 4
"""Names on the screen; the others are counted."""

TURN_S: Final = 60.0
"""So long after a scan a face is compared with that student where the camera only verifies."""


class AwaitedFaces:
    """Students who scanned and have not been seen yet. Nobody without face consent is called or expected."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._session_id = -1
        self._claims: dict[int, tuple[Student, PendingClaim]] = {}
        self._failed: frozenset[str] = frozenset()

    def on_event(self, event: Event) -> None:
        """Keep the list true."""
        match event:
            case CameraStateChanged(state=CameraState.LOST):
                self._failed |= {"camera"}
            case CameraStateChanged():
                self._failed -= {"camera"}
            case RecognitionReady():
                self._failed -= {"vision"}
            case WorkerFailed(worker="vision" | "camera"):
                self._failed |= {event.worker}
            case SessionStarted():
                self._failed = frozenset()
                self._load(event.session.session_id)
            case CheckInResult() | ClaimsDelivered():
                self._take(event)
            case RecordCorrected():
                self._drop(event.record.session_id, event.student.student_id)
            case ScanWaitsAgain():
                self._wait_again(event)
            case ConsentWithdrawn():
                self.forget(event.student_id)
            case SessionEnded() if event.session_id == self._session_id:
                self._clear(-1)
            case RuntimeStopped():
                self._clear(-1)

    def can_see(self) -> bool:
        """Whether it is worth waiting for the camera: False while it is lost, or recognition has failed."""
        return not self._failed

    def expected(self, session_id: int) -> frozenset[int]:
        """Student ids whom the camera may name in this session now."""
        now = self._clock.now()
        with self._lock:
            if session_id != self._session_id:
                return frozenset()
            return frozenset(one for one, (_unused, claim) in self._claims.items() if _is_awaited(claim, now))

    def people(self, session_id: int) -> tuple[Student, ...]:
        """The same as students, those who wait longest first."""
        now = self._clock.now()
        with self._lock:
            if session_id != self._session_id:
                return ()
            waiting = [one for one in self._claims.values() if _is_awaited(one[1], now)]
        return tuple(student for student, _unused in sorted(waiting, key=lambda one: one[1].made_at))

    def first(self, session_id: int) -> tuple[Student, ...]:
        """With whom alone a face may be compared where the camera only verifies: `SHOWN` at once, those who wait longest.

        A claim has `TURN_S` for that; then it waits for another scan, or for the teacher's eye.
        """
        now = self._clock.now()
        with self._lock:
            if session_id != self._session_id:
                return ()
            waiting = [
                one
                for one in self._claims.values()
                if _is_awaited(one[1], now) and now - one[1].made_at <= timedelta(seconds=TURN_S)
            ]
        return tuple(student for student, _unused in sorted(waiting, key=lambda one: one[1].made_at)[:SHOWN])

    def left_to_teacher(self, session_id: int) -> int:
        """How many scanned and wait for the teacher: those whom the camera must not, or did not, see."""
        now = self._clock.now()
        with self._lock:
            if session_id != self._session_id:
                return 0
            return sum(not _is_awaited(claim, now) for _unused, claim in self._claims.values())

    def forget(self, student_id: int) -> None:
        """Leave a student to the teacher: consent was withdrawn."""
        with self._lock:
            known = self._claims.get(student_id)
            if known is not None:
                eye = replace(known[1], awaits=Awaited.EYE, expires_at=None)
                self._claims[student_id] = (known[0], eye)

    def _take(self, event: CheckInResult | ClaimsDelivered) -> None:
        for result in event.results if isinstance(event, ClaimsDelivered) else (event,):
            self._take_result(result)

    def _take_result(self, result: CheckInResult) -> None:
        scanned = {CheckInOutcome.FACE_AWAITED, CheckInOutcome.TEACHER_AWAITED}
        if result.outcome in scanned and result.claim is not None:
            with self._lock:
                if result.session_id == self._session_id:
                    self._claims[result.student.student_id] = (result.student, result.claim)
        elif result.record is not None or result.claim is not None:
            self._drop(result.session_id, result.student.student_id)

    def _drop(self, session_id: int, student_id: int) -> None:
        with self._lock:
            if session_id == self._session_id:
                self._claims.pop(student_id, None)

    def _wait_again(self, event: ScanWaitsAgain) -> None:
        if event.claim.awaits is not Awaited.PHONE:
            with self._lock:
                if event.claim.session_id == self._session_id:
                    self._claims[event.student.student_id] = (event.student, event.claim)

    def _clear(self, session_id: int) -> None:
        with self._lock:
            self._session_id = session_id
            self._claims = {}

    def _load(self, session_id: int) -> None:
        def query(repositories: Repositories) -> dict[int, tuple[Student, PendingClaim]]:
            found = {}
            for claim in repositories.claims.of_session(session_id):
                student = repositories.students.get(claim.student_id)
                if claim.awaits is not Awaited.PHONE and student is not None:
                    found[claim.student_id] = (student, claim)
            return found

        found = self._store.read(query)
        with self._lock:
            self._session_id, self._claims = session_id, found


@dataclass(frozen=True, slots=True)
class AwaitedInSession:
    """Whom the camera may name in one session; implements `ExpectedFaces`."""

    awaited: AwaitedFaces
    session_id: int

    def expected(self) -> frozenset[int]:
        return self.awaited.expected(self.session_id)


@dataclass(frozen=True, slots=True)
class ClaimedHere:
    """Who says to be there in one session, by scan or by number; implements `ExpectedFaces` where the camera only verifies."""

    awaited: AwaitedFaces
    typed: TypedNumbers
    session_id: int

    def expected(self) -> frozenset[int]:
        scanned = frozenset(one.student_id for one in self.awaited.first(self.session_id))
        return scanned | self.typed.expected(self.session_id)


def _is_awaited(claim: PendingClaim, now: datetime) -> bool:
    return claim.awaits is Awaited.FACE and claim.is_good(now)


def call_of(people: tuple[Student, ...]) -> str:
    """Who is awaited, for a screen that everybody reads: first name and initial, such as ``Mia K., Jonas B. and 3 more``."""
    names = ", ".join(student.called or short_name(student.full_name) for student in people[:SHOWN])
    more = len(people) - SHOWN
    return _("{names} and {more} more", names=names, more=more) if more > 0 else names


def short_name(full_name: str) -> str:
    """First name and the initial of the last one."""
    parts = full_name.split()
    return f"{parts[0]} {parts[-1][0]}." if len(parts) > 1 else full_name
