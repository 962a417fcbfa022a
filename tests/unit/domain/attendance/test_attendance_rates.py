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

P, L, E, A = Status.PRESENT, Status.LATE, Status.EXCUSED, Status.ABSENT


def test_a_share_is_rounded_down_so_that_just_below_never_looks_like_the_limit() -> None:
    count = AttendanceCount(present=74, absent=25)  # 74.7 %
    assert whole_percent(count) == 74
    assert is_below(count, 75)


def test_exactly_the_limit_is_not_below_it() -> None:
    assert not is_below(AttendanceCount(present=2, late=1, absent=1), 75)


def test_excused_classes_do_not_count() -> None:
    assert whole_percent(counted([P, E, E, E])) == 100
    assert whole_percent(counted([E, E])) is None


@pytest.mark.parametrize("count", [AttendanceCount(), AttendanceCount(excused=3)])
def test_nobody_is_below_while_nothing_counted(count: AttendanceCount) -> None:
    assert not is_below(count, 75)


def test_a_limit_of_nothing_marks_nobody() -> None:
    assert not is_below(AttendanceCount(absent=9), 0)


def test_counts_add_up() -> None:
    assert summed([counted([P, A]), counted([L, E, A])]) == AttendanceCount(1, 1, 1, 2)


def test_classes_missed_in_a_row_end_with_the_last_one_attended_and_pass_over_excused_ones() -> None:
    assert missed_in_a_row([A, E, A, L, A]) == 2
    assert missed_in_a_row([P, A]) == 0
    assert missed_in_a_row([]) == 0


@pytest.mark.parametrize(
    ("newest_first", "way"),
    [
        ([P, P, P, P, P, A, A, A], Trend.UP),
        ([A, A, A, A, A, P, P, P], Trend.DOWN),
        ([P, P, P, P, A, P, P, P, P, A], Trend.LEVEL),
        ([P, P, P, P, A, E, E, P, P, P, P, A], Trend.LEVEL),
        ([P, P, P, P, P], None),
        ([P, P, E, E, E, A], None),
    ],
)
def test_the_newest_classes_say_which_way_it_goes(newest_first: list[Status], way: Trend | None) -> None:
    assert trend(newest_first) is way


def test_classes_to_reach_are_as_many_as_it_takes() -> None:
    count = AttendanceCount(present=6, absent=4)
    need = classes_to_reach(count, 75)
    assert need == 6  # 12 of 16
    assert not is_below(count.plus(Status.PRESENT, need), 75)
    assert is_below(count.plus(Status.PRESENT, need - 1), 75)
    assert classes_to_reach(AttendanceCount(present=1), 75) == 0
    assert classes_to_reach(AttendanceCount(absent=1), 100) is None
