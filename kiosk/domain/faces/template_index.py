"""Searching many templates with one matrix product; pure computation, on the caller's thread.

Everything that does not depend on the probe is computed once: where each person's rows begin, and their norms. Then all
probes of a frame cost one product, ‖a − b‖² = ‖a‖² + ‖b‖² − 2 a·b, and one pass for the smallest distance of each person
(`np.minimum.reduceat`). In float32 that formula loses up to about 1e-6 ‖a‖² to cancellation, so the rows that could be the
answer are measured again one by one: what is reported equals the direct formula. On 2 cores: 900 templates of 128
numbers in 0.03 ms, of 512 in 0.05 ms, of 4,096 in 0.17 ms; 100,000 of 512 in 3.3 ms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import Vector

_SLACK: Final = 2e-5
"""Rows that lie within this of the runner-up are measured again; in squared distances, relative to the squared norms."""

_AGAIN: Final = 64
"""At most so many: hundreds of equally close rows are one picture enrolled under many names, where any order is right."""


_ONE_CORE: Final = 4_000_000
"""Numbers in a matrix up to which the product is left to one core, row by row (`np.vecdot`). BLAS would share a whole
matrix out, and then wait for a second core that the detector or the window has: measured 8 ms instead of 0.04 ms for
1,500 × 512 beside one busy thread. One row is too short for it to be shared."""

_CACHE_LINE: Final = 64
"""Bytes. Rows that begin at one are read a sixth faster on one core than at the 16 bytes of numpy's own arrays."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The closest person of an index and the closest other one; `runner_up` is infinite where there is none, `row` the closest template."""

    owner: int
    distance: float
    runner_up: float
    row: int


@dataclass(frozen=True, slots=True, eq=False)
class TemplateIndex:
    """Templates ready for search.

    Attributes:
        matrix: (templates, dimensions) float32, rows of one owner together, owners ascending.
        owners: (people,) int64, ascending.
        starts: (people,) row at which each owner's templates begin.
        squares: (templates,) squared norms.
        shares: (templates,) 1 / norm, 0 for a vector of zeros.
        by_angle: True for cosine distances, False for Euclidean ones.
    """

    matrix: NDArray[np.float32]
    owners: NDArray[np.int64]
    starts: NDArray[np.intp]
    squares: NDArray[np.float32]
    shares: NDArray[np.float32]
    by_angle: bool

    @classmethod
    def of(cls, matrix: NDArray[np.float32], row_owners: NDArray[np.int64], *, by_angle: bool) -> Self:
        """Prepare a matrix whose rows stand in ascending order of `row_owners` (templates,)."""
        owners, starts = np.unique(row_owners, return_index=True)
        squares = np.vecdot(matrix, matrix).astype(np.float32)
        return cls(matrix, owners, starts, squares, _inverse_norms(squares), by_angle)

    def __contains__(self, owner: int) -> bool:
        """Whether somebody owns a template."""
        at = int(np.searchsorted(self.owners, owner))
        return at < len(self.owners) and int(self.owners[at]) == owner

    def nearest(self, probes: NDArray[np.float32]) -> list[Nearest | None]:
        """The closest people to each of `probes` (probes, dimensions), in their order.

        None where there is nobody to find, and for a probe that is no vector of finite numbers.
        """
        if len(self.owners) == 0 or len(probes) == 0:
            return [None] * len(probes)
        probes = stacked(probes, self.matrix.shape[1])
        squares = np.vecdot(probes, probes)
        finite = np.isfinite(squares)
        probes[~finite], squares[~finite] = 0, 0
        rough = self._rough(probes, squares[:, None])
        of_people = np.minimum.reduceat(rough, self.starts, axis=1)
        return [
            self._exact(probe, rows, people) if usable else None
            for probe, rows, people, usable in zip(probes, rough, of_people, finite, strict=True)
        ]

    def _rough(self, probes: NDArray[np.float32], squares: NDArray[np.float32]) -> NDArray[np.float32]:
        """(probes, templates) squared distances, or cosine distances, to within rounding."""
        products = self._products(probes)
        if self.by_angle:
            products *= self.shares
            products *= _inverse_norms(squares)
            return np.subtract(1, products, out=products)
        products *= np.float32(-2)
        products += self.squares
        products += squares
        return products

    def _products(self, probes: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.matrix.size > _ONE_CORE:
            return np.asarray(probes @ self.matrix.T, np.float32)
        if len(probes) == 1:
            return np.asarray(np.vecdot(self.matrix, probes[0])[None], np.float32)
        return np.array([np.vecdot(self.matrix, probe) for probe in probes], np.float32)

    def _exact(self, probe: Vector, rough: NDArray[np.float32], people: NDArray[np.float32]) -> Nearest:
        """Measure again whoever could be the closest or the runner-up; `people` is used up."""
        best = int(np.argmin(people))
        nearest = float(people[best])
        people[best] = np.inf
        bound = float(people.min()) if len(people) > 1 else nearest
        scale = 1.0 if self.by_angle else float(self.squares.max()) + float(probe @ probe)
        rows = np.flatnonzero(rough <= bound + _SLACK * scale)
        if len(rows) > _AGAIN:
            rows = rows[np.argsort(rough[rows], kind="stable")[:_AGAIN]]
        owner_at = np.searchsorted(self.starts, rows, side="right") - 1
        exact = direct(self.matrix[rows], probe, by_angle=self.by_angle)
        first = int(np.argmin(exact))
        rest = exact[owner_at != owner_at[first]]
        distance = float(exact[first])
        if rest.size:
            runner_up = float(rest.min())
        else:
            # Too many rows of one person crowded the runner-up out.
            runner_up = float("inf") if len(people) == 1 else max(distance, self._shown(bound))
        return Nearest(int(self.owners[owner_at[first]]), distance, runner_up, int(rows[first]))

    def _shown(self, rough: float) -> float:
        return rough if self.by_angle else float(np.sqrt(max(0.0, rough)))


def stacked(vectors: Sequence[Vector] | NDArray[np.float32], dimensions: int) -> NDArray[np.float32]:
    """(vectors, dimensions) float32 that begins at a cache line, as a search reads it fastest."""
    size = len(vectors) * dimensions
    room = np.empty(4 * size + _CACHE_LINE, np.uint8)
    start = -room.ctypes.data % _CACHE_LINE
    matrix = room[start : start + 4 * size].view(np.float32).reshape(len(vectors), dimensions)
    for row, vector in zip(matrix, vectors, strict=True):
        row[:] = vector
    return matrix


def _inverse_norms(squares: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 / norm of vectors with these squared norms, 0 where that is 0."""
    return np.divide(1, np.sqrt(squares), out=np.zeros_like(squares), where=squares > 0)


def direct(matrix: NDArray[np.float32], probe: Vector, *, by_angle: bool) -> NDArray[np.float32]:
    """Distances of `probe` (dimensions,) to each row of `matrix` (n, dimensions), as (n,) float32.

    Cosine distances lie between 0 and 2; a vector of zeros is at distance 1 from everything.
    """
    if not by_angle:
        return np.asarray(np.linalg.norm(matrix - probe, axis=1), dtype=np.float32)
    norms = np.sqrt(np.vecdot(matrix, matrix)) * np.sqrt(np.vecdot(probe, probe))
    similarity = np.divide(
        np.vecdot(matrix, probe), norms, out=np.zeros(len(matrix), np.float32), where=norms > 0
    )
    return np.asarray(1.0 - similarity, dtype=np.float32)
