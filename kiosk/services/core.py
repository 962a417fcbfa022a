"""What every subject of one kiosk is wired over."""

import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.services.events import Events
from kiosk.services.ports.clock import SteadyClock
from kiosk.settings import AT_NEXT_START, KioskSettings
from kiosk.storage.store import Store


@dataclass(frozen=True, slots=True)
class Directories:
    """Where one kiosk keeps its files."""

    data: Path
    models: Path


class SettingsInForce:
    """The settings that this kiosk works by now. Any thread."""

    def __init__(self, settings: KioskSettings) -> None:
        self._lock = threading.Lock()
        self._now = settings

    @property
    def now(self) -> KioskSettings:
        with self._lock:
            return self._now

    def follow(self, before: KioskSettings, after: KioskSettings) -> None:
        """Take what was changed in the stored settings; the database waits for another start.

        What is in force may differ from what is stored, as with ``kiosk serve --port``: the rest stays.
        """
        with self._lock:
            groups = {}
            for name, group in after:
                old = getattr(before, name)
                changed = {
                    key: value
                    for key, value in group
                    if value != getattr(old, key) and f"{name}.{key}" not in AT_NEXT_START
                }
                groups[name] = getattr(self._now, name).model_copy(update=changed)
            self._now = self._now.model_copy(update=groups)


@dataclass(frozen=True, slots=True)
class Core:
    """The store, the clock and what else is the same for all.

    Attributes:
        clock: Held while a class is open.
        zone: The school's time zone, in which every time is shown.
        in_force: The settings that this kiosk works by now.
    """

    store: Store
    clock: SteadyClock
    zone: ZoneInfo
    events: Events
    directories: Directories
    in_force: SettingsInForce

    @property
    def settings(self) -> KioskSettings:
        """The settings as they are now; whoever keeps them past a moment misses their changes."""
        return self.in_force.now

    def today(self) -> date:
        """The day in the school's zone."""
        return self.clock.now().astimezone(self.zone).date()
