from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.gui.views_in_use import Views
from tests.world.gui_kiosk import PASSWORD, GuiKiosk


def test_the_right_password_signs_the_teacher_in(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme
) -> None:
    view = Views().sign_in(kiosk.app, theme, bridge)
    qtbot.addWidget(view)
    view.show()
    QTest.keyClicks(view.name.edit, "Tom")
    QTest.keyClicks(view.password.edit, PASSWORD)
    with qtbot.waitSignal(view.signed_in) as signal:
        view.button.click()
    assert signal.args == [kiosk.teacher]
