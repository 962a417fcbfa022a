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
from kiosk.translation import _, ngettext
from kiosk.web.pages.status_classes import colour_class
from kiosk.wording.attendance import ANNOUNCED, method_words, status_count, status_title
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
    """One kind of thing that is kept: what, how much of it, why or how, and a sentence on how long."""

    name: str
    value: str
    explanation: str
    how_long: str


def record_line(own: StudentRecord, zone: ZoneInfo) -> RecordLine:
    """When, what, and how it came about; of a cancelled class why it does not count."""
    does_count = own.cancelled is None
    return RecordLine(
        record_id=own.record.record_id,
        day=day_and_time(own.started_at, zone),
        course=own.course.code,
        status=colour_class(own.record.shown if does_count else Status.EXCUSED),
        recorded_as=status_title(own.record.shown) if does_count else _("Does not count"),
        detail=_detail(own.record, zone)
        if does_count
        else _("cancelled: {reason}", reason=own.cancelled or ""),
    )


def tally(count: AttendanceCount) -> str:
    """Such as ``9 present · 2 late · 1 excused · 1 absent``; kinds that never happened are left out."""
    return " · ".join(status_count(status, count.of(status)) for status in Status if count.of(status))


def objection_lines(objection: Objection, zone: ZoneInfo) -> tuple[str, str, str, str]:
    """When the student wrote, what, how the teacher answered, and with which words (the last two empty: not yet)."""
    wrote = _("You wrote on {day}", day=day_of(objection.made_at, zone))
    if objection.outcome is None or objection.answered_at is None or objection.answered_by is None:
        return wrote, objection.reason, "", ""
    answered = objection_words(
        objection.outcome, who=objection.answered_by, day=day_of(objection.answered_at, zone)
    )
    return wrote, objection.reason, answered, objection.answer


def consent_line(consent: Consent, zone: ZoneInfo) -> str:
    """Such as ``Given on 2 Mar 2026, recorded by you``."""
    day, who = day_of(consent.recorded_at, zone), _who(consent.recorded_by)
    if consent.given:
        return _("Given on {day}, recorded by {who}", day=day, who=who)
    return _("Withdrawn or refused on {day}, recorded by {who}", day=day, who=who)


def _who(actor: str) -> str:
    """Somebody at the command line has no name that a student knows."""
    return _("an administrator at the computer") if actor.startswith("local:") else actor


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
        *_mail_facts(stored, zone, until.rules.messages_kept_days),
        *_check_in_facts(stored, zone, until.rules.traces_kept_days),
    ]


def _face_facts(stored: StoredAboutStudent, zone: ZoneInfo, until: KeptUntil) -> list[Fact]:
    number = sum(one.number for one in stored.templates)
    return [
        Fact(
            _("Pictures of your face"),
            _kept(stored.samples, zone),
            " ".join(
                filter(None, (_("Encrypted; only this school’s kiosk can open them."), _learned(stored)))
            ),
            _face_words(until),
        ),
        Fact(
            _("Face templates (numbers computed from the pictures)"),
            str(number or _("none")),
            _("Encrypted."),
            _("Kept until the pictures are deleted."),
        ),
    ]


def _learned(stored: StoredAboutStudent) -> str:
    return (
        ngettext(
            "{n} of them was taken in a class.",
            "{n} of them were taken in classes.",
            stored.learned,
            n=stored.learned,
        )
        if stored.learned
        else ""
    )


def _sign_in_facts(student: Student, stored: StoredAboutStudent, secure: bool) -> list[Fact]:
    return [
        Fact(
            _("Name, number and e-mail"),
            ", ".join(filter(None, (student.full_name, student.student_no, _email_words(student, secure)))),
            _("From the school’s class list."),
            _("Kept with no end date: they stand beside your attendance records."),
        ),
        Fact(
            _("PIN"),
            _("kept") if stored.has_pin else _("none"),
            _("Only as a hash: nobody can read it back. Wrong tries are counted until the next right one."),
            _("Kept until you change it or get a new slip."),
        ),
        Fact(
            _("That you are signed in"),
            _("in this browser"),
            _("In the kiosk’s memory only."),
            ngettext(
                "Kept until you sign out, at most {hours} hour.",
                "Kept until you sign out, at most {hours} hours.",
                SIGN_IN_H,
                hours=SIGN_IN_H,
            ),
        ),
    ]


def _record_facts(stored: StoredAboutStudent, zone: ZoneInfo) -> list[Fact]:
    return [
        Fact(
            _("Attendance records"),
            _kept(stored.records, zone),
            _("Earlier versions of corrected records: {corrections}.", corrections=stored.corrections),
            _("Kept with no end date: the school keeps them with the class."),
        ),
        Fact(
            _("Messages you wrote about records"),
            _kept(stored.messages, zone),
            _("With your teacher’s answers; they stand beside the record."),
            _("Kept with no end date: they are kept with the record."),
        ),
    ]


