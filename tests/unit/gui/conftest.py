"""What the window's tests share: a kiosk over a fresh data directory, a theme, a bridge."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.settings import Theme as ThemeChoice
from tests.world.gui_kiosk import GuiKiosk, gui_kiosk
from tests.world.shown_desk import ShowDesk, shown_desk


@pytest.fixture
def theme(qtbot: QtBot) -> Theme:
    return Theme(ThemeChoice.LIGHT)


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[GuiKiosk]:
    with gui_kiosk(tmp_path) as made:
        yield made


@pytest.fixture
def bridge(qtbot: QtBot, kiosk: GuiKiosk) -> Iterator[Bridge]:
    """Carries the kiosk's events to the window under test."""
    made = Bridge(kiosk.app.core.events)
    yield made
    made.close()


@pytest.fixture
def show_desk(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> ShowDesk:
    return lambda user: shown_desk(qtbot, kiosk, theme, user)
