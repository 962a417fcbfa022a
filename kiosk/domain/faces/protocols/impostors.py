"""The closest different-person pairs of many pictures, found without holding all of them. Pure arithmetic, any thread.

Ten thousand pictures make fifty million pairs, of which only the closest say where false matches begin.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.recognition import Metric

TAIL: Final = 0.02
"""Share of the pairs that is kept: twice the largest false match rate that is asked for, so that resamples find theirs."""

_BLOCK: Final = 256
"""Pictures that are compared with all later ones at once."""

_LEAST: Final = 1000
"""Pairs that are kept in any case."""


@dataclass(frozen=True, slots=True, eq=False)
class Impostors:
    """The closest pairs of pictures of different people.

    Attributes:
        pairs: How many such pairs there are.
        distances: (kept,) float32, rising.
        first: (kept,) row of one picture of each pair.
        second: (kept,) row of the other.
        people: (pictures,) the person of each row, numbered from 0.
    """

    pairs: int
    distances: NDArray[np.float32]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    people: NDArray[np.int64]

    def limit(self, fmr: float) -> float | None:
        """The distance below which at most this share of the pairs lies; None where there are too few pairs to show it.

        A comparison matches below it: the pair that lies there is one too many.
        """
        if self.pairs * fmr < 1:
            return None
        allowed = math.floor(self.pairs * fmr)
        return float(self.distances[allowed]) if allowed < len(self.distances) else math.inf


def closest_impostors(
    vectors: NDArray[np.float32],
    people: NDArray[np.int64],
    metric: Metric,
    *,
    done: Callable[[int], None] = lambda _pictures: None,
) -> Impostors:
    """Compare each two pictures of different people and keep the closest `TAIL` of them.

    Args:
        vectors: (pictures, dimensions), one of each picture.
        people: (pictures,) whose each is, numbered from 0.
        metric: The model's.
        done: Told of so many more pictures that were compared.
    """
    counts = np.bincount(people) if len(people) else np.zeros(0, np.int64)
    pairs = (len(people) ** 2 - int((counts**2).sum())) // 2
    tail = _Tail(max(_LEAST, math.ceil(TAIL * pairs)))
    exact = vectors.astype(np.float64)
    if metric is Metric.COSINE:
        norms = np.linalg.norm(exact, axis=1, keepdims=True)
        exact = np.divide(exact, norms, out=np.zeros_like(exact), where=norms > 0)
    for start in range(0, len(people), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(people)))
        table = _table(exact, rows, start, metric)
        wanted = (people[rows][:, None] != people[None, start:]) & (
            rows[:, None] < np.arange(start, len(people))
        )
        one, other = np.nonzero(wanted & (table <= tail.bound))
        tail.add(table[one, other], rows[one], other + start)
        done(len(rows))
    distances, first, second = tail.sorted()
    return Impostors(pairs, distances, first, second, people)


def _table(
    vectors: NDArray[np.float64], rows: NDArray[np.int64], start: int, metric: Metric
) -> NDArray[np.float32]:
    """(rows, pictures from `start` on) distances, in double precision until the end."""
    products = vectors[rows] @ vectors[start:].T
    if metric is Metric.COSINE:
        return np.asarray(1 - products, np.float32)
    squares = np.vecdot(vectors, vectors)
    apart = squares[rows][:, None] + squares[None, start:] - 2 * products
    return np.asarray(np.sqrt(np.maximum(apart, 0)), np.float32)


_Kept = tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32]]
"""Distances of pairs, and the rows of the two pictures of each."""


class _Tail:
    """Keeps the `size` smallest of what is added; holds at most a block more than twice as many."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._parts: list[_Kept] = [(np.empty(0, np.float32), np.empty(0, np.int32), np.empty(0, np.int32))]
        self._held = 0
        self.bound = math.inf

    def add(
        self, distances: NDArray[np.float32], first: NDArray[np.int64], second: NDArray[np.int64]
    ) -> None:
        self._parts.append((distances, first.astype(np.int32), second.astype(np.int32)))
        self._held += len(distances)
        if self._held > 2 * self._size:
            self._parts = [self._smallest()]
            self._held = self._size
            self.bound = float(self._parts[0][0].max())

    def sorted(self) -> _Kept:
        distances, first, second = self._smallest()
        order = np.argsort(distances, kind="stable")
        return distances[order], first[order], second[order]

    def _smallest(self) -> _Kept:
        distances = np.concatenate([part[0] for part in self._parts])
        first = np.concatenate([part[1] for part in self._parts])
        second = np.concatenate([part[2] for part in self._parts])
        if len(distances) <= self._size:
            return distances, first, second
        chosen = np.argpartition(distances, self._size - 1)[: self._size]
        return distances[chosen], first[chosen], second[chosen]
