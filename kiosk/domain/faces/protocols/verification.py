"""How often two pictures are taken for one person's (1:1), by the protocol of Labeled Faces in the Wild (LFW).

G. B. Huang, M. Ramesh, T. Berg and E. Learned-Miller, *Labeled Faces in the Wild: a database for studying face recognition in
unconstrained environments* (2007): a list of pairs in folds; each fold is judged at the threshold that is right most often
in all the other folds. False match rates rest on every different-person pair of the folder, because a list of a few
thousand pairs cannot show one in ten thousand. Pure arithmetic, any thread.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.error_rates import Interval, Rate, equal_error_rate, wilson
from kiosk.domain.faces.protocols.impostors import Impostors
from kiosk.domain.faces.protocols.resampling import Weights, percentile_intervals

FALSE_MATCH_RATES: Final = (0.01, 0.001, 0.0001)
"""At which the false non-match rate is said."""


@dataclass(frozen=True, slots=True, eq=False)
class PairDistances:
    """The pairs of a list; all arrays are (pairs,).

    Attributes:
        fold: Which fold each belongs to.
        first: The person in one picture, numbered from 0.
        second: The person in the other; the same number in a genuine pair.
        distance: Not a number where a face was not found.
    """

    fold: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    distance: NDArray[np.float64]

    @property
    def genuine(self) -> NDArray[np.bool_]:
        """Which show one person twice."""
        return np.equal(self.first, self.second)

    @property
    def missed(self) -> int:
        """Pairs with a face that was not found."""
        return int(np.count_nonzero(np.isnan(self.distance)))

    @property
    def counted(self) -> NDArray[np.float64]:
        """Distances that are wrong at every threshold where a face was not found: a missed pair is an error."""
        wrong = np.where(self.genuine, math.inf, -math.inf)
        return np.where(np.isnan(self.distance), wrong, self.distance)


@dataclass(frozen=True, slots=True)
class VerificationRates:
    """What a list of pairs and the impostors of its folder say.

    Attributes:
        correct: Pairs that were judged rightly, as a `Rate` of "errors" that are none.
        folds: The share judged rightly in each fold.
        limits: The threshold that each fold was judged at.
        eer: The equal error rate of the list's pairs.
        fnmr: By false match rate, genuine pairs of the list that do not match; None where too few pairs show that rate.
        thresholds: By false match rate, below which distance two faces match.
        intervals: Of `eer`, and of `fnmr` by its rate.
    """

    correct: Rate
    folds: tuple[float, ...]
    limits: tuple[float, ...]
    eer: float
    fnmr: Mapping[float, Rate | None]
    thresholds: Mapping[float, float | None]
    eer_interval: Interval
    fnmr_intervals: Mapping[float, Interval]

    @property
    def accuracy(self) -> float:
        """The mean of the folds' shares."""
        return float(np.mean(self.folds))

    @property
    def accuracy_sd(self) -> float:
        """Their standard deviation, with one degree of freedom taken off."""
        return float(np.std(self.folds, ddof=1))

    @property
    def accuracy_interval(self) -> Interval:
        """Wilson's: each pair is a trial."""
        return wilson(self.correct.errors, self.correct.trials)


def verification_rates(pairs: PairDistances, impostors: Impostors) -> VerificationRates:
    """Judge each fold by the others, and the genuine pairs at the false match rates of the folder.

    Raises:
        ValueError: Fewer than two folds, or one kind of pair is missing.
    """
    numbers = np.unique(pairs.fold)
    if len(numbers) < 2:
        raise ValueError("the threshold of a fold comes from the others")
    counted, genuine = pairs.counted, pairs.genuine
    seen = ~np.isnan(pairs.distance)
    limits = [
        _best_limit(pairs.distance[others], genuine[others])
        for others in (seen & (pairs.fold != one) for one in numbers)
    ]
    right = np.zeros(len(counted), bool)
    for one, limit in zip(numbers, limits, strict=True):
        inside = pairs.fold == one
        right[inside] = seen[inside] & ((pairs.distance[inside] < limit) == genuine[inside])
    thresholds = {fmr: impostors.limit(fmr) for fmr in FALSE_MATCH_RATES}
    fnmr = {fmr: _misses(counted[genuine], limit) for fmr, limit in thresholds.items()}
    eer = equal_error_rate(counted[genuine], counted[~genuine])
    eer_interval, *fnmr_intervals = _intervals(pairs, impostors)
    people = len(np.unique(pairs.first[genuine]))
    return VerificationRates(
        correct=Rate(int(np.count_nonzero(right)), len(right)),
        folds=tuple(float(right[pairs.fold == one].mean()) for one in numbers),
        limits=tuple(limits),
        eer=eer,
        fnmr=fnmr,
        thresholds=thresholds,
        eer_interval=_doubt(eer, people, eer_interval),
        fnmr_intervals={
            fmr: _doubt(None if rate is None else rate.value, people, interval)
            for (fmr, rate), interval in zip(fnmr.items(), fnmr_intervals, strict=True)
        },
    )


