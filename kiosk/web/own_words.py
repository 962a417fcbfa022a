"""How the student's own place says what is kept: pure functions from values to words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance import AttendanceCount, AttendanceRecord, Method
from kiosk.domain.objections import Objection, ObjectionOutcome
from kiosk.domain.people import Consent, Student
from kiosk.services.ports.own_place import Kept, OwnRecord, StoredAboutStudent

METHODS: Final = {
    Method.FACE: "by camera",
    Method.PHONE: "by phone",
    Method.PASS: "by pass",
    Method.MANUAL: "by the teacher",
}


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
    """One kind of thing that is kept: what, how much of it, and why and until when."""

    name: str
    value: str
    explanation: str


def day_words(moment: datetime, zone: ZoneInfo) -> str:
    """Such as ``2 Mar 2026``, whatever language the PC speaks."""
    local = moment.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def record_line(own: OwnRecord, zone: ZoneInfo) -> RecordLine:
    """When, what, and how it came about."""
    started = own.started_at.astimezone(zone).strftime("%H:%M")
    return RecordLine(
        record_id=own.record.record_id,
        day=f"{_DAYS[own.started_at.astimezone(zone).weekday()]} {day_words(own.started_at, zone)}, {started}",
        course=own.course.code,
        status=own.record.status.value,
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
    return " · ".join(f"{number} {word}" for number, word in numbers if number)


def objection_lines(objection: Objection, zone: ZoneInfo) -> tuple[str, str, str, str]:
    """When the student wrote, what, how the teacher answered, and with which words (the last two empty: not yet)."""
    wrote = f"You wrote on {day_words(objection.made_at, zone)}"
    if objection.outcome is None or objection.answered_at is None:
        return wrote, objection.reason, "", ""
    what = "changed the record" if objection.outcome is ObjectionOutcome.CHANGED else "kept the record"
    answered = f"{objection.answered_by} {what} on {day_words(objection.answered_at, zone)}"
    return wrote, objection.reason, answered, objection.answer


def consent_line(consent: Consent, zone: ZoneInfo) -> str:
    """Such as ``Given on 2 Mar 2026, recorded by you``."""
    what = "Given" if consent.given else "Withdrawn or refused"
    return f"{what} on {day_words(consent.recorded_at, zone)}, recorded by {consent.recorded_by}"


def stored_facts(student: Student, stored: StoredAboutStudent, zone: ZoneInfo) -> list[Fact]:
    """Everything that is kept, in the order of what people ask first."""
    templates = ", ".join(f"{one.number} of {one.model}" for one in stored.templates)
    return [
        Fact(
            "Pictures of your face",
            _kept(stored.samples, zone),
            "Encrypted; only this school’s kiosk can open them. Kept until you withdraw your consent.",
        ),
        Fact(
            "Face templates (numbers computed from the pictures)",
            templates or "none",
            "Encrypted; deleted together with the pictures.",
        ),
        Fact(
            "Name, number and e-mail",
            f"{student.full_name}, {student.student_no}" + (f", {student.email}" if student.email else ""),
            "From the school’s class list.",
        ),
        Fact("PIN", "kept" if stored.has_pin else "none", "Only as a hash: nobody can read it back."),
        Fact(
            "Attendance records",
            _kept(stored.records, zone),
            f"Kept with the class. Earlier versions of corrected records: {stored.corrections}.",
        ),
        Fact(
            "Check-ins by phone (device uses)",
            _kept(stored.device_uses, zone),
            "A random number of your browser, its kind, its network address and the time, so that one phone checks in "
            "one student. Kept with the class.",
        ),
        Fact(
            "Notes for the teacher that name you",
            str(stored.incidents or "none"),
            "For example when two students use one phone. Kept with the class.",
        ),
        Fact(
            "Faces that the camera may confuse with yours",
            str(stored.face_pairs or "none"),
            "So that the camera does not decide alone. What was measured is deleted together with the pictures.",
        ),
        Fact(
            "Scans that wait for the camera or the teacher",
            str(stored.pending_claims or "none"),
            "Deleted when the class ends.",
        ),
    ]


def _detail(record: AttendanceRecord, zone: ZoneInfo) -> str:
    if record.method is None:
        return "no mark until the class ended"
    by = METHODS[record.method]
    if not record.status.attended:
        return by
    return f"{record.marked_at.astimezone(zone).strftime('%H:%M')}, {by}"


def _kept(kept: Kept, zone: ZoneInfo) -> str:
    if not kept.number or kept.first_at is None or kept.last_at is None:
        return "none"
    first, last = day_words(kept.first_at, zone), day_words(kept.last_at, zone)
    return f"{kept.number}, of {first}" if first == last else f"{kept.number}, {first} to {last}"


_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
