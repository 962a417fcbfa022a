"""One meeting of a course."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy, Status

SESSION_STARTED: Final = "session.started"
"""The action of the log's entry that each class session begins with."""


SESSION_ADDED: Final = "session.added"
"""The same of one that somebody wrote down afterwards."""

BEGUN: Final = frozenset({SESSION_STARTED, SESSION_ADDED})
"""Each class session has one such entry."""

MAX_LENGTH: Final = timedelta(hours=24)
MAX_NOTE: Final = 200
MAX_ROOM: Final = 64


@dataclass(frozen=True, slots=True)
class Cancellation:
    """That a class session does not count: since when, who said so, and why; students read the reason."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClassSession:
    """One meeting of a course.

    Attributes:
        session_id: Key in the store.
        course_id: What is taught.
        started_at: Aware UTC.
        ended_at: Aware UTC; None while it is open.
        late_after: Present until `started_at + late_after`, late from then on.
        policy: What a record needs.
        liveness: How faces are checked against pictures.
        started_by: User name, or ``local:<OS user>``.
        model: Name of the recognition model in use.
        code_key: Secret of this session's rotating code, 32 bytes; never shown or logged.
        headcount: People whom the teacher counted in the room; None while nobody counted.
        clock_moved: How far the PC's clock stands ahead of the time by which this class goes: added to a time of
            this class it is that of the clock as it was set meanwhile.
        is_replay: Whether it was made from a recording; such a class can be taken back.
        note: A few words that tell it from others, such as "group B".
        room: Where it was held, where that is not the course's own room.
        cancelled: Why it does not count; None for one that does.
        added_at: When somebody wrote it down who had not held it with the kiosk; None for one that the kiosk held.
        check_out_since: Since when students may check out; None while they may not.
        reopened_until: When one that was opened again ends by itself; None for any other.
    """

    session_id: int
    course_id: int
    started_at: datetime
    ended_at: datetime | None
    late_after: timedelta
    policy: ProofPolicy
    liveness: LivenessMode
    started_by: str
    model: str
    code_key: bytes = field(repr=False)
    headcount: int | None = None
    clock_moved: timedelta = timedelta()
    is_replay: bool = False
    note: str = ""
    room: str = ""
    cancelled: Cancellation | None = None
    added_at: datetime | None = None
    reopened_until: datetime | None = None
    check_out_since: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether its records count for or against anybody."""
        return self.cancelled is None

    def is_to_mark(self, records: int) -> bool:
        """Whether nobody was marked yet in a session that was written down afterwards: it counts from the first mark on."""
        return self.added_at is not None and self.counts and records == 0

    @property
    def is_open(self) -> bool:
        """Whether students can still be marked by face or phone."""
        return self.ended_at is None

    def was_open_at(self, moment: datetime) -> bool:
        """Whether somebody who came at `moment` came before its end."""
        return self.ended_at is None or moment <= self.ended_at

    @property
    def late_from(self) -> datetime:
        """First moment that counts as late, aware UTC."""
        return self.started_at + self.late_after

    def status_at(self, moment: datetime) -> Status:
        """Present before the late time, late from it on."""
        return Status.PRESENT if moment < self.late_from else Status.LATE

    def surplus(self, attended: int) -> int:
        """How many more were marked present or late than people were counted; 0 where nobody counted."""
        return max(0, attended - self.headcount) if self.headcount is not None else 0

    def outlived(self, now: datetime, limit: timedelta) -> bool:
        """Whether an open session was forgotten and should end by itself."""
        return self.is_open and now >= self.ends_by_itself(limit)

    def ends_by_itself(self, limit: timedelta) -> datetime:
        """When it ends if nobody ends it: after `limit`, or when the time is over for which it was opened again."""
        return self.reopened_until or self.started_at + limit


SESSIONS_KEPT_DAYS: Final = 30
"""For so long a deleted session can be put back; then it is removed with its records."""


@dataclass(frozen=True, slots=True)
class DeletedSession:
    """A class session that somebody deleted and that can still be put back: when (aware UTC), and by whom."""

    session: ClassSession
    deleted_at: datetime
    deleted_by: str
