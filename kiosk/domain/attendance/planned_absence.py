"""An absence that is known beforehand: the student is excused instead of absent, unless they come after all."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

MAX_DAYS: Final = 400
"""A longer one is a mistake in the year."""

MAX_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class PlannedAbsence:
    """One student on some days.

    Attributes:
        absence_id: Key in the store.
        first_day: In the school's zone, inclusive.
        last_day: Inclusive.
        made_at: Aware UTC.
        made_by: Who entered it.
    """

    absence_id: int
    student_id: int
    first_day: date
    last_day: date
    reason: str
    made_at: datetime
    made_by: str
