"""Which of several pictures show one and the same person, and which of those to keep. Pure arithmetic.

A picture belongs to the others when the (lower) median of its distances to them is within the model's reject threshold:
at least half of the other pictures look like it. So one wrong picture among three or more is found, and so are two among
five. Where those that belong are not more than half (two pictures that disagree, two against two) nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import Vector
from kiosk.domain.faces.recognition import Metric, distances

MAX_TEMPLATES: Final = 12
"""Templates kept for one person. More make the search slower and hardly find more: what is new in a thirteenth picture is
mostly noise, and every template is another chance for a stranger to come close."""

ALIKE: Final = 0.25
"""Share of *accept* within which pictures show the same moment: a quarter of it, with every model, is nearer than 98 in a hundred
pairs of one person's pictures of different days (`models/spreads.toml`)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several pictures of one person say of each other.

    Attributes:
        odd: Places of those that do not look like the others, in order.
        is_split: Those that agree are not more than half: it cannot be told who is right, and all are odd.
    """

    odd: tuple[int, ...]
    is_split: bool


def agreement(vectors: Sequence[Vector], *, metric: Metric, reject: float) -> Agreement:
    """Find the pictures that do not look like the others.

    Args:
        vectors: Embeddings (dimensions,) of one model.
        metric: That model's.
        reject: Its threshold beyond which two faces are two people.
    """
    if len(vectors) < 2:
        return Agreement((), False)
    apart = _apart(vectors, metric)
    odd = tuple(
        place
        for place, row in enumerate(apart)
        if median_low(float(far) for other, far in enumerate(row) if other != place) > reject
    )
    if 2 * len(odd) >= len(vectors):
        return Agreement(tuple(range(len(vectors))), True)
    return Agreement(odd, False)


def too_alike(vectors: Sequence[Vector], *, metric: Metric, accept: float) -> bool:
    """Whether several pictures say no more than one of them, as those of one second do; one picture is no such case."""
    return len(vectors) > 1 and bool(_apart(vectors, metric).max() <= ALIKE * accept)


def most_telling(
    vectors: Sequence[Vector], fitness: Sequence[float], *, metric: Metric, kept: Sequence[Vector], room: int
) -> tuple[int, ...]:
    """Choose at most `room` of several good pictures, best first.

    Each next one is farthest from what is chosen so far, weighed by its fitness (farthest-point sampling: variety of pose
    and light recognises more than many alike); the first, where nothing is kept yet, is the fittest.

    Args:
        vectors: Embeddings (dimensions,) to choose from.
        fitness: 0 to 1 of each.
        metric: The model's.
        kept: Embeddings that stay in any case.
        room: How many may be added.
    """
    chosen: list[int] = []
    nearest = np.full(len(vectors), np.inf)
    for vector in kept:
        nearest = np.minimum(nearest, distances(np.array(vectors), vector, metric)) if vectors else nearest
    while len(chosen) < min(room, len(vectors)):
        alone = not kept and not chosen
        worth = [fitness[i] if alone else fitness[i] * float(nearest[i]) for i in range(len(vectors))]
        best = max((i for i in range(len(vectors)) if i not in chosen), key=lambda i: worth[i])
        chosen.append(best)
        nearest = np.minimum(nearest, distances(np.array(vectors), vectors[best], metric))
    return tuple(chosen)


def _apart(vectors: Sequence[Vector], metric: Metric) -> NDArray[np.float32]:
    matrix = np.array(vectors, np.float32)
    return np.array([distances(matrix, vector, metric) for vector in matrix], np.float32)
