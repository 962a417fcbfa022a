"""Statuses, methods, what a class demands, and what came of a check-in. Pure; any thread."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, assert_never

from kiosk.domain.attendance.choices import CheckInOutcome, LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.translation import N_, _
from kiosk.wording.dates import clock_time

NOT_HERE: Final = N_("Not here yet")
"""What stands beside a student who has no record."""

_TO_CAMERA: Final = N_("Please come to the camera: this class is marked by face")


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A status inside a sentence, alone, as a letter of the register, and explained."""

    word: str
    title: str
    letter: str
    meaning: str


@dataclass(frozen=True, slots=True)
class MethodWords:
    """A method alone, after a time, to the student whom it marked, and in a sentence to them."""

    word: str
    title: str
    by: str
    own: str
    marked_you: str


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """What a class demands: inside a sentence, alone, explained to the teacher, and asked of the class (or empty)."""

    word: str
    title: str
    explanation: str
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class LivenessWords:
    """How faces are checked: to choose from, and explained."""

    title: str
    explanation: str


def status_words(status: Status) -> StatusWords:
    """How a student counts."""
    match status:
        case Status.PRESENT:
            return StatusWords("present", "Present", "P", _("Marked before the session's late time."))
        case Status.LATE:
            meaning = _("Marked at or after the late time, while the session was open.")
            return StatusWords("late", "Late", "L", meaning)
        case Status.EXCUSED:
            meaning = _("A teacher entered a reason; such sessions do not count for or against the student.")
            return StatusWords("excused", "Excused", "E", meaning)
        case Status.ABSENT:
            return StatusWords("absent", "Absent", "A", _("Not marked when the session ended."))
        case _:
            assert_never(status)


def method_words(method: Method) -> MethodWords:
    """What proved it."""
    match method:
        case Method.FACE:
            return MethodWords("face", "Face", _("by face"), _("by camera"), _("The camera has marked you."))
        case Method.PHONE:
            return MethodWords(
                "phone", "Phone", _("by phone"), _("by phone"), _("Your phone has marked you.")
            )
        case Method.PASS:
            return MethodWords("pass", "Pass", _("by pass"), _("by pass"), _("Your pass has marked you."))
        case Method.MANUAL:
            return MethodWords(
                _("by hand"),
                _("By hand"),
                _("by hand"),
                _("by the teacher"),
                _("Your teacher has marked you."),
            )
        case _:
            assert_never(method)


def policy_words(policy: ProofPolicy) -> PolicyWords:
    """What a class demands before a student is marked."""
    match policy:
        case ProofPolicy.EITHER:
            return PolicyWords(
                _("face or phone"), _("Face or phone"), _("Whichever comes first marks the student.")
            )
        case ProofPolicy.FACE:
            explanation = _("Only the camera marks. Who has no face on record scans, and you confirm.")
            return PolicyWords("face", "Face", explanation)
        case ProofPolicy.PHONE:
            return PolicyWords("phone", "Phone", _("Only the code marks; the camera names nobody."))
        case ProofPolicy.BOTH:
            return PolicyWords(
                _("phone and face"),
                _("Phone and face"),
                _("Students scan, then look at the camera: a code that was passed on marks nobody."),
                _("Scan the code, then look at the camera."),
            )
        case ProofPolicy.SPOT_CHECK:
            return PolicyWords(
                _("phone, some faces"),
                _("Phone, some faces"),
                _("The code marks; some who are drawn by lot must look at the camera, too."),
                _("Scan the code. If your phone asks for it, look at the camera."),
            )
        case _:
            assert_never(policy)


def liveness_words(mode: LivenessMode) -> LivenessWords:
    """How a class checks faces against pictures."""
    match mode:
        case LivenessMode.OFF:
            explanation = _("A photograph held up to the camera is marked as the person.")
            return LivenessWords(_("Photo check: off"), explanation)
        case LivenessMode.PASSIVE:
            explanation = _("Photographs and screens are noticed by how they look.")
            return LivenessWords(_("Photo check: passive"), explanation)
        case LivenessMode.ACTIVE:
            explanation = _("Each person is asked to turn the head to one side; it takes some seconds each.")
            return LivenessWords(_("Photo check: head turn"), explanation)
        case _:
            assert_never(mode)


