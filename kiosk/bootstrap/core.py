"""Wires what all subjects share."""

from pathlib import Path

from kiosk.errors import DatabaseError
from kiosk.services.core import Core, Directories
from kiosk.services.events import Events, StoreStateChanged
from kiosk.services.ports.clock import SteadyClock, SystemClock
from kiosk.services.school.school_settings import School
from kiosk.settings import KioskSettings
from kiosk.storage.store import Store


def build_core(store: Store, *, data_dir: Path, models_dir: Path, settings: KioskSettings) -> Core:
    """Wire it over a store, whose rules it reads.

    Raises:
        SettingsError: A rule of the school is out of bounds.
    """
    clock = SteadyClock(SystemClock())
    return Core(
        store=store,
        clock=clock,
        zone=School(store=store, clock=clock).rules().zone(),
        events=Events(),
        directories=Directories(data=data_dir, models=models_dir),
        settings=settings,
    )


def tell_of_store(events: Events, trouble: DatabaseError | None) -> None:
    """Emit that writing fails, or that it works again."""
    words = (trouble.user_text, trouble.hint) if trouble is not None else ()
    events.emit(StoreStateChanged(*words))
