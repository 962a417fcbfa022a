"""From the settings of a kiosk to the rules of recognition. Pure."""

from dataclasses import replace

from kiosk.domain.faces.best_frame import LIVE, LookRule, turn_of
from kiosk.domain.faces.recognition import VotingRule
from kiosk.settings import RecognitionSettings


def voting_rule(settings: RecognitionSettings) -> VotingRule:
    """How many frames must agree."""
    return VotingRule(
        frames=settings.frames, span_s=settings.span_s, unaccepted_span_s=settings.unsure_after_s
    )


def look_rule(settings: RecognitionSettings) -> LookRule:
    """Which frames may vote, and when a better one gives another chance."""
    limits = replace(
        LIVE,
        face_px=float(settings.min_face_px),
        sharpness=settings.min_sharpness,
        turn=turn_of(settings.max_turn),
    )
    return LookRule(limits, settings.second_chance)
