"""Statuses, methods, what a class demands, and what came of a check-in. Pure; any thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, Literal, assert_never

from kiosk.domain.attendance.choices import CheckInOutcome, LivenessMode, Method, ProofPolicy, Status
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord, Evidence
from kiosk.domain.attendance.school_status import FULL, AnyStatus, SchoolStatus, StatusColour
from kiosk.translation import N_, _, ngettext
from kiosk.wording.actors import actor_name
from kiosk.wording.dates import clock_time
from kiosk.wording.incidents import clock_ahead
from kiosk.wording.lists import listed
from kiosk.wording.settings import model_title

ANNOUNCED: Final = N_("absence announced")
"""What stands beside a student who will not come, as somebody said before."""

NOT_HERE: Final = N_("Not here yet")
"""What stands beside a student who has no record."""

_TO_CAMERA: Final = N_("Please come to the camera: this class is marked by face")


USUAL_REASONS: Final = (
    N_("Not recognised"),
    N_("Phone broken"),
    N_("Brought a note"),
    N_("Called in sick"),
)
"""Reasons for marks by hand that are offered on the first day; as many as one hand finds on Alt+1 to Alt+4."""


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A status inside a sentence, alone, as a letter of the register, and explained."""

    word: str
    title: str
    letter: str
    meaning: str


@dataclass(frozen=True, slots=True)
class MethodWords:
    """A method inside a sentence, alone, to the student whom it marked, and in a sentence to them."""

    word: str
    title: str
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
    """How faces are checked: in a list of facts, to choose from, and explained."""

    word: str
    title: str
    explanation: str


def status_words(status: Status) -> StatusWords:
    """How a student counts."""
    match status:
        case Status.PRESENT:
            return StatusWords(
                _("present"), _("Present"), _("P"), _("Marked before the session's late time.")
            )
        case Status.LATE:
            meaning = _("Marked at or after the late time, while the session was open.")
            return StatusWords(_("late"), _("Late"), _("L"), meaning)
        case Status.EXCUSED:
            meaning = _("A teacher entered a reason; such sessions do not count for or against the student.")
            return StatusWords(_("excused"), _("Excused"), _("E"), meaning)
        case Status.ABSENT:
            return StatusWords(_("absent"), _("Absent"), _("A"), _("Not marked when the session ended."))
        case _:
            assert_never(status)


def status_word(status: AnyStatus) -> str:
    """A status inside a sentence, as the school calls it where it is one of its own."""
    return status.name if isinstance(status, SchoolStatus) else status_words(status).word


def status_title(status: AnyStatus) -> str:
    """The same alone."""
    return status.name if isinstance(status, SchoolStatus) else status_words(status).title


def status_letter(status: AnyStatus) -> str:
    """The same as a letter of the register."""
    return status.letter if isinstance(status, SchoolStatus) else status_words(status).letter


def status_meaning(status: AnyStatus) -> str:
    """The same explained."""
    if isinstance(status, SchoolStatus):
        return _(
            "A status of the school’s own: {base}, and {counts}.",
            base=status_words(status.base).word,
            counts=counts_as(status),
        )
    return status_words(status).meaning


def colour_title(colour: StatusColour) -> str:
    """A colour that a school may choose for a status."""
    match colour:
        case StatusColour.GREEN:
            return _("Green")
        case StatusColour.AMBER:
            return _("Amber")
        case StatusColour.BLUE:
            return _("Blue")
        case StatusColour.RED:
            return _("Red")
        case StatusColour.GREY:
            return _("Grey")
        case _:
            assert_never(colour)


def credited(count: AttendanceCount) -> str:
    """How many classes count as attended, such as ``11``, or ``10.5`` where one counts in part."""
    whole, rest = divmod(count.hundredths, FULL)
    return f"{count.hundredths / FULL:g}" if rest else str(whole)


def counts_as(status: SchoolStatus) -> str:
    """How much of a class it counts, inside a sentence."""
    if status.percent is None:
        return _("the class does not count")
    return _("counts {percent} % as attended", percent=status.percent)


def status_count(status: Status, number: int) -> str:
    """So many with a status, such as ``9 present``, kept on one line."""
    match status:
        case Status.PRESENT:
            return ngettext("{n}\N{NO-BREAK SPACE}present", "{n}\N{NO-BREAK SPACE}present", number, n=number)
        case Status.LATE:
            return ngettext("{n}\N{NO-BREAK SPACE}late", "{n}\N{NO-BREAK SPACE}late", number, n=number)
        case Status.EXCUSED:
            return ngettext("{n}\N{NO-BREAK SPACE}excused", "{n}\N{NO-BREAK SPACE}excused", number, n=number)
        case Status.ABSENT:
            return ngettext("{n}\N{NO-BREAK SPACE}absent", "{n}\N{NO-BREAK SPACE}absent", number, n=number)
        case _:
            assert_never(status)


