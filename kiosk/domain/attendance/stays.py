"""How long students stay in a class: check-out on leaving, minutes, and their share of the session. Pure; any thread."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence

MINUTE: Final = timedelta(minutes=1)
MAX_MINUTES: Final = 24 * 60


class CheckOutMode(StrEnum):
    """Whether students check out on leaving."""

    OFF = "off"
    TEACHER = "teacher"

    @property
    def is_on(self) -> bool:
        """Whether minutes are counted at all."""
        match self:
            case CheckOutMode.TEACHER:
                return True
            case CheckOutMode.OFF:
                return False
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class CheckOut:
    """That a student left a class before its end, or how long a teacher says that the student was there.

    Attributes:
        left_at: Aware UTC; None where only minutes were typed.
        method: The proof that completed it.
        evidence: All proofs, oldest first.
        minutes: What a teacher typed in place of what the times say.
        by: Who typed it, and `reason` why.
        set_version: The version of the record that too short a stay wrote; None where it left the record alone.
    """

    session_id: int
    student_id: int
    left_at: datetime | None = None
    method: Method | None = None
    evidence: tuple[Evidence, ...] = ()
    minutes: int | None = None
    by: str = ""
    reason: str = ""
    set_version: int | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """How long one student was in one session.

    Attributes:
        minutes: Whole minutes, from arrival to leaving.
        of: Those of the session, at least 1.
        left_at: When the student checked out; None: counted to the end.
        by_hand: Whether a teacher typed the minutes.
    """

    minutes: int
    of: int
    left_at: datetime | None
    by_hand: bool

    @property
    def percent(self) -> int:
        """Share of the session; only a whole one reads 100."""
        return 100 if self.minutes >= self.of else min(99, 100 * self.minutes // self.of)

    @property
    def is_to_the_end(self) -> bool:
        """Whether nobody knows when the student left, so that the end of the session counts."""
        return self.left_at is None and not self.by_hand


def stay_of(
    session: ClassSession, record: AttendanceRecord, out: CheckOut | None, now: datetime
) -> Stay | None:
    """How long somebody stayed; None for whoever was not there. In a class that goes on it counts up to `now`.

    It begins with the time of the mark, not before the start.
    """
    was_here = record.status.attended or (out is not None and out.set_version == record.version)
    if not was_here:
        return None
    end = session.ended_at or now
    of = max(1, _minutes(end - session.started_at))
    if out is not None and out.minutes is not None:
        return Stay(out.minutes, of, out.left_at, by_hand=True)
    came = came_at(session, record) or session.started_at
    left = out.left_at if out is not None else None
    return Stay(min(of, _minutes((left or end) - came)), of, left, by_hand=False)


def came_at(session: ClassSession, record: AttendanceRecord) -> datetime | None:
    """When somebody came, not before the start; None for whom a hand marked after the end, which says nothing of it."""
    is_known = session.ended_at is None or record.marked_at <= session.ended_at
    return max(session.started_at, record.marked_at) if is_known else None


def may_leave(session: ClassSession, record: AttendanceRecord, at: datetime, *, least: timedelta) -> bool:
    """Whether a proof of this moment is a check-out: they are open, and the student came long enough before."""
    since = session.check_out_since
    if since is None or not session.is_open or at < since:
        return False
    return record.status.attended and at - record.marked_at >= least


def _minutes(time: timedelta) -> int:
    return max(0, round(time / MINUTE))
