"""Whether the networks are installed and whole with which faces are told from pictures. Any thread; loads no library."""

from pathlib import Path
from typing import Final, assert_never

from kiosk.domain.attendance.choices import LivenessMode
from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.models.manifest import read_manifest

ATTACK_DETECTORS: Final = ("minifasnet-v2", "minifasnet-v1se")
"""Both are needed: the first looks closely, the second widely."""

SEES_HEAD_TURNS: Final = ("yunet-2026may", "yunet-2023mar", "yunet-2023mar-int8bq")
"""Detectors whose points tell a turned head from a turned picture; those found for the built-in detector do not."""


def has_attack_detector(models_dir: Path) -> bool:
    """Whether the files are there; they are not read."""
    manifest = read_manifest()
    return all((models_dir / manifest[name].file).is_file() for name in ATTACK_DETECTORS)


def liveness_problem(mode: LivenessMode, models_dir: Path) -> ModelError | None:
    """Why a class cannot be checked in this way here; files that are needed for it are read whole (4 MB)."""
    manifest = read_manifest()
    match mode:
        case LivenessMode.OFF:
            return None
        case LivenessMode.ACTIVE:
            found = any((models_dir / manifest[name].file).is_file() for name in SEES_HEAD_TURNS)
            return None if found else no_head_turn()
        case LivenessMode.PASSIVE:
            try:
                for name in ATTACK_DETECTORS:
                    manifest[name].read(models_dir / manifest[name].file)
            except ModelError as error:
                return no_scores(error)
            return None
        case _:
            assert_never(mode)


def no_scores(error: ModelError) -> ModelError:
    """What a missing or damaged network means for a class."""
    return ModelError(
        _("Faces cannot be checked against pictures. {user_text}", user_text=error.user_text),
        _("Install both MiniFASNets (`kiosk models install`), or start the class with another check."),
    )


def no_head_turn() -> ModelError:
    """What a missing detector means for a class that asks for head turns."""
    return ModelError(
        _(
            "Nobody can be asked for a head turn: the built-in detector takes a turned picture for a turned head."
        ),
        _("Install the detector YuNet (`kiosk models install`), or start the class with another check."),
    )
