"""The school key: where it is kept, and everything that is done with it. Read-only once made; any thread.

It lies in ``<data-dir>/keys/school.key`` (32 bytes, owner-only), outside the database and outside backups.
It never encrypts anything itself: keys for wrapping, digests, checks and the audit log are derived from it.
"""

import hmac
import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from kiosk.errors import StorageError
from kiosk.files import move_whole
from kiosk.storage.keys import recovery
from kiosk.storage.keys.private_files import (
    create_private,
    private_folder,
    read_private,
    storage_errors,
    write_private,
)
from kiosk.storage.keys.sealing import KEY_BYTES, context, derive, new_key, seal, unseal
from kiosk.translation import N_, _

KEYS_FOLDER: Final = "keys"
SCHOOL_KEY_FILE: Final = "school.key"
RECOVERY_FILE: Final = "recovery.json"
LOG_HEAD_FILE: Final = "log-head.json"
DATABASE_FILE: Final = "kiosk.sqlite3"
RESTORE_READY: Final = "restore.ready"
"""Folder of a restore that was decided and is not wholly moved into place; the next start finishes it first."""

HERE: Final = "here"
"""The place of a database that lies in the data directory, wherever that is moved to."""

HOW_TO_RECOVER: Final = N_(
    "Bring keys/school.key back from where it was kept, or run “kiosk recover” with the passphrase that the first start "
    "showed."
)


def database_path(data_dir: Path) -> Path:
    """Where the SQLite database of a data directory lies."""
    return data_dir / DATABASE_FILE


