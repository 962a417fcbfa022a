"""Backups: one file with a consistent copy of the database, sealed. Runs on the calling thread.

The school key is never in it: whoever finds a backup cannot read it, and whoever lost the key needs the recovery
passphrase. A backup may be made while the kiosk runs. It gets its name only after it was unpacked again and the database
inside was opened, so an older file of that name is never replaced by one that cannot be restored.
"""

from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from kiosk.domain.trust.backups import Origin
from kiosk.errors import DamageError, ExportError
from kiosk.files import OWNER_ONLY, whole_file
from kiosk.storage.backup import bundle
from kiosk.storage.backup.bundle import Bundle, Manifest, Watch
from kiosk.storage.backup.restoring import Restored, open_staged, restore, unpacked_into, unwatched
from kiosk.storage.database.page_check import interruptible, require_whole
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.database.sql_errors import RESTORE, plain_errors
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import DATABASE_FILE, KEYS_FOLDER, RECOVERY_FILE, KeyRing
from kiosk.storage.keys.private_files import storage_errors
from kiosk.translation import _

__all__ = ["Restored", "create", "restore", "verify"]

PAGES_AT_ONCE = 512
"""Copied between two looks at whether to go on."""


def create(
    database: SqlDatabase | Path,
    data_dir: Path,
    target: Path,
    *,
    origin: Origin = Origin.BY_HAND,
    at: datetime | None = None,
    watch: Watch = unwatched,
) -> Manifest:
    """Write a backup to `target`: completely, proved and restorable, or not at all; an older file there is replaced.

    `database` is an open one, or the file of one that was not brought to this program's schema yet. `watch` is told of three
    rounds through it: copied, sealed, unpacked again, and asked all along while the copy and what came out are looked at for
    damage; a `KioskError` that it raises ends all that at once.

    Raises:
        ExportError: The target cannot be written, or the database is on a server.
        FileFormatError: What was written cannot be restored.
        StorageError: The database cannot be read, or is damaged.
    """
    source = database if isinstance(database, Path) else database.path
    keys = KeyRing.existing(data_dir)
    if source is None or keys is None:
        raise on_a_server()
    if not target.parent.is_dir():
        raise ExportError(
            _("The folder {parent} does not exist.", parent=target.parent),
            _("Choose another place for the backup."),
        )
    with (
        storage_errors(data_dir),
        TemporaryDirectory(dir=data_dir, prefix=".backup-", ignore_cleanup_errors=True) as folder,
    ):
        copy = Path(folder) / DATABASE_FILE
        with plain_errors():
            copy_database(source, copy, _round(watch, 0))
        recovery = data_dir / KEYS_FOLDER / RECOVERY_FILE
        try:
            with whole_file(target, mode=OWNER_ONLY) as file:
                made = bundle.write(
                    *(file, copy, recovery, keys),
                    origin=origin,
                    at=at or datetime.now(UTC),
                    watch=_round(watch, 1),
                )
                copy.unlink()
                prove(file, target.name, Path(folder), keys, _round(watch, 2))
        except OSError as error:
            raise ExportError(
                _(
                    "The backup could not be written: {strerror} ({target}).",
                    strerror=error.strerror or error,
                    target=target,
                ),
                _("Choose a folder that you may write to, on a disk with free space."),
            ) from error
    return made


def on_a_server() -> ExportError:
    """Says that backups of a server are the server's own."""
    return ExportError(
        _("This kiosk keeps its data on a database server, which has backups of its own."),
        _("Ask whoever runs the server, or use pg_dump."),
    )


def verify(file: Path, data_dir: Path, *, watch: Watch = unwatched) -> None:
    """Restore a backup of this school into a temporary place and open it there.

    Raises:
        FileFormatError: It cannot be restored.
        StorageError: There is no room for it, or it was written by a newer program.
    """
    keys = KeyRing.existing(data_dir)
    with (
        storage_errors(data_dir),
        TemporaryDirectory(dir=data_dir, prefix=".backup-", ignore_cleanup_errors=True) as folder,
        bundle.opened(file) as opened,
    ):
        _prove_bundle(opened, Path(folder), keys, watch)


def prove(file: IO[bytes], name: str, folder: Path, keys: KeyRing, watch: Watch) -> None:
    """Restore what was just written into a folder inside `folder`. Raises FileFormatError: it cannot be restored."""
    file.flush()
    file.seek(0)
    with bundle.read_from(file, name=name) as opened:
        _prove_bundle(opened, folder, keys, watch)


def _prove_bundle(opened: Bundle, folder: Path, keys: KeyRing | None, watch: Watch) -> None:
    """Open it as the first start after a restore would: brought to this program's schema, with its school key."""
    with unpacked_into(folder / "restored", opened, keys, watch) as staged:
        if keys is not None:
            open_staged(staged, keys.in_folder(staged.folder)).close()


def copy_database(source: Path, copy: Path, watch: Watch, *, read_only: bool = False) -> None:
    """Copy a database as it is at one moment, and look for damage in the copy; with `read_only` not a byte of it may change.

    Raises:
        DamageError: It is damaged.
        sqlite3.Error: It cannot be read or written.
    """
    place = f"{source.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"

    def copied(_status: int, left: int, total: int) -> None:
        watch(total - left, total)

    with (
        closing(sqlite3.connect(place, uri=True, timeout=30, isolation_level=None)) as original,
        closing(sqlite3.connect(copy)) as duplicate,
    ):
        copy.chmod(OWNER_ONLY)
        # One view for all steps: what others commit meanwhile neither gets in nor makes the copy begin again.
        original.execute("BEGIN")
        original.execute("SELECT count(*) FROM sqlite_master").fetchone()
        original.backup(duplicate, pages=PAGES_AT_ONCE, progress=copied)
        original.execute("COMMIT")
        duplicate.execute("PRAGMA journal_mode=DELETE").fetchall()
        try:
            with interruptible(duplicate, partial(watch, 1, 1)):
                require_whole(duplicate)
        except DamageError as error:
            raise DamageError(
                _("The database is damaged, so it was not backed up over a good backup."), _(RESTORE)
            ) from error


def _round(watch: Watch, number: int) -> Watch:
    def told(done: int, total: int) -> None:
        watch(number * total + done, 3 * total)

    return told
