"""How a model's distances were spread where it was measured: shares and distances, no faces. Pure, any thread.

Shares are handled as *normal scores*, the z of the standard normal distribution below which that share lies, because tails
of distances are nearly straight lines on that scale; what lies beyond the measured ends goes on as such a line.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

_NORMAL: Final = NormalDist()

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DistanceCurve:
    """Which share of distances lies at or below which.

    Attributes:
        distances: (n,) at least two, rising.
        scores: (n,) normal scores of their shares, rising.
    """

    distances: Numbers
    scores: Numbers

    @classmethod
    def of(cls, distances: Sequence[float], shares: Sequence[float]) -> Self:
        """From shares between 0 and 1.

        Raises:
            ValueError: They are fewer than two, not as many as distances, or do not rise.
        """
        if len(shares) < 2 or len(shares) != len(distances) or not all(0 < one < 1 for one in shares):
            raise ValueError("a curve needs as many distances as shares between 0 and 1, at least two")
        places = np.array(distances, np.float64)
        scores = np.array([_NORMAL.inv_cdf(one) for one in shares])
        if not (np.isfinite(places).all() and (np.diff(places) > 0).all() and (np.diff(scores) > 0).all()):
            raise ValueError("the distances or shares of a curve do not rise")
        return cls(places, scores)

    def scores_at(self, distances: ArrayLike) -> Numbers:
        """The normal scores of the shares at or below `distances`."""
        return _along(np.asarray(distances, np.float64), self.distances, self.scores)

    def shares_at(self, distances: ArrayLike, *, shift: float = 0.0) -> Numbers:
        """The shares at or below `distances`, all scores moved by `shift`."""
        return shares_of(self.scores_at(distances) + shift)

    def distances_at(self, shares: ArrayLike) -> Numbers:
        """The distances below which these shares (0 to 1, open) lie."""
        scores = np.array([_NORMAL.inv_cdf(float(one)) for one in np.atleast_1d(shares)])
        return np.maximum(_along(scores, self.scores, self.distances), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class DistanceSpread:
    """How one model's distances are spread among people nobody here chose.

    Attributes:
        source: Which pictures it was measured on, in words.
        people: How many people they show.
        impostor: By number of pictures of other days that a person has enrolled, the distance of somebody else's picture to
            the closest of them. Has 1.
        genuine: By the same number, the distance of the person's own picture of another day to the closest of them. Has 1.
    """

    source: str
    people: int
    impostor: Mapping[int, DistanceCurve]
    genuine: Mapping[int, DistanceCurve]

    def impostor_of(self, days: int) -> DistanceCurve:
        """For a person with pictures of so many days, or of the largest smaller number that was measured."""
        return _at_most(self.impostor, days)

    def genuine_of(self, days: int) -> DistanceCurve:
        """The same for the person's own pictures."""
        return _at_most(self.genuine, days)


def _at_most(curves: Mapping[int, DistanceCurve], days: int) -> DistanceCurve:
    return curves[max((one for one in curves if one <= days), default=min(curves))]


def shares_of(scores: Numbers) -> Numbers:
    """The shares below normal scores."""
    half = math.sqrt(0.5)
    return np.array([0.5 * math.erfc(-half * one) for one in scores.ravel()]).reshape(scores.shape)


def _along(wanted: Numbers, known: Numbers, values: Numbers) -> Numbers:
    """Between known points straight, beyond them as between the two at that end."""
    found = np.interp(wanted, known, values)
    first = (values[1] - values[0]) / (known[1] - known[0])
    last = (values[-1] - values[-2]) / (known[-1] - known[-2])
    found = np.where(wanted < known[0], values[0] + (wanted - known[0]) * first, found)
    return np.where(wanted > known[-1], values[-1] + (wanted - known[-1]) * last, found)
