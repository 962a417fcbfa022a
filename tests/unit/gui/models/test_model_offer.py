"""The offer of a better model on *Today*: to admins, once, and never in the way."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.models.model_comparison import ModelComparison
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.bridge import Bridge
from kiosk.gui.models.model_offer import ModelOffer
from kiosk.gui.models.models_dialog import ModelsDialog
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.services.app import KioskApp
from tests.fakes.actors import admin
from tests.fakes.app_parts import with_part
from tests.fakes.models.comparisons import BUILT_IN, PAIR, pair_is_better
from tests.fakes.models.model_store import FakeModelStore, SettingsInMemory, models_over
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def model_store() -> FakeModelStore:
    return FakeModelStore(installed={"facenet128", "sface"})


@pytest.fixture
def measured() -> list[ModelComparison]:
    """What was measured last, where it is not empty."""
    return [pair_is_better()]


@pytest.fixture
def app(
    kiosk: GuiKiosk,
    model_store: FakeModelStore,
    settings: SettingsInMemory,
    measured: list[ModelComparison],
) -> Iterator[KioskApp]:
    models = models_over(
        model_store,
        store=kiosk.app.core.store,
        settings=settings,
        chosen=lambda: BUILT_IN,
        measured=lambda: measured[0] if measured else None,
    )
    yield with_part(kiosk.app, "models.installing", models)
    models.close()


def install(app: KioskApp) -> None:
    models = app.models.installing
    models.install(next(one for one in models.choices() if one.name == "facenet512"), actor=admin("Ada"))


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


def test_admin_is_offered_what_errs_less_here_and_looks_at_it(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk
) -> None:
    today.opener.user = kiosk.admin
    today.show_for(Actor.of(kiosk.admin))
    offer = offered(qtbot, today)
    assert offer.title.text() == "FaceNet-128 with SFace errs less on your students than the model in use"
    assert offer.words.text() == (
        "It misses 1 to 3 of 100 students; Built-in model, in use now, misses 8 to 15 of 100 students. "
        "Measured on 28 Nov 2026 on 27 people, 21 of them with pictures of different days."
    )
    wait_for_courses(qtbot, today)
    assert today.cards[0].button.isEnabled()
    QTest.mouseClick(offer.look_button, LEFT)
    dialog = today.opener.dialog
    assert isinstance(dialog, ModelsDialog)
    qtbot.waitUntil(lambda: dialog.choice is not None)
    assert dialog.choice is not None
    assert dialog.choice.name == PAIR
    assert dialog.use_button.isEnabled()


def test_nothing_is_offered_to_teachers_or_before_it_was_measured(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, measured: list[ModelComparison]
) -> None:
    today.show_for(Actor.of(kiosk.teacher))
    wait_for_courses(qtbot, today)
    assert not today.offer.isVisible()
    measured.clear()
    assert today._app.models.installing.offer() is None
    today.opener.user = kiosk.admin
    today.show_for(Actor.of(kiosk.admin))
    qtbot.wait(50)
    assert not today.offer.isVisible()


def test_later_puts_it_away_until_the_next_start(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, settings: SettingsInMemory
) -> None:
    today.opener.user = kiosk.admin
    today.show_for(Actor.of(kiosk.admin))
    QTest.mouseClick(offered(qtbot, today).later_button, LEFT)
    assert not today.offer.isVisible()
    today.opener.user = kiosk.admin
    today.show_for(Actor.of(kiosk.admin))
    wait_for_courses(qtbot, today)
    assert not today.offer.isVisible()
    assert settings.settings.recognition.offer_model


def test_never_is_remembered(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, settings: SettingsInMemory
) -> None:
    today.opener.user = kiosk.admin
    today.show_for(Actor.of(kiosk.admin))
    QTest.mouseClick(offered(qtbot, today).never_button, LEFT)
    qtbot.waitUntil(lambda: not today.offer.isVisible())
    assert not settings.settings.recognition.offer_model


def test_installation_goes_on_in_the_background_while_today_stays_usable(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, app: KioskApp, model_store: FakeModelStore
) -> None:
    model_store.gate.clear()
    install(app)
    today.opener.user = kiosk.admin
    today.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: "11.9 of 95.0 MB" in today.offer.panel.words.text())
    assert today.offer.panel.isVisible()
    assert not today.offer.look_button.isVisible()
    wait_for_courses(qtbot, today)
    assert today.cards[0].button.isEnabled()
    model_store.gate.set()
    qtbot.waitUntil(lambda: "FaceNet-512 is installed. The model in use stays." in today.offer.result.text)


def test_signing_in_again_shows_an_installation_that_runs(
    qtbot: QtBot, today: TodayView, kiosk: GuiKiosk, app: KioskApp, model_store: FakeModelStore
) -> None:
    model_store.gate.clear()
    install(app)
    today.opener.user = kiosk.admin
    today.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(today.offer.panel.isVisible)
    today.show_for(Actor.of(kiosk.teacher))
    assert not today.offer.isVisible()
    model_store.gate.set()


def test_first_admin_meets_the_offer_and_starts_without_it(
    qtbot: QtBot, app: KioskApp, kiosk: GuiKiosk, theme: Theme, bridge: Bridge
) -> None:
    window = MainWindow(app, bridge, windowed=True, theme=theme)
    qtbot.addWidget(window)
    window.show()
    window.sign_in(kiosk.admin)
    qtbot.waitUntil(lambda: window.findChild(TodayView) is not None)
    view = window.findChild(TodayView)
    assert view is not None
    offered(qtbot, view)
    wait_for_courses(qtbot, view)
    QTest.mouseClick(view.cards[0].button, LEFT)
    qtbot.waitUntil(lambda: window.shows_class)
