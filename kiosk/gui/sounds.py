"""Short tones with result cards. Main thread only.

QtMultimedia is loaded at the first `prepare`, never at import: it takes a tenth of a second or more. A machine without
a sound device, or without the libraries, stays silent and says so once in the log.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLoggingCategory, QUrl

from kiosk.gui.icons import ASSETS

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect

SOUNDS: Final = ASSETS / "sounds"
NAMES: Final = ("present", "late", "already", "kept", "delivered", "unknown", "please_scan", "refused")
"""One tone for each kind of card, by its name."""

_log = logging.getLogger(__name__)


class Sounds:
    """Plays tones by name when they are switched on and there is a device."""

    def __init__(self, *, enabled: Callable[[], bool] = lambda: True, folder: Path = SOUNDS) -> None:
        """Load nothing yet; `enabled` is asked before each tone."""
        self._enabled = enabled
        self._folder = folder
        self._effects: dict[str, QSoundEffect] | None = None

    def prepare(self) -> None:
        """Load the tones, ahead of the first one."""
        if self._effects is None and self._enabled():
            self._effects = self._load()

    @property
    def available(self) -> bool:
        """Whether anything can be heard; False before `prepare`."""
        return bool(self._effects)

    def play(self, name: str) -> None:
        """Play a tone; returns at once."""
        if not self._enabled():
            return
        self.prepare()
        effect = (self._effects or {}).get(name)
        if effect is not None:
            effect.play()

    def _load(self) -> "dict[str, QSoundEffect]":
        QLoggingCategory.setFilterRules("qt.multimedia.*=false")  # lists its libraries on standard error
        try:
            from PySide6.QtMultimedia import QMediaDevices, QSoundEffect
        except ImportError as error:
            _log.info("No sound: %s", error)
            return {}
        if not QMediaDevices.audioOutputs():
            _log.info("No sound: this machine has no sound device")
            return {}
        effects = {}
        for name in NAMES:
            effect = QSoundEffect()
            effect.setSource(QUrl.fromLocalFile(str(self._folder / f"{name}.wav")))
            effect.setVolume(0.6)
            effects[name] = effect
        return effects
