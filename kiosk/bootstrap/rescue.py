"""Restoring a backup where the kiosk cannot start, or between two starts of its window. Main thread and tasks.

Where it cannot start nobody can sign in either, so only a backup that the school's own key proves is let in: whoever stands
in front of the screen can bring back what this kiosk kept, and nothing else.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.bootstrap.settings import SettingsFile
from kiosk.domain.trust.backups import BackupState
from kiosk.domain.trust.rights import Actor
from kiosk.errors import FileFormatError, KioskError, StorageError
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.trust.backups import RestoreWanted, watch_for
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.storage.backup.preview import Preview


class Rescue:
    """What is to be restored as soon as nothing runs.

    Attributes:
        data_dir: Of the kiosk that is, or would be, started; None before that is known.
        wanted: What somebody asked for.
    """

    def __init__(self) -> None:
        self.data_dir: Path | None = None
        self.wanted: RestoreWanted | None = None

    def can_help(self, error: KioskError) -> bool:
        """Whether restoring a backup may be what lets the kiosk start again; a server's data are the server's."""
        if self.data_dir is None or not isinstance(error, StorageError):
            return False
        try:
            return not SettingsFile(self.data_dir).load().storage.database_url
        except KioskError:
            return False

    def preview(
        self, file: Path, *, passphrase: str | None = None, actor: Actor, progress: Progress = UNWATCHED
    ) -> "Preview":
        """What restoring it would bring back.

        Raises:
            KioskError: It cannot be restored, or is not proved by this school's key.
        """
        from kiosk.storage.backup.bundle import opened
        from kiosk.storage.backup.preview import preview
        from kiosk.storage.keys.key_ring import KeyRing

        if self.data_dir is None:
            raise StorageError(_("There is no data directory yet."))
        with opened(file) as bundle:
            state = bundle.state(KeyRing.existing(self.data_dir))
        if state not in {BackupState.OURS, BackupState.FORGED}:
            raise FileFormatError(
                _("{name} is not proved to be a backup of this school.", name=file.name),
                _("Whoever looks after this PC can restore it with “kiosk restore”."),
            )
        return preview(file, self.data_dir, passphrase=passphrase, watch=watch_for(progress))

    def ask_restore(self, file: Path, *, passphrase: str | None = None, actor: Actor) -> None:
        """Note it."""
        self.wanted = RestoreWanted(file, passphrase, actor.name)
