"""What a roster will miss and take for somebody else at any thresholds, before a class shows it. Pure arithmetic, any thread.

From how a model's distances are spread elsewhere (`DistanceSpread`), from how much more alike this roster's people are, and from
what its own pictures of different days say. People are taken to come close to a face independently of each other, as points
of a Poisson process with the intensity that the spread says: of strangers a class sees single frames, so the vote, which only
makes both errors rarer, is left out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.distance_spread import DistanceSpread, Numbers
from kiosk.domain.faces.error_rates import Interval, wilson
from kiosk.domain.faces.recognition import Thresholds

SPREAD_COUNTS_AS: Final = 30
"""The shipped spread of one person's distances weighs as much as so many of the school's own people with pictures of different
days: a class has its own camera and light, and 30 people say more about them than photographs of others."""

_STEPS: Final = 200
_PLACES: Final = (np.arange(100) + 0.5) / 100
"""Shares in the middle of a hundred equal parts of all genuine distances."""

_Z: Final = 1.96
"""Standard deviations on each side of 95 %."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its standard deviation."""

    value: float
    deviation: float

    @property
    def at_least(self) -> float:
        """The lower end of 95 %."""
        return self.value - _Z * self.deviation


@dataclass(frozen=True, slots=True)
class Errors:
    """Expected shares (0 to 1) of single frames.

    Attributes:
        missed: Of the roster's faces, not accepted as themselves; `wrong` is among them.
        wrong: Of the roster's faces, accepted as somebody else.
        strangers: Of other people's faces, accepted as anybody (FPIR).
    """

    missed: float
    wrong: float
    strangers: float

    @property
    def cost(self) -> float:
        """Of a hundred students those who are missed, and of a hundred strangers those who get a name, added up.

        A class sees far fewer strangers than students, so a stranger who gets a name weighs many times a student who has to scan.
        """
        return self.missed + self.strangers


