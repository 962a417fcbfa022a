"""The card about phones on Today, over a clock, an address and adapters that tests set."""

from dataclasses import replace
from typing import Self

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.phones.codes import Rotation
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.today import TICK_MS
from kiosk.gui.phones.phone_card import PhoneCard
from kiosk.gui.theme import Theme
from kiosk.pipeline.runtime import TICK_S
from kiosk.pipeline.web_supervisor import WebSupervisor
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events
from kiosk.services.phones.phone_test import PATIENCE_S, PhoneTest
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.clock import SteadyClock
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import WebSettings
from kiosk.web.http.lan import Adapter, adapter_lines, choose
from tests.fakes.clock import FakeClock
from tests.fakes.models.model_store import SettingsInMemory
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton
HOME = Adapter("wlan0", "10.20.4.17")
ELSEWHERE = Adapter("eth0", "192.168.1.30")


class Bench:
    """The card of a PC whose adapters, and with them its address, tests set."""

    def __init__(self, kiosk: GuiKiosk, theme: Theme, *, web: WebSettings | None = None) -> None:
        self.clock = FakeClock()
        self.adapters = [HOME]
        self.running = RunningClass(clock=self.clock, rotation=Rotation(15))
        self.test = PhoneTest(clock=self.clock, running=self.running)
        address = ShownAddress(
            store=kiosk.app.core.store,
            clock=FakeClock(),
            web=web or WebSettings(),
            read_adapters=self.lines,
            settings=SettingsInMemory(),
        )
        app = kiosk.app
        self.card = PhoneCard(
            replace(app.core, clock=SteadyClock(self.clock)),
            replace(app.phones, test=self.test, address=address),
            replace(app.attendance, running=self.running),
            theme,
        )
        self.running.reachable_at(self.address())

    # -- a web server that serves nobody

    def build(self) -> Self:
        return self

    def prepare(self) -> None:
        pass

    def start(self) -> str:
        return self.address()

    def stop(self, _timeout_s: float) -> bool:
        return True

    def is_running(self) -> bool:
        return True

    def has_new_certificate(self) -> bool:
        return False

    def address(self) -> str:
        return f"http://{choose(self.adapters, None)}:8080"

    def lines(self) -> list[AdapterLine]:
        return adapter_lines(self.adapters, None)

    def phone_comes(self, *, is_this_pc: bool = False) -> None:
        token = self.test.state().url.rpartition("/")[2]
        self.test.arrived(token, address="10.20.7.7", is_this_pc=is_this_pc)
        self.card.look()

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.card.look()


@pytest.fixture
def bench(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> Bench:
    made = Bench(kiosk, theme)
    qtbot.addWidget(made.card)
    made.card.show()
    made.card.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: "wlan0" in made.card.title.text())
    return made


def tone(card: PhoneCard) -> str:
    return str(card.state.property("tone"))


def test_it_says_the_address_and_its_adapter_and_that_nobody_tested_it(bench: Bench) -> None:
    assert bench.card.title.text() == "Phones connect at 10.20.4.17:8080 (adapter wlan0)"
    assert bench.card.state.text() == "Not tested with a phone today."
    assert bench.card.code.isHidden()


def test_a_test_shows_a_code_and_turns_green_when_a_phone_came(bench: Bench) -> None:
    QTest.mouseClick(bench.card.test_button, LEFT)
    assert bench.card.code.text == bench.test.state().url.upper()
    assert bench.card.code.isVisible()
    bench.phone_comes()
    assert bench.card.state.text() == "A phone reached this kiosk at 08:00."
    assert tone(bench.card) == "present"
    assert bench.card.code.isHidden()


def test_the_success_is_remembered_for_the_day_at_this_address(bench: Bench) -> None:
    QTest.mouseClick(bench.card.test_button, LEFT)
    bench.phone_comes()
    bench.test.end()
    bench.wait(3600)
    assert tone(bench.card) == "present"
    bench.running.reachable_at("http://192.168.1.30:8080")
    bench.card.look()
    assert bench.card.state.text() == "Not tested with a phone today."
    bench.running.reachable_at("http://10.20.4.17:8080")
    bench.card.look()
    assert tone(bench.card) == "present"
    bench.wait(16 * 3600)
    assert bench.card.state.text() == "Not tested with a phone today."


def test_this_pc_s_own_browser_proves_nothing(bench: Bench) -> None:
    QTest.mouseClick(bench.card.test_button, LEFT)
    bench.phone_comes(is_this_pc=True)
    assert "says nothing about the network" in bench.card.state.text()
    assert bench.card.code.isVisible()


def test_after_half_a_minute_it_says_what_usually_keeps_phones_away(bench: Bench) -> None:
    QTest.mouseClick(bench.card.test_button, LEFT)
    bench.wait(PATIENCE_S - 1)
    assert bench.card.causes.isHidden()
    bench.wait(1)
    assert "The camera and the teacher’s list work" in bench.card.state.text()
    assert "client isolation" in bench.card.causes.text()
    assert "port 8080" in bench.card.causes.text()
    QTest.keyClick(bench.card.end_button, Qt.Key.Key_Space)
    assert bench.card.causes.isHidden()
    assert bench.card.code.isHidden()


def test_without_a_network_it_says_so_and_what_works_all_the_same(bench: Bench) -> None:
    bench.adapters = []
    bench.running.reachable_at(bench.address())
    bench.card.look()
    assert bench.card.title.text().startswith("This PC is in no network")
    assert "The camera and the teacher’s list work" in bench.card.state.text()
    assert bench.card.test_button.isHidden()


def test_a_web_part_that_does_not_start_is_said_with_its_reason(bench: Bench) -> None:
    bench.running.reachable_at("", trouble="Port 8080 is used by another program.")
    bench.card.look()
    assert bench.card.title.text() == "Phones cannot connect now."
    assert bench.card.state.text().startswith("Port 8080 is used by another program. The camera")


def test_in_the_first_seconds_nobody_is_alarmed(bench: Bench) -> None:
    bench.running.reachable_at("")
    bench.card.look()
    assert bench.card.title.text() == "Phones can connect in a moment."
    assert tone(bench.card) == "muted"
    assert bench.card.test_button.isHidden()


def test_phones_that_are_turned_off_are_said(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    made = Bench(kiosk, theme, web=WebSettings(enabled=False))
    qtbot.addWidget(made.card)
    made.card.look()
    assert made.card.title.text() == "Phones are off at this kiosk."


def test_another_network_is_shown_within_five_seconds(qtbot: QtBot, bench: Bench) -> None:
    """Housekeeping looks every `TICK_S`, and Today every second."""
    supervisor = WebSupervisor(builder=bench, running=bench.running, events=Events())
    supervisor.start()
    bench.adapters = [ELSEWHERE]
    supervisor.tick()
    bench.card.look()
    qtbot.waitUntil(lambda: bench.card.title.text() == "Phones connect at 192.168.1.30:8080 (adapter eth0)")
    assert TICK_S + TICK_MS / 1000 <= 5


def test_only_admins_are_offered_another_address(bench: Bench, kiosk: GuiKiosk) -> None:
    assert not bench.card.change_button.isHidden()
    bench.card.show_for(Actor.of(kiosk.teacher))
    assert bench.card.change_button.isHidden()


def test_leaving_today_ends_the_test(bench: Bench) -> None:
    QTest.mouseClick(bench.card.test_button, LEFT)
    bench.card.hide()
    assert not bench.test.state().is_shown
