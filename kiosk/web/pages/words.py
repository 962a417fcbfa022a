"""What a phone says about each outcome: pure functions from results to words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord
from kiosk.domain.courses.courses import Course
from kiosk.services.events import CheckInOutcome, CheckInResult


class Tone(StrEnum):
    """How a page feels; the style sheet has a look for each."""

    PLAIN = "plain"
    PRESENT = "present"
    LATE = "late"
    CALM = "calm"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer, ready to be drawn.

    Attributes:
        moment: When the student was marked, aware UTC; None when there is no mark to show.
        hint: One more sentence; may be empty.
    """

    tone: Tone
    title: str
    hint: str
    moment: datetime | None
    status_code: int


_MARKED_BY: Final = {
    Method.FACE: "The camera has marked you.",
    Method.PHONE: "Your phone has marked you.",
    Method.PASS: "Your pass has marked you.",
    Method.MANUAL: "Your teacher has marked you.",
}


def verdict(result: CheckInResult) -> Verdict:
    """What to tell the student about a check-in."""
    record = result.record
    match result.outcome:
        case CheckInOutcome.MARKED_PRESENT:
            return _marked(Tone.PRESENT, "You are marked present", record)
        case CheckInOutcome.MARKED_LATE:
            return _marked(Tone.LATE, "You are marked late", record)
        case CheckInOutcome.ALREADY_MARKED:
            late = record is not None and record.status is Status.LATE
            by = _MARKED_BY.get(record.method, "") if record is not None and record.method else ""
            hint = f"{by} There is nothing more to do.".strip()
            return _marked(Tone.CALM, f"You are already marked {'late' if late else 'present'}", record, hint)
        case CheckInOutcome.NOT_REGISTERED:
            return _refused(
                "You are not registered in this course",
                "Please speak to your teacher, who can mark you by hand.",
                HTTPStatus.FORBIDDEN,
            )
        case CheckInOutcome.METHOD_NOT_ACCEPTED:
            return _refused(
                "This class does not take phones",
                "Please look into the kiosk’s camera, or speak to your teacher.",
                HTTPStatus.FORBIDDEN,
            )
        case CheckInOutcome.SECOND_FACTOR_NEEDED:
            return _refused(
                "Please scan the code", "The camera is not sure enough about you.", HTTPStatus.FORBIDDEN
            )
        case CheckInOutcome.DEVICE_ALREADY_USED:
            return _refused(
                "This phone has already marked another student in this class",
                "Use your own phone, or speak to your teacher.",
                HTTPStatus.CONFLICT,
            )
        case CheckInOutcome.SESSION_ENDED:
            return _ended(record)
        case CheckInOutcome.HELD_BY_TEACHER:
            return _held(record)
        case _:
            return _UNFINISHED[result.outcome]


_UNFINISHED: Final = {
    CheckInOutcome.FACE_AWAITED: Verdict(
        Tone.WAITING,
        "Almost done: look at the kiosk’s camera",
        "Stand before the kiosk and look into its camera. This page then shows that you are marked. If the camera does "
        "not see you, your teacher can confirm you.",
        None,
        HTTPStatus.OK,
    ),
    CheckInOutcome.TEACHER_AWAITED: Verdict(
        Tone.WAITING,
        "Almost done: your teacher confirms you",
        "Your scan is noted with its time. Your teacher only has to see you; you need not do anything else.",
        None,
        HTTPStatus.OK,
    ),
    CheckInOutcome.PHONE_AWAITED: Verdict(
        Tone.WAITING,
        "Almost done: scan the code",
        "The camera has seen you; now scan the code.",
        None,
        HTTPStatus.OK,
    ),
    CheckInOutcome.CLAIM_EXPIRED: Verdict(
        Tone.REFUSED,
        "Your scan has expired: please scan again",
        "The camera did not see you in time. Scan the code on the kiosk’s screen, then look into its camera.",
        None,
        HTTPStatus.GONE,
    ),
}


def is_settled(result: CheckInResult) -> bool:
    """Whether the student is marked and has nothing more to do."""
    return result.outcome.is_marked or result.outcome is CheckInOutcome.ALREADY_MARKED


def moment_words(moment: datetime, zone: ZoneInfo) -> str:
    """Hours and minutes in the school's zone, such as ``09:02``."""
    return moment.astimezone(zone).strftime("%H:%M")


def course_words(course: Course) -> str:
    """Code and title, such as ``CS 101 · Algorithms``."""
    return course.label


def attendance_words(count: AttendanceCount) -> str:
    """Such as ``11 of 12 (92 %)``; empty when nothing counted yet. Only a full count reads 100 %."""
    ratio = count.ratio
    if ratio is None:
        return ""
    percent = 100 if count.attended == count.expected else min(round(100 * ratio), 99)
    return f"{count.attended} of {count.expected} ({percent} %)"


def _marked(tone: Tone, title: str, record: AttendanceRecord | None, hint: str = "") -> Verdict:
    return Verdict(tone, title, hint, record.marked_at if record else None, HTTPStatus.OK)


def _refused(title: str, hint: str, status_code: int) -> Verdict:
    return Verdict(Tone.REFUSED, title, hint, None, status_code)


def _ended(record: AttendanceRecord | None) -> Verdict:
    if record is not None and record.status is Status.EXCUSED:
        return _held(record)
    absent = " You are recorded as absent." if record is not None else ""
    return _refused("This class has ended", f"Please speak to your teacher.{absent}", HTTPStatus.GONE)


def _held(record: AttendanceRecord | None) -> Verdict:
    excused = record is not None and record.status is Status.EXCUSED
    title = "You are excused from this class" if excused else "Your teacher has marked you absent"
    hint = "If you are in the room, please speak to your teacher."
    return Verdict(Tone.CALM, title, hint, None, HTTPStatus.CONFLICT)
