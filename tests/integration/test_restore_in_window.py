"""A backup that an admin restores in the window: the kiosk closes, restores, and is there again with the former school."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.bootstrap.rescue import Rescue
from kiosk.cli import program
from kiosk.domain.people.staff import Role
from kiosk.domain.trust.backups import Origin
from kiosk.errors import KioskError, SettingsError, StorageError
from kiosk.gui.application import RescueOf, failure_dialog
from kiosk.gui.people.sign_in import SignInView
from kiosk.gui.theme import Theme
from kiosk.gui.trust.restore_backup import RestoreDialog
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.work_dialog import WaitingDialog
from kiosk.gui.window import MainWindow
from kiosk.settings import SETTINGS_FILE, KioskSettings, LookSettings, StorageSettings, WebSettings
from kiosk.storage.backup.vault import BackupVault
from kiosk.storage.database.sql_database import SqlDatabase
from kiosk.storage.keys.key_ring import KeyRing, database_path
from tests.fakes.actors import admin
from tests.fakes.clock import START
from tests.fakes.storage.old_backups import old_backup


def _add(data_dir: Path, name: str) -> None:
    database = SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))
    with database.transaction() as repositories:
        repositories.users.add(name=name, role=Role.ADMIN, password_hash="")
    database.close()


def _accounts(data_dir: Path) -> list[str]:
    database = SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))
    with database.snapshot() as repositories:
        found = [user.name for user in repositories.users.all()]
    database.close()
    return found


class Person:
    """Does one thing after the other, each as soon as what it needs is on the screen."""

    def __init__(self, *steps: Callable[[list[object]], bool]) -> None:
        self.left = list(steps)
        self._timer = QTimer()
        self._timer.setInterval(20)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        if self.left and self.left[0](list(shown)):
            self.left.pop(0)
            if not self.left:
                self._timer.stop()


@pytest.mark.parametrize("is_whole", [True, False])
def test_the_kiosk_is_there_again_with_the_school_of_the_backup(
    qtbot: QtBot, tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch, *, is_whole: bool
) -> None:
    monkeypatch.setenv("KIOSK_MODELS_DIR", str(models_dir))
    monkeypatch.setattr("kiosk.bootstrap.background.WINDOW_FIRST_S", 60.0)
    data_dir = tmp_path / "data"
    _add(data_dir, "Ada")
    settings = KioskSettings(look=LookSettings(sounds=False), web=WebSettings(enabled=False))
    settings.save(data_dir / SETTINGS_FILE)
    vault = BackupVault(data_dir=data_dir, database=database_path(data_dir))
    saved = vault.make(vault.folder(""), origin=Origin.BY_HAND, keep=14, at=START)
    _add(data_dir, "Bob")
    if not is_whole:
        saved.write_bytes(saved.read_bytes()[:-4000])
    said: list[str] = []

    def ask(shown: list[object]) -> bool:
        for window in shown:
            if isinstance(window, MainWindow) and window.findChild(SignInView):
                window._app.trust.backups.ask_restore(saved, actor=admin("Ada"))
                return True
        return False

    person = Person(ask, lambda shown: _read(shown, said), _close)
    root = typer.main.get_command(_command())
    with pytest.raises(typer.Exit) as ended, root.make_context("run", []) as context:
        program.run(context, windowed=True, data_dir=data_dir)  # type: ignore[arg-type]  # click's own context

    assert (ended.value.exit_code, person.left) == (0, [])
    if is_whole:
        assert said[0].startswith("The backup is restored.")
        assert _accounts(data_dir) == ["Ada"]
    else:
        assert "no kiosk backup" in said[0]
        assert _accounts(data_dir) == ["Ada", "Bob"]


class Helped:
    """A school whose database is gone, and the way out that its kiosk offers."""

    def __init__(self, data_dir: Path) -> None:
        _add(data_dir, "Ada")
        KeyRing.open_or_create(data_dir).create_recovery()
        vault = BackupVault(data_dir=data_dir, database=database_path(data_dir))
        self.saved = vault.make(vault.folder(""), origin=Origin.NIGHTLY, keep=14, at=START)
        self.old = old_backup(data_dir, data_dir.with_name("old"))
        database_path(data_dir).unlink()
        self.rescue = Rescue()
        self.rescue.data_dir = data_dir
        with pytest.raises(StorageError) as gone:
            SqlDatabase.open(database_path(data_dir), key_ring=KeyRing.open_or_create(data_dir))
        self.error = gone.value


def test_a_kiosk_that_cannot_start_offers_backups_of_its_own_school(qtbot: QtBot, tmp_path: Path) -> None:
    school = Helped(tmp_path / "data")
    dialog = failure_dialog(Theme(), school.error, school.rescue)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.open()
    (button,) = [one for one in dialog.findChildren(SecondaryButton) if one.text() == "Restore a backup…"]
    button.click()
    restoring = dialog.findChild(RestoreDialog)
    assert restoring is not None

    restoring.file.set_path(school.old)
    restoring.look_button.click()
    qtbot.waitUntil(lambda: "not proved" in restoring.banner.text)
    assert not restoring.restore_button.isEnabled()

    restoring.file.set_path(school.saved)
    restoring.look_button.click()
    qtbot.waitUntil(restoring.restore_button.isEnabled)
    assert restoring.lines.text() == "Comes back: 1 account."
    restoring.restore_button.click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert school.rescue.wanted is not None
    assert school.rescue.wanted.file == school.saved


def test_a_restore_asked_for_before_the_start_is_done_and_the_kiosk_starts(
    qtbot: QtBot, tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_MODELS_DIR", str(models_dir))
    monkeypatch.setattr("kiosk.bootstrap.background.WINDOW_FIRST_S", 60.0)
    data_dir = tmp_path / "data"
    school = Helped(data_dir)
    KioskSettings(look=LookSettings(sounds=False), web=WebSettings(enabled=False)).save(
        data_dir / SETTINGS_FILE
    )

    def choose(error: KioskError, rescue: RescueOf | None) -> None:
        assert rescue is not None
        assert rescue.can_help(error)
        rescue.ask_restore(school.saved, actor=admin("Ada"))

    monkeypatch.setattr("kiosk.gui.application._show_failure", choose)
    said: list[str] = []
    person = Person(lambda shown: _read(shown, said), _close)
    root = typer.main.get_command(_command())
    with pytest.raises(typer.Exit) as ended, root.make_context("run", []) as context:
        program.run(context, windowed=True, data_dir=data_dir)  # type: ignore[arg-type]  # click's own context
    assert (ended.value.exit_code, person.left) == (0, [])
    assert said == ["The backup is restored."]
    assert _accounts(data_dir) == ["Ada"]


def test_only_what_a_backup_can_mend_is_offered_one(tmp_path: Path) -> None:
    rescue = Rescue()
    gone = StorageError("The database is missing.")
    assert not rescue.can_help(gone)
    rescue.data_dir = tmp_path
    assert rescue.can_help(gone)
    assert not rescue.can_help(SettingsError("A setting is wrong."))
    server = StorageSettings(database_url="postgresql+psycopg://kiosk@school/kiosk")
    KioskSettings(storage=server).save(tmp_path / SETTINGS_FILE)
    assert not rescue.can_help(gone)


def _read(shown: list[object], said: list[str]) -> bool:
    for dialog in shown:
        if isinstance(dialog, WaitingDialog) and dialog.banner.text and not dialog.busy:
            said.append(dialog.banner.text)
            dialog.close_button.click()
            return True
    return False


def _close(shown: list[object]) -> bool:
    for window in shown:
        if isinstance(window, MainWindow):
            window.close_now()
            return True
    return False


def _command() -> typer.Typer:
    made = typer.Typer()
    made.command()(program.run)
    return made
