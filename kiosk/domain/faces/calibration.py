"""Thresholds from a roster's own enrolled pictures, and how far they can be trusted.

Genuine distances compare pictures of one person, impostor distances those of different people. Where the
two groups are apart, accept lies between the largest genuine and the smallest impostor distance: halfway with many
people, nearer to the genuine one with few, because few people say little about how close a stranger may come;
where they overlap, accept is the largest distance that keeps the share of false matches at or below the
target, and the pairs below it are reported as confusable. How well that works is measured by
`kiosk.domain.faces.measurement`.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.error_rates import trials_to_show
from kiosk.domain.faces.recognition import Gallery, Thresholds, distances

TARGET_FPIR: Final = 0.001
"""A stranger may be taken for a student once in a thousand times."""

STRANGERS_TO_SHOW: Final = trials_to_show(TARGET_FPIR)
"""Strangers in a row who must be turned away to show that the target is met, with 95 % confidence: 2,995."""

CONFUSABLE_SHARE: Final = 0.02
"""Share of a roster's pairs that may be set aside as too alike; in a class of 30 these are 8 of 435."""

MIN_GENUINE: Final = 10
"""Fewer genuine comparisons than this say nothing about how much one person's pictures differ."""


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
    """

    genuine: NDArray[np.float32]
    owners: NDArray[np.int64]
    impostor: NDArray[np.float32]
    pairs: NDArray[np.int64]
    same: NDArray[np.float32]
    different: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds that fit one roster.

    Attributes:
        thresholds: What to use.
        confusable: Student ids of pairs that stay too close for the face alone.
        comparisons: (genuine, impostor) numbers that the result rests on.
    """

    thresholds: Thresholds
    confusable: tuple[tuple[int, int], ...]
    comparisons: tuple[int, int]


def separation(gallery: Gallery) -> Separation:
    """Measure how far a gallery's people are from themselves and from each other."""
    metric = gallery.model.metric
    order = np.argsort(gallery.student_ids, kind="stable")
    owners, matrix = gallery.student_ids[order], gallery.matrix[order]
    count = len(owners)
    table = np.array([distances(matrix, row, metric) for row in matrix], dtype=np.float32)
    table = table.reshape(count, count)
    same = owners[:, None] == owners[None, :]
    np.fill_diagonal(same, False)
    within = np.where(same, table, np.inf).min(axis=1, initial=np.inf)
    people, first = np.unique(owners, return_index=True)
    between = table if count == 0 else np.minimum.reduceat(np.minimum.reduceat(table, first), first, axis=1)
    pairs = list(combinations(range(len(people)), 2))
    places = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)
    above = np.triu(np.ones((count, count), bool), 1)
    return Separation(
        genuine=within[np.isfinite(within)].astype(np.float32),
        owners=owners[np.isfinite(within)],
        impostor=between[places[:, 0], places[:, 1]].astype(np.float32),
        pairs=people[places].astype(np.int64),
        same=table[above & same],
        different=table[above & ~same],
    )


def calibrate(gallery: Gallery) -> Calibration | None:
    """Thresholds for the gallery's own people; None with too few pictures to tell.

    Neither threshold ever rises above the model's own: a roster of people who differ a lot says nothing about strangers,
    so a calibration may make recognition stricter, never looser. Where the groups overlap, up to `CONFUSABLE_SHARE` of the
    pairs (at least one: twins, or one person enrolled twice) are set aside as confusable instead of turning everybody else
    away: the margin keeps the camera from choosing between those two. Beyond that, accept stays below the closest
    remaining pair, so that of the roster's own people nobody, left out as a stranger, is taken for another one: an FPIR
    of 0, where `TARGET_FPIR` would allow one in a thousand, because fewer strangers than that were ever seen.
    """
    return calibrate_on(separation(gallery), gallery.model.thresholds)


def calibrate_on(found: Separation, own: Thresholds) -> Calibration | None:
    """The same for distances that were measured already; `own` are the model's own thresholds."""
    if len(found.genuine) < MIN_GENUINE or len(found.impostor) == 0:
        return None
    thresholds = fit(found.genuine, found.impostor, own)
    close = found.pairs[found.impostor <= thresholds.accept + thresholds.margin]
    return Calibration(
        thresholds, tuple((int(a), int(b)) for a, b in close), (len(found.genuine), len(found.impostor))
    )


def fit(genuine: NDArray[np.float32], impostor: NDArray[np.float32], own: Thresholds) -> Thresholds:
    """Thresholds between the two groups, and never looser than `own`: what they accept, `own` accepts, too.

    Args:
        genuine: (n,) at least one, as in `Separation`.
        impostor: (pairs,) at least one, as in `Separation`.
        own: The model's own thresholds.
    """
    pairs = len(impostor)
    largest, smallest = float(genuine.max()), float(impostor.min())
    closest = smallest if largest < smallest else _closest_to_tell_apart(impostor)
    if largest < closest:
        # The closest of few pairs says little about the closest stranger: one pair moves accept a quarter of the way
        # from genuine to impostor, ten pairs 45 %, many pairs half of it.
        accept = largest + 0.5 * pairs / (pairs + 1) * (closest - largest)
        reject = (accept + closest) / 2
    else:
        accept, reject = 0.95 * closest, closest
    accept, reject = min(accept, own.accept), min(reject, own.reject)
    return Thresholds(accept, reject, own.margin)


def _closest_to_tell_apart(impostor: NDArray[np.float32]) -> float:
    aside = max(1, int(CONFUSABLE_SHARE * len(impostor)))
    ordered = np.sort(impostor)
    return float(ordered[min(aside, len(ordered) - 1)])
