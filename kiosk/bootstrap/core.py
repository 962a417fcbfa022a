"""Wires what all subjects share."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.errors import DatabaseError, StorageError
from kiosk.services.core import Core, Directories, SettingsInForce
from kiosk.services.events import Events, StoreStateChanged
from kiosk.services.ports.clock import SteadyClock, SystemClock
from kiosk.services.school.school_settings import School
from kiosk.settings import KioskSettings
from kiosk.storage.store import Store

if TYPE_CHECKING:
    from kiosk.storage.database.sql_database import SqlDatabase
    from kiosk.storage.kept_claims import KeptClaimsFile
    from kiosk.storage.keys.key_ring import KeyRing

log = logging.getLogger(__name__)


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
        in_force=SettingsInForce(settings),
    )


def tell_of_store(events: Events, trouble: DatabaseError | None, *, is_keeping: bool = False) -> None:
    """Emit that writing fails, and whether claims are kept here meanwhile; or that it works again."""
    if trouble is None:
        events.emit(StoreStateChanged())
    else:
        events.emit(StoreStateChanged(trouble.user_text, trouble.hint, is_keeping))


def open_kept_claims(data_dir: Path, database: "SqlDatabase", keys: "KeyRing") -> "KeptClaimsFile | None":
    """Where claims are kept while the database server is away.

    None where the database is a file of this PC, or this PC cannot keep any, which the log and ``kiosk doctor`` say.
    """
    from kiosk.storage.kept_claims import KeptClaimsFile

    if database.path is not None:
        return None
    try:
        return KeptClaimsFile.open(data_dir, place=database.place, school=keys.check_value)
    except StorageError:
        log.exception("claims cannot be kept on this PC while the server is away")
        return None
