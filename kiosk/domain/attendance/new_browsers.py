"""Browsers that nobody ever used, at one address: phones of a class, or one phone whose cookies are deleted? Pure.

Their kind says little, for a browser says what it is told to. Two things tell more. One phone marks one student after the other:
the next scan comes after the last confirmation, and soon. And where each phone has an address of its own, many new browsers
at one address are odd; where a translator or proxy gives a class one address, they are what every first class looks like.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from kiosk.domain.attendance.incidents import DeviceUse

LEAST_MIXED: Final = 5
"""So many new browsers, each for another student, are told where phones have addresses of their own."""

LEAST_ROW: Final = 7
"""So many, each right after the other, are told anywhere.

In 3,000 drawn first classes behind one translator (25 new phones within 10 minutes, 15 s each from scan to confirmation) such a row
came about in 8 of 1,000; of five it came about in 140.
"""

NEXT_WITHIN: Final = timedelta(seconds=20)
"""Somebody who marks one after the other scans again so soon after the last confirmation."""

LEAST_SHARING: Final = 3
"""An address from which so many students came back in one class, each with the own browser, is one that phones share."""

LEAST_ADDRESSES: Final = 5
"""So many other addresses must be known before it is said that phones here have their own."""


def are_one_after_the_other(uses: Sequence[DeviceUse]) -> bool:
    """Whether the newest of these ends a row that one phone could have made, without a pause.

    Args:
        uses: Of new browsers at one address, oldest first. Passes have no scan, so they end a row.
    """
    row = 1
    for earlier, later in zip(reversed(uses[:-1]), reversed(uses), strict=False):
        scanned_at = later.scanned_at
        if scanned_at is None or not earlier.at <= scanned_at <= earlier.at + NEXT_WITHIN:
            break
        row += 1
    return row >= LEAST_ROW and len({use.student_id for use in uses[-row:]}) >= LEAST_ROW


def are_many(uses: Sequence[DeviceUse]) -> bool:
    """Whether new browsers at one address marked many students."""
    return len({use.student_id for use in uses}) >= LEAST_MIXED


def have_own_addresses(addresses: int, browsers: int) -> bool:
    """Whether phones have addresses of their own here, by how many of both are known: then two browsers rarely share one."""
    return addresses >= LEAST_ADDRESSES and 2 * addresses >= browsers
