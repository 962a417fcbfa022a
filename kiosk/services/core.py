"""What every subject of one kiosk is wired over."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.services.events import Events
from kiosk.services.ports.clock import SteadyClock
from kiosk.settings import KioskSettings
from kiosk.storage.store import Store


@dataclass(frozen=True, slots=True)
class Directories:
    """Where one kiosk keeps its files."""

    data: Path
    models: Path


@dataclass(frozen=True, slots=True)
class Core:
    """The store, the clock and what else is the same for all.

    Attributes:
        clock: Held while a class is open.
        zone: The school's time zone, in which every time is shown.
        settings: As they were at start.
    """

    store: Store
    clock: SteadyClock
    zone: ZoneInfo
    events: Events
    directories: Directories
    settings: KioskSettings

    def today(self) -> date:
        """The day in the school's zone."""
        return self.clock.now().astimezone(self.zone).date()
