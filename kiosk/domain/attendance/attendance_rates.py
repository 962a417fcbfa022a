"""How regularly somebody comes: the share of classes, the school's limit, and which way it goes. Pure.

Every report, the workbook and the page of people count by this module, so that one student has one figure everywhere.
A class that was excused counts neither for nor against the student; one without a record counts as nothing.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceCount

LATELY: Final = 5
"""So many of the newest classes that count say which way a student's attendance goes."""

LEVEL_POINTS: Final = 10
"""A share that moved by less than so many points of a hundred stays level: of five classes, one is 20 points."""


class Trend(StrEnum):
    """Which way somebody's attendance goes."""

    UP = "up"
    LEVEL = "level"
    DOWN = "down"


def counted(statuses: Iterable[Status]) -> AttendanceCount:
    """How many there are of each status."""
    count = AttendanceCount()
    for status in statuses:
        count = count.plus(status)
    return count


def summed(counts: Iterable[AttendanceCount]) -> AttendanceCount:
    """Add counts up."""
    listed = list(counts)
    total = AttendanceCount()
    for status in Status:
        total = total.plus(status, sum(count.of(status) for count in listed))
    return total


def whole_percent(count: AttendanceCount) -> int | None:
    """Attended of expected classes in points of a hundred, rounded down, so that 74.9 is never shown as 75.

    None when nothing counted yet.
    """
    return count.attended * 100 // count.expected if count.expected else None


def is_below(count: AttendanceCount, limit_percent: int) -> bool:
    """Whether less was attended than the school wants; never while nothing counted, or where the limit is 0."""
    return count.expected > 0 and count.attended * 100 < limit_percent * count.expected


def missed_in_a_row(newest_first: Iterable[Status]) -> int:
    """How many of the newest classes were missed one after the other; excused ones are passed over."""
    missed = 0
    for status in newest_first:
        if status.attended:
            break
        missed += status.is_expected
    return missed


def trend(newest_first: Sequence[Status]) -> Trend | None:
    """Whether the `LATELY` newest classes that count were attended more or less than those before; None: too few."""
    counting = [status for status in newest_first if status.is_expected]
    lately, before = counted(counting[:LATELY]), counted(counting[LATELY:])
    if lately.expected < LATELY or not before.expected:
        return None
    # Both shares times both numbers of classes, so that no rounding decides.
    moved = (lately.attended * before.expected - before.attended * lately.expected) * 100
    least = LEVEL_POINTS * lately.expected * before.expected
    if abs(moved) < least:
        return Trend.LEVEL
    return Trend.UP if moved > 0 else Trend.DOWN


def classes_to_reach(count: AttendanceCount, limit_percent: int) -> int | None:
    """How many classes in a row must be attended from now on to reach the limit; None where that cannot be (100 %)."""
    if not is_below(count, limit_percent):
        return 0
    if limit_percent >= 100:
        return None
    lacking = limit_percent * count.expected - 100 * count.attended
    return -(-lacking // (100 - limit_percent))
