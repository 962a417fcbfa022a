from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.courses.timetable import NEAR, likely_course

ZONE = ZoneInfo("Europe/Berlin")
MONDAY_NINE = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
WEEK = timedelta(days=7)
starts = st.lists(
    st.tuples(
        st.integers(1, 4), st.integers(1, 12 * 7 * 24).map(lambda hours: MONDAY_NINE - timedelta(hours=hours))
    )
)


def test_with_no_past_no_course_is_likely() -> None:
    assert likely_course(MONDAY_NINE, []) is None


def test_the_course_of_this_weekday_and_hour_is_likely() -> None:
    past = [
        (1, MONDAY_NINE - WEEK),
        (2, MONDAY_NINE - timedelta(days=1)),
        (3, MONDAY_NINE - WEEK + timedelta(hours=3)),
    ]

    assert likely_course(MONDAY_NINE, past) == 1


def test_the_course_held_most_often_in_this_slot_wins() -> None:
    past = [(1, MONDAY_NINE - WEEK), (2, MONDAY_NINE - 2 * WEEK), (2, MONDAY_NINE - 3 * WEEK)]

    assert likely_course(MONDAY_NINE, past) == 2


def test_of_courses_held_equally_often_the_latest_wins() -> None:
    past = [(1, MONDAY_NINE - 2 * WEEK), (2, MONDAY_NINE - WEEK)]

    assert likely_course(MONDAY_NINE, past) == 2


def test_a_start_within_the_tolerance_counts_and_beyond_it_does_not() -> None:
    last = (9, MONDAY_NINE - timedelta(hours=1))

    assert likely_course(MONDAY_NINE, [last, (1, MONDAY_NINE - WEEK + NEAR)]) == 1
    assert likely_course(MONDAY_NINE, [last, (1, MONDAY_NINE - WEEK - NEAR)]) == 1
    beyond = MONDAY_NINE - WEEK + NEAR + timedelta(minutes=1)
    assert likely_course(MONDAY_NINE, [last, (1, beyond)]) == 9


def test_in_a_slot_never_used_the_course_begun_last_is_likely() -> None:
    past = [(1, MONDAY_NINE - timedelta(days=4)), (2, MONDAY_NINE - timedelta(days=3))]

    assert likely_course(MONDAY_NINE, past) == 2


def test_the_change_of_the_clocks_moves_no_lesson() -> None:
    in_summer = datetime(2026, 10, 19, 9, 0, tzinfo=ZONE)
    in_winter = datetime(2026, 10, 26, 9, 0, tzinfo=ZONE)

    assert likely_course(in_winter, [(1, in_summer), (2, in_winter - timedelta(days=2))]) == 1


@given(starts)
def test_the_likely_course_was_begun_before(past: list[tuple[int, datetime]]) -> None:
    likely = likely_course(MONDAY_NINE, past)

    assert likely in {course for course, _ in past} or (likely is None and not past)


@given(starts)
def test_the_order_of_the_past_does_not_matter(past: list[tuple[int, datetime]]) -> None:
    distinct = list({when: (course, when) for course, when in past}.values())

    assert likely_course(MONDAY_NINE, distinct) == likely_course(MONDAY_NINE, reversed(distinct))
