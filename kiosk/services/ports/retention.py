"""What the store knows about how long something was of use, and how it forgets. Part of a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from kiosk.domain.people import Student


@dataclass(frozen=True, slots=True)
class EnrolledCourse:
    """A registration of a student who has pictures, and when the newest class of that course began."""

    since: date
    until: date | None
    last_class_at: datetime | None


@dataclass(frozen=True, slots=True)
class EnrolledFace:
    """A student who has pictures: how many, and of when the newest is (aware UTC)."""

    student: Student
    samples: int
    newest_at: datetime
    courses: tuple[EnrolledCourse, ...]


@dataclass(frozen=True, slots=True)
class Traces:
    """How many check-ins by phone and incidents."""

    device_uses: int = 0
    incidents: int = 0

    def __bool__(self) -> bool:
        return bool(self.device_uses or self.incidents)


class RetentionStore(Protocol):
    """Old faces and traces."""

    def enrolled(self, student_id: int | None = None) -> Sequence[EnrolledFace]:
        """Everybody who has pictures, or one of them, by student number; no picture is opened."""
        ...

    def traces(self, before: datetime) -> Traces:
        """How many are older than a moment."""
        ...

    def forget_traces(self, before: datetime, *, limit: int) -> Traces:
        """Delete the oldest `limit` device uses and all incidents from before a moment.

        Browser, address and kind of browser go out of the evidence of the records, too, and out of their history.
        """
        ...
