"""What the system that made a class list knows students by: an id beside the number, which stays when number and name change.

OneRoster's ``sourcedId``, Canvas's ``ID``, PowerSchool's ``DCID``, or a column that says *external id*. Pure.
"""

from typing import Final

from kiosk.reports.courses.columns import Columns, counts_lines
from kiosk.reports.courses.headings import key_of

_HEADINGS: Final = tuple(
    key_of(one)
    for one in (
        "sourcedId",
        "dcid",
        "external id",
        "unique id",
        "internal id",
        "user id",
        "canvas user id",
        "id",
    )
)
"""Best first. A general *id* is one where another column has the numbers."""

MOST: Final = 255
"""Letters of an id; OneRoster allows so many."""


def system_id_column(columns: Columns) -> int | None:
    """The place of the column with these ids; None where there is none, or it only counts lines or repeats itself."""
    taken = {columns.number, columns.email, columns.guardian, *columns.names}
    keys = [key_of(heading) for heading in columns.headings]
    for heading in _HEADINGS:
        if heading not in keys or (place := keys.index(heading)) in taken:
            continue
        texts = [text for row in columns.data if (text := row.cell(place).text.strip())]
        if texts and len(set(texts)) == len(texts) and not counts_lines(texts):
            return place
    return None


def system_id(text: str) -> str:
    """The id in a cell; empty where it is none that can be kept."""
    text = text.strip()
    return text if len(text) <= MOST and text.isprintable() else ""