@dataclass(frozen=True, slots=True)
class Expectation:
    """An expected share (0 to 1), and from where to where it may lie with 95 % confidence."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class ExpectedErrors:
    """Expected shares of single frames, as in `Errors`, and how sure they are."""

    missed: Expectation
    wrong: Expectation
    strangers: Expectation


@dataclass(frozen=True, slots=True, eq=False)
class RosterForecast:
    """What is known about a roster before a class sees it.

    Attributes:
        spread: Of the model.
        days: Of each person, on how many days the enrolled pictures were taken.
        alike: How much more alike people of the roster are than those of the spread, in normal scores; 0 is just as alike.
        own: (n,) distances of pictures to the closest enrolled one of the same person and another day.
        weights: (n,) of them; each person's add up to 1.
        learned: (n,) whether each is known because the face was recognised in a class; nothing given: none is.
        near: Distance within which faces are learned: of those farther away the learned ones say nothing.
    """

    spread: DistanceSpread
    days: tuple[int, ...]
    alike: Estimate
    own: Numbers
    weights: Numbers
    learned: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    near: float = math.inf

    @property
    def people(self) -> int:
        """How many are enrolled."""
        return len(self.days)

    @property
    def own_people(self) -> int:
        """How many of them have pictures of different days."""
        return round(float(self.weights.sum()))

    def at(self, limits: Thresholds) -> ExpectedErrors:
        """What to expect at these thresholds, and how sure that is."""
        expected = self.errors(limits)
        low, high = (
            self._errors(limits, self.alike.value + side * _Z * self.alike.deviation) for side in (-1, 1)
        )
        trials = SPREAD_COUNTS_AS + self.own_people
        days = wilson(expected.missed * trials, trials)
        missed = Interval(min(days.low, low.missed), max(days.high, high.missed))
        return ExpectedErrors(
            Expectation(expected.missed, missed),
            Expectation(expected.wrong, Interval(low.wrong, high.wrong)),
            Expectation(expected.strangers, Interval(low.strangers, high.strangers)),
        )

    def errors(self, limits: Thresholds) -> Errors:
        """What to expect at these thresholds."""
        return self._errors(limits, self.alike.value)

    def _errors(self, limits: Thresholds, alike: float) -> Errors:
        if self.people == 0:
            return Errors(0.0, 0.0, 0.0)
        if self.people == 1:
            # With nobody to be farther away, a lone person is accepted only `margin` below `accept`.
            lone = max(0.0, limits.accept - limits.margin)
            distances, weights = self._genuine()
            stranger = float(self.spread.impostor_of(self.days[0]).shares_at([lone], shift=alike)[0])
            return Errors(float(weights[distances > lone].sum()), 0.0, stranger)
        grid = np.linspace(0.0, limits.accept, _STEPS)
        near, far = (self._closer(grid + more, alike) for more in (0.0, limits.margin))
        missed, wrong = self._mated(limits, grid, near, far, alike)
        return Errors(missed, wrong, float(_first_and_alone(near, far, self.people)[-1]))

    def _mated(
        self, limits: Thresholds, grid: Numbers, near: Numbers, far: Numbers, alike: float
    ) -> tuple[float, float]:
        """(missed, wrong); `near` and `far` as in `_closer` at the grid and `margin` beyond it."""
        distances, weights = self._genuine()
        others = self.people - 1
        alone = np.exp(-others * self._closer(distances + limits.margin, alike))
        right = float((weights * alone)[distances <= limits.accept].sum())
        somebody = _first_and_alone(near, far, others)
        upto = np.minimum(limits.accept, distances - limits.margin)
        wrong = np.where(upto > 0, np.interp(upto, grid, somebody), 0.0)
        return 1 - right, float((weights * wrong).sum())

    def _genuine(self) -> tuple[Numbers, Numbers]:
        """Distances and weights (adding up to 1) of the roster's own faces: the spread's, and its own of different days.

        Learned ones take the place of the spread's within `near` only; beyond it the spread keeps its whole weight.
        """
        counts = {days: self.days.count(days) / self.people for days in sorted(set(self.days))}
        shipped = np.concatenate([self.spread.genuine_of(one).distances_at(_PLACES) for one in counts])
        shares = np.repeat(list(counts.values()), len(_PLACES)) / len(_PLACES)
        own = float(self.weights.sum())
        total = SPREAD_COUNTS_AS + own
        learned = self.learned if len(self.learned) else np.zeros(len(self.own), np.bool_)
        beyond = shipped > self.near
        kept = SPREAD_COUNTS_AS + float(self.weights[learned].sum()) * beyond
        known = np.where(learned, float(shares[~beyond].sum()), 1.0)
        return (
            np.concatenate([shipped, self.own]),
            np.concatenate([shares * kept, self.weights * known]) / total,
        )

    def _closer(self, distances: Numbers, alike: float) -> Numbers:
        """The chance that one person of the roster, whoever it is, lies at or below `distances` of a face of another."""
        counts = {days: self.days.count(days) / self.people for days in sorted(set(self.days))}
        parts = [
            share * self.spread.impostor_of(days).shares_at(distances, shift=alike)
            for days, share in counts.items()
        ]
        return np.asarray(np.sum(parts, axis=0), np.float64)


def _first_and_alone(near: Numbers, far: Numbers, people: int) -> Numbers:
    """Along a grid, the chance that the closest of `people` lies at or below it, with nobody else within the margin."""
    steps = np.diff(near, prepend=near[0])
    chances = np.cumsum(people * steps * np.exp(-people * far)) + (
        -np.expm1(-people * near[0]) * np.exp(-people * (far[0] - near[0]))
    )
    return np.asarray(chances, np.float64)


def alikeness(scores: Numbers, *, prior_deviation: float) -> Estimate:
    """How much more alike a roster's people are than those of the spread.

    Args:
        scores: (people, people) the mean normal score of each two people's distances; the diagonal is not looked at.
        prior_deviation: How much rosters differ in this, standard deviation. Small rosters say little and are drawn to 0.
    """
    people = len(scores)
    if people < 3:
        return Estimate(0.0, prior_deviation)
    sums = scores.sum(axis=1) - np.diagonal(scores)
    mean = float(sums.sum() / (people * (people - 1)))
    # Jackknife: without each person in turn. Pairs that share one are not independent.
    without = (sums.sum() - 2 * sums) / ((people - 1) * (people - 2))
    variance = float((people - 1) / people * ((without - without.mean()) ** 2).sum())
    weight = prior_deviation**2 / (prior_deviation**2 + variance) if prior_deviation else 0.0
    return Estimate(-mean * weight, float(np.sqrt(weight * variance)))


def mean_scores(spread: DistanceSpread, table: Numbers, firsts: Sequence[int]) -> Numbers:
    """(people, people) mean normal scores of a (templates, templates) table of distances, people's rows together from `firsts`."""
    scores = spread.impostor_of(1).scores_at(table)
    sums = np.add.reduceat(np.add.reduceat(scores, firsts, axis=0), firsts, axis=1)
    counts = np.diff([*firsts, len(table)]).astype(np.float64)
    return np.asarray(sums / np.outer(counts, counts), np.float64)
