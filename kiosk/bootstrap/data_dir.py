"""The data directory of a kiosk: made, proved, and logged into."""

import logging
import tempfile
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from kiosk.errors import StorageError
from kiosk.storage.keys.key_ring import RESTORE_READY, KeyRing, database_path
from kiosk.translation import _

LOG_BYTES: Final = 2_000_000


def prepare_data_dir(data_dir: Path) -> Path:
    """Make the data directory, prove that it can be written, and finish a restore that was cut off in it.

    Raises:
        StorageError: It cannot be written.
        InstanceError: A restore is under way in it.
    """
    data_dir = data_dir.expanduser().absolute()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        raise StorageError(
            _(
                "The data directory {data_dir} cannot be written ({strerror}).",
                data_dir=data_dir,
                strerror=error.strerror,
            ),
            _("Choose another one with --data-dir, or ask for the right to write there."),
        ) from error
    if (data_dir / RESTORE_READY).exists():
        from kiosk.storage.backup import swapping

        swapping.finish(data_dir)
    return data_dir


def holds_school(data_dir: Path) -> bool:
    """Whether a school was begun in a folder, or is on its way into it; makes nothing.

    Raises:
        StorageError: Its key is damaged or cannot be read.
    """
    return data_dir.is_dir() and (
        database_path(data_dir).exists()
        or (data_dir / RESTORE_READY).is_dir()
        or KeyRing.existing(data_dir) is not None
    )


def log_to_file(data_dir: Path) -> None:
    """Keep warnings and errors of the program in ``logs/kiosk.log``."""
    folder = data_dir / "logs"
    folder.mkdir(exist_ok=True)
    kept = [getattr(one, "baseFilename", "") for one in logging.getLogger("kiosk").handlers]
    if str((folder / "kiosk.log").absolute()) in kept:  # the kiosk was started anew in the same program
        return
    handler = RotatingFileHandler(folder / "kiosk.log", maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    logging.getLogger("kiosk").addHandler(handler)
    logging.getLogger("kiosk").setLevel(logging.INFO)
