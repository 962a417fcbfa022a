"""Drawn rosters (1:N, open set): who is enrolled, who is looked for and who is a stranger, and how often that goes wrong.

A roster's people are enrolled with a few pictures each and looked for with their others; strangers are people outside it. Each
picture is one search, judged as the kiosk judges one frame: no vote makes it better. Terms are those of
`kiosk.domain.faces.open_set`. Pure arithmetic, any thread.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.error_rates import Interval, Rate, wilson
from kiosk.domain.faces.protocols.resampling import Weights, percentile_intervals
from kiosk.domain.faces.recognition import Gallery, ModelInfo, Outcome, Thresholds, judge

FALSE_POSITIVE_RATES: Final = (0.01, 0.001)
"""At which the false-negative identification rate is said."""

_OUTCOMES: Final = (Outcome.ACCEPTED, Outcome.AMBIGUOUS, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What is drawn.

    Attributes:
        people: In each roster.
        enrol: Pictures enrolled of each.
        draws: Rosters.
        strangers: Looked for in each, with one picture; None for everybody outside it.
        seed: The same draws for the same seed and pictures.
    """

    people: int
    enrol: int
    draws: int
    strangers: int | None
    seed: int

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn.

        Raises:
            ValueError: One of the numbers is too small.
        """
        if min(self.people, self.enrol, self.draws) < 1 or (
            self.strangers is not None and self.strangers < 0
        ):
            raise ValueError(f"nothing can be drawn: {self}")


@dataclass(frozen=True, slots=True, eq=False)
class RosterDraw:
    """One roster; rows are those of the pictures.

    Attributes:
        templates: (pictures,) that are enrolled.
        probes: (pictures,) the others of the roster's people.
        strangers: (people,) one of each stranger.
    """

    templates: NDArray[np.int64]
    probes: NDArray[np.int64]
    strangers: NDArray[np.int64]


def draw_rosters(people: NDArray[np.int64], plan: RosterPlan) -> Iterator[RosterDraw]:
    """Draw rosters from (pictures,) `people`, numbered from 0.

    People with more pictures than are enrolled come first, as only they can be looked for; where they are too few, people with
    just as many pictures as are enrolled fill the roster and are never looked for.

    Raises:
        ValueError: There are too few people.
    """
    rows = [np.flatnonzero(people == one) for one in range(int(people.max(initial=-1)) + 1)]
    probed = np.array([one for one, theirs in enumerate(rows) if len(theirs) > plan.enrol], np.int64)
    filling = np.array([one for one, theirs in enumerate(rows) if len(theirs) == plan.enrol], np.int64)
    wanted = 0 if plan.strangers is None else plan.strangers
    if len(probed) + len(filling) < plan.people or len(rows) < plan.people + wanted:
        raise ValueError("too few people")
    for number in range(plan.draws):
        drawn = np.random.default_rng((plan.seed, number))
        first = drawn.permutation(probed)[: plan.people]
        roster = np.append(first, drawn.permutation(filling)[: plan.people - len(first)])
        outside = drawn.permutation(np.setdiff1d(np.arange(len(rows)), roster))[: plan.strangers]
        mixed = [drawn.permutation(rows[one]) for one in roster]
        yield RosterDraw(
            templates=np.concatenate([theirs[: plan.enrol] for theirs in mixed]),
            probes=np.concatenate([theirs[plan.enrol :] for theirs in mixed]),
            strangers=np.array([drawn.choice(rows[one]) for one in outside if len(rows[one])], np.int64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class RosterSearches:
    """What became of each search; all arrays are (searches,).

    Attributes:
        person: Whose picture it is.
        draw: In which roster it was looked for.
        mated: Whether the person is in it.
        found: Whether a face was found in the picture.
        right: Whether the right person is in front, and nobody else as close.
        outcome: Place in the order accepted, ambiguous, unknown.
        best: The closest distance; infinite without one.
    """

    person: NDArray[np.int64]
    draw: NDArray[np.int64]
    mated: NDArray[np.bool_]
    found: NDArray[np.bool_]
    right: NDArray[np.bool_]
    outcome: NDArray[np.int8]
    best: NDArray[np.float64]

    @property
    def events(self) -> Mapping[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
        """By the name of a rate, which searches are its errors and which its trials."""
        accepted, asked = self.outcome == 0, self.outcome == 1
        strangers = ~self.mated & self.found
        return {
            "rank1_misses": (~self.right, self.mated),
            "fnir": (~(accepted & self.right), self.mated),
            "wrong": (accepted & ~self.right, self.mated),
            "ambiguous": (asked, self.mated),
            "fpir": (accepted, strangers),
            "strangers_ambiguous": (asked, strangers),
        }


class SearchLog:
    """Collects the searches of one roster after the other."""

    def __init__(self, model: ModelInfo, thresholds: Thresholds) -> None:
        self._model = model
        self._thresholds = thresholds
        self._rows: list[tuple[int, int, bool, bool, bool, int, float]] = []
        self._draws = 0

    def add(
        self,
        drawn: RosterDraw,
        vectors: NDArray[np.float32],
        people: NDArray[np.int64],
        found: NDArray[np.bool_],
    ) -> None:
        """Enrol a roster, look for its people and for the strangers, and judge each search.

        Args:
            drawn: The roster.
            vectors: (pictures, dimensions); those without a face are looked at by nobody.
            people: (pictures,) whose each is.
            found: (pictures,) whether a face was found.
        """
        enrolled = drawn.templates[found[drawn.templates]]
        gallery = Gallery(self._model, vectors[enrolled], people[enrolled])
        for rows, mated in ((drawn.probes, True), (drawn.strangers, False)):
            self._search(gallery, vectors, people, found, rows, mated)
        self._draws += 1

    def _search(
        self,
        gallery: Gallery,
        vectors: NDArray[np.float32],
        people: NDArray[np.int64],
        found: NDArray[np.bool_],
        rows: NDArray[np.int64],
        mated: bool,
    ) -> None:
        seen = rows[found[rows]]
        for row, match in zip(seen, gallery.search_all(vectors[seen]), strict=True):
            person = int(people[row])
            right = mated and match is not None and match.student_id == person and match.margin > 0
            best = float("inf") if match is None else match.distance
            outcome = _OUTCOMES.index(judge(match, self._thresholds))
            self._rows.append((person, self._draws, mated, True, right, outcome, best))
        unknown = _OUTCOMES.index(Outcome.UNKNOWN)
        for row in rows[~found[rows]]:
            self._rows.append((int(people[row]), self._draws, mated, False, False, unknown, float("inf")))

    def searches(self) -> RosterSearches:
        """All of them."""
        person, draw, mated, found, right, outcome, best = (
            zip(*self._rows, strict=True) if self._rows else [()] * 7
        )
        return RosterSearches(
            np.array(person, np.int64),
            np.array(draw, np.int64),
            np.array(mated, bool),
            np.array(found, bool),
            np.array(right, bool),
            np.array(outcome, np.int8),
            np.array(best, np.float64),
        )


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """A rate and where the true one may lie, people and rosters being drawn anew."""

    rate: Rate
    interval: Interval


@dataclass(frozen=True, slots=True)
class RosterRates:
    """How often the searches of drawn rosters went wrong.

    Attributes:
        by_name: ``rank1_misses``, ``fnir``, ``wrong`` and ``ambiguous`` of the roster's people, ``fpir`` and
            ``strangers_ambiguous`` of strangers.
        fnir_at: By false-positive rate, the FNIR where accept alone, without reject and margin, would give that rate; None
            where there are too few strangers to show it.
    """

    by_name: Mapping[str, MeasuredRate]
    fnir_at: Mapping[float, MeasuredRate | None]


def roster_rates(searches: RosterSearches) -> RosterRates:
    """Count, and draw people and rosters anew for the intervals.

    Where a rate is 0 or 1 drawing anew shows no doubt; the interval is then Wilson's over as many trials as there are
    different people.
    """
    events = searches.events
    rates = {name: _rate(*event) for name, event in events.items()}
    at = {fpir: _fnir_at(searches, fpir) for fpir in FALSE_POSITIVE_RATES}
    number, draws = int(searches.person.max(initial=0)) + 1, int(searches.draw.max(initial=0)) + 1
    order = np.argsort(searches.best, kind="stable")

    def figures(people: Weights, drawn: np.random.Generator) -> tuple[float, ...]:
        rosters = np.bincount(drawn.integers(draws, size=draws), minlength=draws)
        weights = people[searches.person] * rosters[searches.draw]
        return (
            *(_share(weights, *event) for event in events.values()),
            *(_weighed_fnir_at(searches, weights, order, fpir) for fpir in FALSE_POSITIVE_RATES),
        )

    intervals = percentile_intervals(number, figures)
    first, last = intervals[: len(rates)], intervals[len(rates) :]
    return RosterRates(
        {
            name: MeasuredRate(rate, _interval(rate, events[name][1], searches, interval))
            for (name, rate), interval in zip(rates.items(), first, strict=True)
        },
        {
            fpir: None
            if rate is None
            else MeasuredRate(rate, _interval(rate, searches.mated, searches, interval))
            for (fpir, rate), interval in zip(at.items(), last, strict=True)
        },
    )


def _interval(
    rate: Rate, trials: NDArray[np.bool_], searches: RosterSearches, drawn_anew: Interval
) -> Interval:
    if 0 < rate.errors < rate.trials:
        return drawn_anew
    people = len(np.unique(searches.person[trials]))
    return wilson(people if rate.errors else 0, people)


def _rate(errors: NDArray[np.bool_], trials: NDArray[np.bool_]) -> Rate:
    return Rate(int(np.count_nonzero(errors & trials)), int(np.count_nonzero(trials)))


def _share(weights: Weights, errors: NDArray[np.bool_], trials: NDArray[np.bool_]) -> float:
    total = weights[trials].sum()
    return float(weights[errors & trials].sum() / total) if total else float("nan")


def _fnir_at(searches: RosterSearches, fpir: float) -> Rate | None:
    strangers = np.sort(searches.best[~searches.mated & searches.found])
    allowed = int(fpir * len(strangers))
    if allowed < 1:
        return None
    return _rate(~(searches.right & (searches.best < strangers[allowed])), searches.mated)


def _weighed_fnir_at(
    searches: RosterSearches, weights: Weights, order: NDArray[np.intp], fpir: float
) -> float:
    """`order` is that of the best distances."""
    strangers = order[~searches.mated[order] & searches.found[order]]
    reached = np.cumsum(weights[strangers])
    if len(reached) == 0 or fpir * reached[-1] < 1:
        return float("nan")
    place = int(np.searchsorted(reached, fpir * reached[-1], side="right"))
    limit = searches.best[strangers[min(place, len(strangers) - 1)]]
    return _share(weights, ~(searches.right & (searches.best < limit)), searches.mated)
