import pytest

from kiosk.errors import CertificateError
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import KioskSettings, WebSettings
from tests.fakes.actors import admin
from tests.fakes.clock import FakeClock
from tests.fakes.phones.shown_address import AddressInMemory
from tests.world.school import SmallSchool

LINES = [AdapterLine("wlan0", "10.20.4.17", True, True)]


def disk_of(school: SmallSchool, stored: KioskSettings) -> AddressInMemory:
    return AddressInMemory(school.store, stored, LINES)


def test_a_chosen_adapter_is_stored_and_in_force_at_once(school: SmallSchool) -> None:
    disk = disk_of(school, KioskSettings(web=WebSettings(address="old.school.test", port=9000)))
    disk.address.choose("eth1", actor=admin())
    assert (disk.settings.web.adapter, disk.settings.web.address, disk.settings.web.port) == (
        "eth1",
        "",
        9000,
    )
    assert disk.address.web == disk.settings.web
    disk.address.choose("", actor=admin())
    assert disk.address.web.adapter == ""


def test_everything_is_in_force_at_once(school: SmallSchool) -> None:
    disk = disk_of(school, KioskSettings())
    disk.save(KioskSettings(web=WebSettings(enabled=False, port=9000, address="kiosk.school.test")))
    web = disk.address.web
    assert (web.port, web.address, web.enabled) == (9000, "kiosk.school.test", False)


def test_what_was_not_changed_stays_as_the_command_line_wanted_it(school: SmallSchool) -> None:
    disk = disk_of(school, KioskSettings())
    disk.address = ShownAddress(
        store=school.store,
        clock=FakeClock(),
        web=WebSettings(port=7000),
        read_adapters=lambda: LINES,
        settings=disk,
    )
    disk.save(KioskSettings(web=WebSettings(adapter="eth1")))
    assert (disk.address.web.port, disk.address.web.adapter) == (7000, "eth1")


def test_a_refused_choice_changes_nothing(school: SmallSchool) -> None:
    disk = disk_of(school, KioskSettings())
    disk.refuse = CertificateError("The certificate does not name it.")
    with pytest.raises(CertificateError):
        disk.address.choose("eth1", actor=admin())
    assert disk.address.web.adapter == ""


def test_it_lists_the_adapters(school: SmallSchool) -> None:
    assert disk_of(school, KioskSettings()).address.adapters() == LINES
