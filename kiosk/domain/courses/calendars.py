"""What a calendar says of a course's meetings, and how that differs from what is known. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.courses.meetings import DateOrigin, SingleDate

AHEAD: Final = timedelta(days=400)
"""How far into the future a calendar is read: a school year and the holidays before it."""

MOST: Final = 2000
"""Meetings of one course in that time; more is another kind of calendar."""

DOUBTED_FROM: Final = 3
"""A calendar that takes away this many meetings at least, and more than half of those that come, is asked about."""


@dataclass(frozen=True, slots=True)
class CalendarMeeting:
    """One meeting in a calendar; `uid` stays the same when it is moved."""

    uid: str
    begins_at: datetime
    minutes: int
    room: str = ""


@dataclass(frozen=True, slots=True)
class CalendarNotes:
    """How many entries of a calendar are no meetings, and why."""

    whole_day: int = 0
    cancelled: int = 0
    odd_length: int = 0
    too_often: int = 0
    unreadable: int = 0
    same_time: int = 0

    @property
    def any(self) -> bool:
        """Whether there is anything to say."""
        return self != CalendarNotes()


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """Meetings of a calendar from now on, by time."""

    meetings: tuple[CalendarMeeting, ...]
    notes: CalendarNotes = field(default_factory=CalendarNotes)


@dataclass(frozen=True, slots=True)
class CalendarChanges:
    """What taking a calendar would do to the meetings that come; what is over stays as it was.

    Attributes:
        changed: As it is known, and as the calendar says it now.
        same: How many stay.
    """

    new: tuple[CalendarMeeting, ...] = ()
    changed: tuple[tuple[SingleDate, CalendarMeeting], ...] = ()
    gone: tuple[SingleDate, ...] = ()
    same: int = 0

    @property
    def any(self) -> bool:
        """Whether something would change."""
        return bool(self.new or self.changed or self.gone)

    @property
    def is_doubtful(self) -> bool:
        """Whether so much would go that somebody should look first."""
        known = len(self.gone) + len(self.changed) + self.same
        return len(self.gone) >= DOUBTED_FROM and 2 * len(self.gone) > known


def compared(known: Iterable[SingleDate], reading: CalendarReading, now: datetime) -> CalendarChanges:
    """How a calendar differs from the dates that an earlier reading of it made; only what is not over counts."""
    ahead = {one.uid: one for one in known if _is_ahead(one, now)}
    new: list[CalendarMeeting] = []
    changed: list[tuple[SingleDate, CalendarMeeting]] = []
    same = 0
    for meeting in reading.meetings:
        before = ahead.pop(meeting.uid, None)
        if before is None:
            new.append(meeting)
        elif (before.begins_at, before.minutes, before.room) == (
            meeting.begins_at,
            meeting.minutes,
            meeting.room,
        ):
            same += 1
        else:
            changed.append((before, meeting))
    gone = sorted(ahead.values(), key=lambda one: one.begins_at)
    return CalendarChanges(tuple(new), tuple(changed), tuple(gone), same)


def _is_ahead(one: SingleDate, now: datetime) -> bool:
    return one.origin is DateOrigin.CALENDAR and one.meeting.ends_at > now