class KeyRing:
    """The school key of one data directory.

    Attributes:
        is_new: Whether this very call made the key: the first start.
    """

    __slots__ = (
        "_account_key",
        "_backup_key",
        "_check_key",
        "_digest_key",
        "_folder",
        "_head_key",
        "_school_key",
        "_wrap_key",
        "is_new",
    )

    def __init__(self, *, school_key: bytes, folder: Path, is_new: bool = False) -> None:
        self._school_key = school_key
        self._folder = folder
        self._wrap_key = derive(school_key, "wrap student keys")
        self._digest_key = derive(school_key, "digest sources")
        self._check_key = derive(school_key, "check the key")
        self._head_key = derive(school_key, "seal the audit head")
        self._backup_key = derive(school_key, "seal backups")
        self._account_key = derive(school_key, "digest accounts")
        self.is_new = is_new

    def __repr__(self) -> str:
        return f"KeyRing({self._folder})"

    @classmethod
    def open_or_create(cls, data_dir: Path) -> Self:
        """Read the school key, or make it (and the data directory) at the very first start.

        Raises:
            StorageError: The directory cannot be used, the key is damaged, or it is missing although there
                is a database or a recovery file that belongs to it.
        """
        folder = data_dir / KEYS_FOLDER
        path = folder / SCHOOL_KEY_FILE
        private_folder(folder)
        with storage_errors(path):
            missing = not path.exists()
            used = (folder / RECOVERY_FILE).exists() or _has_content(database_path(data_dir))
        if missing and used:
            raise StorageError(_("The school key is missing."), _(HOW_TO_RECOVER))
        is_new = missing and create_private(path, new_key())
        return cls(school_key=_school_key(path), folder=folder, is_new=is_new)

    @classmethod
    def existing(cls, data_dir: Path) -> Self | None:
        """The key ring of a directory that has one; makes nothing.

        Raises:
            StorageError: The key is damaged or cannot be read.
        """
        folder = data_dir / KEYS_FOLDER
        path = folder / SCHOOL_KEY_FILE
        return cls(school_key=_school_key(path), folder=folder) if path.exists() else None

    @classmethod
    def recover(cls, data_dir: Path, passphrase: str) -> Self:
        """Bring the school key back from the recovery file; a different key in place is kept beside it.

        Raises:
            SignInError: The passphrase is wrong.
            StorageError: There is no recovery file, it is damaged, or the directory cannot be written.
        """
        folder = data_dir / KEYS_FOLDER
        path = folder / SCHOOL_KEY_FILE
        if not (folder / RECOVERY_FILE).is_file():
            raise StorageError(
                _("There is no recovery file."), _("Restore a backup first: it brings the file along.")
            )
        school_key = recovery.bring_back(read_private(folder / RECOVERY_FILE), passphrase)
        if path.exists():
            if hmac.compare_digest(read_private(path), school_key):
                return cls(school_key=school_key, folder=folder)
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
            with storage_errors(path):
                move_whole(path, path.with_name(f"{SCHOOL_KEY_FILE}.before-recovery-{stamp}"))
        write_private(path, school_key)
        return cls(school_key=school_key, folder=folder)

    @property
    def data_dir(self) -> Path:
        """The data directory that the key belongs to."""
        return self._folder.parent

    @property
    def has_recovery(self) -> bool:
        return (self._folder / RECOVERY_FILE).is_file()

    def create_recovery(self) -> str:
        """Make a new passphrase (an older one stops working) and return it, to be shown once.

        Raises:
            StorageError: The recovery file cannot be written.
        """
        passphrase = recovery.new_passphrase()
        self.lock_away(passphrase)
        return passphrase

    def lock_away(self, passphrase: str) -> None:
        """Make the recovery file one that opens with this passphrase; the one before stops working.

        Raises:
            StorageError: The recovery file cannot be written; the one before is there still.
        """
        self.put_recovery(recovery.lock_away(self._school_key, passphrase))

    @property
    def recovery_file(self) -> bytes:
        """The recovery file as it is. Raises StorageError: it cannot be read."""
        return read_private(self._folder / RECOVERY_FILE)

    def put_recovery(self, locked_away: bytes) -> None:
        """Put a recovery file of this key in place. Raises StorageError: that does not work."""
        write_private(self._folder / RECOVERY_FILE, locked_away)

    def has_school(self, place: str) -> bool:
        """Whether a school was kept with this key in a place (`kiosk.storage.database.engine.place_of`) before."""
        return self.log_head(place) is not None or (place == HERE and self.has_recovery)

    def put_aside(self) -> list[Path]:
        """Take key, recovery file and log head out of use, each under a new name beside it; the next start is a first one.

        Raises:
            StorageError: The directory cannot be written.
        """
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        aside = []
        for name in (LOG_HEAD_FILE, RECOVERY_FILE, SCHOOL_KEY_FILE):
            path = self._folder / name
            if path.is_file():
                aside.append(path.with_name(f"{name}.before-new-school-{stamp}"))
                with storage_errors(path):
                    move_whole(path, aside[-1])
        return aside

    def log_head(self, place: str) -> tuple[int, str] | None:
        """Id and hash of the newest log entry that was committed in a place, as kept outside it; None where none is.

        Raises:
            StorageError: The file is damaged, or was not written with this key.
        """
        path = self._folder / LOG_HEAD_FILE
        if not path.is_file():
            return None
        try:
            said = json.loads(read_private(path))
            entry_id, entry_hash, seal = int(said["entry"]), str(said["hash"]), str(said["seal"])
            known = str(said["place"])
        except (ValueError, KeyError, TypeError):
            entry_id, entry_hash, seal, known = 0, "", "", place
        if not hmac.compare_digest(seal, self._seal_outside(known, entry_id, entry_hash)):
            raise StorageError(
                _("The file {name} is damaged or was changed.", name=f"{KEYS_FOLDER}/{LOG_HEAD_FILE}"),
                _("Compare the log with a backup. Once it is deleted, the next entry makes the file anew."),
            )
        return (entry_id, entry_hash) if known == place else None

    def remember_log_head(self, place: str, entry_id: int, entry_hash: str) -> None:
        """Keep the newest log entry outside the database, so that one that was cut short or emptied shows.

        Raises:
            StorageError: The file cannot be written.
        """
        seal = self._seal_outside(place, entry_id, entry_hash)
        said = {"place": place, "entry": entry_id, "hash": entry_hash, "seal": seal}
        write_private(self._folder / LOG_HEAD_FILE, json.dumps(said).encode())

    @property
    def check_value(self) -> str:
        """What the database remembers of the key to notice another one; says nothing about the key."""
        return hmac.new(self._check_key, b"school key", sha256).hexdigest()

    def digest(self, source: bytes) -> str:
        """HMAC-SHA256 (hex) of a picture file: equal for equal files, meaningless without the school key."""
        return hmac.new(self._digest_key, source, sha256).hexdigest()

    def digest_of_account(self, name: str) -> str:
        """HMAC-SHA256 (hex, cut to 128 bits) of what was typed or came as a name where somebody signed in."""
        return hmac.new(self._account_key, name.encode(), sha256).hexdigest()[:32]

    @property
    def pepper(self) -> bytes:
        """What PINs and passwords are keyed with before they are hashed, so that a stolen database alone gives none."""
        return derive(self._school_key, "pepper secrets")

    @property
    def known_phones_key(self) -> bytes:
        """What marks of phones that signed in before are made with."""
        return derive(self._school_key, "mark known phones")

    @property
    def mail_key(self) -> bytes:
        """With what the password of the school's mail server is sealed."""
        return derive(self._school_key, "seal the mail password")

    def seal_of_head(self, entry_id: int, entry_hash: str) -> str:
        """HMAC-SHA256 (hex) over the newest audit entry."""
        return hmac.new(self._head_key, context("head", entry_id, entry_hash), sha256).hexdigest()

    def seal_of_backup(self, manifest: bytes) -> str:
        """HMAC-SHA256 (hex) over what a backup says of itself."""
        return hmac.new(derive(self._backup_key, "manifest"), manifest, sha256).hexdigest()

    def backup_key(self, salt: bytes) -> bytes:
        """The key of one backup's pieces."""
        return derive(self._backup_key, f"pieces {salt.hex()}")

    def in_folder(self, data_dir: Path) -> Self:
        """The same key beside another database; nothing is written, and the folder for it is made."""
        private_folder(data_dir / KEYS_FOLDER)
        return type(self)(school_key=self._school_key, folder=data_dir / KEYS_FOLDER)

    def write_key(self) -> None:
        """Write the school key into its folder. Raises StorageError: that does not work."""
        write_private(self._folder / SCHOOL_KEY_FILE, self._school_key)

    @classmethod
    def from_recovery(cls, locked_away: bytes, passphrase: str) -> Self:
        """The key ring of a recovery file that lies somewhere else; nothing is written.

        Raises:
            SignInError: The passphrase is wrong.
            StorageError: The recovery file is damaged.
        """
        return cls(school_key=recovery.bring_back(locked_away, passphrase), folder=Path(os.devnull))

    def _seal_outside(self, place: str, entry_id: int, entry_hash: str) -> str:
        return hmac.new(self._head_key, context("outside", place, entry_id, entry_hash), sha256).hexdigest()

    def wrap(self, data_key: bytes, *, student_id: int, key_id: str) -> bytes:
        """Encrypt a student's data key for the database."""
        return seal(self._wrap_key, data_key, bound_to=context("student key", student_id, key_id))

    def unwrap(self, wrapped: bytes, *, student_id: int, key_id: str) -> bytes:
        """A student's data key.

        Raises:
            StorageError: It was wrapped by another school key, for another student, or was changed.
        """
        return unseal(self._wrap_key, wrapped, bound_to=context("student key", student_id, key_id))


def _school_key(path: Path) -> bytes:
    school_key = read_private(path)
    if len(school_key) != KEY_BYTES:
        raise StorageError(_("The file of the school key is damaged."), _(HOW_TO_RECOVER))
    return school_key


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
