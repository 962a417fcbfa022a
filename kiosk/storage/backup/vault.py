"""One school's backups: made one at a time into a folder, remembered, and the outlived ones removed. Any thread."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.domain.trust.backups import BackupState, FolderOpinion, Origin
from kiosk.errors import ConflictError, ExportError, KioskError
from kiosk.storage.backup.backing_up import create, on_a_server, verify
from kiosk.storage.backup.bundle import Watch, opened
from kiosk.storage.backup.folder import KeptBackup, Memory, listed, name_of, ready, tidy
from kiosk.storage.backup.folder_opinion import judge
from kiosk.storage.backup.restoring import unwatched
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.translation import _

DEFAULT_FOLDER: Final = "backups"
"""Inside the data directory, where nobody chose another place."""


@dataclass(frozen=True, slots=True)
class ListedBackup:
    """One file of the folder, and when it was last restored to see whether it can be; None: never, as far as known."""

    file: KeptBackup
    verified_at: datetime | None


class BackupVault:
    """Makes, proves and lists backups of one data directory."""

    def __init__(self, *, data_dir: Path, database: Path | None) -> None:
        """Touch nothing yet; `database` is None for one on a server, which has backups of its own."""
        self._data_dir = data_dir
        self._database = database
        self._one = threading.Lock()
        self._remembering = threading.Lock()

    @property
    def is_possible(self) -> bool:
        """Whether this program makes backups of the database at all."""
        return self._database is not None

    def folder(self, chosen: str) -> Path:
        """Where backups are kept by a setting."""
        return Path(chosen).expanduser() if chosen.strip() else self._data_dir / DEFAULT_FOLDER

    def make(
        self, folder: Path, *, origin: Origin, keep: int, at: datetime, watch: Watch = unwatched
    ) -> Path:
        """Make one that is proved, and remove the automatic ones that it outlives (none where `keep` is 0).

        Raises:
            ConflictError: One is being made this moment.
            KioskError: It could not be made; the older ones are there still.
        """
        if self._database is None:
            raise on_a_server()
        if not self._one.acquire(blocking=False):
            raise ConflictError(_("A backup is being made this moment."), _("Wait until it is done."))
        try:
            target = ready(folder) / name_of(origin, at)
            made = create(self._database, self._data_dir, target, origin=origin, at=at, watch=watch)
            self._remember(at, good=at, salt=made.salt)
            keys = KeyRing.existing(self._data_dir)
            if keep and keys is not None:
                tidy(folder, keys, keep=keep, now=at, spare=target)
        finally:
            self._one.release()
        return target

    def judge(self, folder: Path, *, keep: int) -> FolderOpinion | None:
        """What speaks against a folder; None where this program makes no backups.

        Raises:
            ExportError: It cannot be used.
        """
        return judge(folder, self._data_dir, self._database, keep=keep) if self._database else None

    def verify(self, file: Path, *, at: datetime, watch: Watch = unwatched) -> None:
        """Restore one into a temporary place, and remember that it worked.

        Raises:
            KioskError: It cannot be restored.
        """
        verify(file, self._data_dir, watch=watch)
        with opened(file) as bundle:
            salt = bundle.manifest.salt
        if salt:
            self._remember(at, salt=salt)

    def listed(self, folder: Path, now: datetime) -> Sequence[ListedBackup]:
        """All backups in a folder, newest first.

        Raises:
            ExportError: The folder cannot be read.
        """
        verified = self.memory(now).verified
        found = listed(folder, KeyRing.existing(self._data_dir))
        return [
            ListedBackup(
                one,
                verified.get(one.manifest.salt) if one.manifest and one.state is BackupState.OURS else None,
            )
            for one in found
        ]

    def memory(self, now: datetime) -> Memory:
        """What is remembered; `now` where nothing was yet."""
        return Memory.load(self._data_dir, now)

    def remember_trouble(self, error: KioskError, now: datetime) -> None:
        """Keep why the last try failed; a later one that works forgets it."""
        self._remember(now, trouble=str(error))

    def _remember(
        self, now: datetime, *, good: datetime | None = None, salt: str = "", trouble: str = ""
    ) -> None:
        with self._remembering:
            memory = self.memory(now)
            history = memory.history
            if good is not None:
                history = replace(history, good=good, trouble="")
            elif trouble:
                history = replace(history, trouble=trouble)
            verified = memory.verified | ({salt: now} if salt else {})
            newest = sorted(verified.items(), key=lambda one: one[1])[-1000:]
            Memory(history, dict(newest)).save(self._data_dir)


def back_up_before_upgrade(data_dir: Path, database: Path, *, chosen: str, keep: int, at: datetime) -> Path:
    """Make one before the schema changes: in the chosen folder, or where that is away in the data directory.

    Raises:
        KioskError: It could not be made, so nothing must be changed.
    """
    vault = BackupVault(data_dir=data_dir, database=database)
    try:
        return vault.make(vault.folder(chosen), origin=Origin.BEFORE_MIGRATION, keep=keep, at=at)
    except ExportError:
        return vault.make(vault.folder(""), origin=Origin.BEFORE_MIGRATION, keep=keep, at=at)
