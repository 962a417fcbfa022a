"""Thresholds from a roster's own enrolled pictures.

Genuine distances compare pictures of one person, impostor distances those of different people. Where the
two groups are apart, accept lies between the largest genuine and the smallest impostor distance: halfway with many
people, nearer to the genuine one with few, because few people say little about how close a stranger may come;
where they overlap, accept is the largest distance that keeps the share of false matches at or below the
target, and the pairs below it are reported as confusable.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.recognition import Gallery, Thresholds, distances

CONFUSABLE_SHARE: Final = 0.02
"""Share of a roster's pairs that may be set aside as too alike; in a class of 30 these are 8 of 435."""

MIN_GENUINE: Final = 10
"""Fewer genuine comparisons than this say nothing about how much one person's pictures differ."""


@dataclass(frozen=True, slots=True)
class Separation:
    """Distances within and between the people of a roster.

    Attributes:
        genuine: Each template's distance to the closest other template of the same person.
        impostor: For each pair of people, the distance of their two closest templates.
        pairs: (pairs, 2) student ids in the order of `impostor`.
    """

    genuine: NDArray[np.float32]
    impostor: NDArray[np.float32]
    pairs: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds that fit one roster.

    Attributes:
        thresholds: What to use.
        separated: Whether all genuine distances lie below all impostor distances.
        largest_genuine: The largest within-person distance seen.
        smallest_impostor: The smallest between-person distance seen.
        confusable: Student ids of pairs that stay too close for the face alone.
        comparisons: (genuine, impostor) numbers that the result rests on.
    """

    thresholds: Thresholds
    separated: bool
    largest_genuine: float
    smallest_impostor: float
    confusable: tuple[tuple[int, int], ...]
    comparisons: tuple[int, int]


def separation(gallery: Gallery) -> Separation:
    """Measure how far a gallery's people are from themselves and from each other."""
    metric = gallery.model.metric
    owners = gallery.student_ids
    table = np.array(
        [distances(gallery.matrix, row, metric) for row in gallery.matrix],
        dtype=np.float32,
    )
    table = table.reshape(len(owners), len(owners))
    same = owners[:, None] == owners[None, :]
    np.fill_diagonal(same, False)
    within = np.where(same, table, np.inf).min(axis=1, initial=np.inf)
    genuine = within[np.isfinite(within)].astype(np.float32)
    people = [int(owner) for owner in np.unique(owners)]
    rows = {owner: np.flatnonzero(owners == owner) for owner in people}
    pairs = list(combinations(people, 2))
    closest = [float(table[np.ix_(rows[a], rows[b])].min()) for a, b in pairs]
    return Separation(
        genuine,
        np.array(closest, dtype=np.float32),
        np.array(pairs, dtype=np.int64).reshape(len(pairs), 2),
    )


def calibrate(gallery: Gallery) -> Calibration | None:
    """Thresholds for the gallery's own people; None with too few pictures to tell.

    Neither threshold ever rises above the model's own: a roster of people who differ a lot says nothing about strangers,
    so a calibration may make recognition stricter, never looser. Where the groups overlap, up to `CONFUSABLE_SHARE` of the pairs (at least one: twins, or one person
    enrolled twice) are set aside as confusable instead of turning everybody else away: the margin keeps the camera
    from choosing between those two. Beyond that, accept stays below the closest remaining pair.
    """
    found = separation(gallery)
    pairs = len(found.impostor)
    if len(found.genuine) < MIN_GENUINE or pairs == 0:
        return None
    largest, smallest = float(found.genuine.max()), float(found.impostor.min())
    own = gallery.model.thresholds
    separated = largest < smallest
    closest = smallest if separated else _closest_to_tell_apart(found.impostor)
    if largest < closest:
        # The closest of few pairs says little about the closest stranger: one pair moves accept a quarter of the way
        # from genuine to impostor, ten pairs 45 %, many pairs half of it.
        accept = largest + 0.5 * pairs / (pairs + 1) * (closest - largest)
        reject = (accept + closest) / 2
    else:
        accept, reject = 0.95 * closest, closest
    accept, reject = min(accept, own.accept), min(reject, own.reject)
    margin = min(own.margin, accept * 0.1)
    close = found.pairs[found.impostor <= accept + margin]
    return Calibration(
        Thresholds(accept, reject, margin),
        separated,
        largest,
        smallest,
        tuple((int(a), int(b)) for a, b in close),
        (len(found.genuine), pairs),
    )


def _closest_to_tell_apart(impostor: NDArray[np.float32]) -> float:
    aside = max(1, int(CONFUSABLE_SHARE * len(impostor)))
    ordered = np.sort(impostor)
    return float(ordered[min(aside, len(ordered) - 1)])
