import pytest

from kiosk.errors import CertificateError
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import KioskSettings, WebSettings

LINES = [AdapterLine("wlan0", "10.20.4.17", True, True)]


class Disk:
    def __init__(self, stored: KioskSettings) -> None:
        self.stored = stored
        self.refuse: CertificateError | None = None
        self.address = ShownAddress(web=stored.web, read_adapters=lambda: LINES, settings=self)

    def load(self) -> KioskSettings:
        return self.stored

    def save(self, changed: KioskSettings) -> None:
        if self.refuse is not None:
            raise self.refuse
        before, self.stored = self.stored, changed
        self.address.follow(before.web, changed.web)


def test_a_chosen_adapter_is_stored_and_in_force_at_once() -> None:
    disk = Disk(KioskSettings(web=WebSettings(address="old.school.test", port=9000)))
    disk.address.choose("eth1")
    assert (disk.stored.web.adapter, disk.stored.web.address, disk.stored.web.port) == ("eth1", "", 9000)
    assert disk.address.web == disk.stored.web
    disk.address.choose("")
    assert disk.address.web.adapter == ""


def test_everything_but_turning_phones_on_and_off_is_in_force_at_once() -> None:
    disk = Disk(KioskSettings())
    disk.save(KioskSettings(web=WebSettings(enabled=False, port=9000, address="kiosk.school.test")))
    web = disk.address.web
    assert (web.port, web.address, web.enabled) == (9000, "kiosk.school.test", True)


def test_what_was_not_changed_stays_as_the_command_line_wanted_it() -> None:
    disk = Disk(KioskSettings())
    disk.address = ShownAddress(
        web=WebSettings(port=7000),
        read_adapters=lambda: LINES,
        settings=disk,
    )
    disk.save(KioskSettings(web=WebSettings(adapter="eth1")))
    assert (disk.address.web.port, disk.address.web.adapter) == (7000, "eth1")


def test_a_refused_choice_changes_nothing() -> None:
    disk = Disk(KioskSettings())
    disk.refuse = CertificateError("The certificate does not name it.")
    with pytest.raises(CertificateError):
        disk.address.choose("eth1")
    assert disk.address.web.adapter == ""


def test_it_lists_the_adapters() -> None:
    assert Disk(KioskSettings()).address.adapters() == LINES
