"""A new recovery passphrase in the window: the password first, in force only once it is written down."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.trust.rights import Actor
from kiosk.errors import SignInError
from kiosk.gui.theme import Theme
from kiosk.gui.trust.backups_dialog import BackupsDialog
from kiosk.gui.trust.renew_recovery import RenewRecoveryDialog
from kiosk.storage.keys.key_ring import KeyRing
from tests.world.gui_kiosk import PASSWORD, GuiKiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def backups(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> BackupsDialog:
    return opened(qtbot, BackupsDialog(kiosk.app.core, kiosk.app.trust, theme, Actor.of(kiosk.admin)))


@pytest.fixture
def dialog(backups: BackupsDialog) -> RenewRecoveryDialog:
    QTest.mouseClick(backups.renew_button, LEFT)
    assert backups.renewing is not None
    return backups.renewing


def test_it_counts_once_it_is_written_down_and_then_says_what_old_backups_need(
    qtbot: QtBot, kiosk: GuiKiosk, backups: BackupsDialog, dialog: RenewRecoveryDialog
) -> None:
    QTest.keyClicks(dialog.password.edit, PASSWORD)
    QTest.mouseClick(dialog.draw_button, LEFT)
    qtbot.waitUntil(lambda: dialog.note is not None)
    note = dialog.note
    assert note is not None
    new = note.passphrase.text()
    with pytest.raises(SignInError):
        KeyRing.recover(kiosk.app.core.directories.data, new)
    assert not dialog.use_button.isEnabled()
    QTest.keyClick(note.written, Qt.Key.Key_Space)
    QTest.mouseClick(dialog.use_button, LEFT)
    qtbot.waitUntil(lambda: "counts from now on" in backups.banner.text)
    assert "need the old one on another PC" in backups.banner.text
    KeyRing.recover(kiosk.app.core.directories.data, new)


def test_a_wrong_password_shows_nothing(qtbot: QtBot, dialog: RenewRecoveryDialog) -> None:
    QTest.keyClicks(dialog.password.edit, "a wrong password")
    QTest.mouseClick(dialog.draw_button, LEFT)
    qtbot.waitUntil(lambda: "do not belong together" in dialog.password.error)
    assert dialog.note is None
    assert dialog.password.text == ""
