"""Makes a backup that the kiosk keeps anew, without what was erased since. The backup thread.

It is unpacked beside, follows the present database (`forgetting`), is sealed with a new salt under its old date, and unpacked
once more: only then it takes its own place, so a backup that could be restored before always can be restored.
"""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kiosk.errors import ExportError
from kiosk.files import OWNER_ONLY, whole_file
from kiosk.storage.backup import bundle
from kiosk.storage.backup.backing_up import prove
from kiosk.storage.backup.bundle import Bundle, Manifest, Watch
from kiosk.storage.backup.forgetting import (
    DeletedStudents,
    delete_again,
    deleted_students,
    forget_again,
    strippable,
)
from kiosk.storage.backup.left_overs import strip_students
from kiosk.storage.backup.restoring import Staged, open_staged, settle_into_one_file, unpacked_into
from kiosk.storage.database import schema
from kiosk.storage.database.sql_errors import plain_errors
from kiosk.storage.database.sqlite_library import sqlite3
from kiosk.storage.keys.key_ring import RECOVERY_FILE, KeyRing, database_path
from kiosk.storage.keys.private_files import storage_errors
from kiosk.translation import _

BY: Final = "kiosk"
"""Who deletes in it, as its log says."""

RENEWED: Final = "renewed"


def renew(file: Path, data_dir: Path, present: Path, keys: KeyRing, watch: Watch) -> Manifest:
    """Take out of a backup of this school what the present database knows to be erased, refused or deleted.

    Date and origin stay, and the recovery file that it came with. A backup with nothing to take out is not written.

    Returns:
        The manifest as it is then.

    Raises:
        FileFormatError: It is damaged; it stays as it is.
        ExportError: It cannot be written; it stays as it is.
        StorageError: There is no room to unpack it, or the present database cannot be read.
    """
    with (
        storage_errors(data_dir),
        plain_errors(),
        TemporaryDirectory(dir=data_dir, prefix=".backup-", ignore_cleanup_errors=True) as folder,
    ):
        with bundle.opened(file) as opened:
            was, recovery = opened.manifest, Path(folder) / RECOVERY_FILE
            if opened.recovery is not None:
                recovery.write_bytes(opened.recovery)
            if not _follow(opened, Path(folder), keys, present, watch):
                return was
        try:
            with whole_file(file, mode=OWNER_ONLY) as target:
                made = bundle.write(
                    *(target, database_path(Path(folder) / RENEWED), recovery, keys),
                    origin=was.origin,
                    at=was.created_at,
                    watch=watch,
                )
                prove(target, file.name, Path(folder), keys, watch)
        except OSError as error:
            raise ExportError(
                _("The backup {name} could not be made anew: {strerror}.", name=file.name, strerror=error)
            ) from error
    return made


def _follow(opened: Bundle, folder: Path, keys: KeyRing, present: Path, watch: Watch) -> bool:
    """Unpack it and take out of it what was erased; False where nothing was to be taken out."""
    with unpacked_into(folder / RENEWED, opened, keys, watch) as staged:
        changed = forget_again(staged.database, present)
        gone = deleted_students(present)
        return bool(_delete(staged, keys, gone) + changed)


def _delete(staged: Staged, keys: KeyRing, gone: DeletedStudents) -> int:
    """As in the present database; where an older program may have to read it, the rows alone, for its schema must stay."""
    numbers = strippable(staged.database, gone)
    if not numbers:
        return 0
    if _revision(staged.database) == schema.HEAD:
        database = open_staged(staged, keys.in_folder(staged.folder))
        try:
            deleted = delete_again(database, gone, actor=BY)
        finally:
            database.close()
        settle_into_one_file(staged.database)
        return deleted
    with closing(sqlite3.connect(staged.database)) as connection:
        connection.execute("PRAGMA secure_delete=ON").fetchall()
        stripped = strip_students(connection, numbers)
        connection.commit()
    return stripped


def _revision(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
