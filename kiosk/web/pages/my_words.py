"""How the student's own place says what is kept: pure functions from values to words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord
from kiosk.domain.people.consents import Consent
from kiosk.domain.people.students import Student
from kiosk.domain.records.objections import Objection, ObjectionOutcome
from kiosk.domain.records.stored import Kept, StoredAboutStudent, StudentRecord
from kiosk.services.phones.phone_check_in import SIGN_IN_S
from kiosk.services.school.retention import KeptUntil
from kiosk.web.pages.words import status_word

SIGN_IN_H: Final = round(SIGN_IN_S / 3600)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record as a list shows it."""

    record_id: int
    day: str
    course: str
    status: str
    detail: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of thing that is kept: what, how much of it, why or how, and until when."""

    name: str
    value: str
    explanation: str
    until: str


def day_words(moment: datetime, zone: ZoneInfo) -> str:
    """Such as ``2 Mar 2026``, whatever language the PC speaks."""
    return date_words(moment.astimezone(zone).date())


def date_words(day: date) -> str:
    """As `day_words`, for a day."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def record_line(own: StudentRecord, zone: ZoneInfo) -> RecordLine:
    """When, what, and how it came about."""
    started = own.started_at.astimezone(zone).strftime("%H:%M")
    return RecordLine(
        record_id=own.record.record_id,
        day=f"{_DAYS[own.started_at.astimezone(zone).weekday()]} {day_words(own.started_at, zone)}, {started}",
        course=own.course.code,
        status=status_word(own.record.status),
        detail=_detail(own.record, zone),
    )


def tally(count: AttendanceCount) -> str:
    """Such as ``9 present · 2 late · 1 excused · 1 absent``; kinds that never happened are left out."""
    numbers = (
        (count.present, "present"),
        (count.late, "late"),
        (count.excused, "excused"),
        (count.absent, "absent"),
    )
    return " · ".join(f"{number}\N{NO-BREAK SPACE}{word}" for number, word in numbers if number)


def objection_lines(objection: Objection, zone: ZoneInfo) -> tuple[str, str, str, str]:
    """When the student wrote, what, how the teacher answered, and with which words (the last two empty: not yet)."""
    wrote = f"You wrote on {day_words(objection.made_at, zone)}"
    if objection.outcome is None or objection.answered_at is None:
        return wrote, objection.reason, "", ""
    answered = (
        f"{objection.answered_by} {_done(objection.outcome)} on {day_words(objection.answered_at, zone)}"
    )
    return wrote, objection.reason, answered, objection.answer


def consent_line(consent: Consent, zone: ZoneInfo) -> str:
    """Such as ``Given on 2 Mar 2026, recorded by you``."""
    what = "Given" if consent.given else "Withdrawn or refused"
    return f"{what} on {day_words(consent.recorded_at, zone)}, recorded by {consent.recorded_by}"


def stored_facts(
    student: Student, stored: StoredAboutStudent, zone: ZoneInfo, until: KeptUntil, *, secure: bool
) -> list[Fact]:
    """Everything that is kept and until when, in the order of what people ask first.

    Without TLS only counts, dates, name and number are said: the e-mail address would be read by who controls the
    network, and they did not have it from the sign-in.
    """
    return [
        *_face_facts(stored, zone, until),
        *_sign_in_facts(student, stored, secure),
        *_record_facts(stored, zone),
        *_check_in_facts(stored, zone, until.rules.traces_kept_days),
    ]


def _face_facts(stored: StoredAboutStudent, zone: ZoneInfo, until: KeptUntil) -> list[Fact]:
    templates = ", ".join(f"{one.number} of {one.model}" for one in stored.templates)
    return [
        Fact(
            "Pictures of your face",
            _kept(stored.samples, zone),
            "Encrypted; only this school’s kiosk can open them.",
            _face_words(until),
        ),
        Fact(
            "Face templates (numbers computed from the pictures)",
            templates or "none",
            "Encrypted.",
            "the pictures are deleted.",
        ),
    ]


