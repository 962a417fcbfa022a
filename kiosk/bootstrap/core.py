"""Wires what all subjects share."""

from pathlib import Path

from kiosk.services.core import Core, Directories
from kiosk.services.events import Events
from kiosk.services.ports.clock import SystemClock
from kiosk.services.school.school_settings import School
from kiosk.settings import KioskSettings
from kiosk.storage.store import Store


def build_core(store: Store, *, data_dir: Path, models_dir: Path, settings: KioskSettings) -> Core:
    """Wire it over a store, whose rules it reads.

    Raises:
        SettingsError: A rule of the school is out of bounds.
    """
    clock = SystemClock()
    return Core(
        store=store,
        clock=clock,
        zone=School(store=store, clock=clock).rules().zone(),
        events=Events(),
        directories=Directories(data=data_dir, models=models_dir),
        settings=settings,
    )
