"""Reading and changing the settings of this kiosk. Any thread."""

from collections.abc import Callable

from kiosk.domain.trust.backups import FolderOpinion
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import KioskError, SettingsError
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.school.changed_settings import note_changed_settings
from kiosk.services.trust.backups import Backups
from kiosk.services.trust.rights import require
from kiosk.settings import KioskSettings
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _


class SettingsChange:
    """What an admin does with the settings; everybody may look at them."""

    def __init__(self, *, store: Store, clock: Clock, settings: StoredSettings, backups: Backups) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._backups = backups

    def load(self) -> KioskSettings:
        """The settings as they are stored now. Raises SettingsError: a value is wrong."""
        return self._settings.load()

    def change(
        self,
        changed: KioskSettings,
        *,
        actor: Actor,
        along: Callable[[Repositories], None] | None = None,
    ) -> FolderOpinion | None:
        """Store them; when they take effect stands at `StoredSettings.save`.

        What goes `along` is written into the database in one transaction with the log: where that fails, the settings are put
        back as they were.

        Returns:
            What was found of the folder for backups, where another one was chosen.

        Raises:
            ExportError: The folder for backups that was chosen cannot be used; nothing was changed.
            CertificateError: Phones would refuse the certificate; nothing was changed.
            SettingsError: They cannot be written; or they were, the database could not be, and they cannot be put back.
            SourceError: Phones cannot be served by them; they are served as before, and nothing was changed.
            StorageError: The database cannot be written; nothing was changed.
        """
        require(self._store, actor, Right.ADMINISTER)
        before = self._settings.load()
        another = before.storage.backup_folder != changed.storage.backup_folder
        opinion = self._backups.judge(changed.storage, actor=actor) if another else None
        self._settings.save(changed)
        try:
            note_changed_settings(self._store, self._clock, before, changed, actor=actor, along=along)
        except KioskError as error:
            self._put_back(before, error)
            raise
        return opinion

    def _put_back(self, before: KioskSettings, why: KioskError) -> None:
        try:
            self._settings.save(before)
        except KioskError as error:
            raise SettingsError(
                _("The settings of this PC are saved, those of the school are not: {why}", why=why.user_text),
                _("Look at the settings again once the database can be written."),
            ) from error
