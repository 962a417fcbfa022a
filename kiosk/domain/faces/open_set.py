"""Open-set identification (1:N) with a known truth: searches, and how often they go wrong. Pure, any thread.

Terms of ISO/IEC 19795-1. A *mated* search is one of somebody who is in the gallery, a *non-mated* one of somebody who is
not: a stranger. *FNIR*, the false-negative identification rate, is the share of mated searches that do not end with the
right person accepted; *FPIR*, the false-positive identification rate, the share of non-mated ones that end with anybody
accepted. Both belong to one gallery of one size at one set of thresholds; asking a face to scan the code counts against FNIR
and not against FPIR.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.error_rates import Rate
from kiosk.domain.faces.recognition import Gallery, Thresholds, distances

NOBODY: Final = 0
"""Stands for a person without a student id."""


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """Answers of a gallery for probes whose person is known; all arrays are (searches,).

    Attributes:
        truth: Student id of the probe's person, or `NOBODY`.
        mated: Whether that person is in the gallery.
        own: Distance to the closest template of that person; infinite in a non-mated search.
        best: Distance to the closest template of all.
        runner_up: Distance to the closest template of anybody but the closest person; infinite without one.
    """

    truth: NDArray[np.int64]
    mated: NDArray[np.bool_]
    own: NDArray[np.float32]
    best: NDArray[np.float32]
    runner_up: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.truth)

    def __add__(self, other: "Searches") -> "Searches":
        return Searches(
            *(
                np.concatenate([getattr(self, field.name), getattr(other, field.name)])
                for field in fields(self)
            )
        )

    def where(self, chosen: NDArray[np.bool_]) -> "Searches":
        """Some of them."""
        return Searches(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def of(self, person: int) -> "Searches":
        """Those of one person's pictures."""
        return self.where(self.truth == person)


@dataclass(frozen=True, slots=True)
class OpenSetRates:
    """How often searches went wrong.

    Attributes:
        rank1_misses: Mated searches in which somebody else was as close or closer, whatever the thresholds.
        fnir: Mated searches that did not accept the right person; the next two are among them.
        misnamed: Mated searches that accepted somebody else.
        mated_asked: Mated searches that asked to scan the code.
        fpir: Non-mated searches that accepted anybody.
        strangers_asked: Non-mated searches that asked to scan the code instead of saying "unknown".
    """

    rank1_misses: Rate
    fnir: Rate
    misnamed: Rate
    mated_asked: Rate
    fpir: Rate
    strangers_asked: Rate

    @property
    def rank1(self) -> float | None:
        """The share of mated searches with the right person in front."""
        missed = self.rank1_misses.value
        return None if missed is None else 1 - missed

    def __add__(self, other: "OpenSetRates") -> "OpenSetRates":
        """The counts of both together."""
        return OpenSetRates(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def leave_one_out(gallery: Gallery) -> Searches:
    """Each template as a probe, twice.

    Once against everybody's other templates, mated, if its person has another one; and once against everybody else's,
    non-mated: the person is left out altogether and stands for a stranger.
    """
    owners = gallery.student_ids
    people, closest = _to_people(gallery, gallery.matrix, leave_out_itself=True)
    column = np.searchsorted(people, owners)
    own = closest[np.arange(len(owners)), column] if len(owners) else np.empty(0, np.float32)
    mated = np.isfinite(own)
    others = closest.copy()
    others[np.arange(len(owners)), column] = np.inf
    return _searches(closest, owners, own).where(mated) + _searches(others, owners, np.full_like(own, np.inf))


def searches_of_known(gallery: Gallery, vectors: NDArray[np.float32], people: NDArray[np.int64]) -> Searches:
    """Mated searches of (n, dimensions) `vectors` that are no templates; `people` says whose each is.

    Raises:
        ValueError: One of the people is not in the gallery.
    """
    everybody, closest = _to_people(gallery, vectors)
    if not np.isin(people, everybody).all():
        raise ValueError("a known person is not in the gallery")
    own = closest[np.arange(len(people)), np.searchsorted(everybody, people)]
    return _searches(closest, people, own)


def searches_of_strangers(gallery: Gallery, vectors: NDArray[np.float32]) -> Searches:
    """Non-mated searches of (n, dimensions) `vectors` of people who are not in the gallery."""
    _, closest = _to_people(gallery, vectors)
    nobody = np.full(len(vectors), NOBODY, np.int64)
    return _searches(closest, nobody, np.full(len(vectors), np.inf, np.float32))


def rates(searches: Searches, thresholds: Thresholds) -> OpenSetRates:
    """Judge each search as `kiosk.domain.recognition.judge` judges one frame, and count."""
    mated = searches.mated
    # The arithmetic of `judge` and `Match.margin`, in the same double precision.
    best, runner_up = searches.best.astype(np.float64), searches.runner_up.astype(np.float64)
    clear = np.zeros(len(searches), bool)
    known = np.isfinite(best)
    clear[known] = runner_up[known] - best[known] >= thresholds.margin
    lone = np.isinf(runner_up)
    accepted = np.where(
        lone, best <= thresholds.accept - thresholds.margin, (best <= thresholds.accept) & clear
    )
    asked = (best <= thresholds.reject) & ~accepted
    right = mated & (searches.own == searches.best) & (searches.own < searches.runner_up)
    return OpenSetRates(
        rank1_misses=_count(mated & ~right, mated),
        fnir=_count(mated & ~(accepted & right), mated),
        misnamed=_count(mated & accepted & ~right, mated),
        mated_asked=_count(mated & asked, mated),
        fpir=_count(~mated & accepted, ~mated),
        strangers_asked=_count(~mated & asked, ~mated),
    )


def rates_by_person(searches: Searches, folds: Mapping[int, Thresholds], others: Thresholds) -> OpenSetRates:
    """The same, with thresholds of their own for the searches of some people, and `others` for everybody else's."""
    total = rates(searches.where(np.zeros(len(searches), bool)), others)
    for person in np.unique(searches.truth):
        total += rates(searches.of(int(person)), folds.get(int(person), others))
    return total


def _to_people(
    gallery: Gallery, vectors: NDArray[np.float32], *, leave_out_itself: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The gallery's people, rising, and each vector's (vectors, people) distance to the closest template of each."""
    order = np.argsort(gallery.student_ids, kind="stable")
    people, first = np.unique(gallery.student_ids[order], return_index=True)
    closest = np.empty((len(vectors), len(people)), np.float32)
    for place, vector in enumerate(vectors if len(people) else ()):
        found = distances(gallery.matrix, vector, gallery.model.metric)
        if leave_out_itself:
            found[place] = np.inf
        closest[place] = np.minimum.reduceat(found[order], first)
    return people, closest


def _searches(closest: NDArray[np.float32], truth: NDArray[np.int64], own: NDArray[np.float32]) -> Searches:
    nobody_else = np.full((len(closest), 2), np.inf, np.float32)
    two = np.partition(np.concatenate([closest, nobody_else], axis=1), 1, axis=1)[:, :2]
    return Searches(truth, np.isfinite(own), own, two[:, 0], two[:, 1])


def _count(errors: NDArray[np.bool_], trials: NDArray[np.bool_]) -> Rate:
    return Rate(int(np.count_nonzero(errors)), int(np.count_nonzero(trials)))