def _doubt(share: float | None, people: int, drawn_anew: Interval) -> Interval:
    """Drawing people anew shows no doubt where nothing or everything was wrong; then it is Wilson's over the people."""
    if share in {0.0, 1.0}:
        return wilson(people if share else 0, people)
    return drawn_anew


def _best_limit(distances: NDArray[np.float64], genuine: NDArray[np.bool_]) -> float:
    """The distance below which pairs match, such that most are judged rightly; halfway to the next pair.

    Without a pair to judge it is infinite.
    """
    order = np.argsort(distances, kind="stable")
    ordered, same = distances[order], genuine[order]
    # Right when all up to and including place i match; then that none matches stands before the first.
    right = np.append(np.count_nonzero(~same), np.cumsum(same) + np.cumsum(~same[::-1])[::-1] - ~same)
    # Equal distances cannot be told apart.
    right[1:-1][ordered[1:] == ordered[:-1]] = -1
    edges = np.concatenate([[-math.inf], ordered, [math.inf]])
    best = int(np.argmax(right))
    low, high = edges[best], edges[best + 1]
    if math.isfinite(low) and math.isfinite(high):
        return float(low + high) / 2
    return float(high) if math.isinf(low) else float(np.nextafter(low, math.inf))


def _misses(genuine: NDArray[np.float64], limit: float | None) -> Rate | None:
    return None if limit is None else Rate(int(np.count_nonzero(genuine >= limit)), len(genuine))


def _intervals(pairs: PairDistances, impostors: Impostors) -> list[Interval]:
    """Of the EER and then of each FNMR, with the folder's people drawn anew."""
    number = int(max(pairs.first.max(), pairs.second.max(), impostors.people.max(initial=0))) + 1
    counted, same = pairs.counted, pairs.genuine
    order = np.argsort(counted, kind="stable")
    first, second, same, counted = pairs.first[order], pairs.second[order], same[order], counted[order]
    pictures = np.bincount(impostors.people, minlength=number)
    one, other = impostors.people[impostors.first], impostors.people[impostors.second]

    def figures(weights: Weights, _unused: np.random.Generator) -> tuple[float, ...]:
        weight = np.where(same, weights[first], weights[first] * weights[second])
        own = pictures * weights
        total = (int(own.sum()) ** 2 - int((own**2).sum())) / 2
        reached = np.cumsum(weights[one] * weights[other])
        limits = (_weighed_limit(impostors, reached, total * fmr) for fmr in FALSE_MATCH_RATES)
        return (
            _weighed_eer(same, weight),
            *(_weighed_share(counted[same], weight[same], limit) for limit in limits),
        )

    return percentile_intervals(number, figures)


def _weighed_limit(impostors: Impostors, reached: NDArray[np.int64], allowed: float) -> float:
    if allowed < 1 or len(reached) == 0:
        return math.nan
    place = int(np.searchsorted(reached, allowed, side="right"))
    return float(impostors.distances[min(place, len(reached) - 1)])


def _weighed_share(distances: NDArray[np.float64], weights: Weights, limit: float) -> float:
    total = weights.sum()
    return float(weights[distances >= limit].sum() / total) if total and not math.isnan(limit) else math.nan


def _weighed_eer(same: NDArray[np.bool_], weights: Weights) -> float:
    """Of pairs that stand in the order of their distances."""
    own, other = np.where(same, weights, 0), np.where(same, 0, weights)
    if own.sum() == 0 or other.sum() == 0:
        return math.nan
    fmr, fnmr = np.cumsum(other) / other.sum(), 1 - np.cumsum(own) / own.sum()
    closest = int(np.argmin(np.abs(fmr - fnmr)))
    return float((fmr[closest] + fnmr[closest]) / 2)


def closest_people(
    impostors: Impostors, names: Sequence[str], number: int
) -> tuple[tuple[str, str, float], ...]:
    """The pictures of different people that look most alike: twins, wrong labels, and the same picture twice.

    Args:
        impostors: Of the folder.
        names: (pictures,) what each row is called.
        number: So many pairs of people at most, closest first.
    """
    found: dict[tuple[int, int], tuple[str, str, float]] = {}
    for first, second, distance in zip(impostors.first, impostors.second, impostors.distances, strict=True):
        if len(found) == number:
            break
        one, other = int(impostors.people[first]), int(impostors.people[second])
        couple = min(one, other), max(one, other)
        found.setdefault(couple, (names[int(first)], names[int(second)], float(distance)))
    return tuple(found.values())
