"""One school's backups: made one at a time into a folder, remembered, and the outlived ones removed. Any thread."""

import logging
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
from kiosk.storage.backup.forgetting import forgotten_mark
from kiosk.storage.backup.restoring import unwatched
from kiosk.storage.database.sql_errors import plain_errors
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.translation import _

DEFAULT_FOLDER: Final = "backups"
"""Inside the data directory, where nobody chose another place."""

REMEMBERED: Final = 1000
"""Backups of which something is remembered: those that were looked at last."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ListedBackup:
    """One file of the folder.

    Attributes:
        verified_at: When it was last restored to see whether it can be; None: never, as far as known.
        follows_until: Up to when it holds nothing that was erased before; None: that is not known.
    """

    file: KeptBackup
    verified_at: datetime | None
    follows_until: datetime | None = None


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
            mark = self._mark() if origin is not Origin.BEFORE_MIGRATION else ""
            made = create(self._database, self._data_dir, target, origin=origin, at=at, watch=watch)
            self._remember(at, good=at, salt=made.salt, mark=mark)
            keys = KeyRing.existing(self._data_dir)
            if keep and keys is not None:
                tidy(folder, keys, keep=keep, now=at, spare=target)
        finally:
            self._one.release()
        return target

    def follow(self, folder: Path, *, now: datetime, watch: Watch = unwatched) -> None:
        """Take out of the kiosk's own older backups what was erased, refused or deleted since; each is proved again.

        Called after a new one was made. One that was done is remembered, so what a class cut off goes on with the next
        backup. One that fails stays as it is and is tried again then; it stands in the log.

        Raises:
            KioskError: The folder or the database cannot be read, or `watch` ended it.
        """
        keys = KeyRing.existing(self._data_dir)
        if self._database is None or keys is None or not self._one.acquire(blocking=False):
            return
        try:
            mark, followed = self._mark(), self.memory(now).followed
            for one in listed(folder, keys):
                manifest = one.manifest
                if manifest is None or one.state is not BackupState.OURS or not manifest.origin.is_automatic:
                    continue
                if followed.get(manifest.salt, ("",))[0] != mark:
                    self._follow(one.path, keys, mark, now, watch)
        finally:
            self._one.release()

    def _follow(self, file: Path, keys: KeyRing, mark: str, now: datetime, watch: Watch) -> None:
        from kiosk.storage.backup.renewing import renew

        stopped: list[KioskError] = []

        def watched(done: int, total: int) -> None:
            try:
                watch(done, total)
            except KioskError as error:
                stopped.append(error)
                raise

        try:
            renewed = renew(file, self._data_dir, self._database or Path(), keys, watched)
        except KioskError as error:
            if stopped:
                raise
            log.warning("%s may hold what was erased since: %s", file, error)
        else:
            self._remember(now, salt=renewed.salt, mark=mark)

    def _mark(self) -> str:
        """Raises StorageError: the database cannot be read."""
        with plain_errors():
            return forgotten_mark(self._database) if self._database is not None else ""

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
        memory = self.memory(now)
        found = listed(folder, KeyRing.existing(self._data_dir))
        return [
            ListedBackup(
                one,
                memory.verified.get(one.manifest.salt),
                memory.followed.get(one.manifest.salt, (None, None))[1],
            )
            if one.manifest and one.state is BackupState.OURS
            else ListedBackup(one, None)
            for one in found
        ]

    def memory(self, now: datetime) -> Memory:
        """What is remembered; `now` where nothing was yet."""
        return Memory.load(self._data_dir, now)

    def remember_trouble(self, error: KioskError, now: datetime) -> None:
        """Keep why the last try failed; a later one that works forgets it."""
        self._remember(now, trouble=str(error))

    def _remember(
        self,
        now: datetime,
        *,
        good: datetime | None = None,
        salt: str = "",
        mark: str = "",
        trouble: str = "",
    ) -> None:
        with self._remembering:
            memory = self.memory(now)
            history = memory.history
            if good is not None:
                history = replace(history, good=good, trouble="")
            elif trouble:
                history = replace(history, trouble=trouble)
            verified = memory.verified | ({salt: now} if salt else {})
            newest = sorted(verified.items(), key=lambda one: one[1])[-REMEMBERED:]
            followed = memory.followed | ({salt: (mark, now)} if salt and mark else {})
            lately = sorted(followed.items(), key=lambda one: one[1][1])[-REMEMBERED:]
            Memory(history, dict(newest), dict(lately)).save(self._data_dir)


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
