"""Claims that a kiosk keeps while the school's database server is away. Pure; any thread."""

from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.attendance.record import Evidence


@dataclass(frozen=True, slots=True)
class KeptClaim:
    """One student's claim on one class session, kept on this PC until the server has judged it.

    Attributes:
        session_started_at: Of the session, aware UTC: a server that was restored from an older copy may give its number
            to another class.
        evidence: With the claim's own time.
        kept_at: When it was written down, aware UTC.
        kept_id: Key in the local file, in the order of keeping; 0 before it is in there.
    """

    session_id: int
    session_started_at: datetime
    student_id: int
    evidence: Evidence
    kept_at: datetime
    kept_id: int = 0

    @property
    def method(self) -> Method:
        """Kind of proof."""
        return self.evidence.method

    def without_face(self) -> "KeptClaim":
        """The same claim without what was measured on a face."""
        return replace(self, evidence=self.evidence.without_face())


@dataclass(frozen=True, slots=True)
class RefusedClaim:
    """A kept claim that made no record when it was delivered; the teacher is told.

    Attributes:
        at: The claim's own time, aware UTC.
        outcome: What the one door said; None where the session or the student does not exist any more.
    """

    session_id: int
    student_id: int
    method: Method
    at: datetime
    outcome: CheckInOutcome | None
