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

    Accept never rises above the model's own reject threshold: a roster of people who differ a lot says
    nothing about strangers.
    """
    found = separation(gallery)
    if len(found.genuine) < MIN_GENUINE or len(found.impostor) == 0:
        return None
    largest = float(found.genuine.max())
    smallest = float(found.impostor.min())
    separated = largest < smallest
    ceiling = gallery.model.thresholds.reject
    # The closest of few pairs says little about the closest stranger: one pair moves accept a quarter of the way
    # from genuine to impostor, ten pairs 45 %, many pairs half of it.
    pairs = len(found.impostor)
    share = 0.5 * pairs / (pairs + 1)
    middle = largest + share * (smallest - largest) if separated else smallest * 0.95
    accept = min(middle, ceiling)
    reject = min(max((accept + smallest) / 2 if separated else accept * 1.1, accept), ceiling)
    margin = min(gallery.model.thresholds.margin, accept * 0.1)
    close = found.pairs[found.impostor <= accept + margin]
    return Calibration(
        Thresholds(accept, reject, margin),
        separated,
        largest,
        smallest,
        tuple((int(a), int(b)) for a, b in close),
        (len(found.genuine), len(found.impostor)),
    )
