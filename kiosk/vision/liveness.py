"""Makes the liveness gate of a class from what is installed; what `bootstrap` calls. Any thread."""

from pathlib import Path

from kiosk.domain.attendance import LivenessMode
from kiosk.domain.head_turn import HeadTurnRule, turn_of
from kiosk.domain.liveness import LivenessRule
from kiosk.errors import KioskError, ModelError
from kiosk.services.face_liveness import ClosedGate, FaceLiveness
from kiosk.services.ports.vision import AttackDetector, LivenessGate, QualityMeter
from kiosk.settings import LivenessSettings
from kiosk.vision.factory import build_attack_detector
from kiosk.vision.liveness_files import has_attack_detector, in_words


def liveness_rule(settings: LivenessSettings) -> LivenessRule:
    """What passive scores mean with these settings."""
    return LivenessRule(
        frames=settings.frames,
        live_from=settings.live_from / 100,
        attack_below=settings.attack_below / 100,
    )


def build_liveness_gate(
    mode: LivenessMode, models_dir: Path, *, settings: LivenessSettings, quality: QualityMeter
) -> LivenessGate | None:
    """The gate of a class; None for one without a check.

    A class that wants the passive check on a PC that cannot make it gets a gate that lets nobody through. A head turn is
    checked by the passive networks as well where they are installed.
    """
    if mode is LivenessMode.OFF:
        return None
    attacks: AttackDetector | None = None
    trouble: KioskError | None = None
    if mode is LivenessMode.PASSIVE or has_attack_detector(models_dir):
        try:
            attacks = build_attack_detector(models_dir)
        except ModelError as error:
            trouble = in_words(error)
    if mode is LivenessMode.PASSIVE and trouble is not None:
        return ClosedGate(ModelError(trouble.user_text, "Nobody is marked by face: please scan the code."))
    return FaceLiveness(
        attacks=attacks,
        passive=liveness_rule(settings),
        active=_head_turn_rule(settings) if mode is LivenessMode.ACTIVE else None,
        quality=quality,
        trouble=trouble,
    )


def _head_turn_rule(settings: LivenessSettings) -> HeadTurnRule:
    return HeadTurnRule(turned=turn_of(settings.turn_degrees), time_s=settings.turn_time_s)
