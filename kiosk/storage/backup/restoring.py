"""Bringing a backup back. Runs on the calling thread, with the kiosk closed.

Everything is unpacked into a folder beside, checked, opened and brought to this program's schema there, before anything is
touched; then it takes the old one's place in one step (`swapping`). A face that was forgotten since the backup stays
forgotten, every later no stands, and who was deleted stays deleted: the present database knows (`forgetting`).

Where the school key of the backup is not here, because the PC is another one, the recovery passphrase brings it out of the
backup's own recovery file, and key and recovery file are put in place with the database.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kiosk.domain.trust.backups import BackupState
from kiosk.errors import FileFormatError, NeedsPassphraseError, StorageError
from kiosk.files import OWNER_ONLY, whole_file
from kiosk.storage.backup import swapping
from kiosk.storage.backup.bundle import Bundle, Manifest, Watch, opened
from kiosk.storage.backup.contents import check_database
from kiosk.storage.backup.forgetting import DeletedStudents, delete_again, deleted_students, forget_again
from kiosk.storage.database.instance_lock import InstanceLock
from kiosk.storage.database.sql_database import KEY_CHECK, SqlDatabase
from kiosk.storage.database.sql_errors import plain_errors
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import KEYS_FOLDER, RECOVERY_FILE, KeyRing, database_path
from kiosk.storage.keys.private_files import private_folder, storage_errors, write_private
from kiosk.translation import _

ROOM_LEFT: Final = 32 << 20
"""Bytes that unpacking leaves free on the disk."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore.

    Attributes:
        kept: Where the database that was there before is kept now; None when there was none.
        is_authenticated: Whether it is certain that this school's kiosk made the backup and nobody changed it.
    """

    manifest: Manifest
    kept: Path | None
    is_authenticated: bool


@dataclass(frozen=True, slots=True)
class Staged:
    """A backup that lies unpacked and checked in a folder of its own, like a data directory.

    Attributes:
        keys: Its school key; None where an old backup came without one and none here fits.
        brings_keys: Whether key and recovery file come along.
    """

    folder: Path
    manifest: Manifest
    keys: KeyRing | None
    brings_keys: bool

    @property
    def database(self) -> Path:
        """The unpacked database."""
        return database_path(self.folder)


def unwatched(_done: int, _total: int) -> None:
    """A `Watch` that looks away."""


def restore(
    file: Path,
    data_dir: Path,
    *,
    passphrase: str | None = None,
    actor: str = "restore",
    watch: Watch = unwatched,
) -> Restored:
    """Replace the database of `data_dir` by the one in a backup.

    Raises:
        FileFormatError: The file is no backup, is damaged, or was changed.
        NeedsPassphraseError: It was sealed with a school key that is not here, and no passphrase was given.
        SignInError: The passphrase is wrong.
        InstanceError: A kiosk works with this data directory.
        StorageError: The backup is newer than this program, or the directory cannot be written.
    """
    private_folder(data_dir)
    swapping.finish(data_dir)
    with InstanceLock(data_dir), storage_errors(data_dir), plain_errors():
        with unpacked(file, data_dir, passphrase=passphrase, watch=watch) as staged:
            forget_again(staged.database, database_path(data_dir))
            if staged.keys is not None:
                _write_down(staged, staged.keys, deleted_students(database_path(data_dir)), actor)
            kept = _keep_present(database_path(data_dir), swapping.stamp())
            swapping.swap(staged.folder, data_dir)
        return Restored(staged.manifest, kept, staged.manifest.format > 1)


@contextmanager
def unpacked(
    file: Path, data_dir: Path, *, passphrase: str | None = None, watch: Watch = unwatched
) -> Iterator[Staged]:
    """Unpack a backup into a folder inside `data_dir` that is gone after the block, and check all of it.

    Raises:
        FileFormatError: The file is no backup, is damaged, or was changed.
        NeedsPassphraseError: It was sealed with a school key that is not here, and no passphrase was given.
        SignInError: The passphrase is wrong.
        StorageError: The backup is newer than this program, or there is no room for it.
    """
    with (
        opened(file) as bundle,
        TemporaryDirectory(dir=data_dir, prefix=".restore-", ignore_cleanup_errors=True) as folder,
    ):
        keys, brings_keys = _keys_for(bundle, data_dir, passphrase, file)
        with unpacked_into(Path(folder) / "data", bundle, keys, watch) as staged:
            if bundle.manifest.format == 1:
                keys = keys if keys is not None and _fits(staged.database, keys) else None
                brings_keys = keys is None
            elif brings_keys and keys is not None:
                keys.in_folder(staged.folder).write_key()
            if brings_keys and bundle.recovery is not None:
                private_folder(staged.folder / KEYS_FOLDER)
                write_private(staged.folder / KEYS_FOLDER / RECOVERY_FILE, bundle.recovery)
            own = keys.in_folder(staged.folder) if keys is not None else None
            yield Staged(staged.folder, bundle.manifest, own, brings_keys)


@contextmanager
def unpacked_into(folder: Path, bundle: Bundle, keys: KeyRing | None, watch: Watch) -> Iterator[Staged]:
    """Unpack a backup into a new folder, bounded by what it says and what the disk has, and check its database."""
    if bundle.unpacked_bytes > shutil.disk_usage(folder.parent).free - ROOM_LEFT:
        raise StorageError(
            _("There is not enough room on this disk to unpack the backup."),
            _("Free some space on the disk of the data directory, then try again."),
        )
    private_folder(folder)
    bundle.unpack(keys, database_path(folder), watch)
    check_database(database_path(folder), partial(watch, 1, 1))
    yield Staged(folder, bundle.manifest, keys, brings_keys=False)


def open_staged(staged: Staged, keys: KeyRing) -> SqlDatabase:
    """The unpacked database, brought to this program's schema, as a start of the kiosk would open it."""
    return SqlDatabase.open(staged.database, key_ring=keys)


