"""Calendars that timetables come in: the ports to the format and to the network."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.domain.courses.calendars import CalendarReading


class CalendarReader(Protocol):
    """Reads a calendar (ICS)."""

    def __call__(
        self, content: bytes, *, since: datetime, until: datetime, zone: ZoneInfo
    ) -> CalendarReading:
        """Meetings that are not over at `since` and begin before `until`; times without a zone are meant in `zone`.

        Raises:
            FileFormatError: It is no calendar, or holds more than one course's meetings can be.
        """


class CalendarFetcher(Protocol):
    """Gets a calendar from an address."""

    def __call__(self, address: str) -> bytes:
        """Its content. Raises SourceError: not reachable, refused, or too large, in words."""
