"""Which course is likely now, learned from when its sessions began."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

NEAR: Final = timedelta(minutes=45)
"""A lecture is held at the same hour each week; teachers start it within this of that hour."""


def likely_course(now: datetime, starts: Iterable[tuple[int, datetime]]) -> int | None:
    """The course most often begun on this weekday around this time, else the one begun last.

    Args:
        now: Local time, aware.
        starts: (course id, local aware start) of past sessions, in any order.

    Returns:
        A course id, or None when nothing was ever begun.
    """
    past = sorted(starts, key=lambda start: start[1], reverse=True)
    if not past:
        return None
    here = Counter(course for course, began in past if _same_slot(now, began))
    if here:
        most = max(here.values())
        return next(course for course, _ in past if here[course] == most)
    return past[0][0]


def _same_slot(now: datetime, began: datetime) -> bool:
    if now.weekday() != began.weekday():
        return False
    minutes = abs((now.hour * 60 + now.minute) - (began.hour * 60 + began.minute))
    return timedelta(minutes=minutes) <= NEAR
