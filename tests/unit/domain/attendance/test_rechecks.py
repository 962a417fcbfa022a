from datetime import timedelta

import pytest

from kiosk.domain.attendance.choices import ProofPolicy, Status
from kiosk.domain.attendance.rechecks import (
    LAST_ANSWERS,
    UNWATCHED,
    Disturbance,
    Recheck,
    RecheckMeaning,
    can_show_up,
    draw_moment,
    fairly,
)
from tests.fakes.clock import START

WINDOW = timedelta(minutes=5)
OPEN = Recheck(1, 7, None, START, START + WINDOW, None, RecheckMeaning.LATE, "Tom")
SECOND = timedelta(seconds=1)


def test_a_window_takes_what_was_seen_in_it_and_is_judged_a_little_later() -> None:
    moments = [START - SECOND, START, START + WINDOW, START + WINDOW + SECOND]
    assert [OPEN.takes(one) for one in moments] == [False, True, True, False]
    assert not OPEN.is_over(START + WINDOW + LAST_ANSWERS - SECOND)
    assert OPEN.is_over(START + WINDOW + LAST_ANSWERS)


def test_a_window_that_was_stopped_or_not_watched_judges_nobody() -> None:
    end = START + WINDOW
    assert OPEN.disturbed_by_end(end - SECOND) is Disturbance.CUT_SHORT
    assert OPEN.disturbed_by_end(end + LAST_ANSWERS) is None
    assert OPEN.disturbed_by_end(end + UNWATCHED + SECOND) is Disturbance.RESTARTED


@pytest.mark.parametrize(
    ("meaning", "after"),
    [
        (RecheckMeaning.NOTED, ["present", "late", "excused", "absent"]),
        (RecheckMeaning.LATE, ["late", "late", "excused", "absent"]),
        (RecheckMeaning.ABSENT, ["absent", "absent", "excused", "absent"]),
    ],
)
def test_nobody_counts_for_more_than_before_and_who_is_excused_stays_so(
    meaning: RecheckMeaning, after: list[str]
) -> None:
    assert [meaning.status_after(status).value for status in Status] == after


@pytest.mark.parametrize(
    ("policy", "works"),
    [
        (ProofPolicy.EITHER, [True, True, False]),
        (ProofPolicy.FACE, [True, False, False]),
        (ProofPolicy.PHONE, [False, True, False]),
        (ProofPolicy.BOTH, [False, False, False]),
        (ProofPolicy.SPOT_CHECK, [False, True, False]),
    ],
)
def test_a_class_needs_the_ways_that_its_policy_goes_by(policy: ProofPolicy, works: list[bool]) -> None:
    ways = [(True, False), (False, True), (False, False)]
    assert [can_show_up(policy, sees=sees, serves=serves) for sees, serves in ways] == works
    assert can_show_up(policy, sees=True, serves=True)


def test_a_moment_is_drawn_between_two() -> None:
    assert draw_moment(START, START + WINDOW, lambda _low, high: high) == START + WINDOW
    assert draw_moment(START, START - WINDOW, lambda _low, high: high) == START
    drawn = {draw_moment(START, START + WINDOW) for _ in range(50)}
    assert all(START <= one <= START + WINDOW for one in drawn)
    assert len(drawn) > 1
    assert 1.0 <= fairly(1.0, 2.0) <= 2.0
