"""How many of one class are here: the one count that every screen, page, question and file shows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self, assert_never

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceRecord


def standing(record: AttendanceRecord | None, *, is_open: bool) -> AttendanceRecord | None:
    """What a record says about its student: nothing while the class is open and nobody has decided on it."""
    return None if record is not None and record.is_undecided and is_open else record


@dataclass(frozen=True, slots=True)
class ClassTally:
    """Everybody of one class session, each in one number.

    Heads are counted: a status of the school's own is its base here, and how much it counts is a matter of shares alone.

    Attributes:
        present: Marked before the late time.
        late: Marked from it on.
        waiting: Not here yet: nothing is known while the class is open.
        kept: Claims that wait on this PC for the database server.
        excused: Neither here nor missed.
        absent: Marked so by hand, or at the end.
    """

    present: int = 0
    late: int = 0
    waiting: int = 0
    kept: int = 0
    excused: int = 0
    absent: int = 0

    @classmethod
    def of(cls, records: Iterable[AttendanceRecord | None], *, is_open: bool, kept: int = 0) -> Self:
        """Count one record, or None, for each student of the class.

        Somebody without a record who was put into the class after its end was not in it.

        Args:
            records: In any order.
            is_open: Whether the class goes on.
            kept: How many of those without a record have a claim that waits on this PC.
        """
        tally = cls()
        unknown = 0
        for record in records:
            known = standing(record, is_open=is_open)
            if known is None:
                unknown += 1
            else:
                tally = tally.plus(known.status)
        return replace(tally, waiting=unknown - kept, kept=kept) if is_open else tally

    @property
    def attended(self) -> int:
        """In the room, late or not."""
        return sum(self.number(status) for status in Status if status.attended)

    @property
    def missing(self) -> int:
        """Who should be here and is not."""
        return self.waiting + self.absent

    @property
    def expected(self) -> int:
        """Who should be here: excused students should not."""
        return self.attended + self.missing + self.kept

    @property
    def everybody(self) -> int:
        """All students of the class."""
        return self.expected + self.excused

    def number(self, status: Status) -> int:
        """Students with one status."""
        match status:
            case Status.PRESENT:
                return self.present
            case Status.LATE:
                return self.late
            case Status.EXCUSED:
                return self.excused
            case Status.ABSENT:
                return self.absent
            case _:
                assert_never(status)

    def plus(self, status: Status) -> Self:
        """This tally with one more student."""
        match status:
            case Status.PRESENT:
                return replace(self, present=self.present + 1)
            case Status.LATE:
                return replace(self, late=self.late + 1)
            case Status.EXCUSED:
                return replace(self, excused=self.excused + 1)
            case Status.ABSENT:
                return replace(self, absent=self.absent + 1)
            case _:
                assert_never(status)
