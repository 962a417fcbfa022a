"""One student in one class session: the record, its evidence, its corrections, and counts of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from kiosk.domain.attendance.choices import Method, ProofPolicy, Status
from kiosk.domain.attendance.school_status import FULL, AnyStatus, SchoolStatus, base_of, own_of, percent_of
from kiosk.domain.faces.model_parts import PartDistance


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
        parts: For faces of a model of several networks, what each of them measured.
        device: For phones, a random identifier of the browser.
        address: For phones, the network address.
        agent: For phones, a short digest of what the browser says it is.
        scanned_at: For phones, when the code was scanned; aware UTC.
        credential: For phones, a digest of what the phone was enrolled with at the kiosk; None for one that was not.
        key_shown: For phones, True where the phone has just signed with the key that it was enrolled with.
        actor: For marks by hand, who did it.
        reason: For marks by hand, why.
        clock_moved_s: How far the PC's clock stood ahead of `at`, where it was moved while the class was open.
        planned: For what a planned absence excused, which one it was.
        recheck: For what a re-check set of somebody who did not show up again, which one it was.
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
    scanned_at: datetime | None = None
    credential: str | None = None
    key_shown: bool | None = None
    actor: str | None = None
    reason: str | None = None
    planned: int | None = None
    recheck: int | None = None
    taken_back: bool | None = None
    clock_moved_s: float | None = None
    parts: tuple[PartDistance, ...] | None = None

    def only_kind_and_time(self) -> "Evidence":
        """The same proof without what has an end of its own elsewhere: which phone it was, and what a face measured."""
        return replace(
            self.without_face(),
            device=None,
            address=None,
            agent=None,
            credential=None,
            key_shown=None,
            parts=None,
        )

    def without_face(self) -> "Evidence":
        """The same proof without what was measured on a face."""
        return replace(self, distance=None, margin=None, votes=None, model=None)


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """One student in one class session; the database allows one of them only.

    Attributes:
        record_id: Key in the store.
        marked_at: Aware UTC: when the proof was complete (for `absent`: when the session ended).
        evidence: All proofs, oldest first.
        version: Counts corrections, from 1.
        policy: What the session demanded.
        own: What the school calls it more exactly than `status`, which every rule goes by; see `shown`.
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
    own: SchoolStatus | None = None

    @property
    def shown(self) -> AnyStatus:
        """The status as exactly as it is known: one of the school's own says nothing where another of the four came after it."""
        return self.own if self.own is not None and self.own.base is self.status else self.status

    def marked(self, status: AnyStatus) -> "AttendanceRecord":
        """The same record with another status."""
        return replace(self, status=base_of(status), own=own_of(status))

    @property
    def is_taken_back(self) -> bool:
        """Whether the only mark was undone: it counts as absent, and the student may still check in."""
        return bool(self.evidence) and self.evidence[-1].taken_back is True

    @property
    def is_automatic(self) -> bool:
        """Whether it is what the end of the session wrote of somebody who did not come, and nobody has decided anything.

        An absence, or an excuse where one was announced.
        """
        is_away = self.method is None and not self.status.attended
        return is_away and all(one.planned is not None for one in self.evidence)

    @property
    def is_planned(self) -> bool:
        """Whether a planned absence excused it."""
        return self.is_automatic and bool(self.evidence)

    @property
    def is_by_recheck(self) -> bool:
        """Whether it is so because the student did not show up in a re-check."""
        return bool(self.evidence) and self.evidence[-1].recheck is not None

    @property
    def is_undecided(self) -> bool:
        """Whether nobody has decided anything, so that the student may still check in while the session is open.

        An absence that an end wrote is that in a session that was opened again.
        """
        return self.is_taken_back or self.is_automatic


@dataclass(frozen=True, slots=True)
class AttendanceCount:
    """How many records of each status; the arithmetic of every summary.

    The four count heads. What the school's own statuses count more or less than their bases is in the share alone.

    Attributes:
        credit: Hundredths of classes by which more counts as attended than by the four alone; negative: less.
        apart: How many more classes count for or against than by the four alone; negative: fewer.
    """

    present: int = 0
    late: int = 0
    excused: int = 0
    absent: int = 0
    credit: int = 0
    apart: int = 0

    @property
    def attended(self) -> int:
        """In the room, late or not."""
        return sum(self.of(status) for status in Status if status.attended)

    @property
    def expected(self) -> int:
        """Who should have been there: excused ones should not."""
        return sum(self.of(status) for status in Status if status.is_expected)

    @property
    def total(self) -> int:
        """All records."""
        return sum(self.of(status) for status in Status)

    @property
    def hundredths(self) -> int:
        """What counts as attended, in hundredths of classes."""
        return self.attended * FULL + self.credit

    @property
    def counting(self) -> int:
        """Classes that count for or against."""
        return self.expected + self.apart

    @property
    def ratio(self) -> float | None:
        """What counts as attended of what counts at all, 0 to 1; None when nothing counted yet."""
        return self.hundredths / FULL / self.counting if self.counting else None

    def of(self, status: Status) -> int:
        """Records of one status."""
        match status:
            case Status.PRESENT:
                return self.present
            case Status.LATE:
                return self.late
            case Status.EXCUSED:
                return self.excused
            case Status.ABSENT:
                return self.absent
            case _:
                assert_never(status)

    def plus(self, status: AnyStatus, number: int = 1) -> "AttendanceCount":
        """This count with so many more records of one status."""
        if isinstance(status, SchoolStatus):
            return self.plus(status.base, number).refined(status, number)
        match status:
            case Status.PRESENT:
                return replace(self, present=self.present + number)
            case Status.LATE:
                return replace(self, late=self.late + number)
            case Status.EXCUSED:
                return replace(self, excused=self.excused + number)
            case Status.ABSENT:
                return replace(self, absent=self.absent + number)
            case _:
                assert_never(status)

    def refined(self, own: SchoolStatus, number: int = 1) -> "AttendanceCount":
        """This count where so many of its records turn out to have a status of the school's own."""
        more = (own.percent or 0) - (percent_of(own.base) or 0)
        apart = own.is_expected - own.base.is_expected
        return replace(self, credit=self.credit + number * more, apart=self.apart + number * apart)

    def together(self, other: "AttendanceCount") -> "AttendanceCount":
        """Both counts in one."""
        return AttendanceCount(
            present=self.present + other.present,
            late=self.late + other.late,
            excused=self.excused + other.excused,
            absent=self.absent + other.absent,
            credit=self.credit + other.credit,
            apart=self.apart + other.apart,
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """A record as it stood before somebody changed it."""

    before: AttendanceRecord
    corrected_at: datetime
    actor: str
    reason: str
