"""Backups in the window: listed, made, proved, and asked to be brought back."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.trust.backups import Origin
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.bridge import Bridge
from kiosk.gui.dialog_catalogue import entries_for
from kiosk.gui.set_up.assistant import SetUpAssistant
from kiosk.gui.theme import Theme
from kiosk.gui.trust.backups_dialog import BackupsDialog
from kiosk.gui.trust.restore_backup import RestoreDialog
from kiosk.gui.widgets.work_dialog import WaitingDialog
from kiosk.gui.window import MainWindow
from kiosk.services.events import RestoreAsked
from kiosk.services.ports.progress import Progress
from kiosk.settings import KioskSettings
from kiosk.storage.backup.vault import BackupVault
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.actors import admin
from tests.fakes.clock import START
from tests.fakes.storage.old_backups import old_backup
from tests.world.gui_kiosk import GuiKiosk, window_kiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> BackupsDialog:
    return opened(qtbot, BackupsDialog(kiosk.app.core, kiosk.app.trust, theme, admin("Ada")))


def _restoring(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, file: Path) -> RestoreDialog:
    made = RestoreDialog(kiosk.app.core.zone, kiosk.app.trust.backups, theme, admin("Ada"), file=file)
    return opened(qtbot, made)


def test_one_is_made_and_listed_as_verified(qtbot: QtBot, kiosk: GuiKiosk, dialog: BackupsDialog) -> None:
    assert not dialog.restore_button.isEnabled()
    qtbot.waitUntil(lambda: "kept in the data directory" in dialog.doubts.text())
    QTest.mouseClick(dialog.make_button, LEFT)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
    ((_made, why, size, verified),) = dialog.table.texts()
    assert why == "By hand"
    assert size.endswith(" kB")
    assert verified == _made
    assert "it can be restored" in dialog.banner.text
    assert dialog.restore_button.isEnabled()


def test_one_is_proved_again(qtbot: QtBot, kiosk: GuiKiosk, dialog: BackupsDialog) -> None:
    QTest.mouseClick(dialog.make_button, LEFT)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
    QTest.mouseClick(dialog.verify_button, LEFT)
    qtbot.waitUntil(lambda: dialog.banner.text == "This backup can be restored.")


def test_a_damaged_one_is_said_to_be_and_cannot_be_chosen(
    qtbot: QtBot, kiosk: GuiKiosk, dialog: BackupsDialog
) -> None:
    QTest.mouseClick(dialog.make_button, LEFT)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
    assert dialog.chosen is not None
    dialog.chosen.file.path.write_bytes(b"no backup")
    dialog._reload()
    qtbot.waitUntil(lambda: dialog.table.texts()[0][3] == "Damaged")
    assert not dialog.restore_button.isEnabled()
    assert not dialog.verify_button.isEnabled()


def test_a_restore_is_shown_first_and_then_asks_the_kiosk_to_close(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    saved = kiosk.app.trust.backups.make(actor=admin())
    kiosk.app.courses.lists.add_course(code="MA 2", title="", room="", actor=admin())
    dialog = _restoring(qtbot, kiosk, theme, saved)
    assert not dialog.restore_button.isEnabled()
    qtbot.waitUntil(dialog.restore_button.isEnabled)
    assert dialog.lines.text() == "Is lost: 1 course."
    assert "by hand" in dialog.summary.text().lower()
    with qtbot.waitSignal(dialog.accepted):
        QTest.mouseClick(dialog.restore_button, LEFT)
    assert kiosk.app.trust.backups.wanted is not None
    assert kiosk.app.trust.backups.wanted.file == saved
    assert RestoreAsked() in kiosk.events


def test_another_file_must_be_looked_at_before_it_can_be_restored(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path
) -> None:
    saved = kiosk.app.trust.backups.make(actor=admin())
    dialog = _restoring(qtbot, kiosk, theme, saved)
    qtbot.waitUntil(dialog.restore_button.isEnabled)
    dialog.file.set_path(tmp_path / "none")
    assert not dialog.restore_button.isEnabled()
    QTest.mouseClick(dialog.look_button, LEFT)
    qtbot.waitUntil(lambda: "cannot be read" in dialog.banner.text)
    assert not dialog.restore_button.isEnabled()


def test_an_old_backup_is_said_not_to_be_proved(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path
) -> None:
    old = old_backup(kiosk.app.core.directories.data, tmp_path / "old")
    dialog = _restoring(qtbot, kiosk, theme, old)
    qtbot.waitUntil(dialog.restore_button.isEnabled)
    assert "nobody can tell" in dialog.summary.text()


@pytest.fixture
def other_school(tmp_path: Path) -> tuple[Path, str]:
    """A backup of another school, and its passphrase."""
    data_dir = tmp_path / "other"
    keys = KeyRing.open_or_create(data_dir)
    database = SqlDatabase.open(database_path(data_dir), key_ring=keys)
    with database.transaction() as repositories:
        repositories.students.add(student_no="S9", full_name="Nina", email=None)
    database.close()
    passphrase = keys.create_recovery()
    vault = BackupVault(data_dir=data_dir, database=database_path(data_dir))
    return vault.make(vault.folder(""), origin=Origin.BY_HAND, keep=14, at=START), passphrase


def test_a_new_pc_restores_instead_of_making_an_admin(
    qtbot: QtBot, tmp_path: Path, theme: Theme, other_school: tuple[Path, str]
) -> None:
    saved, passphrase = other_school
    with window_kiosk(tmp_path / "new", settings=KioskSettings()) as kiosk:
        app = kiosk.app
        first = SetUpAssistant(app, theme)
        qtbot.addWidget(first)
        first.show()
        QTest.mouseClick(first.welcome.restore_button, LEFT)
        dialog = first.welcome.restoring
        assert dialog is not None
        dialog.file.set_path(saved)
        assert dialog.passphrase.isHidden()
        QTest.mouseClick(dialog.look_button, LEFT)
        qtbot.waitUntil(dialog.passphrase.isVisible)
        QTest.keyClicks(dialog.passphrase.edit, "wrong")
        QTest.mouseClick(dialog.look_button, LEFT)
        qtbot.waitUntil(lambda: "does not fit" in dialog.passphrase.error)
        dialog.passphrase.edit.clear()
        QTest.keyClicks(dialog.passphrase.edit, passphrase)
        QTest.mouseClick(dialog.look_button, LEFT)
        qtbot.waitUntil(dialog.restore_button.isEnabled)
        assert dialog.lines.text() == "Comes back: 1 student."
        assert "another school key" in dialog.warning.text()
        QTest.mouseClick(dialog.restore_button, LEFT)
        qtbot.waitUntil(lambda: app.trust.backups.wanted is not None)
        qtbot.waitUntil(lambda: first.findChild(RestoreDialog) is None)


def test_the_window_closes_when_a_restore_is_asked_for(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme, tmp_path: Path
) -> None:
    window = MainWindow(kiosk.app, bridge, windowed=True, theme=theme)
    qtbot.addWidget(window, before_close_func=lambda _window: window.close_now())
    window.show_window()
    with qtbot.waitSignal(window.quit_requested):
        kiosk.app.trust.backups.ask_restore(tmp_path / "saved", actor=admin())


@pytest.mark.parametrize("error", [None, KioskError("The disk is full.")])
def test_what_came_of_it_stays_until_it_was_read(
    qtbot: QtBot, theme: Theme, error: KioskError | None
) -> None:
    dialog = opened(qtbot, WaitingDialog(theme, "Restore a backup"))

    def work(_progress: Progress) -> str:
        if error is not None:
            raise error
        return "It is done."

    dialog.begin("Restoring…", work)
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.banner.text == (error.user_text if error else "It is done.")
    assert dialog.worked is (error is None)
    assert dialog.isVisible()


def test_today_tells_everybody_when_no_backup_has_worked_for_long(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge
) -> None:
    core = kiosk.app.core
    vault = BackupVault(data_dir=core.directories.data, database=database_path(core.directories.data))
    vault.remember_trouble(KioskError("The share is away."), core.clock.now() - timedelta(days=4))
    today = TodayView(kiosk.app, theme, bridge)
    qtbot.addWidget(today)
    today.show_for(Actor.of(kiosk.teacher))
    qtbot.waitUntil(lambda: today.banner.text == "No backup has worked for 4 days. The share is away.")


def test_only_admins_see_backups_in_the_menu(kiosk: GuiKiosk) -> None:
    titles = {
        user.name: [one.title for one in entries_for(Actor.of(user))] for user in (kiosk.admin, kiosk.teacher)
    }
    assert "Backups…" in titles[kiosk.admin.name]
    assert "Backups…" not in titles[kiosk.teacher.name]
