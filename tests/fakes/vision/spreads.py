"""Spreads of distances that are normal, so that tests can say what to expect of them."""

from statistics import NormalDist
from typing import Final

from kiosk.domain.faces.distance_spread import DistanceCurve, DistanceSpread

SHARES: Final = (1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)


def curve(mean: float, deviation: float) -> DistanceCurve:
    """Normal distances."""
    drawn = NormalDist(mean, deviation)
    return DistanceCurve.of([drawn.inv_cdf(one) for one in SHARES], SHARES)


def spread(
    *, impostor: tuple[float, float], genuine: tuple[float, float], days: tuple[int, ...] = (1,)
) -> DistanceSpread:
    """Means and deviations; each further day brings both a little closer."""
    return DistanceSpread(
        source="people of a test",
        people=1000,
        impostor={day: curve(impostor[0] - 0.05 * (day - 1), impostor[1]) for day in days},
        genuine={day: curve(genuine[0] - 0.05 * (day - 1), genuine[1]) for day in days},
    )


SPREAD: Final = spread(impostor=(1.4, 0.3), genuine=(0.25, 0.04))
"""Of the fake model: different people are 1.41 apart."""
