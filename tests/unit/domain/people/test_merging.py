from datetime import date

import pytest

from kiosk.domain.attendance.choices import Status
from kiosk.domain.people.consents import ConsentState
from kiosk.domain.people.merging import Period, better, contradict, united

A, B, C, D = (date(2026, 9, day) for day in (1, 8, 15, 22))


@pytest.mark.parametrize(
    ("periods", "after"),
    [
        ([], []),
        ([(A, B)], [(A, B)]),
        ([(A, C), (B, D)], [(A, D)]),
        ([(A, B), (B, C)], [(A, C)]),
        ([(C, D), (A, B)], [(A, B), (C, D)]),
        ([(A, None), (B, C)], [(A, None)]),
        ([(B, C), (A, None)], [(A, None)]),
        ([(A, B), (C, None)], [(A, B), (C, None)]),
    ],
)
def test_days_of_two_are_united(periods: list[Period], after: list[Period]) -> None:
    assert united(periods) == after


def test_what_was_seen_counts_more_than_what_was_not() -> None:
    assert better(Status.ABSENT, Status.LATE) is Status.LATE
    assert better(Status.PRESENT, Status.LATE) is Status.PRESENT
    assert better(Status.EXCUSED, Status.ABSENT) is Status.EXCUSED


def test_a_yes_and_a_no_contradict_each_other_and_no_answer_contradicts_nothing() -> None:
    assert contradict(ConsentState.YES, ConsentState.NO)
    assert contradict(ConsentState.OBJECTED, ConsentState.RENEW)
    assert not contradict(ConsentState.YES, ConsentState.UNANSWERED)
    assert not contradict(ConsentState.NO, ConsentState.NO)
