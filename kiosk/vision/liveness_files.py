"""Whether the networks of the passive check are installed and whole. Any thread; loads no library."""

from pathlib import Path
from typing import Final

from kiosk.domain.attendance import LivenessMode
from kiosk.errors import ModelError
from kiosk.vision.manifest import read_manifest

ATTACK_DETECTORS: Final = ("minifasnet-v2", "minifasnet-v1se")
"""Both are needed: the first looks closely, the second widely."""


def has_attack_detector(models_dir: Path) -> bool:
    """Whether the files are there; they are not read."""
    manifest = read_manifest()
    return all((models_dir / manifest[name].file).is_file() for name in ATTACK_DETECTORS)


def liveness_problem(mode: LivenessMode, models_dir: Path) -> ModelError | None:
    """Why a class cannot be checked in this way here; the files are read whole (4 MB)."""
    if mode is not LivenessMode.PASSIVE:
        return None
    manifest = read_manifest()
    try:
        for name in ATTACK_DETECTORS:
            manifest[name].read(models_dir / manifest[name].file)
    except ModelError as error:
        return in_words(error)
    return None


def in_words(error: ModelError) -> ModelError:
    """What a missing or damaged network means for a class."""
    return ModelError(
        f"Faces cannot be checked against pictures. {error.user_text}",
        "Install both MiniFASNets (`kiosk models install`), or start the class with the check off or a head turn.",
    )
