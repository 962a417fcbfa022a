"""What this PC remembers of the class that is open, for when the database server is away.

In memory only: the roster with the hashes of its PINs, and who is marked. It is read when a class is shown, follows what
happens here, and is read anew every half minute on the housekeeping thread. Any thread.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.throttle import FailureCount
from kiosk.services.events import (
    CheckInResult,
    ClaimsDelivered,
    Event,
    PinReplaced,
    RecordCorrected,
    RuntimeStopped,
    SessionEnded,
    SessionStarted,
)
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Repositories, Store

REFRESH_S: Final = 30.0
"""What another kiosk marked, or a PIN that another replaced, is known here after this."""


@dataclass(frozen=True, slots=True)
class CopiedStudent:
    """One student of the roster, as last read.

    Attributes:
        pin_hash: None for somebody without a PIN.
        failures: Wrong PINs in a row.
        record: Of this class; None while nothing is known.
    """

    student: Student
    pin_hash: str | None = field(repr=False)
    failures: FailureCount
    record: AttendanceRecord | None


@dataclass(frozen=True, slots=True)
class _Copy:
    session: ClassSession
    students: dict[int, CopiedStudent]
    read_s: float


class ClassCopy:
    """Follows the class that this kiosk shows; `is_wanted` is False where the database is a file of this PC."""

    def __init__(
        self, *, store: Store, clock: Clock, zone: ZoneInfo, account_of: Callable[[str], str], is_wanted: bool
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._account_of = account_of
        self._is_wanted = is_wanted
        self._lock = threading.Lock()
        self._copy: _Copy | None = None

    @property
    def session(self) -> ClassSession | None:
        """The class that is remembered."""
        copy = self._copy
        return copy.session if copy is not None else None

    def student(self, student_id: int) -> CopiedStudent | None:
        """Somebody of the roster."""
        copy = self._copy
        return copy.students.get(student_id) if copy is not None else None

    def by_no(self, student_no: str) -> CopiedStudent | None:
        """Somebody of the roster by number, without regard to case."""
        copy, wanted = self._copy, fold(student_no)
        everybody = copy.students.values() if copy is not None else ()
        return next((one for one in everybody if fold(one.student.student_no) == wanted), None)

    def on_event(self, event: Event) -> None:
        """Remember a class that begins, and what is marked in it; forget it at its end."""
        match event:
            case SessionStarted(session=session) if self._is_wanted:
                self._read(session)
            case CheckInResult() | RecordCorrected():
                self._note(event)
            case ClaimsDelivered(results=results):
                for result in results:
                    self._note(result)
            case PinReplaced(student_id=student_id):
                self._follow_pin(student_id)
            case SessionEnded(session_id=session_id) if self._shows(session_id):
                self._copy = None
            case RuntimeStopped():
                self._copy = None

    def tick(self) -> None:
        """Read anew what is older than half a minute, while the database works.

        Raises:
            StorageError: It does not.
        """
        copy = self._copy
        if copy is None or self._store.trouble is not None:
            return
        if self._clock.monotonic() - copy.read_s >= REFRESH_S:
            self._read(copy.session)

    def _read(self, session: ClassSession) -> None:
        day = session.started_at.astimezone(self._zone).date()

        def query(repositories: Repositories) -> dict[int, CopiedStudent]:
            roster = repositories.courses.roster(session.course_id, day)
            hashes = repositories.students.pin_hashes({one.student_id for one in roster})
            failures = repositories.failures.among({self._account_of(one.student_no) for one in roster})
            records = {one.student_id: one for one in repositories.records.of_session(session.session_id)}
            return {
                one.student_id: CopiedStudent(
                    one,
                    hashes.get(one.student_id),
                    failures.get(self._account_of(one.student_no), FailureCount()),
                    records.get(one.student_id),
                )
                for one in roster
            }

        students = self._store.read(query)
        with self._lock:
            before = self._copy.students if self._copy is not None and self._shows(session.session_id) else {}
            newest = {one: _newer(read, before.get(one)) for one, read in students.items()}
            self._copy = _Copy(session, newest, self._clock.monotonic())

    def _note(self, event: CheckInResult | RecordCorrected) -> None:
        record = event.record
        if record is None or not self._shows(record.session_id):
            return
        self._change(event.student.student_id, lambda known: replace(known, record=record))

    def _follow_pin(self, student_id: int) -> None:
        """The old PIN is good no longer, whatever can be read of the new one."""
        if self.student(student_id) is None:
            return
        self._change(student_id, lambda known: replace(known, pin_hash=None, failures=FailureCount()))
        copy = self._copy
        if copy is not None:
            with self._lock:
                self._copy = replace(copy, read_s=float("-inf"))

    def _change(self, student_id: int, change: Callable[[CopiedStudent], CopiedStudent]) -> None:
        with self._lock:
            copy = self._copy
            known = copy.students.get(student_id) if copy is not None else None
            if copy is not None and known is not None:
                self._copy = replace(copy, students={**copy.students, student_id: change(known)})

    def _shows(self, session_id: int) -> bool:
        session = self.session
        return session is not None and session.session_id == session_id


def _newer(read: CopiedStudent, heard: CopiedStudent | None) -> CopiedStudent:
    """What was read, with a record that somebody told of while it was read."""
    told = heard.record if heard is not None else None
    if told is None or (read.record is not None and read.record.version >= told.version):
        return read
    return replace(read, record=told)
