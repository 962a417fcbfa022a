"""Finding students in a list by name or number. Plain values; any thread."""

from collections.abc import Sequence
from typing import Final

from kiosk.domain.people.students import fold
from kiosk.services.people.consents import StudentFaces
from kiosk.translation import ngettext

ROWS: Final = 200
"""How many a list shows at once; filling it with five thousand would take a second at each key."""


def found(students: Sequence[StudentFaces], text: str) -> list[StudentFaces]:
    """Those whose name and number have each word of `text` in them, without regard to case and accents."""
    wanted = fold(text).split()
    return [
        one
        for one in students
        if all(word in fold(f"{one.student.full_name} {one.student.student_no}") for word in wanted)
    ]


def left_out_words(number: int) -> str:
    """What stands where more were found than are shown; empty where none were."""
    more = max(0, number - ROWS)
    if not more:
        return ""
    return ngettext(
        "{more} more student was found; the search narrows it down.",
        "{more} more students were found; the search narrows it down.",
        more,
        more=more,
    )
