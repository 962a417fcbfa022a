"""What the pages for teachers say about a class and its students. Pure; any thread."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.services.attendance.claims import Waiting
from kiosk.services.attendance.lesson.teaching import Lesson, Taught
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.services.events import SessionEnded
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import proof_words, state_title, status_words
from kiosk.wording.dates import clock_time


class Shown(StrEnum):
    """Which students are listed."""

    MISSING = "missing"
    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ALL = "all"

    def lets(self, record: AttendanceRecord | None) -> bool:
        """Whether a student with this record is listed."""
        if self is Shown.ALL:
            return True
        return self is Shown.of(record)

    @classmethod
    def of(cls, record: AttendanceRecord | None) -> "Shown":
        """The list, beside ALL, that a student with this record stands in."""
        if record is None:
            return cls.MISSING
        match record.status:
            case Status.PRESENT:
                return cls.PRESENT
            case Status.LATE:
                return cls.LATE
            case Status.EXCUSED:
                return cls.EXCUSED
            case Status.ABSENT:
                return cls.MISSING
            case _:
                assert_never(record.status)

    def number(self, tally: ClassTally) -> int:
        """How many students it lists."""
        match self:
            case Shown.MISSING:
                return tally.missing + tally.kept
            case Shown.PRESENT:
                return tally.present
            case Shown.LATE:
                return tally.late
            case Shown.EXCUSED:
                return tally.excused
            case Shown.ALL:
                return tally.everybody
            case _:
                assert_never(self)

    @property
    def heading(self) -> str:
        """What stands above its number."""
        match self:
            case Shown.MISSING:
                return _("Not here")
            case Shown.PRESENT:
                return status_words(Status.PRESENT).title
            case Shown.LATE:
                return status_words(Status.LATE).title
            case Shown.EXCUSED:
                return status_words(Status.EXCUSED).title
            case Shown.ALL:
                return _("All")
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class StudentLine:
    """One student as the list shows it; `status` names the colour and may be empty."""

    student_id: int
    name: str
    number: str
    state: str
    status: str


def student_line(entry: RosterEntry, zone: ZoneInfo, *, is_kept: bool = False) -> StudentLine:
    """What the list says of a student; no reason."""
    record, student = entry.record, entry.student
    state = _("Kept on this PC") if is_kept and record is None else state_title(record)
    words = " · ".join(part for part in (state, proof_words(record, zone)) if part)
    status = record.status.value if record is not None else ""
    return StudentLine(student.student_id, student.full_name, student.student_no, words, status)


def claim_words(waiting: Waiting, zone: ZoneInfo) -> str:
    """Why somebody who scanned waits."""
    at = clock_time(waiting.claim.made_at, zone)
    if waiting.claim.awaits is Awaited.EYE:
        return _("scanned at {at}; has no face on record", at=at)
    if waiting.is_good:
        return _("scanned at {at}; the camera looks for the face", at=at)
    return _("scanned at {at}; the camera did not see the face", at=at)


def taught_words(taught: Taught) -> str:
    """What was just done, in a sentence."""
    word = status_words(taught.status).word
    if taught.student is not None:
        return _("{full_name} is marked {word}.", full_name=taught.student.full_name, word=word)
    number = len(taught.before)
    return ngettext(
        "{n} student is marked {word}.", "{n} students are marked {word}.", number, n=number, word=word
    )


def undone_words(number: int) -> str:
    """That it was taken back, in a sentence."""
    return ngettext(
        "Undone: {n} student counts as before.", "Undone: {n} students count as before.", number, n=number
    )


def ended_words(ended: SessionEnded, code: str) -> str:
    """What a class came to, in a sentence."""
    tally = ended.tally
    return _(
        "{code} has ended: {present} present, {late} late, {absent} absent.",
        code=code,
        present=tally.present,
        late=tally.late,
        absent=tally.absent,
    )


def end_words(lesson: Lesson) -> str:
    """What the end will write down."""
    missing = lesson.tally.missing
    if not missing:
        return _("Everybody is here.")
    return ngettext(
        "One student is not here yet and will be written down as absent.",
        "{missing} students are not here yet and will be written down as absent.",
        missing,
        missing=missing,
    )
