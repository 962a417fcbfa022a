"""What the housekeeping thread of a kiosk does beside its own work."""

from contextlib import suppress
from typing import Final

from kiosk.bootstrap.models import ModelChanges
from kiosk.errors import StorageError
from kiosk.pipeline.backup_worker import BackupWorker
from kiosk.pipeline.runtime import JOIN_S, Background
from kiosk.services.attendance.class_clock import ClassClock
from kiosk.services.faces.ambiguous_memory import AmbiguousMemory
from kiosk.services.models.installation import Models
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.school.retention_rounds import RetentionRounds
from kiosk.services.trust.database_checks import DatabaseChecks

WINDOW_FIRST_S: Final = 1.0
"""Importing the web part and loading models beside the window would make it slower to appear."""


class KioskBackground(Background):
    """Forgets what is too old by now and looks for damage; with a window in front it also loads models ahead and prepares pictures for them."""

    def __init__(
        self,
        *,
        memory: AmbiguousMemory,
        class_clock: ClassClock,
        phone: Phone,
        rounds: RetentionRounds,
        database: DatabaseChecks,
        backups: BackupWorker | None,
        changes: ModelChanges,
        installing: Models,
        for_window: bool,
    ) -> None:
        self._memory = memory
        self._class_clock = class_clock
        self._phone = phone
        self._rounds = rounds
        self._database = database
        self._backups = backups
        self._changes = changes
        self._installing = installing
        self._for_window = for_window
        self.after_s = WINDOW_FIRST_S if for_window else 0.0

    def warm_up(self) -> None:
        """Load the models ahead of the first class."""
        if self._for_window:
            self._changes.vision.warm_up()
            self._changes.follow()

    def tick(self) -> None:
        """Forget what is too old, and follow what was chosen or installed."""
        self._class_clock.tick()
        self._memory.tidy()
        self._phone.follow_pins()
        self._rounds.tick()
        self._database.tick()
        if self._backups is not None:
            self._backups.tick()
        if self._for_window:
            self._changes.follow()

    def stop(self) -> None:
        """End downloads, backups and re-embedding; what is known of the PC's clock is kept for whoever resumes the class."""
        with suppress(StorageError):
            self._class_clock.tick()
        self._installing.close()
        if self._backups is not None:
            self._backups.stop(JOIN_S)
        self._changes.worker.stop(JOIN_S)
