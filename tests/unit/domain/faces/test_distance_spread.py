from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.faces.distance_spread import DistanceCurve, DistanceSpread
from tests.fakes.vision.spreads import curve

NORMAL = NormalDist(1.0, 0.2)


@given(distance=st.floats(-0.5, 3))
def test_between_and_beyond_measured_shares_a_normal_spread_stays_normal(distance: float) -> None:
    share = curve(1.0, 0.2).shares_at([distance])[0]

    assert share == pytest.approx(NORMAL.cdf(distance), abs=1e-9)


def test_a_shift_moves_normal_scores() -> None:
    assert curve(1.0, 0.2).shares_at([0.8], shift=0.5)[0] == pytest.approx(NORMAL.cdf(0.9))


def test_distances_are_the_inverse_of_shares_and_never_negative() -> None:
    found = curve(1.0, 0.2).distances_at([0.01, 0.5, 0.9999])

    assert found == pytest.approx([NORMAL.inv_cdf(one) for one in (0.01, 0.5, 0.9999)])
    assert curve(0.0, 0.2).distances_at([0.01]) == [0.0]


@pytest.mark.parametrize(
    ("distances", "shares"),
    [
        ([], []),
        ([0.1], [0.5]),
        ([0.1, 0.2], [0.5]),
        ([0.2, 0.1], [0.1, 0.5]),
        ([0.1, 0.2], [0.5, 0.1]),
        ([0.1, 0.1], [0.1, 0.5]),
        ([0.1, 0.2], [0.0, 0.5]),
        ([0.1, 0.2], [0.5, 1.0]),
        ([0.1, float("nan")], [0.1, 0.5]),
    ],
)
def test_what_is_no_curve_is_refused(distances: list[float], shares: list[float]) -> None:
    with pytest.raises(ValueError, match="curve"):
        DistanceCurve.of(distances, shares)


def test_the_curve_of_the_largest_smaller_number_of_days_is_taken() -> None:
    curves = {1: curve(1.0, 0.2), 3: curve(0.9, 0.2)}
    found = DistanceSpread("a test", 10, curves, curves)

    assert [found.impostor_of(days) is curves[taken] for days, taken in ((1, 1), (2, 1), (3, 3), (9, 3))] == [
        True
    ] * 4
    np.testing.assert_array_equal(found.genuine_of(2).distances, curves[1].distances)
