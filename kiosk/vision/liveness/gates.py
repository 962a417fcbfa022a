"""Makes the liveness gate of a class from what is installed; what `bootstrap` calls. Any thread."""

from pathlib import Path
from typing import assert_never

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.domain.faces.head_turn import HeadTurnRule, turn_of
from kiosk.domain.faces.liveness import LivenessRule
from kiosk.errors import ModelError
from kiosk.services.faces.recognition.face_liveness import ClosedGate, FaceLiveness
from kiosk.services.ports.vision import AttackDetector, LivenessGate
from kiosk.settings import LivenessSettings
from kiosk.translation import _
from kiosk.vision.factory import build_attack_detector
from kiosk.vision.liveness.liveness_files import SEES_HEAD_TURNS, has_attack_detector, no_head_turn, no_scores


def liveness_rule(settings: LivenessSettings) -> LivenessRule:
    """What passive scores mean with these settings."""
    return LivenessRule(
        frames=settings.frames, live_from=settings.live_from / 100, attack_below=settings.attack_below / 100
    )


def build_liveness_gate(
    mode: LivenessMode, models_dir: Path, *, settings: LivenessSettings, detector: str
) -> LivenessGate | None:
    """The gate of a class; None for one without a check.

    A class that wants a check which this PC cannot make gets a gate that lets nobody through. Where a head turn is asked for,
    the passive networks look as well if they are installed.

    Args:
        mode: What the class wants.
        models_dir: Where installed models are.
        settings: Limits of both checks.
        detector: Name of the detector in use.
    """
    active: HeadTurnRule | None = None
    match mode:
        case LivenessMode.OFF:
            return None
        case LivenessMode.PASSIVE:
            looks = True
        case LivenessMode.ACTIVE:
            if detector not in SEES_HEAD_TURNS:
                return _closed(no_head_turn())
            looks, active = has_attack_detector(models_dir), _head_turn_rule(settings)
        case _:
            assert_never(mode)
    attacks: AttackDetector | None = None
    trouble: ModelError | None = None
    if looks:
        try:
            attacks = build_attack_detector(models_dir)
        except ModelError as error:
            trouble = no_scores(error)
    if active is None and trouble is not None:
        return _closed(trouble)
    return FaceLiveness(attacks=attacks, passive=liveness_rule(settings), active=active, trouble=trouble)


def _closed(trouble: ModelError) -> ClosedGate:
    return ClosedGate(ModelError(trouble.user_text, _("Nobody is marked by face: please scan the code.")))


def _head_turn_rule(settings: LivenessSettings) -> HeadTurnRule:
    return HeadTurnRule(turned=turn_of(settings.turn_degrees), time_s=settings.turn_time_s)
