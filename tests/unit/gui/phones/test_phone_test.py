from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.phones.codes import Rotation
from kiosk.domain.trust.rights import Actor
from kiosk.errors import CertificateError
from kiosk.gui.phones.phone_test import PhoneTestDialog
from kiosk.gui.theme import Theme
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.phones.phone_test import PATIENCE_S, PhoneTest
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import KioskSettings
from tests.fakes.actors import admin, teacher
from tests.fakes.app_parts import with_part
from tests.fakes.clock import FakeClock
from tests.fakes.phones.shown_address import AddressInMemory
from tests.world.gui_kiosk import GuiKiosk

LINES = [AdapterLine("wlan0", "10.20.4.17", True, True), AdapterLine("tun0", "10.8.0.2", False, False)]


ADA = admin()


class Bench:
    """The dialog over a clock and a list of adapters that tests set."""

    def __init__(self, kiosk: GuiKiosk) -> None:
        self.clock = FakeClock(kiosk.app.core.clock.now())
        self.running = RunningClass(clock=self.clock, rotation=Rotation(15))
        self.running.reachable_at("http://10.20.4.17:8080")
        self.test = PhoneTest(clock=self.clock, running=self.running)
        self.settings = AddressInMemory(kiosk.app.core.store, KioskSettings(), LINES)
        app = with_part(kiosk.app, "phones.test", self.test)
        self.app = with_part(app, "phones.address", self.settings.address)

    def phone_comes(self, address: str = "10.20.7.7", *, is_this_pc: bool = False) -> None:
        token = self.test.state().url.rpartition("/")[2]
        self.test.arrived(token, address=address, is_this_pc=is_this_pc)


@pytest.fixture
def bench(kiosk: GuiKiosk) -> Bench:
    return Bench(kiosk)


@pytest.fixture
def show(qtbot: QtBot, bench: Bench, theme: Theme) -> Callable[..., PhoneTestDialog]:
    def make(actor: Actor = ADA) -> PhoneTestDialog:
        window = QWidget()
        qtbot.addWidget(window)
        dialog = PhoneTestDialog(
            bench.app.core,
            bench.app.phones,
            bench.app.attendance,
            theme,
            actor,
            window,
        )
        dialog.show()
        qtbot.waitUntil(lambda: dialog.network.count() > 0)
        return dialog

    return make


def test_it_shows_a_code_and_waits(bench: Bench, show: Callable[..., PhoneTestDialog]) -> None:
    dialog = show()
    assert dialog.code.text == bench.test.state().url.upper()
    assert dialog.card.text == "Waiting for a phone…"
    assert dialog.causes.isHidden()


def test_the_card_turns_green_when_a_phone_came(bench: Bench, show: Callable[..., PhoneTestDialog]) -> None:
    dialog = show()
    bench.phone_comes()
    dialog.look()
    assert dialog.card.text.startswith("It works. A phone reached the kiosk at ")
    assert dialog.card.text.endswith("It came from 10.20.7.7.")
    assert dialog.card.property("surface") == "banner-present"


def test_a_browser_on_this_pc_does_not_make_it_green(
    bench: Bench, show: Callable[..., PhoneTestDialog]
) -> None:
    dialog = show()
    bench.phone_comes("127.0.0.1", is_this_pc=True)
    dialog.look()
    assert "says nothing about the network" in dialog.card.text
    assert dialog.card.property("surface") == "banner-accent"


def test_after_a_while_it_says_what_usually_keeps_phones_away(
    bench: Bench, show: Callable[..., PhoneTestDialog]
) -> None:
    dialog = show()
    bench.clock.advance(PATIENCE_S)
    dialog.look()
    assert "No phone has reached the kiosk yet." in dialog.card.text
    assert "client isolation" in dialog.causes.text()
    assert "port 8080" in dialog.causes.text()
    bench.phone_comes()
    dialog.look()
    assert dialog.causes.isHidden()


def test_without_a_web_part_it_says_so(bench: Bench, show: Callable[..., PhoneTestDialog]) -> None:
    bench.running.reachable_at("")
    dialog = show()
    assert dialog.code.text == ""
    assert "Phones cannot connect now." in dialog.card.text


def test_without_a_network_there_is_no_code_that_nobody_could_reach(
    bench: Bench, show: Callable[..., PhoneTestDialog]
) -> None:
    bench.running.reachable_at("http://127.0.0.1:8080")
    dialog = show()
    assert dialog.code.text == ""
    assert dialog.card.text.startswith("This PC is in no network.")


def test_another_network_is_chosen_and_stored(
    qtbot: QtBot, bench: Bench, show: Callable[..., PhoneTestDialog]
) -> None:
    dialog = show()
    assert [dialog.network.itemText(place) for place in range(dialog.network.count())] == [
        "The recommended one: wlan0 10.20.4.17",
        "wlan0 10.20.4.17",
        "tun0 10.8.0.2 (phones hardly reach it)",
    ]
    dialog.network.setCurrentIndex(1)
    dialog.network.activated.emit(1)
    qtbot.waitUntil(lambda: "within five seconds" in dialog.banner.text)
    assert bench.settings.settings.web.adapter == "wlan0"
    assert dialog.network.currentData() == "wlan0"


def test_a_network_that_the_certificate_does_not_name_is_refused(
    qtbot: QtBot, bench: Bench, show: Callable[..., PhoneTestDialog]
) -> None:
    bench.settings.refuse = CertificateError("The certificate does not name 10.8.0.2.")
    dialog = show()
    dialog.network.setCurrentIndex(2)
    dialog.network.activated.emit(2)
    qtbot.waitUntil(lambda: "does not name" in dialog.banner.text)
    qtbot.waitUntil(lambda: dialog.network.currentIndex() == 0)
    assert bench.settings.settings.web.adapter == ""


def test_teachers_look_only(show: Callable[..., PhoneTestDialog]) -> None:
    assert not show(teacher()).network.isEnabled()


def test_closing_ends_the_test(bench: Bench, show: Callable[..., PhoneTestDialog]) -> None:
    dialog = show()
    dialog.reject()
    assert bench.test.state().url == ""
