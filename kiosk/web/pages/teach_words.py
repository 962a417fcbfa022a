"""What the pages for teachers say about a class and its students. Pure; any thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.people.students import Student
from kiosk.errors import ConflictError
from kiosk.services.attendance.claims import Waiting
from kiosk.services.attendance.lesson.teaching import Lesson, Taught
from kiosk.services.attendance.marks_by_hand import UndoneMarks
from kiosk.services.attendance.sessions import RosterEntry
from kiosk.services.events import SessionEnded
from kiosk.translation import _, ngettext
from kiosk.web.pages.status_classes import colour_class
from kiosk.wording.attendance import (
    marked_together_words,
    proof_words,
    state_title,
    status_word,
    status_words,
    undone_together_words,
)
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
    status = colour_class(record.shown) if record is not None else ""
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
    if taught.student is not None:
        word = status_word(taught.status)
        return _("{full_name} is marked {word}.", full_name=taught.student.full_name, word=word)
    return marked_together_words(
        len(taught.marks), taught.status, came=_names(taught.came), changed=_names(taught.changed)
    )


def undone_words(done: UndoneMarks) -> str:
    """What was taken back, in a sentence."""
    return undone_together_words(len(done.undone), changed=_names(done.changed))


def seen_text(entries: Sequence[RosterEntry]) -> str:
    """Which records a form was made from, as it carries them: ``3 5.2`` for a student without one and the second version of 5's."""
    return " ".join(
        f"{one.student.student_id}.{one.record.version}" if one.record else str(one.student.student_id)
        for one in entries
    )


def seen_of(text: str) -> dict[int, int]:
    """The versions that a form carries, by student id, 0 for none. Raises ConflictError: they cannot be read."""
    try:
        pairs = (one.partition(".") for one in text.split())
        return {int(student_id): int(version or 0) for student_id, _dot, version in pairs}
    except ValueError:
        raise ConflictError(_("Something is missing."), _("Look at the list again.")) from None


def _names(students: Sequence[Student]) -> list[str]:
    return [one.full_name for one in students]


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
