"""What the housekeeping thread of a kiosk does beside its own work."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Protocol

from kiosk.bootstrap.models import ModelChanges
from kiosk.errors import StorageError
from kiosk.pipeline.learning_worker import LearningWorker
from kiosk.pipeline.runtime import JOIN_S, Background
from kiosk.services.app import ModelCases
from kiosk.services.attendance.class_clock import ClassClock
from kiosk.services.school.face_rules import FaceRules

WINDOW_FIRST_S: Final = 1.0
"""Importing the web part and loading models beside the window would make it slower to appear."""


class Ticking(Protocol):
    """What does a little every few seconds on the housekeeping thread."""

    def tick(self) -> None:
        """Do what is due."""


class Worker(Ticking, Protocol):
    """Has a thread of its own for what may take long."""

    def stop(self, timeout_s: float) -> bool:
        """End what is under way; False when that took longer."""


class KioskBackground(Background):
    """Lets each part do what is due; with a window in front it also loads models ahead and prepares pictures for them."""

    def __init__(
        self,
        *,
        ticking: Sequence[Ticking],
        class_clock: ClassClock,
        workers: Sequence[Worker],
        changes: ModelChanges,
        learning: LearningWorker,
        models: ModelCases,
        rules: FaceRules,
        for_window: bool,
    ) -> None:
        self._ticking = (class_clock, *ticking, *workers)
        self._class_clock = class_clock
        self._workers = workers
        self._changes = changes
        self._learning = learning
        self._models = models
        self._rules = rules
        self._for_window = for_window
        self._is_warm = False
        self.after_s = WINDOW_FIRST_S if for_window else 0.0

    def warm_up(self) -> None:
        """Load the models ahead of the first class, unless the school uses no faces."""
        if not self._for_window:
            return
        try:
            if self._uses_faces():
                self._changes.vision.warm_up()
        finally:
            self._is_warm = True

    def tick(self) -> None:
        """Forget what is too old, and follow what was chosen or installed."""
        for part in self._ticking:
            part.tick()
        if self._is_warm and self._uses_faces():
            self._changes.follow()

    def _uses_faces(self) -> bool:
        """Whether the school does, as far as the database says it now; the next tick asks again."""
        try:
            return self._rules.rule().uses_faces
        except StorageError:
            return False

    def stop(self) -> None:
        """End downloads, measuring, backups, calendars, re-embedding and learning; what is known of the PC's clock is kept for the class."""
        with suppress(StorageError):
            self._class_clock.tick()
        self._models.installing.close()
        self._models.comparing.close()
        for worker in self._workers:
            worker.stop(JOIN_S)
        self._changes.worker.stop(JOIN_S)
        self._learning.stop(JOIN_S)
