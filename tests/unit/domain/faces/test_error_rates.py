import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.faces.error_rates import (
    Interval,
    Rate,
    clopper_pearson,
    equal_error_rate,
    match_rates,
    trials_to_show,
    upper_bound,
    verification_curve,
    wilson,
)

DISTANCES = st.lists(st.floats(0, 2, width=16), min_size=1, max_size=30)


def at_most_seen(errors: int, trials: int, rate: float) -> float:
    """Probability of `errors` or fewer in `trials`: the binomial sum, in exact fractions."""
    share = Fraction(rate)
    total = sum(
        math.comb(trials, count) * share**count * (1 - share) ** (trials - count)
        for count in range(errors + 1)
    )
    return float(total)


@pytest.mark.parametrize(
    ("errors", "trials", "low", "high"),
    [
        # Published tables of the exact interval at 95 %.
        (0, 10, 0.0, 0.3085),
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0),
        (0, 100, 0.0, 0.0362),
        (10, 100, 0.0490, 0.1762),
    ],
)
def test_the_exact_interval_is_the_published_one(errors: int, trials: int, low: float, high: float) -> None:
    found = clopper_pearson(errors, trials)

    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@settings(max_examples=150, deadline=None)
@given(trials=st.integers(1, 120), data=st.data(), confidence=st.sampled_from([0.9, 0.95, 0.99]))
def test_beyond_the_bounds_the_count_is_as_unlikely_as_said(
    trials: int, data: st.DataObject, confidence: float
) -> None:
    errors = data.draw(st.integers(0, trials))
    found = clopper_pearson(errors, trials, confidence=confidence)
    doubt = (1 - confidence) / 2

    assert 0 <= found.low <= errors / trials <= found.high <= 1
    if errors < trials:
        assert at_most_seen(errors, trials, found.high) == pytest.approx(doubt, rel=1e-9)
    if errors > 0:
        assert 1 - at_most_seen(errors - 1, trials, found.low) == pytest.approx(doubt, rel=1e-7)


@given(trials=st.integers(1, 1_000_000))
def test_without_an_error_the_bound_is_the_closed_form_and_near_the_rule_of_three(trials: int) -> None:
    bound = upper_bound(0, trials)

    assert bound == pytest.approx(-math.expm1(math.log(0.05) / trials), rel=1e-9)
    assert bound <= 3 / trials


def test_millions_of_comparisons_are_bounded_too() -> None:
    found = clopper_pearson(1_000, 10_000_000)

    # For many errors the Poisson interval of the count, 938.98 to 1,063.95.
    assert found.low == pytest.approx(938.98e-7, rel=1e-4)
    assert found.high == pytest.approx(1063.95e-7, rel=1e-4)


@given(rate=st.floats(1e-6, 0.5))
def test_so_many_trials_show_a_rate_and_one_fewer_does_not(rate: float) -> None:
    needed = trials_to_show(rate)

    assert upper_bound(0, needed) <= rate * (1 + 1e-9)
    if needed > 1:
        assert upper_bound(0, needed - 1) > rate * (1 - 1e-9)


def test_without_trials_nothing_is_known() -> None:
    nothing = Rate(0, 0)

    assert nothing.value is None
    assert (nothing.interval.low, nothing.interval.high, nothing.at_most) == (0.0, 1.0, 1.0)


@pytest.mark.parametrize(("errors", "trials"), [(-1, 3), (4, 3), (1, 0)])
def test_a_count_that_cannot_be_is_refused(errors: int, trials: int) -> None:
    with pytest.raises(ValueError, match="errors in"):
        Rate(errors, trials)


def test_rates_add_up() -> None:
    assert Rate(1, 10) + Rate(2, 5) == Rate(3, 15)


@given(genuine=DISTANCES, impostor=DISTANCES)
def test_the_curve_is_what_counting_gives(genuine: list[float], impostor: list[float]) -> None:
    curve = verification_curve(np.array(genuine), np.array(impostor))

    assert curve.thresholds.tolist() == sorted({*genuine, *impostor})
    for threshold, fmr, fnmr in zip(curve.thresholds, curve.fmr, curve.fnmr, strict=True):
        assert fmr == pytest.approx(sum(one <= threshold for one in impostor) / len(impostor))
        assert fnmr == pytest.approx(sum(one > threshold for one in genuine) / len(genuine))
        rates = match_rates(np.array(genuine), np.array(impostor), float(threshold))
        assert [rate.value for rate in rates] == [pytest.approx(fmr), pytest.approx(fnmr)]


@given(genuine=DISTANCES, impostor=DISTANCES)
def test_the_equal_error_rate_is_what_trying_every_threshold_gives(
    genuine: list[float], impostor: list[float]
) -> None:
    tried = []
    for threshold in (-1.0, *sorted({*genuine, *impostor})):
        fmr = sum(one <= threshold for one in impostor) / len(impostor)
        fnmr = sum(one > threshold for one in genuine) / len(genuine)
        tried.append((abs(fmr - fnmr), (fmr + fnmr) / 2))
    closest = min(gap for gap, _ in tried)
    means = [mean for gap, mean in tried if gap <= closest + 1e-12]

    assert any(equal_error_rate(np.array(genuine), np.array(impostor)) == pytest.approx(one) for one in means)


def test_groups_that_are_apart_have_no_equal_error() -> None:
    assert equal_error_rate(np.array([0.1, 0.2]), np.array([0.5, 0.6, 0.7])) == 0


def test_groups_that_are_the_same_are_told_apart_by_chance() -> None:
    same = np.linspace(0, 1, 101)

    assert equal_error_rate(same, same) == pytest.approx(0.5, abs=0.01)


def test_a_curve_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs"):
        verification_curve(np.array([]), np.array([0.5]))


@pytest.mark.parametrize(
    ("errors", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (3, 100, 0.0103, 0.0845)],
)
def test_wilsons_interval_is_the_published_one(errors: int, trials: int, low: float, high: float) -> None:
    assert wilson(errors, trials).low == pytest.approx(low, abs=5e-5)
    assert wilson(errors, trials).high == pytest.approx(high, abs=5e-5)


def test_wilsons_interval_without_a_trial_says_nothing() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)
