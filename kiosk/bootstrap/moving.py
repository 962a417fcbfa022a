"""Moving the school of a data directory to a server, and letting its kiosk use that from then on. Main thread."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.bootstrap.settings import SettingsFile
from kiosk.errors import ConflictError, StorageError
from kiosk.settings import KioskSettings, validated
from kiosk.storage.database.instance_lock import InstanceLock
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.storage.moving.move import Moved, Watch


def rehearse(data_dir: Path, address: str, *, watch: "Watch") -> "Moved":
    """Check everything and change nothing, neither here nor on the server.

    Raises:
        KioskError: It cannot be moved.
    """
    from kiosk.storage.moving.move import look

    _own_database(data_dir)
    with InstanceLock(data_dir):
        return look(data_dir, address, watch=watch)


def move_school(
    data_dir: Path, address: str, *, watch: "Watch", wants_switch: Callable[["Moved"], bool]
) -> tuple["Moved", bool]:
    """Move it, and switch the settings to the server where `wants_switch` says so after everything was compared.

    Returns:
        What was done, and whether the settings were switched.

    Raises:
        KioskError: It was not moved, or not switched; the data directory is as it was.
    """
    from kiosk.storage.moving.move import move
    from kiosk.storage.moving.source import watched

    settings = _own_database(data_dir)
    with InstanceLock(data_dir), watched(data_dir) as unchanged:
        moved = move(data_dir, address, watch=watch)
        unchanged.require()
        if not wants_switch(moved):
            return moved, False
        unchanged.require()
        _switch(data_dir, settings, address, moved)
        return moved, True


def _switch(data_dir: Path, settings: KioskSettings, address: str, moved: "Moved") -> None:
    """Name the server in the settings, as they keep an address, and the newest entry of its log beside the key."""
    from kiosk.storage.keys.key_ring import KeyRing
    from kiosk.storage.moving.target import address as server_address

    url = server_address(address).render_as_string(hide_password=False)
    storage = validated(settings.storage, database_url=url)
    SettingsFile(data_dir).save(settings.model_copy(update={"storage": storage}))
    keys = KeyRing.existing(data_dir)
    if keys is not None and moved.log_head is not None and moved.broken_entry is None:
        keys.remember_log_head(moved.place, *moved.log_head)


def _own_database(data_dir: Path) -> KioskSettings:
    settings = SettingsFile(data_dir).load()
    if settings.storage.database_url:
        raise ConflictError(
            _("This kiosk keeps its data on a database server already."),
            _("Its address stands in kiosk.toml, as database_url under [storage]."),
        )
    from kiosk.storage.database.engine import is_absent
    from kiosk.storage.keys.key_ring import database_path

    if is_absent(database_path(data_dir)):
        raise StorageError(_("There is no school in {place} that could be moved.", place=data_dir))
    return settings
