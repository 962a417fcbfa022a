"""What a phone says about each outcome: pure functions from results to words."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Literal, assert_never

from kiosk.domain.attendance.choices import CheckInOutcome, Status
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord
from kiosk.domain.attendance.school_status import FULL
from kiosk.domain.courses.courses import Course
from kiosk.services.events import CheckInResult
from kiosk.translation import _
from kiosk.web.http.tones import Tone
from kiosk.wording.attendance import credited, method_words


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

    @property
    def icon(self) -> str:
        """The drawing above it."""
        match self.tone:
            case Tone.PRESENT:
                return "check"
            case Tone.CALM:
                return "check" if self.moment else "info"
            case Tone.LATE:
                return "clock"
            case Tone.WAITING:
                return "clock" if self.moment else "eye"
            case Tone.REFUSED:
                return "stop"
            case Tone.PLAIN:
                return "info"
            case _:
                assert_never(self.tone)


_NotTaken = Literal[
    CheckInOutcome.NOT_REGISTERED,
    CheckInOutcome.METHOD_NOT_ACCEPTED,
    CheckInOutcome.SECOND_FACTOR_NEEDED,
    CheckInOutcome.DEVICE_ALREADY_USED,
    CheckInOutcome.PHONE_NOT_ENROLLED,
]
_Unfinished = Literal[
    CheckInOutcome.FACE_AWAITED,
    CheckInOutcome.TEACHER_AWAITED,
    CheckInOutcome.PHONE_AWAITED,
    CheckInOutcome.CLAIM_EXPIRED,
]


def verdict(result: CheckInResult) -> Verdict:
    """What to tell the student about a check-in."""
    outcome, record = result.outcome, result.record
    match outcome:
        case CheckInOutcome.MARKED_PRESENT:
            return _marked(Tone.PRESENT, _("You are marked present"), record)
        case CheckInOutcome.MARKED_LATE:
            return _marked(Tone.LATE, _("You are marked late"), record)
        case CheckInOutcome.ALREADY_MARKED:
            return _already(record)
        case CheckInOutcome.SEEN_AGAIN:
            hint = _("You showed up again, and that is noted. Your mark stays as it is.")
            return Verdict(Tone.PRESENT, _("Here again: noted"), hint, result.at, HTTPStatus.OK)
        case CheckInOutcome.CHECKED_OUT:
            hint = _("The time at which you leave is noted. Your mark stays as it is.")
            return Verdict(Tone.PRESENT, _("You are checked out"), hint, result.at, HTTPStatus.OK)
        case CheckInOutcome.SESSION_ENDED:
            return _ended(record)
        case CheckInOutcome.HELD_BY_TEACHER:
            return _held(record)
        case (
            CheckInOutcome.NOT_REGISTERED
            | CheckInOutcome.METHOD_NOT_ACCEPTED
            | CheckInOutcome.SECOND_FACTOR_NEEDED
            | CheckInOutcome.DEVICE_ALREADY_USED
            | CheckInOutcome.PHONE_NOT_ENROLLED
        ):
            return _not_taken(outcome)
        case (
            CheckInOutcome.FACE_AWAITED
            | CheckInOutcome.TEACHER_AWAITED
            | CheckInOutcome.PHONE_AWAITED
            | CheckInOutcome.CLAIM_EXPIRED
        ):
            return _unfinished(outcome)
        case CheckInOutcome.KEPT:
            return _kept(result.at)
        case _:
            assert_never(outcome)


def course_words(course: Course) -> str:
    """Code and title, such as ``CS 101 · Algorithms``."""
    return course.label


def attendance_words(count: AttendanceCount | None) -> str:
    """Such as ``11 of 12 (92 %)``; empty when nothing counted yet, or nobody knows. Only a full count reads 100 %."""
    ratio = count.ratio if count is not None else None
    if count is None or ratio is None:
        return ""
    percent = 100 if count.hundredths == count.counting * FULL else min(round(100 * ratio), 99)
    return _(
        "{attended} of {expected} ({percent} %)",
        attended=credited(count),
        expected=count.counting,
        percent=percent,
    )


def _marked(tone: Tone, title: str, record: AttendanceRecord | None, hint: str = "") -> Verdict:
    return Verdict(tone, title, hint, record.marked_at if record else None, HTTPStatus.OK)


def _refused(title: str, hint: str, status_code: int) -> Verdict:
    return Verdict(Tone.REFUSED, title, hint, None, status_code)


def _already(record: AttendanceRecord | None) -> Verdict:
    by = method_words(record.method).marked_you if record is not None and record.method else ""
    hint = " ".join(filter(None, (by, _("There is nothing more to do."))))
    return _marked(Tone.CALM, _already_title(record.status if record else Status.PRESENT), record, hint)


def _already_title(status: Status) -> str:
    match status:
        case Status.PRESENT:
            return _("You are already marked present")
        case Status.LATE:
            return _("You are already marked late")
        case Status.EXCUSED:
            return _("You are already marked excused")
        case Status.ABSENT:
            return _("You are already marked absent")
        case _:
            assert_never(status)


def _not_taken(outcome: _NotTaken) -> Verdict:
    match outcome:
        case CheckInOutcome.NOT_REGISTERED:
            return _refused(
                _("You are not registered in this course"),
                _("Please speak to your teacher, who can mark you by hand."),
                HTTPStatus.FORBIDDEN,
            )
        case CheckInOutcome.METHOD_NOT_ACCEPTED:
            return _refused(
                _("This class does not take phones"),
                _("Please look into the kiosk’s camera, or speak to your teacher."),
                HTTPStatus.FORBIDDEN,
            )
        case CheckInOutcome.SECOND_FACTOR_NEEDED:
            return _refused(
                _("Please scan the code"), _("The camera is not sure enough about you."), HTTPStatus.FORBIDDEN
            )
        case CheckInOutcome.DEVICE_ALREADY_USED:
            return _refused(
                _("This phone has already marked another student in this class"),
                _("Use your own phone, or speak to your teacher."),
                HTTPStatus.CONFLICT,
            )
        case CheckInOutcome.PHONE_NOT_ENROLLED:
            return _refused(
                _("This phone is not enrolled for you yet"),
                _(
                    "Ask your teacher, who can enrol it at the kiosk in a minute or mark you by hand, or use the camera."
                ),
                HTTPStatus.FORBIDDEN,
            )
        case _:
            assert_never(outcome)


def _unfinished(outcome: _Unfinished) -> Verdict:
    match outcome:
        case CheckInOutcome.FACE_AWAITED:
            return _waiting(
                _("Almost done: look at the kiosk’s camera"),
                _(
                    "Stand before the kiosk and look into its camera. This page then shows that you are marked. If the "
                    "camera does not see you, your teacher can confirm you."
                ),
            )
        case CheckInOutcome.TEACHER_AWAITED:
            return _waiting(
                _("Almost done: your teacher confirms you"),
                _(
                    "Your scan is noted with its time. Your teacher only has to see you; you need not do anything else."
                ),
            )
        case CheckInOutcome.PHONE_AWAITED:
            return _waiting(_("Almost done: scan the code"), _("The camera has seen you; now scan the code."))
        case CheckInOutcome.CLAIM_EXPIRED:
            return _refused(
                _("Your scan has expired: please scan again"),
                _(
                    "The camera did not see you in time. Scan the code on the kiosk’s screen, then look into its camera."
                ),
                HTTPStatus.GONE,
            )
        case _:
            assert_never(outcome)


def _waiting(title: str, hint: str) -> Verdict:
    return Verdict(Tone.WAITING, title, hint, None, HTTPStatus.OK)


def _kept(at: datetime) -> Verdict:
    hint = _(
        "The school’s server is away. The kiosk keeps your check-in with its time and delivers it when the server is back. You"
        " need not do anything else; this page shows by itself what came of it."
    )
    return Verdict(Tone.WAITING, _("Kept here, will be delivered"), hint, at, HTTPStatus.OK)


def _ended(record: AttendanceRecord | None) -> Verdict:
    title = _("This class has ended")
    if record is None:
        return _refused(title, _("Please speak to your teacher."), HTTPStatus.GONE)
    match record.status:
        case Status.EXCUSED:
            return _held(record)
        case (
            Status.ABSENT | Status.PRESENT | Status.LATE
        ):  # who attended is told that they are marked already
            hint = _("Please speak to your teacher. You are recorded as absent.")
            return _refused(title, hint, HTTPStatus.GONE)
        case _:
            assert_never(record.status)


def _held(record: AttendanceRecord | None) -> Verdict:
    hint = _("If you are in the room, please speak to your teacher.")
    return Verdict(Tone.CALM, _held_title(record), hint, None, HTTPStatus.CONFLICT)


def _held_title(record: AttendanceRecord | None) -> str:
    if record is not None and record.is_by_recheck:
        return _("You did not show up in the re-check")
    status = record.status if record else Status.ABSENT
    match status:
        case Status.EXCUSED:
            return _("You are excused from this class")
        case Status.ABSENT | Status.PRESENT | Status.LATE:  # only who is not marked present or late is held
            return _("Your teacher has marked you absent")
        case _:
            assert_never(status)
