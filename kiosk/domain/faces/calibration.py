"""Whether a roster needs stricter thresholds than the model's own, and what that would cost.

Pictures of one sitting say nothing about how much one person's pictures differ on other days, and the few hundred pairs of a
roster nothing about an event of one in a thousand. So both are forecast (`kiosk.domain.faces.expected_errors`) from how the
model's distances are spread among many people; the roster adds how much more alike its people are, and what its pictures of
*different days* show. Thresholds become stricter only where that forecast saves more than it costs, and never looser: a roster
cannot show that strangers are rarer than the model's own thresholds allow for. How well that works is measured by
`kiosk.domain.faces.measurement`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.distance_spread import DistanceSpread, Numbers
from kiosk.domain.faces.error_rates import trials_to_show
from kiosk.domain.faces.expected_errors import ExpectedErrors, RosterForecast, alikeness, mean_scores
from kiosk.domain.faces.lookalikes import SMALLEST_ROSTER, limit_of
from kiosk.domain.faces.recognition import Gallery, Thresholds, distances
from kiosk.domain.faces.samples import NEAR

TARGET_FPIR: Final = 0.001
"""A stranger may be taken for a student once in a thousand times."""

STRANGERS_TO_SHOW: Final = trials_to_show(TARGET_FPIR)
"""Strangers in a row who must be turned away to show that the target is met, with 95 % confidence: 2,995."""

CONFUSABLE_SHARE: Final = 0.02
"""Share of a roster's pairs that may be set aside as too alike; in a class of 30 these are 8 of 435."""

MIN_PEOPLE: Final = 5
"""Fewer people than this say nothing about how alike a roster is."""

ROSTERS_DIFFER: Final = 0.3
"""Standard deviation, in normal scores, of how alike the people of different rosters are: a prior, not a measurement."""

WORTH: Final = 0.005
"""Half a student or stranger of a hundred: what saves less is not worth a change that nobody could see."""

_STRICTEST: Final = 0.6
_CANDIDATES: Final = 25
"""So many accepts are looked at, down to that share of the model's own."""


class Verdict(StrEnum):
    """What a calibration found."""

    STRICTER = "stricter"
    """People are so alike that stricter thresholds save more than they cost."""
    ORDINARY = "ordinary"
    """People are no more alike than those whom the model's own thresholds were chosen on, as far as so few can show."""
    COSTLY = "costly"
    """People are more alike, but stricter thresholds would miss more students than they save."""
    TOO_FEW = "too_few"
    """Too few people are enrolled to tell."""
    UNMEASURED = "unmeasured"
    """How the model's distances are spread was never measured, so nothing can be forecast."""


@dataclass(frozen=True, slots=True, eq=False)
class Separation:
    """Distances within and between the people of a roster.

    Attributes:
        genuine: Each template's distance to the closest other template of the same person.
        owners: Whose template that is, in the order of `genuine`.
        impostor: For each pair of people, the distance of their two closest templates.
        pairs: (pairs, 2) student ids in the order of `impostor`.
        same: The distance of each two templates of one person.
        different: The distance of each two templates of different people.
        people: (people,) student ids, rising.
        days: (people,) on how many days each one's pictures were taken, as far as is known; at least 1.
        scores: (people, people) mean normal scores of their distances in the model's spread; 0 without one.
        later: Each template's distance to the closest one of the same person and another day, where there is one.
        later_owners: Whose that is, in the order of `later`.
        later_learned: Whether one of the two comes from a class, in the same order.
    """

    genuine: NDArray[np.float32]
    owners: NDArray[np.int64]
    impostor: NDArray[np.float32]
    pairs: NDArray[np.int64]
    same: NDArray[np.float32]
    different: NDArray[np.float32]
    people: NDArray[np.int64]
    days: NDArray[np.int64]
    scores: Numbers
    later: NDArray[np.float32]
    later_owners: NDArray[np.int64]
    later_learned: NDArray[np.bool_]

    def forecast(self, spread: DistanceSpread, people: NDArray[np.bool_], own: Thresholds) -> RosterForecast:
        """What some of the people, (people,) chosen, lead to expect of each other and of strangers.

        `own` are the thresholds by which classes learned.
        """
        chosen = np.flatnonzero(people)
        kept = np.isin(self.later_owners, self.people[chosen])
        owners, counts = np.unique(self.later_owners[kept], return_counts=True)
        weights = (
            1.0 / counts[np.searchsorted(owners, self.later_owners[kept])] if len(owners) else np.empty(0)
        )
        scores = _without_the_closest(self.scores[np.ix_(chosen, chosen)])
        return RosterForecast(
            spread,
            tuple(self.days[chosen].tolist()),
            alikeness(scores, prior_deviation=ROSTERS_DIFFER),
            self.later[kept].astype(np.float64),
            np.asarray(weights, np.float64),
            self.later_learned[kept],
            NEAR * own.accept,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What fits one roster, and why.

    Attributes:
        verdict: What was found.
        thresholds: What to use; the model's own unless `verdict` is `STRICTER`.
        confusable: Student ids of pairs that stay too close for the face alone, as the list of look-alikes would name them
            at `thresholds`.
        comparisons: (genuine, impostor) numbers that the result rests on.
        forecast: What it was found with; None where nothing can be forecast.
    """

    verdict: Verdict
    thresholds: Thresholds
    confusable: tuple[tuple[int, int], ...]
    comparisons: tuple[int, int]
    forecast: RosterForecast | None

    def expected(self, limits: Thresholds) -> ExpectedErrors | None:
        """What to expect of the roster at any thresholds; None where nothing can be forecast."""
        return None if self.forecast is None else self.forecast.at(limits)


def separation(gallery: Gallery) -> Separation:
    """Measure how far a gallery's people are from themselves and from each other."""
    metric, owners = gallery.model.metric, gallery.student_ids
    count = len(owners)
    table = np.array([distances(gallery.matrix, row, metric) for row in gallery.matrix], dtype=np.float32)
    table = table.reshape(count, count)
    same = owners[:, None] == owners[None, :]
    days = gallery.days
    other_day = same & (days[:, None] != days[None, :]) & (days[:, None] > 0) & (days[None, :] > 0)
    np.fill_diagonal(same, False)
    within = np.where(same, table, np.inf).min(axis=1, initial=np.inf)
    apart = np.where(other_day, table, np.inf)
    later = apart.min(axis=1, initial=np.inf)
    by_class = gallery.learned | gallery.learned[apart.argmin(axis=1)] if count else gallery.learned
    people, first = np.unique(owners, return_index=True)
    between = table if count == 0 else np.minimum.reduceat(np.minimum.reduceat(table, first), first, axis=1)
    pairs = list(combinations(range(len(people)), 2))
    places = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)
    above = np.triu(np.ones((count, count), bool), 1)
    spread = gallery.model.spread
    nothing = np.zeros((len(people), len(people)))
    return Separation(
        genuine=within[np.isfinite(within)].astype(np.float32),
        owners=owners[np.isfinite(within)],
        impostor=between[places[:, 0], places[:, 1]].astype(np.float32),
        pairs=people[places].astype(np.int64),
        same=table[above & same],
        different=table[above & ~same],
        people=people,
        days=np.array([_days(days[owners == one]) for one in people], np.int64),
        scores=nothing
        if spread is None or count == 0
        else mean_scores(spread, table.astype(np.float64), first.tolist()),
        later=later[np.isfinite(later)].astype(np.float32),
        later_owners=owners[np.isfinite(later)],
        later_learned=by_class[np.isfinite(later)],
    )


