import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.protocols.impostors import Impostors, closest_impostors
from kiosk.domain.faces.protocols.verification import (
    PairDistances,
    VerificationRates,
    closest_people,
    verification_rates,
)
from kiosk.domain.faces.recognition import Metric

GENUINE, IMPOSTOR = (1, 1), (2, 3)


def pairs_of(*rows: tuple[int, tuple[int, int], float]) -> PairDistances:
    fold, people, distance = zip(*rows, strict=True)
    first, second = zip(*people, strict=True)
    return PairDistances(
        np.array(fold, np.int64),
        np.array(first, np.int64),
        np.array(second, np.int64),
        np.array(distance, np.float64),
    )


def impostors_between(distances: NDArray[np.float32]) -> Impostors:
    """Two people whose pictures are so far apart."""
    count = len(distances)
    return Impostors(
        count,
        np.sort(distances).astype(np.float32),
        np.zeros(count, np.int32),
        np.ones(count, np.int32),
        np.array([2, 3], np.int64),
    )


FEW = impostors_between(np.linspace(0.4, 1.4, 200, dtype=np.float32))


def rates_of(*rows: tuple[int, tuple[int, int], float]) -> VerificationRates:
    return verification_rates(pairs_of(*rows), FEW)


def test_a_fold_is_judged_at_the_threshold_of_the_others() -> None:
    found = rates_of(
        (0, GENUINE, 0.1), (0, IMPOSTOR, 0.9), (1, GENUINE, 0.7), (1, IMPOSTOR, 0.8), (1, GENUINE, 0.72)
    )

    # Fold 0's own pairs put the threshold at 0.5, so fold 1's genuine pairs are missed; fold 1's put it at 0.76.
    assert found.limits == pytest.approx((0.76, 0.5))
    assert found.folds == pytest.approx((1.0, 1 / 3))
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.accuracy_sd == pytest.approx(math.sqrt(2) / 3)
    assert found.correct == Rate(3, 5)
    assert found.accuracy_interval.low < 0.6 < found.accuracy_interval.high


def test_a_pair_with_a_face_that_was_not_found_is_wrong_at_every_threshold() -> None:
    found = rates_of(
        *((fold, GENUINE, 0.1) for fold in (0, 1)),
        *((fold, IMPOSTOR, 0.9) for fold in (0, 1)),
        (0, GENUINE, math.nan),
        (1, IMPOSTOR, math.nan),
    )

    assert found.folds == pytest.approx((2 / 3, 2 / 3))
    assert found.eer == pytest.approx(1 / 3)
    assert found.fnmr[0.01] == Rate(1, 3)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 8)), min_size=8, max_size=24).filter(
        lambda rows: len({row[0] for row in rows}) > 1 and len({row[1] for row in rows}) == 2
    )
)
def test_no_threshold_is_right_more_often_in_the_other_folds(rows: list[tuple[int, bool, int]]) -> None:
    found = rates_of(*((fold, GENUINE if same else IMPOSTOR, far / 8) for fold, same, far in rows))

    for fold, limit in zip(sorted({row[0] for row in rows}), found.limits, strict=True):
        others = [(same, far / 8) for one, same, far in rows if one != fold]
        best = max(
            sum((far < edge) == same for same, far in others)
            for edge in (place / 16 for place in range(-1, 18))
        )
        assert sum((far < limit) == same for same, far in others) == best


def test_misses_are_counted_at_the_false_match_rates_of_the_folder() -> None:
    found = rates_of(
        *((fold, GENUINE, far) for fold in (0, 1) for far in (0.1, 0.3, 0.405, 0.5)),
        *((fold, IMPOSTOR, 0.9) for fold in (0, 1)),
    )

    # Two of the 200 impostors may match: the threshold is where the third lies, 0.4 + 2/199.
    assert found.thresholds[0.01] == pytest.approx(0.4 + 2 / 199)
    assert found.fnmr[0.01] == Rate(2, 8)
    assert found.fnmr[0.001] is None
    assert found.thresholds[0.0001] is None


def test_intervals_hold_the_figure_and_are_the_same_each_time() -> None:
    drawn = np.random.default_rng(5)
    centres = drawn.normal(size=(60, 8))
    people = np.repeat(np.arange(60), 3)
    vectors = (centres[people] + 0.45 * drawn.normal(size=(180, 8))).astype(np.float32)
    impostors = closest_impostors(vectors, people, Metric.EUCLIDEAN)
    rows = [
        (one % 2, (one, other), float(np.linalg.norm(vectors[3 * one] - vectors[3 * other + 1])))
        for one in range(60)
        for other in (one, (one + 7) % 60)
    ]

    first, again = (verification_rates(pairs_of(*rows), impostors) for _unused in range(2))

    for value, interval in ((first.eer, first.eer_interval), (first.fnmr[0.01], first.fnmr_intervals[0.01])):
        share = value.value if isinstance(value, Rate) else value
        assert share is not None
        assert 0 <= interval.low <= share <= interval.high <= 1
        assert interval.low < interval.high
    assert first.eer_interval == again.eer_interval


def test_a_rate_of_nothing_keeps_the_doubt_of_so_few_people() -> None:
    found = rates_of(
        *((fold, (one, one), 0.1) for fold in (0, 1) for one in (4, 5, 4, 5)),
        *((fold, IMPOSTOR, 0.9) for fold in (0, 1)),
    )

    # Two people say no more than two, however many pairs they have.
    assert found.eer == 0
    assert found.eer_interval.high > 0.6
    assert found.fnmr_intervals[0.01].high > 0.6


def test_one_fold_cannot_be_judged() -> None:
    with pytest.raises(ValueError, match="others"):
        rates_of((0, GENUINE, 0.1), (0, IMPOSTOR, 0.9))


def test_each_pair_of_people_is_named_once_closest_first() -> None:
    vectors = np.array([[0.0], [0.1], [5.0], [5.4], [0.3]], np.float32)
    impostors = closest_impostors(vectors, np.array([0, 1, 2, 3, 0]), Metric.EUCLIDEAN)

    found = closest_people(impostors, ["a1", "b1", "c1", "d1", "a2"], 2)

    assert [(one, other) for one, other, _far in found] == [("a1", "b1"), ("c1", "d1")]
