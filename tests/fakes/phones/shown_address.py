"""The shown address of a kiosk whose settings are in memory."""

from collections.abc import Sequence

from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import KioskSettings
from kiosk.storage.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.models.model_store import SettingsInMemory


class AddressInMemory(SettingsInMemory):
    """Keeps the settings, and `address` follows them as it does in a kiosk."""

    def __init__(self, store: Store, stored: KioskSettings, lines: Sequence[AdapterLine]) -> None:
        super().__init__(stored)
        self.address = ShownAddress(
            store=store, clock=FakeClock(), web=stored.web, read_adapters=lambda: list(lines), settings=self
        )

    def save(self, changed: KioskSettings) -> None:
        before = self.settings
        super().save(changed)
        self.address.follow(before.web, changed.web)
