"""Backups as an admin sees them: listed, made, proved, and brought back. Any thread but the window's.

Nothing is restored under a running kiosk: `ask_restore` only notes what is wanted. Whoever started the kiosk stops it,
restores and starts it anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from kiosk.domain.trust.backups import BackupHistory, BackupState, FolderOpinion, Origin
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import KioskError
from kiosk.services.events import Events, RestoreAsked
from kiosk.services.people.remains import MadeBackup
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.trust.rights import require
from kiosk.settings import StorageSettings
from kiosk.storage.store import Store
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.storage.backup.preview import Preview
    from kiosk.storage.backup.vault import BackupVault, ListedBackup

PERCENT: Final = 100


class StoppedError(KioskError):
    """Somebody, or a class that began, ended the work before it was done."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is.

    Attributes:
        opinion: What speaks against the folder; None where it cannot be used or there are no backups here at all.
        trouble: Why the folder cannot be used, or why there are no backups here at all.
    """

    folder: Path
    backups: "Sequence[ListedBackup]"
    history: BackupHistory
    opinion: FolderOpinion | None
    trouble: KioskError | None


@dataclass(frozen=True, slots=True)
class RestoreWanted:
    """What is restored as soon as the kiosk has stopped."""

    file: Path
    passphrase: str | None
    actor: str


class Restoring(Protocol):
    """Shows what a restore would do and takes the wish for it; `Backups`, or what there is where no kiosk can start."""

    def preview(
        self, file: Path, *, passphrase: str | None = None, actor: Actor, progress: Progress = UNWATCHED
    ) -> "Preview":
        """What restoring it would bring back and lose. Raises KioskError: it cannot be restored."""

    def ask_restore(self, file: Path, *, passphrase: str | None = None, actor: Actor) -> None:
        """Have it restored as soon as the kiosk does not run."""


class Backups:
    """The use cases."""

    def __init__(
        self,
        *,
        vault: "BackupVault",
        data_dir: Path,
        store: Store,
        clock: Clock,
        settings: StoredSettings,
        events: Events,
    ) -> None:
        self._vault = vault
        self._data_dir = data_dir
        self._store = store
        self._clock = clock
        self._settings = settings
        self._events = events
        self._wanted: RestoreWanted | None = None

    @property
    def wanted(self) -> RestoreWanted | None:
        """What somebody asked to restore. Any thread."""
        return self._wanted

    @property
    def are_possible(self) -> bool:
        """Whether this program makes backups of the database at all: a server has its own."""
        return self._vault.is_possible

    def made(self) -> tuple[list[MadeBackup], int] | None:
        """Those of this school in the folder, and how many of the kiosk's own are kept; None: it cannot be read."""
        try:
            found = self._vault.listed(self._folder(), self._clock.now())
        except KioskError:
            return None
        ours = [
            MadeBackup(one.file.made_at, one.file.manifest.origin, one.file.path.name, one.follows_until)
            for one in found
            if one.file.manifest is not None and one.file.state in (BackupState.OURS, BackupState.OLD_FORMAT)
        ]
        return ours, self.kept()

    def kept(self) -> int:
        """How many of the kiosk's own are kept."""
        return self._settings.load().storage.backups_kept

    def history(self) -> BackupHistory:
        """What became of the kiosk's own."""
        return self._vault.memory(self._clock.now()).history

    def overdue(self) -> KioskError | None:
        """What whoever works with the kiosk is told, when no backup has worked for three days."""
        history, now = self.history(), self._clock.now()
        if (
            not self.are_possible
            or not history.is_overdue(now)
            or not self._settings.load().storage.backups_kept
        ):
            return None
        since = (now - (history.good or history.since)).days
        return KioskError(_("No backup has worked for {days} days.", days=since), history.trouble)

    def overview(self, *, actor: Actor) -> Overview:
        """Everything in the folder, newest first."""
        require(self._store, actor, Right.ADMINISTER)
        folder, opinion, trouble = self._folder(), None, None
        backups: Sequence[ListedBackup] = ()
        try:
            backups = self._vault.listed(folder, self._clock.now())
            self._require_possible()
            opinion = self._judge(self._settings.load().storage)
        except KioskError as error:
            trouble = error
        return Overview(folder, backups, self.history(), opinion, trouble)

    def judge(self, storage: StorageSettings, *, actor: Actor) -> FolderOpinion | None:
        """What speaks against the folder of these settings; None where this program makes no backups.

        Raises:
            ExportError: It cannot be used.
        """
        require(self._store, actor, Right.ADMINISTER)
        return self._judge(storage)

    def _judge(self, storage: StorageSettings) -> FolderOpinion | None:
        return self._vault.judge(self._vault.folder(storage.backup_folder), keep=storage.backups_kept)

    def make(self, *, actor: Actor, progress: Progress = UNWATCHED) -> Path:
        """Make one by hand, which the kiosk never removes, and see that it can be restored.

        Raises:
            KioskError: It could not be made.
        """
        require(self._store, actor, Right.ADMINISTER)
        made = self.make_now(Origin.BY_HAND, watch_for(progress))
        self._store.write(
            lambda repositories: repositories.audit.add(
                self._clock.now(), actor.name, "backup.made", made.name
            )
        )
        return made

    def make_now(self, origin: Origin, watch: Callable[[int, int], None]) -> Path:
        """The same for whoever needs nobody's leave: the kiosk itself."""
        storage = self._settings.load().storage
        return self._vault.make(
            self._vault.folder(storage.backup_folder),
            origin=origin,
            keep=storage.backups_kept,
            at=self._clock.now(),
            watch=watch,
        )

    def follow(self, watch: Callable[[int, int], None]) -> None:
        """Take out of the kiosk's own older backups what was erased, refused or deleted since the last one was made.

        Raises:
            StoppedError: `watch` ended it; the next round goes on with it.
            KioskError: The folder or the database cannot be read.
        """
        self._vault.follow(self._folder(), now=self._clock.now(), watch=watch)

    def remember_trouble(self, error: KioskError) -> None:
        """Keep why the kiosk could not make one."""
        self._vault.remember_trouble(error, self._clock.now())

    def verify(self, file: Path, *, actor: Actor, progress: Progress = UNWATCHED) -> None:
        """Restore one into a temporary place, to see whether that works.

        Raises:
            KioskError: It does not.
        """
        require(self._store, actor, Right.ADMINISTER)
        self._vault.verify(file, at=self._clock.now(), watch=watch_for(progress))

    def preview(
        self, file: Path, *, passphrase: str | None = None, actor: Actor, progress: Progress = UNWATCHED
    ) -> "Preview":
        """What restoring one would bring back and lose; nothing is changed.

        Raises:
            NeedsPassphraseError: It is of a school whose key is not here, and no passphrase was given.
            SignInError: The passphrase is wrong.
            KioskError: It cannot be restored.
        """
        from kiosk.storage.backup.preview import preview

        require(self._store, actor, Right.ADMINISTER)
        self._require_possible()
        return preview(file, self._data_dir, passphrase=passphrase, watch=watch_for(progress))

    def ask_restore(self, file: Path, *, passphrase: str | None = None, actor: Actor) -> None:
        """Have the kiosk stopped, a backup restored that `preview` has seen, and the kiosk started anew."""
        require(self._store, actor, Right.ADMINISTER)
        self._require_possible()
        self._wanted = RestoreWanted(file, passphrase, actor.name)
        self._events.emit(RestoreAsked())

    def _require_possible(self) -> None:
        if not self.are_possible:
            from kiosk.storage.backup.backing_up import on_a_server

            raise on_a_server()

    def _folder(self) -> Path:
        return self._vault.folder(self._settings.load().storage.backup_folder)


def watch_for(progress: Progress) -> Callable[[int, int], None]:
    """Tell somebody of each hundredth, and raise StoppedError where they want an end."""
    shown = -1

    def told(done: int, total: int) -> None:
        nonlocal shown
        if progress.is_cancelled():
            raise StoppedError(_("The backup was stopped before it was done."))
        now = done * PERCENT // max(total, 1)
        if now != shown:
            shown = now
            progress.report(now, PERCENT)

    return told
