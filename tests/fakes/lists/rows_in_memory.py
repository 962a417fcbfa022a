"""A list whose rows are numbers with words beside them."""

from collections.abc import Sequence

from kiosk.domain.listing import ListQuestion
from kiosk.errors import KioskError
from kiosk.gui.theme import Tone
from kiosk.gui.widgets.lists.rows import Cell, ListRow


class RowsInMemory:
    """Implements `ListSource`: row n says ``n`` and ``row n``; the filter *even* leaves the even ones."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.asked: list[tuple[ListQuestion, int, int]] = []
        self.fails: KioskError | None = None

    def count(self, asked: ListQuestion) -> int:
        return len(self._found(asked))

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        if self.fails is not None:
            raise self.fails
        self.asked.append((asked, first, most))
        return [
            ListRow(place, (Cell(str(place), Tone.MUTED), Cell(f"row {place}", tip="a <b>tip</b>")))
            for place in self._found(asked)[first : first + most]
        ]

    def _found(self, asked: ListQuestion) -> Sequence[int]:
        found = [
            place
            for place in range(self.number)
            if asked.search in f"row {place}" and not ("even" in asked.filters and place % 2)
        ]
        return found[::-1] if asked.sort == "number" and asked.descending else found
