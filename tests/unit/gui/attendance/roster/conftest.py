"""What the roster's tests share: a class that is open, and the roster beside it."""

import pytest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk


@pytest.fixture
def session(kiosk: GuiKiosk) -> ClassSession:
    return kiosk.start()


@pytest.fixture
def panel(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge, session: ClassSession) -> RosterPanel:
    """Everybody is listed, and events arrive."""
    made = RosterPanel(kiosk.app, theme, bridge)
    qtbot.addWidget(made)
    made.resize(640, 1000)
    made.show()
    made.show_session(session.session_id, admin("Tom"))
    qtbot.waitUntil(lambda: made.students.model.rowCount() == len(kiosk.students))
    return made
