"""What is kept for a time only, and what its time is counted from: enrolled faces with their last class, traces of phones."""

from dataclasses import dataclass
from datetime import date, datetime

from kiosk.domain.people.students import Student


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
class PhoneTraces:
    """How many check-ins by phone, and notes about classes (incidents)."""

    device_uses: int = 0
    incidents: int = 0

    def __bool__(self) -> bool:
        return bool(self.device_uses or self.incidents)
