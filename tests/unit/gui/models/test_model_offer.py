"""The offer of a better model on *Today*: to admins, once, and never in the way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.gui.attendance.today import TodayView
from kiosk.gui.bridge import Bridge
from kiosk.gui.models.model_offer import ModelOffer
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.services.app import KioskApp
from tests.fakes.actors import admin
from tests.fakes.models.model_store import FakeModelStore, SettingsInMemory
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def today(qtbot: QtBot, app: KioskApp, theme: Theme) -> TodayView:
    view = TodayView(app, theme)
    qtbot.addWidget(view)
    view.resize(1366, 768)
    view.show()
    return view


def offered(qtbot: QtBot, view: TodayView) -> ModelOffer:
    qtbot.waitUntil(view.offer.isVisible)
    return view.offer


def wait_for_courses(qtbot: QtBot, view: TodayView) -> None:
    qtbot.waitUntil(lambda: bool(view.cards))


def test_admin_is_offered_facenet_with_its_size(qtbot: QtBot, today: TodayView, kiosk: GuiKiosk) -> None:
    today.show_for(kiosk.admin)
    offer = offered(qtbot, today)
    assert offer.title.text() == "Better recognition with FaceNet-512"
    assert offer.words.text().startswith("95 MB to download. The built-in model works meanwhile")
    wait_for_courses(qtbot, today)
    assert today.cards[0].button.isEnabled()


def test_teacher_and_finished_kiosk_are_offered_nothing(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, model_store: FakeModelStore
) -> None:
    today.show_for(kiosk.teacher)
    wait_for_courses(qtbot, today)
    assert not today.offer.isVisible()
    model_store.installed.add("facenet512")
    today.show_for(kiosk.admin)
    qtbot.wait(50)
    assert not today.offer.isVisible()


def test_later_puts_it_away_until_the_next_start(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, settings: SettingsInMemory
) -> None:
    today.show_for(kiosk.admin)
    QTest.mouseClick(offered(qtbot, today).later_button, LEFT)
    assert not today.offer.isVisible()
    today.show_for(kiosk.admin)
    wait_for_courses(qtbot, today)
    assert not today.offer.isVisible()
    assert settings.settings.recognition.offer_model


def test_never_is_remembered(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, settings: SettingsInMemory
) -> None:
    today.show_for(kiosk.admin)
    QTest.mouseClick(offered(qtbot, today).never_button, LEFT)
    qtbot.waitUntil(lambda: not today.offer.isVisible())
    assert not settings.settings.recognition.offer_model


def test_accepted_offer_installs_in_the_background_while_today_stays_usable(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, model_store: FakeModelStore
) -> None:
    model_store.gate.clear()
    today.show_for(kiosk.admin)
    QTest.mouseClick(offered(qtbot, today).install_button, LEFT)
    dialog = today.dialog
    assert isinstance(dialog, ModelsDialog)
    qtbot.waitUntil(dialog.accept_box.isVisible)
    QTest.keyClick(dialog.accept_box, Qt.Key.Key_Space)
    QTest.mouseClick(dialog.main_button, LEFT)
    QTest.mouseClick(dialog.close_button, LEFT)
    qtbot.waitUntil(lambda: "11.9 of 95.0 MB" in today.offer.panel.words.text())
    assert today.offer.panel.isVisible()
    assert not today.offer.install_button.isVisible()
    model_store.gate.set()
    qtbot.waitUntil(lambda: "FaceNet-512 is installed." in today.offer.result.text)
    today.show_for(kiosk.admin)
    qtbot.wait(50)
    assert not today.offer.isVisible()


def test_signing_in_again_shows_an_installation_that_runs(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, app: KioskApp, model_store: FakeModelStore
) -> None:
    model_store.gate.clear()
    choice = app.models.installing.offer()
    assert choice is not None
    app.models.installing.install(choice, actor=admin("Ada"))
    today.show_for(kiosk.admin)
    qtbot.waitUntil(today.offer.panel.isVisible)
    today.show_for(kiosk.teacher)
    assert not today.offer.isVisible()
    model_store.gate.set()


def test_first_admin_meets_the_offer_and_starts_without_it(
    qtbot: QtBot, app: KioskApp, kiosk: GuiKiosk, theme: Theme, bridge: Bridge
) -> None:
    window = MainWindow(app, bridge, windowed=True, theme=theme)
    qtbot.addWidget(window)
    window.show()
    window.sign_in(kiosk.admin)
    view = window.pages.currentWidget()
    assert isinstance(view, TodayView)
    offered(qtbot, view)
    wait_for_courses(qtbot, view)
    QTest.mouseClick(view.cards[0].button, LEFT)
    qtbot.waitUntil(lambda: window.shows_class)
