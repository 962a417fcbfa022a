"""The settings of this kiosk as a file, and what follows when they are saved while it runs. Both are `StoredSettings`."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.pipeline.runtime import Runtime
from kiosk.services.core import Core
from kiosk.services.events import SettingsChanged
from kiosk.services.phones.school_certificate import SchoolCertificate
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.settings import StoredSettings
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import SETTINGS_FILE, KioskSettings
from kiosk.vision.recognition_models import RecognitionModels


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The file alone."""

    data_dir: Path

    def load(self) -> KioskSettings:
        """The settings as they are stored now. Raises SettingsError: a value is wrong."""
        return KioskSettings.load(self.data_dir / SETTINGS_FILE)

    def save(self, changed: KioskSettings) -> None:
        """Store them. Raises SettingsError: they cannot be written."""
        changed.save(self.data_dir / SETTINGS_FILE)


class CheckedSettings:
    """Refuses a certificate that phones would refuse, saves, and lets models and web part follow.

    Attributes:
        certificate: Checks the one that the settings name.
        address: The settings for phones as they are in force.
        runtime: Serves phones; None until it is wired.
    """

    def __init__(
        self,
        file: SettingsFile,
        core: Core,
        *,
        certificate: SchoolCertificate,
        vision: RecognitionModels,
    ) -> None:
        self._file = file
        self._core = core
        self._vision = vision
        self.certificate = certificate
        self.address = ShownAddress(
            store=core.store,
            clock=core.clock,
            web=core.settings.web,
            read_adapters=_read_adapters,
            settings=self,
        )
        self.runtime: Runtime | None = None

    def load(self) -> KioskSettings:
        """The settings as they are stored now."""
        return self._file.load()

    def save(self, changed: KioskSettings) -> None:
        """Store them and use them, or keep everything as it was."""
        stored = self.load()
        if stored.web != changed.web:
            self.certificate.check(changed.web)
        self._store(stored, changed)
        in_force = self.address.web
        self.address.follow(stored.web, changed.web)
        if self.runtime is not None and in_force.served != self.address.web.served:
            try:
                self.runtime.restart_web()
            except KioskError:
                self.address.follow(self.address.web, in_force)
                self._store(changed, stored)
                raise

    def _store(self, before: KioskSettings, after: KioskSettings) -> None:
        self._file.save(after)
        if after.recognition != before.recognition:
            chosen = after.recognition
            self._vision.choose(model=chosen.model.value, engine=chosen.engine, reach=chosen.reach)
        self._core.in_force.follow(before, after)
        self._core.events.emit(SettingsChanged(self._core.settings))


def build_settings(core: Core, vision: RecognitionModels) -> CheckedSettings:
    """Wire them over a data directory; reads nothing."""
    file = SettingsFile(core.directories.data)
    certificate = school_certificate(file, core.clock)
    return CheckedSettings(file, core, certificate=certificate, vision=vision)


def school_certificate(settings: StoredSettings, clock: Clock) -> SchoolCertificate:
    """Checks the certificate that settings name."""
    from kiosk.web.http.certificate import read_certificate
    from kiosk.web.http.lan import shown_host

    return SchoolCertificate(read=read_certificate, settings=settings, shown_host=shown_host, clock=clock)


def _read_adapters() -> list[AdapterLine]:
    from kiosk.web.http.lan import read_adapter_lines

    return read_adapter_lines()