def _mail_facts(stored: StoredAboutStudent, zone: ZoneInfo, days: int) -> list[Fact]:
    """How the student's people are written to; the address is not the student's, and is not shown."""
    return [
        Fact(
            _("E-mail address of a parent or guardian"),
            _("kept") if stored.has_guardian else _("none"),
            _("It is kept that no e-mails about your attendance are wanted.")
            if stored.no_mails
            else _("For e-mails about your attendance. Answer STOP to one, and no more are sent."),
            _("Kept with no end date: until the school takes it out."),
        ),
        Fact(
            _("E-mails about your attendance"),
            _kept(stored.sent_mails, zone),
            _("Sent by the school to you or a parent or guardian: text, address and day."),
            ngettext("Kept for {days} day after each.", "Kept for {days} days after each.", days, days=days)
            if days
            else _("Kept with no end date: they are kept with your name."),
        ),
    ]


def _check_in_facts(stored: StoredAboutStudent, zone: ZoneInfo, days: int) -> list[Fact]:
    return [
        Fact(
            _("Check-ins by phone (device uses)"),
            _kept(stored.device_uses, zone),
            _(
                "A random number of your browser, its kind, its network address and the time, so that one phone checks in "
                "one student."
            ),
            _trace_words(stored.device_uses, days, zone),
        ),
        Fact(
            _("Phones that were enrolled for you"),
            _kept(stored.enrolled_phones, zone),
            _("The kind of phone, when and by whom, and a hash of a secret that only the phone has."),
            _("Kept until the phone is removed, or you get a new slip with another PIN."),
        ),
        *_class_facts(stored, zone),
        Fact(
            _("Notes for the teacher that name you"),
            str(stored.incidents or _("none")),
            _("For example when two students use one phone."),
            ngettext(
                "Kept until {days} day after each was seen last.",
                "Kept until {days} days after each was seen last.",
                days,
                days=days,
            ),
        ),
        Fact(
            _("Faces that the camera may confuse with yours"),
            str(stored.face_pairs or _("none")),
            _("So that the camera does not decide alone."),
            _(
                "Kept until the pictures are deleted, for what was measured; that a teacher corrected the camera stays."
            ),
        ),
        Fact(
            _("Scans that wait for the camera or the teacher"),
            str(stored.pending_claims or _("none")),
            _("Where a class asks for two proofs."),
            _("Kept until the class ends."),
        ),
    ]


def _class_facts(stored: StoredAboutStudent, zone: ZoneInfo) -> list[Fact]:
    """What stands beside the attendance records."""
    return [
        Fact(
            _("Absences that were announced"),
            _kept(stored.planned_absences, zone),
            _("From when to when, why, and who entered it, so that you are excused instead of absent."),
            _("Kept with no end date: they stand beside your attendance records."),
        ),
        Fact(
            _("Re-checks in class that asked you"),
            _kept(stored.rechecks, zone),
            _("Whether you showed up again in mid-class, when, and how; not which phone it was."),
            _("Kept with no end date: they stand beside your attendance records."),
        ),
        Fact(
            _("Classes that you checked out of"),
            str(stored.check_outs or _("none")),
            _("When you left and how, or the minutes that a teacher entered; not which phone it was."),
            _("Kept with no end date: they stand beside your attendance records."),
        ),
    ]


def _email_words(student: Student, secure: bool) -> str:
    if not student.email:
        return ""
    return student.email if secure else _("an e-mail address (not shown over this connection)")


def _face_words(until: KeptUntil) -> str:
    months = until.rules.faces_kept_months
    if not months:
        return _("Kept until you withdraw your consent.")
    if until.face is None or until.face.until is None:
        return ngettext(
            "Kept until {months} month after the last class of your courses, or until you withdraw your consent.",
            "Kept until {months} months after the last class of your courses, or until you withdraw your consent.",
            months,
            months=months,
        )
    return ngettext(
        "Kept until {until}, which is {months} month after the last class of your courses or the newest picture; "
        "each further class puts it off. Deleted at once when you withdraw your consent.",
        "Kept until {until}, which is {months} months after the last class of your courses or the newest picture; "
        "each further class puts it off. Deleted at once when you withdraw your consent.",
        months,
        until=short_day(until.face.until),
        months=months,
    )


def _trace_words(uses: Kept, days: int, zone: ZoneInfo) -> str:
    if uses.last_at is None:
        return ngettext(
            "Kept until {days} day after each.", "Kept until {days} days after each.", days, days=days
        )
    return ngettext(
        "Kept until {days} day after each: {day} for the last one.",
        "Kept until {days} days after each: {day} for the last one.",
        days,
        days=days,
        day=day_of(uses.last_at + timedelta(days=days), zone),
    )


def _detail(record: AttendanceRecord, zone: ZoneInfo) -> str:
    if record.method is None:
        return _(ANNOUNCED) if record.is_planned else _("no mark until the class ended")
    if record.is_by_recheck and not record.status.attended:
        return _("you did not show up in the re-check")
    by = method_words(record.method).own
    if not record.status.attended:
        return by
    return f"{clock_time(record.marked_at, zone)}, {by}"


def _kept(kept: Kept, zone: ZoneInfo) -> str:
    if not kept.number or kept.first_at is None or kept.last_at is None:
        return _("none")
    first, last = day_of(kept.first_at, zone), day_of(kept.last_at, zone)
    return (
        _("{number}, of {first}", number=kept.number, first=first)
        if first == last
        else _("{number}, {first} to {last}", number=kept.number, first=first, last=last)
    )
