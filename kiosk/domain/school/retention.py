"""How long faces are kept after they were needed last. Pure.

A face is needed while its student is in a course that is taught. Nobody has to say that a course is over: a course
that is taught has classes, so the time counts from the last one.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Belonging:
    """One registration, with the day of the newest class of its course.

    Attributes:
        since: First day in the course.
        until: First day outside of it; None: nobody said so.
        last_class: In the school's zone; None: there was none yet.
    """

    since: date
    until: date | None
    last_class: date | None

    def last_day(self, today: date) -> date:
        """The day on which this registration was needed last, as far as is known on `today`."""
        if self.until is not None and self.until <= today:
            return self.until
        return max(self.since, self.last_class or self.since)


def last_needed(belongings: Iterable[Belonging], *, enrolled_on: date, today: date) -> date:
    """The day on which a face was needed last; `enrolled_on` is the day of its newest picture."""
    return max([enrolled_on, *(one.last_day(today) for one in belongings)])


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Watch:
    """What earlier rounds left behind: the day of the last one, and until which day nothing is deleted."""

    last_round: date | None
    held_until: date | None


def next_watch(before: Watch, today: date, *, gap_days: int = 40, hold_days: int = 7) -> Watch:
    """Hold deletion for a week at the first round ever, and after a leap of the PC's clock.

    A PC whose clock leaps a year ahead would otherwise take every face for forgotten, and what is deleted does not
    come back. A long break looks the same and costs a week.
    """
    leapt = before.last_round is None or not 0 <= (today - before.last_round).days <= gap_days
    if leapt:
        return Watch(today, date.fromordinal(today.toordinal() + hold_days))
    return Watch(today, before.held_until)
