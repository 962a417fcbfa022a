"""Class sessions, attendance records and the rules that connect them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """How a student counts in one class session."""

    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"

    @property
    def attended(self) -> bool:
        """Whether the student was in the room."""
        return self in {Status.PRESENT, Status.LATE}


class Method(StrEnum):
    """The proof that completed a record."""

    FACE = "face"
    PHONE = "phone"
    PASS = "pass"  # noqa: S105 - a card to hold up, not a password
    MANUAL = "manual"

    @property
    def is_scan(self) -> bool:
        """Whether a phone made it: by scanning the kiosk's code, or by showing the student's own."""
        return self in {Method.PHONE, Method.PASS}


class ProofPolicy(StrEnum):
    """What a class session demands before a student is marked.

    Both: phone and face, one after the other. Spot check: the phone, and for some who are drawn by lot the face, too
    (`kiosk.domain.claims`).
    """

    EITHER = "either"
    FACE = "face"
    PHONE = "phone"
    BOTH = "both"
    SPOT_CHECK = "spot_check"

    @property
    def words(self) -> str:
        """What it demands, as every screen and report says it."""
        return _POLICY_WORDS[self]

    @property
    def verifies_claims(self) -> bool:
        """Whether the camera names nobody but those who scanned and are awaited."""
        return self in {ProofPolicy.BOTH, ProofPolicy.SPOT_CHECK}

    def accepts(self, method: Method) -> bool:
        """Whether one proof of `method` alone completes a record. A teacher's hand always does.

        Under a spot check the phone does for whoever is not drawn.
        """
        if method is Method.MANUAL or self is ProofPolicy.EITHER:
            return True
        if self is ProofPolicy.FACE:
            return method is Method.FACE
        return self is not ProofPolicy.BOTH and method.is_scan


_POLICY_WORDS: Final = {
    ProofPolicy.EITHER: "face or phone",
    ProofPolicy.FACE: "face",
    ProofPolicy.PHONE: "phone",
    ProofPolicy.BOTH: "phone and face",
    ProofPolicy.SPOT_CHECK: "phone, some faces",
}


class LivenessMode(StrEnum):
    """How a session tells a live face from a picture of one.

    Passive: networks look at the face (`kiosk.domain.liveness`). Active: the person is asked to turn the head as well
    (`kiosk.domain.head_turn`).
    """

    OFF = "off"
    PASSIVE = "passive"
    ACTIVE = "active"


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

    @property
    def is_open(self) -> bool:
        """Whether students can still be marked by face or phone."""
        return self.ended_at is None

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
        return self.is_open and now >= self.started_at + limit


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stood behind a record; kept as JSON beside it. No picture, no vector, no code.

    Attributes:
        method: Kind of proof.
        at: Aware UTC.
        first_seen_at: For faces, when the track began; aware UTC.
        distance: For faces, the best agreeing distance.
        margin: For faces, how much farther the runner-up was; None in a gallery of one.
        votes: For faces, the number of agreeing frames.
        model: For faces, the recognition model.
        device: For phones, a random identifier of the browser.
        address: For phones, the network address.
        agent: For phones, a short digest of what the browser says it is.
        actor: For marks by hand, who did it.
        reason: For marks by hand, why.
        taken_back: For marks by hand: True when it only takes the student's first mark back, so that nothing is
            known any more and the student may still check in.
    """

    method: Method
    at: datetime
    first_seen_at: datetime | None = None
    distance: float | None = None
    margin: float | None = None
    votes: int | None = None
    model: str | None = None
    device: str | None = None
    address: str | None = None
    agent: str | None = None
    actor: str | None = None
    reason: str | None = None
    taken_back: bool | None = None


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """One student in one class session; the database allows one of them only.

    Attributes:
        record_id: Key in the store.
        marked_at: Aware UTC: when the proof was complete (for `absent`: when the session ended).
        evidence: All proofs, oldest first.
        version: Counts corrections, from 1.
        policy: What the session demanded.
    """

    record_id: int
    session_id: int
    student_id: int
    status: Status
    method: Method | None
    marked_at: datetime
    evidence: tuple[Evidence, ...] = ()
    version: int = 1
    policy: ProofPolicy = ProofPolicy.EITHER

    @property
    def is_taken_back(self) -> bool:
        """Whether the only mark was undone: it counts as absent, and the student may still check in."""
        return bool(self.evidence) and self.evidence[-1].taken_back is True


@dataclass(frozen=True, slots=True)
class AttendanceCount:
    """How many records of each status; the arithmetic of every summary."""

    present: int = 0
    late: int = 0
    excused: int = 0
    absent: int = 0

    @property
    def attended(self) -> int:
        """In the room, late or not."""
        return self.present + self.late

    @property
    def expected(self) -> int:
        """Meetings that count: excused ones do not."""
        return self.present + self.late + self.absent

    @property
    def ratio(self) -> float | None:
        """Attended of expected, 0 to 1; None when nothing counted yet."""
        return self.attended / self.expected if self.expected else None

    def plus(self, status: Status) -> "AttendanceCount":
        """This count with one more record."""
        values = {kind.value: getattr(self, kind.value) + (kind is status) for kind in Status}
        return AttendanceCount(**values)