def state_title(record: AttendanceRecord | None) -> str:
    """What a record says, in one or two words; `NOT_HERE` for none."""
    return _(NOT_HERE) if record is None else status_words(record.status).title


def proof_words(record: AttendanceRecord | None, zone: tzinfo) -> str:
    """Time and method, such as ``09:02 · face``; for absences nothing but a hand that wrote them."""
    if record is None or (record.method is None and not record.status.attended):
        return ""
    method = method_words(record.method).word if record.method is not None else ""
    return " · ".join(part for part in (clock_time(record.marked_at, zone), method) if part)


def evidence_words(evidence: Evidence, zone: tzinfo) -> str:
    """One proof in a sentence that a teacher can read; figures only where they explain it."""
    said = f"{clock_time(evidence.at, zone)} {method_words(evidence.method).by}"
    match evidence.method:
        case Method.MANUAL:
            seen = (
                _(", seen at {first_seen_at}", first_seen_at=clock_time(evidence.first_seen_at, zone))
                if evidence.first_seen_at
                else ""
            )
            return f"{said}, {evidence.actor or 'somebody'}: {evidence.reason or _('no reason given')}{seen}"
        case Method.FACE:
            votes = _(", {votes} agreeing frames", votes=evidence.votes) if evidence.votes is not None else ""
            distance = (
                _(", distance {distance:.2f}", distance=evidence.distance)
                if evidence.distance is not None
                else ""
            )
            return f"{said}{votes}{distance}"
        case Method.PHONE:
            return (
                _("{said}, from {address}", said=said, address=evidence.address) if evidence.address else said
            )
        case Method.PASS:
            return said
        case _:
            assert_never(evidence.method)


def screen_words(
    outcome: CheckInOutcome, *, name: str, method: Method, record: AttendanceRecord | None, zone: tzinfo
) -> tuple[str, str] | None:
    """What the kiosk's screen answers to a claim by face, phone or pass, large and small; the whole class reads it.

    None where it says nothing, or not here: who is awaited by the camera is called by the line above it, whom the
    teacher must see is nobody else's business, and a phone that is refused says so itself.
    """
    match outcome:
        case CheckInOutcome.MARKED_PRESENT | CheckInOutcome.MARKED_LATE:
            return name, f"{state_title(record)}{_at(record, ' · ', zone)}"
        case CheckInOutcome.ALREADY_MARKED:
            return name, _("Already marked{at}", at=_at(record, _(" at "), zone))
        case CheckInOutcome.NOT_REGISTERED:
            return name, _("Not on the list: please ask your teacher")
        case CheckInOutcome.METHOD_NOT_ACCEPTED:
            by_face = method is Method.FACE
            return (
                (_("Please scan the code"), _("This class is marked by phone"))
                if by_face
                else (name, _(_TO_CAMERA))
            )
        case CheckInOutcome.SECOND_FACTOR_NEEDED:
            return _("Please scan the code"), _("The camera is not sure enough")
        case CheckInOutcome.SESSION_ENDED:
            return name, _("This class has ended: please ask your teacher")
        case CheckInOutcome.HELD_BY_TEACHER:
            held = f" {status_words(record.status).word}" if record is not None else ""
            return name, _("Marked{held} by hand: please ask your teacher", held=held)
        case CheckInOutcome.PHONE_AWAITED:
            return _("Please scan the code"), _("Then you are marked")
        case CheckInOutcome.CLAIM_EXPIRED:
            return _("Please scan the code again"), _("The camera did not see you in time")
        case CheckInOutcome.DEVICE_ALREADY_USED if method is Method.PASS:
            return _("Please look at your phone"), _("It says why this pass does not count")
        case (
            CheckInOutcome.DEVICE_ALREADY_USED | CheckInOutcome.FACE_AWAITED | CheckInOutcome.TEACHER_AWAITED
        ):
            return None
        case _:
            assert_never(outcome)


def _at(record: AttendanceRecord | None, joint: str, zone: tzinfo) -> str:
    return "" if record is None else f"{joint}{clock_time(record.marked_at, zone)}"
