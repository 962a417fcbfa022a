"""What became of a student's "this record is wrong". Pure; any thread."""

from typing import assert_never

from kiosk.domain.records.objections import ObjectionOutcome
from kiosk.translation import _


def objection_words(outcome: ObjectionOutcome, *, who: str, day: str) -> str:
    """What the teacher did, and when."""
    match outcome:
        case ObjectionOutcome.CHANGED:
            return _("{who} changed the record on {day}", who=who, day=day)
        case ObjectionOutcome.KEPT:
            return _("{who} kept the record on {day}", who=who, day=day)
        case _:
            assert_never(outcome)
