"""What became of a student's "this record is wrong". Pure; any thread."""

from typing import assert_never

from kiosk.domain.records.objections import ObjectionOutcome
from kiosk.translation import _


def objection_words(outcome: ObjectionOutcome) -> str:
    """What the teacher did, after the teacher's name."""
    match outcome:
        case ObjectionOutcome.CHANGED:
            return _("changed the record")
        case ObjectionOutcome.KEPT:
            return _("kept the record")
        case _:
            assert_never(outcome)
