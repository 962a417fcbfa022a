"""What the tests of models share: a store of models that waits for the test, under a kiosk."""

from collections.abc import Iterator

import pytest

from kiosk.services.app import KioskApp
from tests.fakes.app_parts import with_part
from tests.fakes.models.model_store import FakeModelStore, SettingsInMemory, models_over
from tests.world.gui_kiosk import GuiKiosk


@pytest.fixture
def model_store() -> FakeModelStore:
    return FakeModelStore()


@pytest.fixture
def settings() -> SettingsInMemory:
    return SettingsInMemory()


@pytest.fixture
def app(kiosk: GuiKiosk, model_store: FakeModelStore, settings: SettingsInMemory) -> Iterator[KioskApp]:
    models = models_over(model_store, store=kiosk.app.core.store, settings=settings)
    yield with_part(kiosk.app, "models.installing", models)
    models.close()
