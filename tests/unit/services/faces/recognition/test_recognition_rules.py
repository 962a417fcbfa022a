import pytest

from kiosk.domain.faces.best_frame import LIVE, LookRule
from kiosk.domain.faces.recognition import VotingRule
from kiosk.services.faces.recognition.recognition_rules import look_rule, voting_rule
from kiosk.settings import RecognitionSettings


def test_the_default_settings_are_the_default_rules() -> None:
    rule = look_rule(RecognitionSettings())

    assert voting_rule(RecognitionSettings()) == VotingRule()
    assert rule.better == LookRule().better
    assert rule.limits.turn == pytest.approx(LIVE.turn)
    assert (rule.limits.face_px, rule.limits.sharpness) == (LIVE.face_px, LIVE.sharpness)


def test_each_setting_reaches_its_rule() -> None:
    settings = RecognitionSettings(
        frames=5,
        span_s=0.5,
        unsure_after_s=2,
        min_face_px=100,
        min_sharpness=30,
        max_turn=20,
        second_chance=1.5,
    )
    rule = look_rule(settings)

    assert voting_rule(settings) == VotingRule(frames=5, span_s=0.5, unaccepted_span_s=2)
    assert (rule.limits.face_px, rule.limits.sharpness, rule.better) == (100.0, 30.0, 1.5)
    assert rule.limits.turn == pytest.approx(0.127, abs=1e-3)
