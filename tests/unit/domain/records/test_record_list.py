from datetime import date

import pytest

from kiosk.domain.records.record_list import Outline, Part, RecordQuestion, Stretch
from kiosk.errors import ConflictError

LIST = Outline(RecordQuestion(), (Stretch(7, 3), Stretch(5, 1), Stretch(9, 4)))


def test_a_page_says_which_stretches_it_covers() -> None:
    assert LIST.total == 8
    assert list(LIST.parts(2, 3)) == [
        Part(Stretch(7, 3), 2, 1),
        Part(Stretch(5, 1), 0, 1),
        Part(Stretch(9, 4), 0, 1),
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 8, 100])
def test_pages_of_any_size_meet_without_gap_or_overlap(size: int) -> None:
    lines = [
        (part.stretch.of, part.skipped + number)
        for first in range(0, LIST.total, size)
        for part in LIST.parts(first, size)
        for number in range(part.taken)
    ]
    assert lines == [(one.of, number) for one in LIST.stretches for number in range(one.length)]


@pytest.mark.parametrize(("first", "most"), [(8, 5), (100, 5), (0, 0), (3, -1)])
def test_there_is_nothing_beyond_the_end(first: int, most: int) -> None:
    assert list(LIST.parts(first, most)) == []


def test_an_empty_list_has_no_pages() -> None:
    empty = Outline(RecordQuestion(), ())
    assert (empty.total, list(empty.parts(0, 10))) == (0, [])


def test_days_that_end_before_they_begin_are_refused_in_words() -> None:
    with pytest.raises(ConflictError, match="last day is before the first"):
        RecordQuestion(first=date(2026, 3, 2), last=date(2026, 3, 1)).require_days_in_order()
    RecordQuestion(first=date(2026, 3, 2), last=date(2026, 3, 2)).require_days_in_order()
    RecordQuestion(last=date(2026, 3, 1)).require_days_in_order()
