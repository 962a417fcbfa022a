"""When courses meet: weekly slots, single dates, and what both come to on a day. All moments are aware."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.courses.terms import Holiday, Term
from kiosk.errors import ConflictError
from kiosk.translation import _

MINUTES: Final = range(5, 24 * 60)
"""How long a meeting may be."""

LOOK_AHEAD: Final = 400
"""Days in which the next meeting of a course is looked for: a term that begins after the long holidays is found."""

_DAY: Final = timedelta(days=1)


class DateOrigin(StrEnum):
    """Where a single date comes from."""

    HAND = "hand"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class WeeklySlot:
    """A course meets on this weekday (0 is Monday) at this time of the school's clock, each week of its term."""

    slot_id: int
    course_id: int
    weekday: int
    begins: time
    minutes: int
    room: str = ""

    def on(self, day: date, zone: ZoneInfo) -> "Meeting":
        """The meeting of one day. An hour that the clock leaps over begins when the leap is done."""
        begins = datetime.combine(day, self.begins, tzinfo=zone).astimezone(UTC)
        return Meeting(self.course_id, begins, begins + timedelta(minutes=self.minutes), self.room)

    def overlaps(self, other: "WeeklySlot") -> bool:
        """Whether both are on one weekday and at one time; one that follows at once does not."""
        if self.weekday != other.weekday:
            return False
        mine, theirs = _minute(self.begins), _minute(other.begins)
        return mine < theirs + other.minutes and theirs < mine + self.minutes

    def checked(self) -> "WeeklySlot":
        """Itself. Raises ConflictError: there is no such weekday, or it is too long or too short."""
        if self.weekday not in range(7):
            raise ConflictError(_("There is no such weekday."), _("Choose Monday to Sunday."))
        _check_length(self.minutes)
        if _minute(self.begins) + self.minutes > 24 * 60:
            raise ConflictError(
                _("This meeting would go on after midnight."), _("Make two of it, one for each day.")
            )
        return self


@dataclass(frozen=True, slots=True)
class SingleDate:
    """A course meets at this moment, or does not although a weekly slot says so (`called_off`).

    Attributes:
        uid: What the calendar calls it, where it came from one.
    """

    date_id: int
    course_id: int
    begins_at: datetime
    minutes: int
    room: str = ""
    origin: DateOrigin = DateOrigin.HAND
    uid: str = ""
    called_off: bool = False

    @property
    def meeting(self) -> "Meeting":
        ends = self.begins_at + timedelta(minutes=self.minutes)
        return Meeting(self.course_id, self.begins_at, ends, self.room)

    def checked(self) -> "SingleDate":
        """Itself. Raises ConflictError: it is too long or too short."""
        _check_length(self.minutes)
        return self


@dataclass(frozen=True, slots=True, order=True)
class Meeting:
    """One course from one moment to another."""

    course_id: int
    begins_at: datetime
    ends_at: datetime
    room: str = ""

    def overlaps(self, other: "Meeting") -> bool:
        """Whether both are at one time; one that follows at once does not."""
        return self.begins_at < other.ends_at and other.begins_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Timetable:
    """What says when some courses meet.

    Attributes:
        terms: Of courses that belong to one, by course id.
    """

    zone: ZoneInfo
    slots: Sequence[WeeklySlot] = ()
    dates: Sequence[SingleDate] = ()
    terms: Mapping[int, Term] = field(default_factory=dict)
    holidays: Sequence[Holiday] = ()

    def holiday_on(self, day: date) -> Holiday | None:
        """The school's holiday of a day, if there is one."""
        return next((one for one in self.holidays if one.span.covers(day)), None)

    def on(self, day: date) -> list[Meeting]:
        """Meetings of a day, by time and course: none on a holiday, weekly ones only in the course's term.

        A single date stands instead of whatever the week says for the same moment.
        """
        if self.holiday_on(day) is not None:
            return []
        single = [one for one in self.dates if one.begins_at.astimezone(self.zone).date() == day]
        stated = {(one.course_id, one.begins_at) for one in single}
        weekly = [one.on(day, self.zone) for one in self.slots if self._is_held(one, day)]
        meetings = [one for one in weekly if (one.course_id, one.begins_at) not in stated]
        off = {(one.course_id, one.begins_at) for one in single if one.called_off}
        meetings += [one.meeting for one in single if (one.course_id, one.begins_at) not in off]
        return sorted(set(meetings), key=lambda one: (one.begins_at, one.course_id, one.ends_at))

    def between(self, first: date, last: date) -> Iterator[Meeting]:
        """Meetings of these days, the last one included."""
        weekly: defaultdict[int, list[WeeklySlot]] = defaultdict(list)
        for slot in self.slots:
            weekly[slot.weekday].append(slot)
        single: defaultdict[date, list[SingleDate]] = defaultdict(list)
        for one in self.dates:
            single[one.begins_at.astimezone(self.zone).date()].append(one)
        for number in range((last - first).days + 1):
            day = first + number * _DAY
            yield from replace(self, slots=weekly[day.weekday()], dates=single[day]).on(day)

    def next_of_each(self, now: datetime) -> dict[int, Meeting]:
        """The meeting of each course that is on or comes next, by course id; courses without one are missing.

        One that began yesterday may still be on.
        """
        ahead = [one for one in self.dates if one.meeting.ends_at > now]
        waiting = {one.course_id for one in self.slots} | {one.course_id for one in ahead}
        today = now.astimezone(self.zone).date()
        found: dict[int, Meeting] = {}
        if not waiting:
            return found
        for meeting in self.between(today - _DAY, today + LOOK_AHEAD * _DAY):
            if meeting.ends_at > now and meeting.course_id not in found:
                found[meeting.course_id] = meeting
                if len(found) == len(waiting):
                    break
        return found

    def _is_held(self, slot: WeeklySlot, day: date) -> bool:
        term = self.terms.get(slot.course_id)
        return slot.weekday == day.weekday() and (term is None or term.span.covers(day))


def overlapping(meetings: Iterable[Meeting], with_one: Meeting) -> list[Meeting]:
    """Those that are at the same time as one."""
    return [one for one in meetings if one.overlaps(with_one)]


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _check_length(minutes: int) -> None:
    if minutes not in MINUTES:
        raise ConflictError(
            _("A meeting is {least} minutes long at least, and shorter than a day.", least=MINUTES.start),
            _("Type how many minutes it takes."),
        )
