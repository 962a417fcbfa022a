"""What a record and a class session can be: status, method, proof policy, check of liveness."""

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
    (`kiosk.domain.attendance.claims`).
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

    Passive: networks look at the face (`kiosk.domain.faces.liveness`). Active: the person is asked to turn the head as well
    (`kiosk.domain.faces.head_turn`).
    """

    OFF = "off"
    PASSIVE = "passive"
    ACTIVE = "active"