def _days(days: NDArray[np.int64]) -> int:
    return max(1, len(np.unique(days[days > 0])))


def _without_the_closest(scores: Numbers) -> Numbers:
    """With the mean in place of the closest `CONFUSABLE_SHARE` of pairs (at least one): twins say nothing about the others."""
    people = len(scores)
    first, second = np.triu_indices(people, 1)
    if len(first) < 2:
        return scores
    aside = max(1, int(CONFUSABLE_SHARE * len(first)))
    order = np.argsort(scores[first, second], kind="stable")
    kept, left = order[aside:], order[:aside]
    found = scores.copy()
    found[first[left], second[left]] = found[second[left], first[left]] = scores[
        first[kept], second[kept]
    ].mean()
    return found


def calibrate(gallery: Gallery) -> Calibration:
    """What fits the gallery's own people: the model's own thresholds for so many, or stricter ones."""
    return calibrate_on(
        separation(gallery),
        gallery.model.thresholds_for(gallery.people),
        gallery.model.spread,
        of_two=gallery.model.thresholds_for(SMALLEST_ROSTER),
    )


def calibrate_on(
    found: Separation,
    own: Thresholds,
    spread: DistanceSpread | None,
    *,
    of_two: Thresholds | None = None,
    leave_out: int | None = None,
) -> Calibration:
    """The same for distances that were measured already.

    Args:
        found: They.
        own: The model's own thresholds.
        spread: The model's.
        of_two: The model's own thresholds for a roster of two, at which people are called look-alikes; `own` where not given.
        leave_out: A person who plays no part.
    """
    people = np.ones(len(found.people), bool) if leave_out is None else found.people != leave_out
    genuine = found.genuine[found.owners != leave_out]
    rest = (
        (found.pairs != leave_out).all(axis=1) if leave_out is not None else np.ones(len(found.pairs), bool)
    )
    pairs, impostor = found.pairs[rest], found.impostor[rest]
    number = int(np.count_nonzero(people))
    forecast = found.forecast(spread, people, own) if spread is not None and number else None
    verdict, thresholds = _judge(forecast, own, number)
    wider = limit_of(of_two or own) - limit_of(own)
    close = pairs[impostor <= limit_of(thresholds) + wider]
    return Calibration(
        verdict,
        thresholds,
        tuple((int(a), int(b)) for a, b in close),
        (len(genuine), len(impostor)),
        forecast,
    )


def _judge(forecast: RosterForecast | None, own: Thresholds, people: int) -> tuple[Verdict, Thresholds]:
    if people < MIN_PEOPLE:
        return Verdict.TOO_FEW, own
    if forecast is None:
        return Verdict.UNMEASURED, own
    if forecast.alike.at_least <= 0:
        return Verdict.ORDINARY, own
    best = min(_stricter(own), key=lambda limits: forecast.errors(limits).cost)
    if forecast.errors(own).cost - forecast.errors(best).cost < WORTH:
        return Verdict.COSTLY, own
    return Verdict.STRICTER, best


def _stricter(own: Thresholds) -> Sequence[Thresholds]:
    """The thresholds themselves first, then ever stricter ones. Who is no longer accepted is asked to scan: reject stays."""
    accepts = np.linspace(own.accept, _STRICTEST * own.accept, _CANDIDATES)[1:]
    return [own, *(Thresholds(round(float(accept), 6), own.reject, own.margin) for accept in accepts)]
