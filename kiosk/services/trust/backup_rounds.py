"""When the kiosk makes a backup by itself: after each class and once a night, never during a class. The backup thread.

After each, the kiosk's own older ones lose what was erased, refused or deleted since they were made.
"""

import logging
from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.trust.backups import Origin
from kiosk.errors import ConflictError, KioskError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events, SessionEnded
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.trust.backups import Backups, StoppedError

AGAIN_S: Final = 3600.0
"""After one that failed."""

SOON_S: Final = 60.0
"""After one that gave way, and while there is no school yet to make one of."""

log = logging.getLogger(__name__)


class BackupRounds:
    """Knows what is due, and makes it."""

    def __init__(
        self,
        *,
        backups: Backups,
        running: RunningClass,
        clock: Clock,
        zone: ZoneInfo,
        settings: StoredSettings,
        events: Events,
        is_new_school: Callable[[], bool],
    ) -> None:
        self._backups = backups
        self._running = running
        self._clock = clock
        self._zone = zone
        self._settings = settings
        self._is_new_school = is_new_school
        self._class_ended = False
        self._next_s = 0.0
        events.subscribe(SessionEnded, self._on_session_ended)

    def due(self) -> Origin | None:
        """What is to be made now; quick, called every few seconds.

        Raises:
            KioskError: The settings or the store cannot be read; the next look is a minute later.
        """
        now_s = self._clock.monotonic()
        if now_s < self._next_s or self._running.is_open or not self._backups.are_possible:
            return None
        self._next_s = now_s + SOON_S
        if not self._settings.load().storage.backups_kept or self._is_new_school():
            return None
        nightly = self._backups.history().is_nightly_due(self._clock.now(), self._zone)
        if not self._class_ended and not nightly:
            return None
        self._next_s = now_s
        return Origin.AFTER_CLASS if self._class_ended else Origin.NIGHTLY

    def run(self, origin: Origin, is_stopped: Callable[[], bool]) -> None:
        """Make it, unless a class begins meanwhile or somebody stops it; what fails is remembered and tried again."""
        self._class_ended = False

        def watch(_done: int, _total: int) -> None:
            if is_stopped() or self._running.is_open:
                raise StoppedError("")

        try:
            self._backups.make_now(origin, watch)
        except (StoppedError, ConflictError):
            self._class_ended = self._class_ended or origin is Origin.AFTER_CLASS
            self._next_s = self._clock.monotonic() + SOON_S
        except KioskError as error:
            log.warning("no backup was made: %s", error)
            self._class_ended = self._class_ended or origin is Origin.AFTER_CLASS
            self._next_s = self._clock.monotonic() + AGAIN_S
            self._backups.remember_trouble(error)
        else:
            self._follow(watch)

    def _follow(self, watch: Callable[[int, int], None]) -> None:
        """Only after one that is proved, so that there is a good one whatever becomes of the older ones."""
        try:
            self._backups.follow(watch)
        except StoppedError:
            return  # the next round goes on with it
        except KioskError as error:
            log.warning("older backups may hold what was erased since: %s", error)

    def _on_session_ended(self, _event: SessionEnded) -> None:
        self._class_ended = True
        self._next_s = 0.0