def _keys_for(
    bundle: Bundle, data_dir: Path, passphrase: str | None, file: Path
) -> tuple[KeyRing | None, bool]:
    """The school key that a backup was sealed with, and whether it comes from the backup itself."""
    try:
        here = KeyRing.existing(data_dir)
    except StorageError:  # damaged: the backup may bring a good one
        here = None
    state = bundle.state(here)
    if state is BackupState.OTHER_KEY:
        if bundle.recovery is None:
            raise FileFormatError(
                _("{name} was sealed with another school key and brings no recovery file.", name=file.name),
                _("Bring keys/school.key back from where it was kept, then try again."),
            )
        if passphrase is None:
            raise NeedsPassphraseError(
                _("{name} was sealed with a school key that is not on this PC.", name=file.name),
                _("It opens with the recovery passphrase that was shown when that school began."),
            )
        here = KeyRing.from_recovery(bundle.recovery, passphrase)
        state = bundle.state(here)
        if state is BackupState.OURS:
            return here, True
    if state not in (BackupState.OURS, BackupState.OLD_FORMAT):
        raise FileFormatError(
            _("{name} was changed after it was made, or somebody forged it.", name=file.name),
            _("Use another backup."),
        )
    return here, False


def _write_down(staged: Staged, keys: KeyRing, gone: DeletedStudents, actor: str) -> None:
    """Delete from the restored database who was deleted since, and say in its log that it was restored."""
    database = open_staged(staged, keys)
    try:
        delete_again(database, gone, actor=actor)
        with database.transaction() as repositories:
            made = staged.manifest.created_at.isoformat(timespec="seconds")
            repositories.audit.add(datetime.now(UTC), actor, "backup.restored", made)
    finally:
        database.close()
    settle_into_one_file(staged.database)


def settle_into_one_file(database: Path) -> None:
    """Leave no log beside a database that nobody has open."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()


def _fits(staged: Path, keys: KeyRing) -> bool:
    with closing(sqlite3.connect(staged)) as connection:
        known = connection.execute("SELECT value FROM store_facts WHERE name = ?", (KEY_CHECK,)).fetchone()
    return bool(known == (keys.check_value,))


def _keep_present(present: Path, stamp: str) -> Path | None:
    if not present.is_file():
        return None
    kept = present.with_name(f"{present.name}.before-restore-{stamp}")
    for ending in ("", *swapping.SIDECARS):
        part = present.with_name(present.name + ending)
        if part.is_file():
            with (
                part.open("rb") as original,
                whole_file(kept.with_name(kept.name + ending), mode=OWNER_ONLY) as copy,
            ):
                shutil.copyfileobj(original, copy, 1 << 20)
    return kept