def method_words(method: Method) -> MethodWords:
    """What proved it."""
    match method:
        case Method.FACE:
            return MethodWords(_("face"), _("Face"), _("by camera"), _("The camera has marked you."))
        case Method.PHONE:
            return MethodWords(_("phone"), _("Phone"), _("by phone"), _("Your phone has marked you."))
        case Method.PASS:
            return MethodWords(_("pass"), _("Pass"), _("by pass"), _("Your pass has marked you."))
        case Method.MANUAL:
            return MethodWords(
                _("by hand"), _("By hand"), _("by the teacher"), _("Your teacher has marked you.")
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
            return PolicyWords(_("face"), _("Face"), explanation)
        case ProofPolicy.PHONE:
            return PolicyWords(_("phone"), _("Phone"), _("Only the code marks; the camera names nobody."))
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
            return LivenessWords(_("photo check: off"), _("Photo check: off"), explanation)
        case LivenessMode.PASSIVE:
            explanation = _("Photographs and screens are noticed by how they look.")
            return LivenessWords(_("photo check: passive"), _("Photo check: passive"), explanation)
        case LivenessMode.ACTIVE:
            explanation = _("Each person is asked to turn the head to one side; it takes some seconds each.")
            return LivenessWords(_("photo check: head turn"), _("Photo check: head turn"), explanation)
        case _:
            assert_never(mode)


def state_title(record: AttendanceRecord | None) -> str:
    """What a record says, in one or two words; `NOT_HERE` for none."""
    return _(NOT_HERE) if record is None else status_title(record.shown)


def state_word(record: AttendanceRecord | None) -> str:
    """The same inside a sentence."""
    return _("not here yet") if record is None else status_word(record.shown)


def proof_words(record: AttendanceRecord | None, zone: tzinfo) -> str:
    """Time and method, such as ``09:02 · face``; for absences nothing but a hand that wrote or announced them."""
    if record is not None and record.is_planned:
        return _(ANNOUNCED)
    if record is None or (record.method is None and not record.status.attended):
        return ""
    method = method_words(record.method).word if record.method is not None else ""
    if record.is_by_recheck and not record.status.attended:
        method = _("re-check")
    return " · ".join(part for part in (clock_time(record.marked_at, zone), method) if part)


def evidence_words(evidence: Evidence, zone: tzinfo) -> str:
    """One proof in a sentence that a teacher can read; figures only where they explain it."""
    time, said = clock_time(evidence.at, zone), []
    match evidence.method:
        case Method.MANUAL:
            who = actor_name(evidence.actor or "") or _("somebody")
            why = evidence.reason or _("no reason given")
            if evidence.recheck is not None:
                return _("{time} by re-check: {why}", time=time, why=_(why))
            if evidence.planned is not None:
                return _("absence announced, {who}: {why}", who=who, why=why)
            said.append(_("{time} by hand, {who}: {why}", time=time, who=who, why=_(why)))
            if evidence.first_seen_at:
                said.append(_("seen at {time}", time=clock_time(evidence.first_seen_at, zone)))
        case Method.FACE:
            said.append(_("{time} by face", time=time))
            if (votes := evidence.votes) is not None:
                said.append(ngettext("{n} agreeing frame", "{n} agreeing frames", votes, n=votes))
            if evidence.distance is not None:
                said.append(_("distance {distance:.2f}", distance=evidence.distance))
            said.extend(
                _("by {model} {distance:.2f}", model=model_title(part.model), distance=part.distance)
                for part in evidence.parts or ()
            )
        case Method.PHONE:
            said.append(_("{time} by phone", time=time))
            if evidence.address:
                said.append(_("from {address}", address=evidence.address))
        case Method.PASS:
            said.append(_("{time} by pass", time=time))
        case _:
            assert_never(evidence.method)
    if evidence.clock_moved_s is not None:
        said.append(clock_ahead(evidence.clock_moved_s))
    return ", ".join(said)


def screen_words(
    outcome: CheckInOutcome, *, name: str, method: Method, record: AttendanceRecord | None, zone: tzinfo
) -> tuple[str, str] | None:
    """What the kiosk's screen answers to a claim by face, phone or pass, large and small; the whole class reads it.

    None where it says nothing, or not here: who is awaited by the camera is called by the line above it, whom the
    teacher must see is nobody else's business, and a phone that is refused says so itself.
    """
    match outcome:
        case CheckInOutcome.MARKED_PRESENT | CheckInOutcome.MARKED_LATE:
            at = () if record is None else (clock_time(record.marked_at, zone),)
            return name, " · ".join((state_title(record), *at))
        case (
            CheckInOutcome.ALREADY_MARKED
            | CheckInOutcome.HELD_BY_TEACHER
            | CheckInOutcome.SEEN_AGAIN
            | CheckInOutcome.CHECKED_OUT
        ):
            return name, _standing_words(outcome, record, zone)
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
        case CheckInOutcome.PHONE_AWAITED:
            return _("Please scan the code"), _("Then you are marked")
        case CheckInOutcome.CLAIM_EXPIRED:
            return _("Please scan the code again"), _("The camera did not see you in time")
        case CheckInOutcome.KEPT:
            return name, _("Kept on this PC, will be delivered")
        case CheckInOutcome.DEVICE_ALREADY_USED | CheckInOutcome.PHONE_NOT_ENROLLED if method is Method.PASS:
            return _("Please look at your phone"), _("It says why this pass does not count")
        case (
            CheckInOutcome.DEVICE_ALREADY_USED
            | CheckInOutcome.PHONE_NOT_ENROLLED
            | CheckInOutcome.FACE_AWAITED
            | CheckInOutcome.TEACHER_AWAITED
        ):
            return None
        case _:
            assert_never(outcome)


def _standing_words(
    outcome: Literal[
        CheckInOutcome.ALREADY_MARKED,
        CheckInOutcome.HELD_BY_TEACHER,
        CheckInOutcome.SEEN_AGAIN,
        CheckInOutcome.CHECKED_OUT,
    ],
    record: AttendanceRecord | None,
    zone: tzinfo,
) -> str:
    match outcome:
        case CheckInOutcome.ALREADY_MARKED:
            return _already_words(record, zone)
        case CheckInOutcome.HELD_BY_TEACHER:
            return _held_words(record)
        case CheckInOutcome.SEEN_AGAIN:
            return _("Here again: noted")
        case CheckInOutcome.CHECKED_OUT:
            return _("Checked out: goodbye")
        case _:
            assert_never(outcome)


def _already_words(record: AttendanceRecord | None, zone: tzinfo) -> str:
    if record is None:
        return _("Already marked")
    return _("Already marked at {time}", time=clock_time(record.marked_at, zone))


def _held_words(record: AttendanceRecord | None) -> str:
    if record is not None and record.is_by_recheck:
        return _("Missed in the re-check: please ask your teacher")
    status = record.status if record is not None else None
    match status:
        case Status.EXCUSED:
            return _("Marked excused by hand: please ask your teacher")
        case Status.ABSENT:
            return _("Marked absent by hand: please ask your teacher")
        case Status.PRESENT | Status.LATE | None:  # only who is not marked present or late is held
            return _("Marked by hand: please ask your teacher")
        case _:
            assert_never(status)


NAMED_TOGETHER: Final = 3
"""Of several students in a sentence, so many are named."""


def some_names(names: Sequence[str]) -> str:
    """The first of several names, and how many more there are."""
    parts = list(names[:NAMED_TOGETHER])
    if (more := len(names) - NAMED_TOGETHER) > 0:
        parts.append(ngettext("{n} more", "{n} more", more, n=more))
    return listed(parts)


def marked_together_words(
    marked: int, status: AnyStatus, *, came: Sequence[str] = (), changed: Sequence[str] = ()
) -> str:
    """What came of one mark for several students: whom it reached, who came meanwhile, and whom somebody else had marked."""
    word = status_word(status)
    said = [
        ngettext(
            "{n} student is marked {word}.", "{n} students are marked {word}.", marked, n=marked, word=word
        )
        if marked
        else _("Nobody is marked {word}.", word=word)
    ]
    if came:
        said.append(ngettext("{n} came meanwhile.", "{n} came meanwhile.", len(came), n=len(came)))
    if changed:
        said.append(
            _("Somebody else has marked {names} meanwhile, and that stays.", names=some_names(changed))
        )
    return " ".join(said)


def undone_together_words(undone: int, *, changed: Sequence[str] = ()) -> str:
    """What came of taking several marks back."""
    said = []
    if undone or not changed:
        said.append(
            ngettext(
                "Undone: {n} student counts as before.",
                "Undone: {n} students count as before.",
                undone,
                n=undone,
            )
        )
    if changed:
        said.append(
            _("Somebody else has marked {names} meanwhile, and that stays.", names=some_names(changed))
        )
    return " ".join(said)


def dropped_scans_words(names: Sequence[str]) -> str:
    """What a mark for several students does to those who scanned and wait; empty for nobody."""
    if not names:
        return ""
    return ngettext(
        "{names} has scanned and waits to be confirmed: the mark ends that, Undo brings it back.",
        "{names} have scanned and wait to be confirmed: the mark ends that, Undo brings it back.",
        len(names),
        names=some_names(names),
    )
