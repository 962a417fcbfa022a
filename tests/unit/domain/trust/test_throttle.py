from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.trust.throttle import FailureCount, ThrottleRule

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RULE = ThrottleRule()


@pytest.mark.parametrize("failures", range(5))
def test_the_first_tries_are_free(failures: int) -> None:
    assert RULE.rest(FailureCount(failures, NOW), NOW) == timedelta(0)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 960), (11, 1920), (12, 3600), (13, 3600)],
)
def test_each_further_failure_doubles_the_rest_up_to_an_hour(failures: int, seconds: int) -> None:
    assert RULE.rest(FailureCount(failures, NOW), NOW) == timedelta(seconds=seconds)


def test_waiting_shortens_the_rest_to_nothing() -> None:
    count = FailureCount(5, NOW)

    assert RULE.rest(count, NOW + timedelta(seconds=29)) == timedelta(seconds=1)
    assert RULE.rest(count, NOW + timedelta(seconds=30)) == timedelta(0)
    assert RULE.rest(count, NOW + timedelta(days=3)) == timedelta(0)


def test_a_count_without_a_time_rests_nobody() -> None:
    assert RULE.rest(FailureCount(9, None), NOW) == timedelta(0)


@given(failures=st.integers(0, 10**9), passed=st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_a_rest_is_never_negative_nor_longer_than_the_longest(failures: int, passed: timedelta) -> None:
    """Also when the wall clock was set back after the last failure."""
    rest = RULE.rest(FailureCount(failures, NOW), NOW + passed)

    assert timedelta(0) <= rest <= RULE.longest


@given(failures=st.integers(0, 100))
def test_more_failures_never_shorten_the_rest(failures: int) -> None:
    fewer, more = (RULE.rest(FailureCount(count, NOW), NOW) for count in (failures, failures + 1))

    assert fewer <= more
