"""How regularly somebody comes: the share of classes, the school's limit, and which way it goes. Pure.

Every report, the workbook and the page of people count by this module, so that one student has one figure everywhere.
A class that was excused counts neither for nor against the student; one without a record counts as nothing. A status of the
school's own counts as much as the school says.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.attendance.school_status import AnyStatus, percent_of

LATELY: Final = 5
"""So many of the newest classes that count say which way a student's attendance goes."""

LEVEL_POINTS: Final = 10
"""A share that moved by less than so many points of a hundred stays level: of five classes, one is 20 points."""


class Trend(StrEnum):
    """Which way somebody's attendance goes."""

    UP = "up"
    LEVEL = "level"
    DOWN = "down"


def counted(statuses: Iterable[AnyStatus]) -> AttendanceCount:
    """How many there are of each status."""
    count = AttendanceCount()
    for status in statuses:
        count = count.plus(status)
    return count


def summed(counts: Iterable[AttendanceCount]) -> AttendanceCount:
    """Add counts up."""
    total = AttendanceCount()
    for count in counts:
        total = total.together(count)
    return total


def whole_percent(count: AttendanceCount) -> int | None:
    """Attended of expected classes in points of a hundred, rounded down, so that 74.9 is never shown as 75.

    None when nothing counted yet.
    """
    return count.hundredths // count.counting if count.counting else None


def is_below(count: AttendanceCount, limit_percent: int) -> bool:
    """Whether less was attended than the school wants; never while nothing counted, or where the limit is 0."""
    return count.counting > 0 and count.hundredths < limit_percent * count.counting


def missed_in_a_row(newest_first: Iterable[AnyStatus]) -> int:
    """How many of the newest classes were missed one after the other; excused ones are passed over.

    Who was not in the room and whom the school counts all the same, in part or whole, has not missed it.
    """
    missed = 0
    for status in newest_first:
        if status.attended or percent_of(status):
            break
        missed += status.is_expected
    return missed


def trend(newest_first: Sequence[AnyStatus]) -> Trend | None:
    """Whether the `LATELY` newest classes that count were attended more or less than those before; None: too few."""
    counting = [status for status in newest_first if status.is_expected]
    lately, before = counted(counting[:LATELY]), counted(counting[LATELY:])
    if lately.counting < LATELY or not before.counting:
        return None
    # Both shares times both numbers of classes, so that no rounding decides.
    moved = lately.hundredths * before.counting - before.hundredths * lately.counting
    least = LEVEL_POINTS * lately.counting * before.counting
    if abs(moved) < least:
        return Trend.LEVEL
    return Trend.UP if moved > 0 else Trend.DOWN


def classes_to_reach(count: AttendanceCount, limit_percent: int) -> int | None:
    """How many classes in a row must be attended from now on to reach the limit; None where that cannot be (100 %)."""
    if not is_below(count, limit_percent):
        return 0
    if limit_percent >= 100:
        return None
    lacking = limit_percent * count.counting - count.hundredths
    return -(-lacking // (100 - limit_percent))
