from datetime import date, timedelta

from kiosk.domain.school.retention import Belonging, Watch, last_needed, months_after, next_watch

TODAY = date(2026, 11, 23)
LONG_AGO = date(2025, 9, 1)


def test_a_face_is_needed_until_the_last_class_of_its_courses() -> None:
    taught = Belonging(LONG_AGO, None, date(2026, 7, 3))
    older = Belonging(LONG_AGO, None, date(2026, 2, 1))
    assert last_needed([older, taught], enrolled_on=LONG_AGO, today=TODAY) == date(2026, 7, 3)


def test_classes_after_somebody_left_do_not_count() -> None:
    left = Belonging(LONG_AGO, date(2026, 3, 1), TODAY)
    leaves_later = Belonging(LONG_AGO, TODAY + timedelta(days=9), date(2026, 7, 3))
    assert last_needed([left], enrolled_on=LONG_AGO, today=TODAY) == date(2026, 3, 1)
    assert last_needed([leaves_later], enrolled_on=LONG_AGO, today=TODAY) == date(2026, 7, 3)


def test_a_new_registration_or_a_new_picture_counts_before_the_first_class() -> None:
    new = Belonging(date(2026, 11, 1), None, None)
    old_class = Belonging(date(2026, 11, 1), None, date(2026, 1, 1))
    assert last_needed([new], enrolled_on=LONG_AGO, today=TODAY) == date(2026, 11, 1)
    assert last_needed([old_class], enrolled_on=LONG_AGO, today=TODAY) == date(2026, 11, 1)
    assert last_needed([], enrolled_on=date(2026, 10, 5), today=TODAY) == date(2026, 10, 5)


def test_months_end_where_the_month_ends() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert months_after(date(2026, 1, 31), 60) == date(2031, 1, 31)


def test_the_first_round_and_a_leap_of_the_clock_hold_deletion_for_a_week() -> None:
    first = next_watch(Watch(None, None), TODAY)
    assert first == Watch(TODAY, TODAY + timedelta(days=7))
    day = TODAY + timedelta(days=1)
    assert next_watch(first, day) == Watch(day, first.held_until)
    ahead = date(2036, 1, 1)
    leapt = next_watch(Watch(day, None), ahead)
    assert leapt == Watch(ahead, date(2036, 1, 8))
    back = next_watch(leapt, day)
    assert back == Watch(day, day + timedelta(days=7))
    assert next_watch(Watch(TODAY, None), TODAY + timedelta(days=40)).held_until is None
