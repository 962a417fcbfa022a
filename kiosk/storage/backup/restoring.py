"""Bringing a backup back. Runs on the calling thread, with the kiosk closed.

Everything is checked before anything is touched; then the new database takes the old one's place in one
rename. A face that was forgotten since the backup stays forgotten, and the withdrawal of its consent with
it: the present database knows which data keys were erased.
"""

import hashlib
import json
import shutil
import zipfile
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kiosk.errors import FileFormatError, StorageError
from kiosk.files import OWNER_ONLY, move_whole, whole_file
from kiosk.storage.database import schema
from kiosk.storage.database.instance_lock import InstanceLock
from kiosk.storage.database.sql_errors import plain_errors
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import (
    DATABASE_FILE,
    HERE,
    KEYS_FOLDER,
    LOG_HEAD_FILE,
    RECOVERY_FILE,
    KeyRing,
    database_path,
)
from kiosk.storage.keys.private_files import private_folder, storage_errors, write_private
from kiosk.translation import _

MANIFEST: Final = "manifest.json"

_SIDECARS: Final = ("-journal", "-wal", "-shm")

_FORGET_AGAIN: Final = (
    "ATTACH DATABASE ? AS present",
    """CREATE TEMP TABLE forgotten AS SELECT student_id, key_id FROM main.student_keys
       WHERE key_id IN (SELECT key_id FROM present.erased_keys)""",
    "DELETE FROM main.face_templates WHERE student_id IN (SELECT student_id FROM forgotten)",
    "DELETE FROM main.face_samples WHERE student_id IN (SELECT student_id FROM forgotten)",
    "DELETE FROM main.student_keys WHERE key_id IN (SELECT key_id FROM forgotten)",
    "INSERT OR IGNORE INTO main.erased_keys SELECT key_id FROM present.erased_keys",
    """INSERT INTO main.consents (student_id, kind, given, recorded_at, recorded_by)
       SELECT student_id, kind, given, recorded_at, recorded_by FROM present.consents AS word
       WHERE student_id IN (SELECT student_id FROM forgotten) AND NOT EXISTS (
           SELECT 1 FROM main.consents AS known WHERE known.student_id = word.student_id
           AND known.kind = word.kind AND known.recorded_at >= word.recorded_at)
       ORDER BY recorded_at, id""",
)

_FORGET_PAIRS_AGAIN: Final = (
    """DELETE FROM main.face_pairs WHERE origin = 'lookalike' AND
       (student_id IN (SELECT student_id FROM forgotten) OR other_id IN (SELECT student_id FROM forgotten))""",
    """UPDATE main.face_pairs SET distance = NULL WHERE
       student_id IN (SELECT student_id FROM forgotten) OR other_id IN (SELECT student_id FROM forgotten)""",
)
"""Only where the backup's schema (0003 or later) has such pairs."""


def restore(file: Path, data_dir: Path) -> Path | None:
    """Replace the database of `data_dir` by the one in a backup.

    Returns:
        Where the database that was there before is kept now; None when there was none.

    Raises:
        FileFormatError: The file is no backup, or is damaged.
        InstanceError: A kiosk works with this data directory.
        StorageError: The backup is newer than this program, or the directory cannot be written.
    """
    private_folder(data_dir)
    with InstanceLock(data_dir), storage_errors(data_dir), plain_errors():
        with TemporaryDirectory(dir=data_dir, prefix=".restore-") as folder:
            staged = Path(folder) / DATABASE_FILE
            recovery = _unpack(file, staged)
            _check_database(staged)
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
            _forget_again(staged, database_path(data_dir))
            kept = _keep_present(database_path(data_dir), stamp)
            _bring_recovery(recovery, staged, data_dir, stamp)
            _swap_in(staged, database_path(data_dir))
            _follow_log(data_dir, stamp)
        return kept


