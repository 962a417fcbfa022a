"""The kiosk's settings as they are stored."""

from typing import Protocol

from kiosk.settings import KioskSettings


class StoredSettings(Protocol):
    """Reads and writes ``kiosk.toml``. Any thread."""

    def load(self) -> KioskSettings:
        """The settings as they are stored now. Raises SettingsError: a value is wrong."""

    def save(self, changed: KioskSettings) -> None:
        """Store them. Most take effect at the next start; look and web at once, model and engine at the next class.

        Raises:
            CertificateError: Phones would refuse the certificate; nothing was changed.
            SettingsError: They cannot be written.
            SourceError: Phones cannot be served by them; they are served as before, and nothing was changed.
        """
