"""Re-checks in mid-class: a window in which students who are marked already show up once more. Pure; any thread.

It is no spot check (`kiosk.domain.attendance.claims`): that one asks single students for a second proof at the door, this one
asks everybody who is marked for another proof of the same kinds, later.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never

from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.attendance.record import Evidence

LAST_ANSWERS: Final = timedelta(seconds=20)
"""Who scanned or was seen in the last moment of a window may finish so long after it; then it is judged."""


UNWATCHED: Final = timedelta(minutes=2)
"""A window that is judged so long after its end was not watched: the kiosk was off, or the PC slept."""


class RecheckMode(StrEnum):
    """When students of a class are asked to show up again."""

    OFF = "off"
    TEACHER = "teacher"
    RANDOM = "random"

    @property
    def is_on(self) -> bool:
        """Whether a teacher may start one."""
        match self:
            case RecheckMode.TEACHER | RecheckMode.RANDOM:
                return True
            case RecheckMode.OFF:
                return False
            case _:
                assert_never(self)


class RecheckMeaning(StrEnum):
    """What becomes of somebody who did not show up again."""

    NOTED = "noted"
    LATE = "late"
    ABSENT = "absent"

    def status_after(self, status: Status) -> Status:
        """How somebody counts who was marked so and did not show up; nobody counts for more than before, nor one who is away."""
        match self:
            case RecheckMeaning.NOTED:
                return status
            case RecheckMeaning.LATE:
                return Status.LATE if status.attended else status
            case RecheckMeaning.ABSENT:
                return Status.ABSENT if status.attended else status
            case _:
                assert_never(self)


class Disturbance(StrEnum):
    """Why a window says nothing about those who did not show up."""

    CUT_SHORT = "cut_short"
    """It was stopped, or the class ended in it."""
    NO_WAY = "no_way"
    """Camera and phones were both away, or the one of them that the class goes by."""
    CLOCK_MOVED = "clock_moved"
    RESTARTED = "restarted"
    """The program was started again within it."""
    DATABASE_AWAY = "database_away"


@dataclass(frozen=True, slots=True)
class Recheck:
    """One window of one class.

    Attributes:
        due_at: The moment that was drawn for it; None where a teacher started it. Told to nobody before. Aware UTC.
        began_at: Aware UTC; None while it has not come yet.
        closes_at: Until when students may show up.
        ended_at: Since when it is judged.
        by: Who started it.
        disturbance: Why nobody is judged by it; None for one that went as it should.
        taken_back_by: Who took back what it did, if somebody did.
    """

    recheck_id: int
    session_id: int
    due_at: datetime | None
    began_at: datetime | None
    closes_at: datetime | None
    ended_at: datetime | None
    meaning: RecheckMeaning
    by: str
    disturbance: Disturbance | None = None
    taken_back_at: datetime | None = None
    taken_back_by: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it began and is not judged yet."""
        return self.began_at is not None and self.ended_at is None

    @property
    def judges(self) -> bool:
        """Whether somebody who did not show up was really asked to."""
        return self.disturbance is None and self.taken_back_at is None

    def takes(self, moment: datetime) -> bool:
        """Whether a proof of this moment is one for it."""
        if self.began_at is None or self.closes_at is None:
            return False
        return self.is_open and self.began_at <= moment <= self.closes_at

    def disturbed_by_end(self, at: datetime) -> Disturbance | None:
        """What is wrong with a window that is judged at this moment; None where nothing is."""
        if self.closes_at is None or at < self.closes_at:
            return Disturbance.CUT_SHORT
        return Disturbance.RESTARTED if at > self.closes_at + UNWATCHED else None

    def is_over(self, now: datetime) -> bool:
        """Whether it is to be judged by now."""
        return self.is_open and self.closes_at is not None and now >= self.closes_at + LAST_ANSWERS


@dataclass(frozen=True, slots=True)
class Asked:
    """A student whom a window asked to show up: everybody who was marked present or late when it began.

    Attributes:
        shown_at: When that was, aware UTC; None for nobody seen.
        method: The proof that completed it.
        evidence: All proofs, oldest first.
        set_version: The version of the record that the end of the window wrote; None where it left the record alone.
    """

    recheck_id: int
    student_id: int
    shown_at: datetime | None = None
    method: Method | None = None
    evidence: tuple[Evidence, ...] = ()
    set_version: int | None = None

    @property
    def is_missing(self) -> bool:
        return self.shown_at is None


def can_show_up(policy: ProofPolicy, *, sees: bool, serves: bool) -> bool:
    """Whether students can show up at all, where the camera names faces (`sees`) and phones reach the kiosk (`serves`)."""
    match policy:
        case ProofPolicy.EITHER:
            return sees or serves
        case ProofPolicy.FACE:
            return sees
        case ProofPolicy.PHONE:
            return serves
        case ProofPolicy.BOTH:
            return sees and serves
        case ProofPolicy.SPOT_CHECK:
            return serves
        case _:
            assert_never(policy)


Draw = Callable[[float, float], float]
"""Draws a number between two."""


def fairly(low: float, high: float) -> float:
    """Draw from the operating system's random numbers, so that nobody can foresee it."""
    return secrets.SystemRandom().uniform(low, high)


def draw_moment(earliest: datetime, latest: datetime, draw: Draw = fairly) -> datetime:
    """A moment between two."""
    return earliest + timedelta(seconds=draw(0.0, max(0.0, (latest - earliest).total_seconds())))
