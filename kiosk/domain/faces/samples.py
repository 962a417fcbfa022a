"""Stored pictures of faces, by student, and which faces of a class may become one. Pure rules.

A learned picture is judged by its distance to the *enrolled* ones alone, never to other learned ones: so what is learned
cannot walk away from the person step by step, or over to somebody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import Vector
from kiosk.domain.faces.recognition import Match, Metric, Thresholds, distances

MAX_LEARNED: Final = 5
"""Learned pictures kept of one student, of as many days; the oldest makes room."""

NEAR: Final = 0.9
"""Share of accept within which a face is near enough to be learned. With the default model, three enrolled pictures and a roster
of 100, that leaves 98 of 100 of a student's own faces, and a twentieth of the strangers whom accept lets through."""

MARGINS: Final = 2.0
"""How many times the thresholds' margin anybody else must be farther away."""

DRIFT: Final = 0.85
"""Share of accept; beyond it the median distance of learned pictures to the enrolled ones says that a face has changed."""

DRIFT_FROM: Final = 3
"""Fewer pictures than this say nothing of a change."""


class SampleOrigin(StrEnum):
    """Where a stored picture comes from."""

    ENROLLED = "enrolled"
    LEARNED = "learned"
    """A class in which the face alone marked the student."""
    CONFIRMED = "confirmed"
    """A class in which another proof by the student stands beside the face."""

    @property
    def is_learned(self) -> bool:
        """Whether nobody chose it."""
        return self is not SampleOrigin.ENROLLED


class Learnable(StrEnum):
    """Whether a face from a class may become a stored picture."""

    YES = "yes"
    UNKNOWN = "unknown"
    """Nothing is enrolled to compare it with."""
    OUTLIER = "outlier"
    """It is not near enough to what is enrolled, or too near to somebody else."""
    DRIFTED = "drifted"
    """The learned pictures have moved away from the enrolled ones: a new enrolment would help."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceSample:
    """A stored picture of a face with some surroundings, kept to embed it again with another model."""

    sample_id: int
    student_id: int
    picture: bytes
    """JPEG, decrypted."""
    digest: str
    """Keyed hash of the file it came from; tells a picture that was imported before, and nothing else."""
    captured_at: datetime
    origin: SampleOrigin = SampleOrigin.ENROLLED


@dataclass(frozen=True, slots=True)
class SampleKey:
    """Which sample, and whose: all that can be said of it without opening it."""

    sample_id: int
    student_id: int


@dataclass(frozen=True, slots=True)
class LearnedSample:
    """A learned picture, not opened: which, when it was taken (aware UTC), and what stood behind it."""

    sample_id: int
    captured_at: datetime
    origin: SampleOrigin


def is_clear(match: Match, thresholds: Thresholds) -> bool:
    """Whether a face in a class is so surely its student's that it may be learned from."""
    return match.distance <= NEAR * thresholds.accept and match.margin >= MARGINS * thresholds.margin


def learnable(
    vector: Vector,
    *,
    enrolled: Sequence[Vector],
    learned: Sequence[Vector],
    others: NDArray[np.float32],
    metric: Metric,
    thresholds: Thresholds,
) -> Learnable:
    """Judge a face from a class.

    Args:
        vector: Its embedding (dimensions,).
        enrolled: Embeddings of the student's enrolled pictures.
        learned: Of those that were learned before.
        others: (n, dimensions) all templates of the roster's other students.
        metric: The model's.
        thresholds: In force for the roster.
    """
    if not enrolled:
        return Learnable.UNKNOWN
    near, *before = (_nearest(np.array(enrolled, np.float32), one, metric) for one in (vector, *learned))
    runner_up = _nearest(others, vector, metric) if len(others) else float("inf")
    if not is_clear(Match(0, near, runner_up), thresholds):
        return Learnable.OUTLIER
    apart = [*before, near]
    if len(apart) >= DRIFT_FROM and median(apart) > DRIFT * thresholds.accept:
        return Learnable.DRIFTED
    return Learnable.YES


def _nearest(templates: NDArray[np.float32], probe: Vector, metric: Metric) -> float:
    return float(distances(templates, probe, metric).min())
