"""The page of settings, filled, for somebody."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.school.settings_page import SettingsPage
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.layouts import vertical
from tests.world.gui_kiosk import GuiKiosk


def settings_page(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, user: User) -> SettingsPage:
    """All of its sections are made."""
    window = QWidget()
    opener = DialogOpener(kiosk.app, theme, window)
    opener.user = user
    page = SettingsPage(kiosk.app, theme, opener)
    vertical(page, on=window)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    page.show_for(Actor.of(user))
    qtbot.waitUntil(lambda: page.is_complete)
    return page