def _unpack(file: Path, staged: Path) -> bytes | None:
    # Members are read by their known names only; paths inside the file are never followed.
    try:
        with _opened(file) as bundle:
            expected = json.loads(bundle.read(MANIFEST))["sha256"]
            with bundle.open(DATABASE_FILE) as packed, staged.open("xb") as unpacked:
                staged.chmod(OWNER_ONLY)
                shutil.copyfileobj(packed, unpacked, 1 << 20)
            recovery = bundle.read(RECOVERY_FILE) if RECOVERY_FILE in expected else None
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, NotImplementedError):
        raise _damaged(file) from None
    with staged.open("rb") as unpacked:
        found = {DATABASE_FILE: hashlib.file_digest(unpacked, "sha256").hexdigest()}
    if recovery is not None:
        found[RECOVERY_FILE] = hashlib.sha256(recovery).hexdigest()
    if found != expected:
        raise _damaged(file)
    return recovery


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except OSError as error:
        raise FileFormatError(
            _("The backup cannot be read: {strerror} ({file}).", strerror=error.strerror or error, file=file),
            _("Check the name of the file."),
        ) from error


def _damaged(file: Path) -> FileFormatError:
    return FileFormatError(
        _("{name} is no kiosk backup, or it is damaged.", name=file.name), _("Use another backup.")
    )


def _check_database(staged: Path) -> None:
    try:
        with closing(sqlite3.connect(staged)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        sound, revision = False, None
    if not sound or revision is None:
        raise FileFormatError(_("The database inside this backup is damaged."), _("Use another backup."))
    schema.refuse_newer(str(revision[0]))


def _forget_again(staged: Path, present: Path) -> None:
    if not present.is_file():
        return
    try:
        with closing(sqlite3.connect(present)) as connection:  # also rolls an unfinished transaction back
            connection.execute("SELECT count(*) FROM erased_keys").fetchone()
    except sqlite3.DatabaseError:
        return  # damaged, or of another kind: it is kept beside, and knows nothing that could be carried over
    with closing(sqlite3.connect(staged, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON").fetchall()
        connection.execute(_FORGET_AGAIN[0], (str(present),))
        connection.execute("BEGIN IMMEDIATE")
        for statement in _FORGET_AGAIN[1:]:
            connection.execute(statement)
        if connection.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'face_pairs'").fetchone():
            for statement in _FORGET_PAIRS_AGAIN:
                connection.execute(statement)
        connection.execute("COMMIT")


def _keep_present(present: Path, stamp: str) -> Path | None:
    if not present.is_file():
        return None
    kept = present.with_name(f"{present.name}.before-restore-{stamp}")
    for ending in ("", *_SIDECARS):
        part = present.with_name(present.name + ending)
        if part.is_file():
            with (
                part.open("rb") as original,
                whole_file(kept.with_name(kept.name + ending), mode=OWNER_ONLY) as copy,
            ):
                shutil.copyfileobj(original, copy, 1 << 20)
    return kept


def _bring_recovery(recovery: bytes | None, staged: Path, data_dir: Path, stamp: str) -> None:
    # A recovery file belongs to a school key; one that fits the restored data already may be newer.
    if recovery is None or _key_fits(staged, data_dir):
        return
    path = data_dir / KEYS_FOLDER / RECOVERY_FILE
    private_folder(path.parent)
    if path.is_file() and path.read_bytes() != recovery:
        move_whole(path, path.with_name(f"{path.name}.before-restore-{stamp}"))
    write_private(path, recovery)


def _key_fits(staged: Path, data_dir: Path) -> bool:
    try:
        key_ring = KeyRing.existing(data_dir)
    except StorageError:
        return False
    with closing(sqlite3.connect(staged)) as connection:
        known = connection.execute("SELECT value FROM store_facts WHERE name = 'key_check'").fetchone()
    return key_ring is not None and known == (key_ring.check_value,)


def _follow_log(data_dir: Path, stamp: str) -> None:
    """Let what is kept of the log outside the database be what was restored; what was known before is kept beside it."""
    path = data_dir / KEYS_FOLDER / LOG_HEAD_FILE
    if path.is_file():
        move_whole(path, path.with_name(f"{path.name}.before-restore-{stamp}"))
    key_ring = KeyRing.existing(data_dir) if _key_fits(database_path(data_dir), data_dir) else None
    with closing(sqlite3.connect(database_path(data_dir))) as connection:
        head = connection.execute("SELECT entry_id, hash FROM audit_head").fetchone()
    if key_ring is not None and head is not None:
        key_ring.remember_log_head(HERE, *head)


def _swap_in(staged: Path, present: Path) -> None:
    for ending in _SIDECARS:
        present.with_name(present.name + ending).unlink(missing_ok=True)
    move_whole(staged, present)
