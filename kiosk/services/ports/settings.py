"""The kiosk's settings as they are stored."""

from typing import Protocol

from kiosk.settings import KioskSettings


class StoredSettings(Protocol):
    """Reads and writes ``kiosk.toml``. Any thread."""

    def load(self) -> KioskSettings:
        """The settings as they are stored now. Raises SettingsError: a value is wrong."""

    def save(self, changed: KioskSettings) -> None:
        """Store them. Look and phones follow at once, what concerns a class at the next one, the database at the next start.

        Raises:
            CertificateError: Phones would refuse the certificate; nothing was changed.
            SettingsError: They cannot be written.
            SourceError: Phones cannot be served by them; they are served as before, and nothing was changed.
        """
