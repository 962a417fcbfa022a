"""How the student's own place says what is kept: pure functions from values to words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceCount, AttendanceRecord
from kiosk.domain.people.consents import Consent
from kiosk.domain.people.students import Student
from kiosk.domain.records.objections import Objection
from kiosk.domain.records.stored import Kept, StoredAboutStudent, StudentRecord
from kiosk.services.phones.phone_check_in import SIGN_IN_S
from kiosk.services.school.retention import KeptUntil
from kiosk.wording.attendance import method_words, status_words
from kiosk.wording.dates import clock_time, day_and_time, day_of, short_day
from kiosk.wording.objections import objection_words

SIGN_IN_H: Final = round(SIGN_IN_S / 3600)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record as a list shows it."""

    record_id: int
    day: str
    course: str
    status: str
    recorded_as: str
    detail: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of thing that is kept: what, how much of it, why or how, and until when."""

    name: str
    value: str
    explanation: str
    until: str


def record_line(own: StudentRecord, zone: ZoneInfo) -> RecordLine:
    """When, what, and how it came about."""
    return RecordLine(
        record_id=own.record.record_id,
        day=day_and_time(own.started_at, zone),
        course=own.course.code,
        status=own.record.status.value,
        recorded_as=status_words(own.record.status).title,
        detail=_detail(own.record, zone),
    )


def tally(count: AttendanceCount) -> str:
    """Such as ``9 present · 2 late · 1 excused · 1 absent``; kinds that never happened are left out."""
    numbers = ((count.of(status), status_words(status).word) for status in Status)
    return " · ".join(f"{number}\N{NO-BREAK SPACE}{word}" for number, word in numbers if number)


def objection_lines(objection: Objection, zone: ZoneInfo) -> tuple[str, str, str, str]:
    """When the student wrote, what, how the teacher answered, and with which words (the last two empty: not yet)."""
    wrote = f"You wrote on {day_of(objection.made_at, zone)}"
    if objection.outcome is None or objection.answered_at is None:
        return wrote, objection.reason, "", ""
    answered = f"{objection.answered_by} {objection_words(objection.outcome)} on {day_of(objection.answered_at, zone)}"
    return wrote, objection.reason, answered, objection.answer


def consent_line(consent: Consent, zone: ZoneInfo) -> str:
    """Such as ``Given on 2 Mar 2026, recorded by you``."""
    what = "Given" if consent.given else "Withdrawn or refused"
    return f"{what} on {day_of(consent.recorded_at, zone)}, recorded by {consent.recorded_by}"


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
        f"{short_day(until.face.until)}, which is {how} or the newest picture; each further class puts it off. "
        "Deleted at once when you withdraw your consent."
    )


def _trace_words(uses: Kept, days: int, zone: ZoneInfo) -> str:
    if uses.last_at is None:
        return f"{days} days after each."
    return f"{days} days after each: {day_of(uses.last_at + timedelta(days=days), zone)} for the last one."


def _detail(record: AttendanceRecord, zone: ZoneInfo) -> str:
    if record.method is None:
        return "no mark until the class ended"
    by = method_words(record.method).own
    if not record.status.attended:
        return by
    return f"{clock_time(record.marked_at, zone)}, {by}"


def _kept(kept: Kept, zone: ZoneInfo) -> str:
    if not kept.number or kept.first_at is None or kept.last_at is None:
        return "none"
    first, last = day_of(kept.first_at, zone), day_of(kept.last_at, zone)
    return f"{kept.number}, of {first}" if first == last else f"{kept.number}, {first} to {last}"
