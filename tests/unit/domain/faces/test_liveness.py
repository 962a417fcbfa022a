from collections.abc import Sequence

import pytest

from kiosk.domain.faces.liveness import LivenessRule, Score, liveness_of
from kiosk.domain.faces.recognition import Liveness

RULE = LivenessRule(frames=5, span_s=0.3, live_from=0.5, attack_below=0.3, patience_s=3.0)


def scored(values: Sequence[float], *, every_s: float = 0.1) -> list[Score]:
    return [Score(place * every_s, value) for place, value in enumerate(values)]


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([], Liveness.PENDING),
        ([0.99] * 4, Liveness.PENDING),
        ([0.01] * 4, Liveness.PENDING),
        ([0.99] * 5, Liveness.LIVE),
        ([0.01] * 5, Liveness.ATTACK),
        ([0.4] * 5, Liveness.PENDING),
        ([0.5] * 5, Liveness.LIVE),
        ([0.3] * 5, Liveness.PENDING),
        ([0.3] * 30, Liveness.PENDING),
        ([0.3] * 31, Liveness.NOT_SHOWN),
        ([0.3] * 31 + [0.9] * 5, Liveness.LIVE),
    ],
)
def test_several_frames_are_needed_and_between_the_limits_only_patience_ends(
    scores: list[float], said: Liveness
) -> None:
    assert liveness_of(scored(scores), RULE) is said


def test_two_odd_frames_of_five_change_nothing() -> None:
    assert liveness_of(scored([0.9, 0.01, 0.95, 0.02, 0.97]), RULE) is Liveness.LIVE
    assert liveness_of(scored([0.01, 0.99, 0.02, 0.98, 0.03]), RULE) is Liveness.ATTACK


def test_only_the_newest_scores_speak() -> None:
    assert liveness_of(scored([0.01] * 20 + [0.9] * 5), RULE) is Liveness.LIVE


def test_a_fast_camera_gives_no_quicker_answer() -> None:
    assert liveness_of(scored([0.9] * 9, every_s=1 / 30), RULE) is Liveness.PENDING
    assert liveness_of(scored([0.9] * 10, every_s=1 / 30), RULE) is Liveness.LIVE
    # All ten frames of the span speak, not only the five newest.
    assert liveness_of(scored([0.01] * 7 + [0.9] * 4, every_s=1 / 30), RULE) is Liveness.ATTACK


@pytest.mark.parametrize("wrong", [(0, 0.5, 0.3), (5, 0.3, 0.5), (5, 1.1, 0.3), (5, 0.5, -0.1)])
def test_a_rule_that_contradicts_itself_is_refused(wrong: tuple[int, float, float]) -> None:
    frames, live_from, attack_below = wrong
    with pytest.raises(ValueError, match="contradicts"):
        LivenessRule(frames=frames, live_from=live_from, attack_below=attack_below)
