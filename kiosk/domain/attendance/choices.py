"""What a record and a class session can be: status, method, proof policy, check of liveness."""

from enum import StrEnum
from typing import Literal, assert_never


class Status(StrEnum):
    """How a student counts in one class session."""

    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"

    @property
    def attended(self) -> bool:
        """Whether the student was in the room."""
        match self:
            case Status.PRESENT | Status.LATE:
                return True
            case Status.EXCUSED | Status.ABSENT:
                return False
            case _:
                assert_never(self)

    @property
    def is_expected(self) -> bool:
        """Whether the class counts for or against the student."""
        match self:
            case Status.PRESENT | Status.LATE | Status.ABSENT:
                return True
            case Status.EXCUSED:
                return False
            case _:
                assert_never(self)


class Method(StrEnum):
    """The proof that completed a record."""

    FACE = "face"
    PHONE = "phone"
    PASS = "pass"  # noqa: S105 - a card to hold up, not a password
    MANUAL = "manual"

    @property
    def is_scan(self) -> bool:
        """Whether a phone made it: by scanning the kiosk's code, or by showing the student's own."""
        match self:
            case Method.PHONE | Method.PASS:
                return True
            case Method.FACE | Method.MANUAL:
                return False
            case _:
                assert_never(self)


class ProofPolicy(StrEnum):
    """What a class session demands before a student is marked.

    Both: phone and face, one after the other. Spot check: the phone, and for some who are drawn by lot the face, too
    (`kiosk.domain.attendance.claims`).
    """

    EITHER = "either"
    FACE = "face"
    PHONE = "phone"
    BOTH = "both"
    SPOT_CHECK = "spot_check"

    @property
    def verifies_claims(self) -> bool:
        """Whether the camera names nobody but those who scanned and are awaited."""
        match self:
            case ProofPolicy.BOTH | ProofPolicy.SPOT_CHECK:
                return True
            case ProofPolicy.EITHER | ProofPolicy.FACE | ProofPolicy.PHONE:
                return False
            case _:
                assert_never(self)

    def accepts(self, method: Method) -> bool:
        """Whether one proof of `method` alone completes a record. A teacher's hand always does.

        Under a spot check the phone does for whoever is not drawn.
        """
        if method is Method.MANUAL:
            return True
        match self:
            case ProofPolicy.EITHER:
                return True
            case ProofPolicy.FACE:
                return method is Method.FACE
            case ProofPolicy.PHONE | ProofPolicy.SPOT_CHECK:
                return method.is_scan
            case ProofPolicy.BOTH:
                return False
            case _:
                assert_never(self)


class CheckInOutcome(StrEnum):
    """What came of a claim at the one door."""

    MARKED_PRESENT = "marked_present"
    MARKED_LATE = "marked_late"
    ALREADY_MARKED = "already_marked"
    SEEN_AGAIN = "seen_again"
    """Marked before, and now noted in a re-check, too."""
    CHECKED_OUT = "checked_out"
    """Marked before, and now noted as leaving."""
    NOT_REGISTERED = "not_registered"
    METHOD_NOT_ACCEPTED = "method_not_accepted"
    SECOND_FACTOR_NEEDED = "second_factor_needed"
    """Somebody in this class looks too much like this student, or the camera was wrong before: please scan."""
    SESSION_ENDED = "session_ended"
    HELD_BY_TEACHER = "held_by_teacher"
    """A teacher has marked the student excused or absent by hand, which only a teacher takes back."""
    FACE_AWAITED = "face_awaited"
    """The scan is noted; the camera must see the student, too."""
    TEACHER_AWAITED = "teacher_awaited"
    """The scan is noted; the teacher must see the student, too. No screen before the class says so."""
    PHONE_AWAITED = "phone_awaited"
    """The face is noted; the student must scan, too."""
    CLAIM_EXPIRED = "claim_expired"
    """The scan was noted, and nobody saw the student in time: please scan again."""
    DEVICE_ALREADY_USED = "device_already_used"
    """This phone has checked another student in, in this class."""
    PHONE_NOT_ENROLLED = "phone_not_enrolled"
    """The school wants phones to be enrolled at the kiosk, and this one is not, or is another student's."""
    KEPT = "kept"
    """The database server is away: the claim is kept on this PC, and judged with its own time when the server is back."""

    @classmethod
    def marked(cls, status: Status) -> "CheckInOutcome":
        """What came of a claim that made a record of `status`; each that counts as attended must have an outcome."""
        match status:
            case Status.PRESENT:
                return cls.MARKED_PRESENT
            case Status.LATE:
                return cls.MARKED_LATE
            case Status.EXCUSED | Status.ABSENT:
                raise ValueError(f"no check-in makes a record {status}")
            case _:
                assert_never(status)

    @property
    def is_marked(self) -> bool:
        """Whether this very claim made the record."""
        return self._standing == "marked"

    @property
    def is_waiting(self) -> bool:
        """Whether a second proof can still complete it."""
        return self._standing == "waiting"

    @property
    def may_change(self) -> bool:
        """Whether something else will still come of it: by a second proof, or when it is delivered."""
        return self._standing in {"waiting", "kept"}

    @property
    def is_refused(self) -> bool:
        """Whether it came to nothing: the student was not marked before, is not now, and will not be by it."""
        return self._standing == "over"

    @property
    def _standing(self) -> Literal["marked", "waiting", "kept", "already", "over"]:
        match self:
            case CheckInOutcome.MARKED_PRESENT | CheckInOutcome.MARKED_LATE:
                return "marked"
            case CheckInOutcome.FACE_AWAITED | CheckInOutcome.TEACHER_AWAITED | CheckInOutcome.PHONE_AWAITED:
                return "waiting"
            case CheckInOutcome.KEPT:
                return "kept"
            case CheckInOutcome.ALREADY_MARKED | CheckInOutcome.SEEN_AGAIN | CheckInOutcome.CHECKED_OUT:
                return "already"
            case (
                CheckInOutcome.NOT_REGISTERED
                | CheckInOutcome.METHOD_NOT_ACCEPTED
                | CheckInOutcome.SECOND_FACTOR_NEEDED
                | CheckInOutcome.SESSION_ENDED
                | CheckInOutcome.HELD_BY_TEACHER
                | CheckInOutcome.CLAIM_EXPIRED
                | CheckInOutcome.DEVICE_ALREADY_USED
                | CheckInOutcome.PHONE_NOT_ENROLLED
            ):
                return "over"
            case _:
                assert_never(self)


class LivenessMode(StrEnum):
    """How a session tells a live face from a picture of one.

    Passive: networks look at the face (`kiosk.domain.faces.liveness`). Active: the person is asked to turn the head as well
    (`kiosk.domain.faces.head_turn`).
    """

    OFF = "off"
    PASSIVE = "passive"
    ACTIVE = "active"
