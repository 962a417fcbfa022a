"""Claims that wait for a second proof: a phone was scanned, and who holds it is not seen yet. Pure; any thread.

A code can be passed on to somebody who is not in the room; a face cannot. So where a class demands both, a scan marks
nobody: it becomes a claim, and the camera, or the teacher's eye, completes it while it is good.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from kiosk.domain.attendance.choices import CheckInOutcome, ProofPolicy
from kiosk.domain.attendance.record import Evidence


class Awaited(StrEnum):
    """What completes a claim."""

    FACE = "face"
    """The camera sees the student."""
    EYE = "eye"
    """The teacher sees the student: whoever has no face on record, or one that a camera may not decide on."""
    PHONE = "phone"
    """The face was seen first."""

    @property
    def outcome(self) -> CheckInOutcome:
        """What a student is told whose first proof is noted."""
        match self:
            case Awaited.FACE:
                return CheckInOutcome.FACE_AWAITED
            case Awaited.EYE:
                return CheckInOutcome.TEACHER_AWAITED
            case Awaited.PHONE:
                return CheckInOutcome.PHONE_AWAITED
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class PendingClaim:
    """One student's first proof in one class session; the database allows one of them only.

    It stays until it is completed or the session ends, also when it has expired: who was drawn for a spot check once
    cannot scan again until the lot falls on somebody else, and the teacher sees whose scan nobody followed.

    Attributes:
        evidence: The first proof.
        awaits: What is still missing.
        made_at: Aware UTC.
        expires_at: Aware UTC, by the wall clock, so that a restart does not change it; None: good until the session ends.
    """

    session_id: int
    student_id: int
    evidence: Evidence
    awaits: Awaited
    made_at: datetime
    expires_at: datetime | None

    def is_good(self, moment: datetime) -> bool:
        """Whether a second proof of this moment completes it."""
        return self.expires_at is None or moment <= self.expires_at


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """How long claims are good, and who is drawn for a spot check.

    Attributes:
        life: Time for the second proof. The teacher's eye may take until the end of the session.
        spot_check_share: Part of scans that are drawn, 0 to 1.
    """

    life: timedelta = timedelta(minutes=3)
    spot_check_share: float = 0.2

    def claim(self, session_id: int, student_id: int, evidence: Evidence, awaits: Awaited) -> PendingClaim:
        """A claim on a first proof."""
        expires_at = None if awaits is Awaited.EYE else evidence.at + self.life
        return PendingClaim(session_id, student_id, evidence, awaits, evidence.at, expires_at)


Lot = Callable[[float], bool]
"""Draws: True with the probability given, 0 to 1."""


def draw_lot(share: float) -> bool:
    """Draw from the operating system's random numbers, so that nobody can foresee who is checked."""
    return secrets.randbelow(1_000_000) < round(share * 1_000_000)


def needs_second_proof(policy: ProofPolicy, *, drawn_before: bool, share: float, lot: Lot = draw_lot) -> bool:
    """Whether a scan alone does not mark under `policy`; draws at most once a session for each student.

    Args:
        policy: What the class demands.
        drawn_before: Whether the lot fell on this student in this session already.
        share: Part of scans that are checked, 0 to 1.
        lot: Draws.
    """
    match policy:
        case ProofPolicy.SPOT_CHECK:
            return drawn_before or lot(share)
        case ProofPolicy.BOTH:
            return True
        case ProofPolicy.EITHER | ProofPolicy.FACE | ProofPolicy.PHONE:
            return False
        case _:
            assert_never(policy)
