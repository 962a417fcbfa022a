"""Pairs of people whom the face alone does not tell apart: twins, or one person enrolled under two numbers.

Two people are such a pair when their two closest templates would be accepted for each other: at or below *accept*. From
then on both of them need a second factor. People a little farther apart are left to the margin, which refuses each probe
that lies between the two, and only that. Pure; any thread.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Final

import numpy as np

from kiosk.domain.faces.recognition import Gallery, Thresholds, distances

SAME_PERSON: Final = 0.85
"""Share of the model's own *accept* up to which the typical distance of two people hints at one person enrolled twice.

Measured with the built-in model (accept 0.50) on photographs of 13 people: the two halves of one person's pictures lie
0.27 to 0.41 apart (median of the closest distances), two people 0.57 or more."""


SMALLEST_ROSTER: Final = 2
"""People are compared at the thresholds of the smallest roster in which one can be taken for another; larger ones have stricter ones."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Two people who stay too close.

    Attributes:
        student_id: The smaller of the two ids.
        other_id: The larger of the two ids.
        distance: Of their two closest templates.
        same_person: Whether most of their templates are so close that it may be one person enrolled twice.
    """

    student_id: int
    other_id: int
    distance: float
    same_person: bool


class PairOrigin(StrEnum):
    """How a pair was found."""

    LOOKALIKE = "lookalike"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class FacePair:
    """Two people, or one person and a face that nobody knows, between whom a camera must not decide.

    Attributes:
        pair_id: Key in the store.
        student_id: For look-alikes the smaller id; for corrections whose name was given wrongly.
        other_id: The other person; None: somebody else whom nobody named.
        origin: Found at enrolment, or by a teacher's "this is not X".
        model: Whose distances: a look-alike of one model need not be one of another. A correction holds for every model.
        distance: Of their closest templates; for corrections that of the wrong record. None: not known.
        same_person: Whether it may be one person enrolled twice.
        found_at: Aware UTC.
        found_by: Who enrolled, or who corrected.
        lifted_at: Since when the face alone is enough again although the pair is close; None: both need a second factor.
        lifted_by: Who took that risk.
    """

    pair_id: int
    student_id: int
    other_id: int | None
    origin: PairOrigin
    model: str
    distance: float | None
    same_person: bool
    found_at: datetime
    found_by: str
    lifted_at: datetime | None = None
    lifted_by: str | None = None

    @property
    def is_lifted(self) -> bool:
        """Whether somebody took the risk."""
        return self.lifted_at is not None


def limit_of(thresholds: Thresholds) -> float:
    """The distance at or below which two people are too close."""
    return thresholds.accept


def second_factor(pairs: Iterable[FacePair], *, model: str) -> frozenset[int]:
    """Whom the face alone may not mark in a class, given the pairs between its people.

    Distance has no direction: whoever is taken for another may as well be taken for by the other, so both need a second
    factor. Look-alikes of other models and lifted pairs count for nothing.
    """
    counted = [
        pair
        for pair in pairs
        if not pair.is_lifted and (pair.origin is PairOrigin.CORRECTION or pair.model == model)
    ]
    both = {pair.student_id for pair in counted} | {pair.other_id for pair in counted}
    return frozenset(one for one in both if one is not None)


def lookalikes(gallery: Gallery, *, limit: float, among: Collection[int] | None = None) -> list[Lookalike]:
    """Pairs of people whose closest templates are at or below `limit`, the closest pair first.

    Args:
        gallery: Everybody who is compared.
        limit: `limit_of` the thresholds in force for a roster of two.
        among: Only pairs in which at least one of these stands; None: all pairs. Five templates of one person against
            5,000 take 4 ms on 2 cores, everybody against everybody 1.6 s.
    """
    order = np.argsort(gallery.student_ids, kind="stable")
    owners, matrix = gallery.student_ids[order], gallery.matrix[order]
    people, starts = np.unique(owners, return_index=True)
    rows = {int(person): place for place, person in enumerate(people)}
    found: dict[tuple[int, int], Lookalike] = {}
    for student_id in people.tolist() if among is None else sorted(set(among) & rows.keys()):
        own = matrix[owners == student_id]
        table = np.array([distances(matrix, row, gallery.model.metric) for row in own], np.float32)
        closest = np.minimum.reduceat(table.min(axis=0), starts)
        for place in np.flatnonzero(closest <= limit).tolist():
            other_id = int(people[place])
            pair = (min(student_id, other_id), max(student_id, other_id))
            if other_id == student_id or pair in found:
                continue
            between = table[:, owners == other_id]
            typical = float(np.median(np.concatenate([between.min(axis=0), between.min(axis=1)])))
            twice = typical <= SAME_PERSON * gallery.model.thresholds.accept
            found[pair] = Lookalike(*pair, float(closest[place]), twice)
    return sorted(found.values(), key=attrgetter("distance", "student_id", "other_id"))