def _sign_in_facts(student: Student, stored: StoredAboutStudent, secure: bool) -> list[Fact]:
    return [
        Fact(
            "Name, number and e-mail",
            ", ".join(filter(None, (student.full_name, student.student_no, _email_words(student, secure)))),
            "From the school’s class list.",
            "no end date: they stand beside your attendance records.",
        ),
        Fact(
            "PIN",
            "kept" if stored.has_pin else "none",
            "Only as a hash: nobody can read it back. Wrong tries are counted until the next right one.",
            "you change it or get a new slip.",
        ),
        Fact(
            "That you are signed in",
            "in this browser",
            "In the kiosk’s memory only.",
            f"you sign out, at most {SIGN_IN_H} hours.",
        ),
    ]


def _record_facts(stored: StoredAboutStudent, zone: ZoneInfo) -> list[Fact]:
    return [
        Fact(
            "Attendance records",
            _kept(stored.records, zone),
            f"Earlier versions of corrected records: {stored.corrections}.",
            "no end date: the school keeps them with the class.",
        ),
        Fact(
            "Messages you wrote about records",
            _kept(stored.messages, zone),
            "With your teacher’s answers; they stand beside the record.",
            "no end date: they are kept with the record.",
        ),
    ]


def _check_in_facts(stored: StoredAboutStudent, zone: ZoneInfo, days: int) -> list[Fact]:
    return [
        Fact(
            "Check-ins by phone (device uses)",
            _kept(stored.device_uses, zone),
            "A random number of your browser, its kind, its network address and the time, so that one phone checks in "
            "one student.",
            _trace_words(stored.device_uses, days, zone),
        ),
        Fact(
            "Notes for the teacher that name you",
            str(stored.incidents or "none"),
            "For example when two students use one phone.",
            f"{days} days after each was seen last.",
        ),
        Fact(
            "Faces that the camera may confuse with yours",
            str(stored.face_pairs or "none"),
            "So that the camera does not decide alone.",
            "the pictures are deleted, for what was measured; that a teacher corrected the camera stays.",
        ),
        Fact(
            "Scans that wait for the camera or the teacher",
            str(stored.pending_claims or "none"),
            "Where a class asks for two proofs.",
            "the class ends.",
        ),
    ]


def _email_words(student: Student, secure: bool) -> str:
    if not student.email:
        return ""
    return student.email if secure else "an e-mail address (not shown over this connection)"


def _face_words(until: KeptUntil) -> str:
    months = until.rules.faces_kept_months
    if not months:
        return "you withdraw your consent."
    how = f"{months} {'month' if months == 1 else 'months'} after the last class of your courses"
    if until.face is None or until.face.until is None:
        return f"{how}, or until you withdraw your consent."
    return (
        f"{date_words(until.face.until)}, which is {how} or the newest picture; each further class puts it off. "
        "Deleted at once when you withdraw your consent."
    )


def _trace_words(uses: Kept, days: int, zone: ZoneInfo) -> str:
    if uses.last_at is None:
        return f"{days} days after each."
    return f"{days} days after each: {day_words(uses.last_at + timedelta(days=days), zone)} for the last one."


def _detail(record: AttendanceRecord, zone: ZoneInfo) -> str:
    if record.method is None:
        return "no mark until the class ended"
    by = _by(record.method)
    if not record.status.attended:
        return by
    return f"{record.marked_at.astimezone(zone).strftime('%H:%M')}, {by}"


def _by(method: Method) -> str:
    match method:
        case Method.FACE:
            return "by camera"
        case Method.PHONE:
            return "by phone"
        case Method.PASS:
            return "by pass"
        case Method.MANUAL:
            return "by the teacher"
        case _:
            assert_never(method)


def _done(outcome: ObjectionOutcome) -> str:
    match outcome:
        case ObjectionOutcome.CHANGED:
            return "changed the record"
        case ObjectionOutcome.KEPT:
            return "kept the record"
        case _:
            assert_never(outcome)


def _kept(kept: Kept, zone: ZoneInfo) -> str:
    if not kept.number or kept.first_at is None or kept.last_at is None:
        return "none"
    first, last = day_words(kept.first_at, zone), day_words(kept.last_at, zone)
    return f"{kept.number}, of {first}" if first == last else f"{kept.number}, {first} to {last}"


_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
