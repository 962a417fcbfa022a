"""Backups: one file with a consistent copy of the database. Runs on the calling thread.

The file is a zip with ``manifest.json`` (what made it, when, SHA-256 of each member), the database, and the
recovery file of the school key. The school key itself is never in it: whoever finds a backup cannot see a
face in it, and whoever lost the key needs the recovery passphrase. A backup may be made while the kiosk
runs; restoring needs the kiosk closed.
"""

import hashlib
import json
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import kiosk
from kiosk.errors import DamageError, ExportError
from kiosk.files import OWNER_ONLY, whole_file
from kiosk.storage.backup.restoring import MANIFEST, restore
from kiosk.storage.database.page_check import require_whole
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sql_errors import RESTORE, plain_errors
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import DATABASE_FILE, KEYS_FOLDER, RECOVERY_FILE
from kiosk.storage.keys.private_files import storage_errors
from kiosk.translation import _

__all__ = ["create", "restore"]


def create(database: SqlDatabase, data_dir: Path, target: Path) -> None:
    """Write a backup to `target`: completely or not at all, an older file there is replaced.

    Raises:
        ExportError: The target cannot be written, or the database is on a server.
        StorageError: The database cannot be read, or is damaged.
    """
    if database.path is None:
        raise ExportError(
            _("This kiosk keeps its data on a database server, which has backups of its own."),
            _("Ask whoever runs the server, or use pg_dump."),
        )
    if not target.parent.is_dir():
        raise ExportError(
            _("The folder {parent} does not exist.", parent=target.parent),
            _("Choose another place for the backup."),
        )
    with storage_errors(data_dir):
        staging = TemporaryDirectory(dir=data_dir, prefix=".backup-")
    with staging as folder:
        copy = Path(folder) / DATABASE_FILE
        with plain_errors():
            _copy_database(database.path, copy)
        members = {DATABASE_FILE: copy}
        recovery = data_dir / KEYS_FOLDER / RECOVERY_FILE
        if recovery.is_file():
            members[RECOVERY_FILE] = recovery
        _write(target, members)


def sha256_of(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_database(source: Path, copy: Path) -> None:
    with (
        closing(sqlite3.connect(source, timeout=30)) as original,
        closing(sqlite3.connect(copy)) as duplicate,
    ):
        original.backup(duplicate)
        duplicate.execute("PRAGMA journal_mode=DELETE").fetchall()
        try:
            require_whole(duplicate)
        except DamageError as error:
            raise DamageError(
                _("The database is damaged, so it was not backed up over a good backup."), _(RESTORE)
            ) from error


def _write(target: Path, members: dict[str, Path]) -> None:
    try:
        with (
            whole_file(target, mode=OWNER_ONLY) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle,
        ):
            bundle.writestr(MANIFEST, _manifest(members))
            for name, path in members.items():
                bundle.write(path, name)
    except OSError as error:
        raise ExportError(
            _(
                "The backup could not be written: {strerror} ({target}).",
                strerror=error.strerror or error,
                target=target,
            ),
            _("Choose a folder that you may write to, on a disk with free space."),
        ) from error


def _manifest(members: dict[str, Path]) -> str:
    said = {
        "format": 1,
        "kiosk": kiosk.__version__,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "sha256": {name: sha256_of(path) for name, path in members.items()},
    }
    return json.dumps(said, indent=2)
