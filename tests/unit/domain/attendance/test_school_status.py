from dataclasses import replace

import pytest

from kiosk.domain.attendance.attendance_rates import (
    Trend,
    classes_to_reach,
    counted,
    is_below,
    missed_in_a_row,
    summed,
    trend,
    whole_percent,
)
from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.attendance.school_status import SchoolStatus, StatusColour, are_same, own_statuses
from kiosk.errors import ConflictError

P, L, E, A = Status.PRESENT, Status.LATE, Status.EXCUSED, Status.ABSENT
TRIP = SchoolStatus(1, "school trip", "T", StatusColour.BLUE, E, 100)
HALF = SchoolStatus(2, "half a day", "½d", StatusColour.AMBER, P, 50)
HOME = SchoolStatus(3, "works at home", "H", StatusColour.GREY, A, 75)
APART = SchoolStatus(4, "fire drill", "F", StatusColour.GREY, P, None)


def test_heads_are_counted_by_the_four_and_shares_by_what_the_school_says() -> None:
    count = counted([P, TRIP, HALF, HOME, APART])
    assert (count.present, count.excused, count.absent) == (3, 1, 1)
    assert (count.attended, count.expected, count.total) == (3, 4, 5)
    assert (count.hundredths, count.counting) == (100 + 100 + 50 + 75, 4)
    assert whole_percent(count) == 81
    assert count.ratio == pytest.approx(3.25 / 4)


def test_a_refined_count_is_the_same_as_one_counted_mark_by_mark() -> None:
    by_base = counted([E, P, P, A])
    refined = by_base.refined(TRIP).refined(HALF, 2).refined(HOME)
    assert refined == counted([TRIP, HALF, HALF, HOME])
    assert summed([counted([TRIP]), counted([HALF, HALF, HOME])]) == refined


def test_a_status_that_does_not_count_is_neither_for_nor_against() -> None:
    assert whole_percent(counted([APART])) is None
    assert whole_percent(counted([APART, P, A])) == 50
    assert not is_below(counted([APART]), 75)


def test_the_limit_goes_by_what_counts() -> None:
    assert is_below(counted([HALF, HALF, P]), 75)
    assert not is_below(counted([HALF, P]), 75)
    assert classes_to_reach(counted([HALF, HALF]), 75) == 2


def test_whom_the_school_counts_in_part_has_not_missed_the_class() -> None:
    assert missed_in_a_row([A, TRIP, A]) == 1
    assert missed_in_a_row([A, HOME, A]) == 1
    nothing = replace(HOME, percent=0)
    assert missed_in_a_row([A, nothing, APART, A]) == 2
    assert missed_in_a_row([A, nothing, replace(APART, base=E), A]) == 3


def test_the_trend_sees_what_counts() -> None:
    assert trend([HALF] * 5 + [P] * 5) is Trend.DOWN
    assert trend([TRIP] * 5 + [A] * 5) is Trend.UP


@pytest.mark.parametrize("letter", ["T", "Ex", "出", "कि", "ﷲ", "٣", "É"])
def test_a_letter_is_one_or_two_of_any_script(letter: str) -> None:
    assert replace(TRIP, letter=f" {letter} ").checked().letter


@pytest.mark.parametrize("letter", ["", "  ", "Abc", "T!", "=1", "-", "T T", "\u0301", "T" + "\u0301" * 30])
def test_what_is_no_letter_is_refused(letter: str) -> None:
    with pytest.raises(ConflictError, match="one or two letters"):
        replace(TRIP, letter=letter).checked()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(TRIP, name="  "), "needs a name"),
        (replace(TRIP, name="x" * 33), "too long"),
        (replace(TRIP, percent=101), "0 to 100"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong: SchoolStatus, said: str) -> None:
    with pytest.raises(ConflictError, match=said):
        wrong.checked()


def test_a_changed_status_is_still_the_same_one() -> None:
    assert are_same(TRIP, replace(TRIP, name="excursion", version=2))
    assert not are_same(TRIP, E)
    assert not are_same(E, TRIP)
    assert are_same(E, E)
    assert not are_same(E, A)


def test_a_legend_names_each_once() -> None:
    assert own_statuses([P, None, HOME, TRIP, HOME, HALF]) == [HALF, TRIP, HOME]


def test_a_count_without_such_statuses_is_what_it_was() -> None:
    count = AttendanceCount(present=3, late=1, excused=2, absent=1)
    assert (count.hundredths, count.counting) == (count.attended * 100, count.expected)
