import pytest

from kiosk.domain.liveness import Liveness, LivenessRule, liveness_of

RULE = LivenessRule(frames=5, live_from=0.5, attack_below=0.3)


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([], Liveness.OPEN),
        ([0.99] * 4, Liveness.OPEN),
        ([0.01] * 4, Liveness.OPEN),
        ([0.99] * 5, Liveness.LIVE),
        ([0.01] * 5, Liveness.ATTACK),
        ([0.4] * 5, Liveness.OPEN),
        ([0.5] * 5, Liveness.LIVE),
        ([0.3] * 5, Liveness.OPEN),
    ],
)
def test_several_frames_are_needed_and_nothing_is_said_between_the_limits(
    scores: list[float], said: Liveness
) -> None:
    assert liveness_of(scores, RULE) is said


def test_two_odd_frames_of_five_change_nothing() -> None:
    assert liveness_of([0.9, 0.01, 0.95, 0.02, 0.97], RULE) is Liveness.LIVE
    assert liveness_of([0.01, 0.99, 0.02, 0.98, 0.03], RULE) is Liveness.ATTACK


def test_only_the_newest_scores_speak() -> None:
    assert liveness_of([0.01] * 20 + [0.9] * 5, RULE) is Liveness.LIVE


@pytest.mark.parametrize("wrong", [(0, 0.5, 0.3), (5, 0.3, 0.5), (5, 1.1, 0.3), (5, 0.5, -0.1)])
def test_a_rule_that_contradicts_itself_is_refused(wrong: tuple[int, float, float]) -> None:
    with pytest.raises(ValueError, match="contradicts"):
        LivenessRule(*wrong)
