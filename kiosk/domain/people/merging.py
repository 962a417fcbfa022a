"""Two students who turn out to be one: what moves, and which of two marks stays where both were marked. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from kiosk.domain.attendance.choices import Status
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.consents import ConsentState
from kiosk.domain.people.students import Student

Period = tuple[date, date | None]
"""From a day (inclusive) until a day (exclusive); None: without an end."""

_BEST_FIRST: Final = (Status.PRESENT, Status.LATE, Status.EXCUSED, Status.ABSENT)
_YES: Final = frozenset({ConsentState.YES, ConsentState.RENEW})
_NO: Final = frozenset({ConsentState.NO, ConsentState.OBJECTED})


@dataclass(frozen=True, slots=True)
class BothMarked:
    """A class in which both have a record; `stays` is the status that the one record has then."""

    course: Course
    started_at: datetime
    kept: Status
    gone: Status

    @property
    def stays(self) -> Status:
        """What was seen counts more than what was not."""
        return better(self.kept, self.gone)


@dataclass(frozen=True, slots=True)
class Merge:
    """What merging two students moves, before or after it was done.

    Attributes:
        kept: Who stays, with number, name and PIN.
        gone: Whose records, courses, pictures, answers, phones and messages move.
        records: How many move, without those of classes in which both were marked.
        courses: Codes of the courses in which only `gone` was.
        takes_pin: Whether `kept` has no PIN and takes the one of `gone`.
        takes_email: Whether `kept` has no e-mail address and takes the one of `gone`.
        kept_inactive_from: The first day on which `kept` is in no roster; None: is active.
    """

    kept: Student
    gone: Student
    records: int
    both_marked: tuple[BothMarked, ...]
    courses: tuple[str, ...]
    pictures: int
    answers: int
    phones: int
    messages: int
    takes_pin: bool
    takes_email: bool
    kept_inactive_from: date | None


@dataclass(frozen=True, slots=True)
class DoneMerge:
    """A merge that can be taken back, also after a restart."""

    merge_id: int
    kept: Student
    gone: Student
    at: datetime
    by: str


def better(one: Status, other: Status) -> Status:
    """The status that stays of two in one class: present before late, excused and absent."""
    return min(one, other, key=_BEST_FIRST.index)


def contradict(one: ConsentState, other: ConsentState) -> bool:
    """Whether one says yes to face recognition and the other says no."""
    return (one in _YES and other in _NO) or (one in _NO and other in _YES)


def united(periods: Iterable[Period]) -> list[Period]:
    """The same days in as few periods as possible, in order."""
    found: list[Period] = []
    for since, until in sorted(periods, key=lambda one: (one[0], one[1] or date.max)):
        if found and (found[-1][1] is None or since <= found[-1][1]):
            first, last = found[-1]
            found[-1] = (first, None if last is None or until is None else max(last, until))
        else:
            found.append((since, until))
    return found
