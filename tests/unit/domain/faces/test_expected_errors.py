"""The forecast, against searches among drawn vectors whose distances are known."""

from dataclasses import replace

import numpy as np
import pytest

from kiosk.domain.faces.expected_errors import (
    SPREAD_COUNTS_AS,
    Estimate,
    RosterForecast,
    alikeness,
    mean_scores,
)
from kiosk.domain.faces.recognition import Thresholds
from tests.fakes.vision.spreads import spread

SPREAD = spread(impostor=(1.0, 0.15), genuine=(0.4, 0.1), days=(1, 3))
LIMITS = Thresholds(0.55, 0.65, 0.05)
NONE = np.empty(0)
ALIKE = Estimate(0.0, 0.1)


def roster(people: int, *, days: int = 1, alike: Estimate = ALIKE) -> RosterForecast:
    return RosterForecast(SPREAD, (days,) * people, alike, NONE, NONE)


def drawn(people: int, limits: Thresholds, searches: int = 60_000) -> tuple[float, float, float]:
    """(missed, wrong, strangers) among distances that are drawn as the spread says."""
    chance = np.random.default_rng(7)
    others = np.sort(chance.normal(1.0, 0.15, (searches, people)), axis=1)[:, :2]
    own = chance.normal(0.4, 0.1, searches)
    rest = np.sort(chance.normal(1.0, 0.15, (searches, people - 1)), axis=1)[:, :2]
    right = (own <= limits.accept) & (rest[:, 0] - own >= limits.margin)
    wrong = (rest[:, 0] <= limits.accept) & (
        np.minimum(own, rest[:, 1] if people > 2 else np.inf) - rest[:, 0] >= limits.margin
    )
    strangers = (others[:, 0] <= limits.accept) & (others[:, 1] - others[:, 0] >= limits.margin)
    return 1 - right.mean(), wrong.mean(), strangers.mean()


@pytest.mark.parametrize("people", [3, 30, 100])
@pytest.mark.parametrize("limits", [LIMITS, Thresholds(0.65, 0.7, 0.1), Thresholds(0.45, 0.5, 0.0)])
def test_what_is_forecast_is_what_searches_show(people: int, limits: Thresholds) -> None:
    found = roster(people).errors(limits)
    missed, wrong, strangers = drawn(people, limits)

    assert found.missed == pytest.approx(missed, abs=0.012)
    assert found.wrong == pytest.approx(wrong, abs=0.003)
    assert found.strangers == pytest.approx(strangers, rel=0.12, abs=0.001)


def test_learned_distances_say_nothing_of_the_faces_that_were_too_far_to_be_learned() -> None:
    near = 0.45
    distances = np.random.default_rng(3).normal(0.4, 0.1, 3000)
    selected = distances[distances <= near][:1000]
    weights, learned = np.full(len(selected), 0.3), np.ones(len(selected), bool)
    fooled = RosterForecast(SPREAD, (1,) * 300, ALIKE, selected, weights)
    knowing = replace(fooled, learned=learned, near=near)

    for limits in (LIMITS, Thresholds(0.45, 0.6, 0.0), Thresholds(0.35, 0.6, 0.0)):
        assert knowing.errors(limits).missed == pytest.approx(roster(300).errors(limits).missed, abs=0.02)
    strict = Thresholds(near, 0.6, 0.0)
    assert fooled.errors(strict).missed < 0.2 * roster(300).errors(strict).missed


def test_people_who_are_more_alike_are_taken_for_each_other_more_often() -> None:
    ordinary, alike = (roster(30, alike=Estimate(shift, 0.1)).errors(LIMITS) for shift in (0.0, 0.8))

    assert alike.strangers > 5 * ordinary.strangers
    assert alike.missed >= ordinary.missed


def test_a_stricter_accept_misses_more_and_names_fewer_strangers() -> None:
    found = [roster(30).errors(Thresholds(accept, 0.7, 0.05)) for accept in (0.4, 0.5, 0.6)]

    assert found[0].missed > found[1].missed > found[2].missed
    assert found[0].strangers < found[1].strangers < found[2].strangers


def test_pictures_of_more_days_find_more_students() -> None:
    assert roster(30, days=3).errors(LIMITS).missed < roster(30).errors(LIMITS).missed


def test_own_pictures_of_other_days_count_beside_the_spread() -> None:
    own = np.full(SPREAD_COUNTS_AS, 0.1)
    found = RosterForecast(SPREAD, (1,) * SPREAD_COUNTS_AS, ALIKE, own, np.ones(SPREAD_COUNTS_AS))

    assert found.own_people == SPREAD_COUNTS_AS
    assert found.errors(LIMITS).missed == pytest.approx(
        roster(SPREAD_COUNTS_AS).errors(LIMITS).missed / 2, abs=0.005
    )


def test_intervals_hold_what_is_expected_and_shrink_with_what_is_known() -> None:
    wide, narrow = (roster(30, alike=Estimate(0.2, deviation)).at(LIMITS) for deviation in (0.3, 0.05))

    for found in (wide, narrow):
        for one in (found.missed, found.wrong, found.strangers):
            assert 0 <= one.interval.low <= one.value <= one.interval.high <= 1
    assert wide.strangers.interval.high > 2 * narrow.strangers.interval.high


def test_a_lone_person_is_accepted_only_below_accept_less_the_margin() -> None:
    found = roster(1).errors(Thresholds(0.55, 0.6, 0.15))

    assert found.missed == pytest.approx(0.5, abs=0.01)
    assert found.wrong == 0


def test_nobody_is_expected_of_nobody() -> None:
    found = roster(0).at(LIMITS)

    assert (found.missed.value, found.wrong.value, found.strangers.value) == (0, 0, 0)


def table_of(shift: float, people: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    upper = np.triu(np.random.default_rng(seed).normal(-shift, 1.0, (people, people)), 1)
    return upper + upper.T


def test_how_alike_people_are_is_found_and_small_rosters_are_drawn_to_the_ordinary() -> None:
    large, small = (alikeness(table_of(0.5, people, 1), prior_deviation=0.3) for people in (200, 6))

    assert large.value == pytest.approx(0.5, abs=0.03)
    assert large.deviation < 0.05
    assert small.deviation > large.deviation
    assert alikeness(np.zeros((2, 2)), prior_deviation=0.3) == Estimate(0.0, 0.3)


def test_the_claimed_deviation_covers_ordinary_rosters() -> None:
    found = [alikeness(table_of(0.0, 20, seed), prior_deviation=0.3) for seed in range(200)]

    assert np.mean([one.at_least > 0 for one in found]) < 0.06


def test_scores_of_several_pictures_are_averaged_over_each_two_people() -> None:
    table = np.array([[0.0, 0.1, 1.0], [0.1, 0.0, 1.15], [1.0, 1.15, 0.0]])

    scores = mean_scores(SPREAD, table, [0, 2])
    assert scores[0, 1] == scores[1, 0] == pytest.approx(0.5)
