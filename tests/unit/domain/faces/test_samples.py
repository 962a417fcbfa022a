"""Which faces of a class may become stored pictures."""

import numpy as np
import pytest

from kiosk.domain.faces.frames import Vector
from kiosk.domain.faces.recognition import Match, Metric, Thresholds
from kiosk.domain.faces.samples import Learnable, is_clear, learnable

LIMITS = Thresholds(accept=0.5, reject=0.6, margin=0.1)
NOBODY = np.empty((0, 2), np.float32)


def at(distance: float, aside: float = 0.0) -> Vector:
    """A place so far from the only enrolled one, on a plane."""
    return np.array([distance, aside], np.float32)


def judged(distance: float, *, learned: tuple[float, ...] = (), other: float | None = None) -> Learnable:
    return learnable(
        at(distance),
        enrolled=[at(0.0)],
        learned=[at(one) for one in learned],
        others=NOBODY if other is None else np.array([at(distance + other)]),
        metric=Metric.EUCLIDEAN,
        thresholds=LIMITS,
    )


@pytest.mark.parametrize(
    ("distance", "runner_up", "clear"),
    [(0.45, 0.9, True), (0.46, 0.9, False), (0.3, 0.51, True), (0.3, 0.49, False), (0.3, float("inf"), True)],
)
def test_a_clear_face_is_well_within_accept_and_far_from_anybody_else(
    distance: float, runner_up: float, clear: bool
) -> None:
    assert is_clear(Match(1, distance, runner_up), LIMITS) is clear


def test_a_face_near_its_enrolled_pictures_may_be_learned() -> None:
    assert judged(0.3, other=1.0) is Learnable.YES
    assert judged(0.3) is Learnable.YES


def test_an_outlier_is_not_learned() -> None:
    assert judged(0.46, other=1.0) is Learnable.OUTLIER


def test_a_face_too_near_to_somebody_else_is_not_learned() -> None:
    assert judged(0.3, other=0.45) is Learnable.OUTLIER


def test_without_an_enrolled_picture_nothing_is_learned() -> None:
    found = learnable(
        at(0.0), enrolled=[], learned=[at(0.0)], others=NOBODY, metric=Metric.EUCLIDEAN, thresholds=LIMITS
    )
    assert found is Learnable.UNKNOWN


def test_templates_cannot_walk_away_because_learned_ones_are_no_measure() -> None:
    assert judged(0.5, learned=(0.44,), other=1.0) is Learnable.OUTLIER


def test_the_nearest_enrolled_picture_counts() -> None:
    found = learnable(
        at(0.8),
        enrolled=[at(0.0), at(0.7)],
        learned=[],
        others=NOBODY,
        metric=Metric.EUCLIDEAN,
        thresholds=LIMITS,
    )
    assert found is Learnable.YES


def test_learning_stops_when_the_learned_pictures_have_moved_away() -> None:
    assert judged(0.44, learned=(0.44,)) is Learnable.YES
    assert judged(0.44, learned=(0.44, 0.2)) is Learnable.DRIFTED
    assert judged(0.2, learned=(0.44, 0.2)) is Learnable.YES
