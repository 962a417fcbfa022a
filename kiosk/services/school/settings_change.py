"""Reading and changing the settings of this kiosk. Any thread."""

from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.trust.rights import require
from kiosk.settings import KioskSettings
from kiosk.storage.store import Store


class SettingsChange:
    """What an admin does with the settings; everybody may look at them."""

    def __init__(self, *, store: Store, settings: StoredSettings) -> None:
        self._store = store
        self._settings = settings

    def load(self) -> KioskSettings:
        """The settings as they are stored now. Raises SettingsError: a value is wrong."""
        return self._settings.load()

    def change(self, changed: KioskSettings, *, actor: Actor) -> None:
        """Store them; when they take effect stands at `StoredSettings.save`.

        Raises:
            CertificateError: Phones would refuse the certificate; nothing was changed.
            SettingsError: They cannot be written.
            SourceError: Phones cannot be served by them; they are served as before, and nothing was changed.
        """
        require(self._store, actor, Right.ADMINISTER)
        self._settings.save(changed)
