"""Words for statuses, methods, times and evidence, one spelling for every list. Pure; any thread."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.record import AttendanceRecord, Correction, Evidence
from kiosk.services.faces.ambiguous_faces import Confirmed

NOT_HERE: Final = "Not here yet"
"""What stands beside a student who has no record."""

STATUS_WORDS: Final = {
    Status.PRESENT: "Present",
    Status.LATE: "Late",
    Status.EXCUSED: "Excused",
    Status.ABSENT: "Absent",
}

METHOD_WORDS: Final = {
    Method.FACE: "face",
    Method.PHONE: "phone",
    Method.PASS: "pass",
    Method.MANUAL: "by hand",
}


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """Hours and minutes in the school's zone, such as ``09:02``."""
    return moment.astimezone(zone).strftime("%H:%M")


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """A day and time in the school's zone, such as ``Mon 23 Nov 2026, 09:02``."""
    local = moment.astimezone(zone)
    return f"{long_day(local)[:3]} {local.day} {local:%b %Y, %H:%M}"


def long_day(moment: datetime) -> str:
    """A day in words, such as ``Monday, 23 November 2026``; `moment` is already local."""
    return f"{moment:%A}, {moment.day} {moment:%B %Y}"


def status_word(record: AttendanceRecord | None) -> str:
    """What the record says, in one or two words."""
    return NOT_HERE if record is None else STATUS_WORDS[record.status]


def proof_words(record: AttendanceRecord | None, zone: ZoneInfo) -> str:
    """Time and method, such as ``09:02 · face``; for absences nothing but a hand that wrote them."""
    if record is None or (record.method is None and not record.status.attended):
        return ""
    method = METHOD_WORDS[record.method] if record.method is not None else ""
    return " · ".join(part for part in (clock_time(record.marked_at, zone), method) if part)


def evidence_words(evidence: Evidence, zone: ZoneInfo) -> str:
    """One proof in a sentence that a teacher can read; figures only where they explain it."""
    when = clock_time(evidence.at, zone)
    if evidence.method is Method.MANUAL:
        seen = f", seen at {clock_time(evidence.first_seen_at, zone)}" if evidence.first_seen_at else ""
        return f"{when} by hand, {evidence.actor or 'somebody'}: {evidence.reason or 'no reason given'}{seen}"
    if evidence.method is Method.FACE:
        figures = []
        if evidence.votes is not None:
            figures.append(f"{evidence.votes} agreeing frames")
        if evidence.distance is not None:
            figures.append(f"distance {evidence.distance:.2f}")
        return f"{when} by face" + (f", {', '.join(figures)}" if figures else "")
    if evidence.method is Method.PHONE:
        return f"{when} by phone" + (f", from {evidence.address}" if evidence.address else "")
    return f"{when} by pass"


def confirmed_words(confirmed: Confirmed, zone: ZoneInfo) -> str:
    """What came of naming an unsure face, in a sentence or more."""
    record = confirmed.record
    status, seen = STATUS_WORDS[record.status].lower(), clock_time(record.marked_at, zone)
    words = [f"{confirmed.student.full_name} is marked {status}, seen at {seen}."]
    if confirmed.learnt is not None:
        words.append("The picture was learnt.")
    elif confirmed.refusal:
        words.append(f"The picture was not learnt: {confirmed.refusal}")
    return " ".join([*words, *(warning.text for warning in confirmed.warnings)])


def correction_words(correction: Correction, zone: ZoneInfo) -> str:
    """What a record was before, who changed it and why."""
    before = correction.before
    proof = proof_words(before, zone)
    was = status_word(before).lower() + (f" ({proof})" if proof else "")
    changed = day_and_time(correction.corrected_at, zone)
    return f"Was {was}; {correction.actor} changed it on {changed}: {correction.reason}"
