"""A process that makes backups, restores one, or brings an old database up to date, until somebody kills it.

    python -m tests.torture.keeping backup|restore|migrate DATA_DIR [BACKUP]

It says READY when all is loaded, and a line for each thing that is done; a backup by its path.
"""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from kiosk.domain.trust.backups import Origin
from kiosk.storage.backup import swapping
from kiosk.storage.backup.backing_up import restore
from kiosk.storage.backup.vault import BackupVault, back_up_before_upgrade
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.torture.marking import READY

KEPT: Final = 3


def main(arguments: list[str]) -> int:
    """Do what is asked; backups again and again."""
    what, data_dir = arguments[0], Path(arguments[1])
    import alembic.command  # noqa: F401  otherwise loaded only when the work has begun

    print(READY, flush=True)
    match what:
        case "backup":
            vault = BackupVault(data_dir=data_dir, database=database_path(data_dir))
            while True:
                made = vault.make(vault.folder(""), origin=Origin.NIGHTLY, keep=KEPT, at=datetime.now(UTC))
                print(made, flush=True)
        case "restore":
            restore(Path(arguments[2]), data_dir)
        case _:
            open_as_a_start_does(data_dir)
    print("done", flush=True)
    return 0


def open_as_a_start_does(data_dir: Path) -> None:
    """Finish what was cut off, keep what is there and bring it up to date."""
    swapping.finish(data_dir)
    path = database_path(data_dir)
    keep = partial(back_up_before_upgrade, data_dir, path, chosen="", keep=KEPT, at=datetime.now(UTC))
    SqlDatabase.open(path, key_ring=KeyRing.open_or_create(data_dir), before_upgrade=keep).close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
