"""What is asked of a long list, whatever stands in it: what is searched for, which filters, in which order. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """Which rows of a list are wanted, and in which order.

    Attributes:
        search: What was typed, as it was typed; empty for everything. Compare by `kiosk.domain.people.students.fold`.
        filters: Names of the filters that are on; a row has to pass all of them.
        sort: Name of the column that orders the rows; empty for the list's own order.
        descending: Whether the largest comes first.
    """

    search: str = ""
    filters: frozenset[str] = frozenset()
    sort: str = ""
    descending: bool = False
