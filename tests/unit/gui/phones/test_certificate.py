"""The certificate's dialog over real files and real settings; no web part runs."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.bootstrap.settings import CheckedSettings
from kiosk.errors import SourceError
from kiosk.gui.phones.certificate import CertificateDialog
from kiosk.gui.theme import Theme
from kiosk.settings import SETTINGS_FILE, KioskSettings, WebSettings
from tests.fakes.actors import admin
from tests.fakes.phones.certificates import NOW, SchoolFiles, key_pem
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton
HOST = "kiosk.school.test"
Show = Callable[[], CertificateDialog]


@pytest.fixture
def files(tmp_path: Path) -> SchoolFiles:
    return SchoolFiles(tmp_path)


@pytest.fixture
def show(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> Show:
    def make() -> CertificateDialog:
        window = QWidget()
        qtbot.addWidget(window)
        dialog = CertificateDialog(kiosk.app.phones, kiosk.app.attendance, theme, admin(), window)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.state.text() != "")
        return dialog

    return make


def stored(kiosk: GuiKiosk) -> WebSettings:
    return KioskSettings.load(kiosk.app.core.directories.data / SETTINGS_FILE).web


def choose(qtbot: QtBot, dialog: CertificateDialog, files: SchoolFiles) -> None:
    dialog.certificate.set_path(files.certificate_path)
    dialog.key.set_path(files.key_path)
    qtbot.waitUntil(lambda: dialog.opinion is not None and dialog.opinion.draft.key == files.key_path)


def test_what_a_certificate_says_stands_there_as_soon_as_it_is_chosen(
    qtbot: QtBot, files: SchoolFiles, show: Show
) -> None:
    files.write(HOST, ends=NOW + timedelta(days=90, hours=1))
    dialog = show()
    assert not dialog.use_button.isEnabled()
    dialog.certificate.set_path(files.certificate_path)
    qtbot.waitUntil(lambda: bool(dialog.facts.lines))
    says = dict(dialog.facts.lines)
    assert (says["For"], says["Names"], says["Issued by"]) == ("kiosk", HOST, "School servers")
    assert says["Valid"].endswith("90 days left")
    assert says["Address shown"] == f"{HOST}: named"
    assert dialog.address.text == HOST, "the name that fits is offered"
    assert "Choose the private key" in dialog.problems.text()
    assert not dialog.use_button.isEnabled()


def test_it_is_used_with_one_press_and_phones_are_shown_the_name_in_it(
    qtbot: QtBot, kiosk: GuiKiosk, files: SchoolFiles, show: Show
) -> None:
    files.write(HOST)
    dialog = show()
    choose(qtbot, dialog, files)
    assert dialog.problems.isHidden()
    QTest.mouseClick(dialog.use_button, LEFT)
    qtbot.waitUntil(lambda: "by HTTPS from now on" in dialog.banner.text)
    assert "signs in once more" in dialog.banner.text
    web = stored(kiosk)
    assert (web.certificate, web.address) == (str(files.certificate_path), HOST)
    assert kiosk.app.phones.address.web == web.model_copy(update={"enabled": False})
    assert not dialog.use_button.isEnabled(), "it is in use"
    assert not dialog.stop_button.isHidden()


def test_each_thing_that_is_wrong_has_its_sentence_and_what_to_do(
    qtbot: QtBot, files: SchoolFiles, show: Show
) -> None:
    files.write(HOST, begins=NOW - timedelta(days=9), ends=NOW - timedelta(days=2))
    files.key_path.write_bytes(key_pem(ec.generate_private_key(ec.SECP256R1())))
    dialog = show()
    choose(qtbot, dialog, files)
    said = dialog.problems.text().splitlines()
    assert len(said) == 2
    assert "does not belong to the certificate. Choose the key" in said[0]
    assert "ended on" in said[1]
    assert dict(dialog.facts.lines)["Valid"].endswith("ended")
    assert not dialog.use_button.isEnabled()


def test_another_address_is_checked_when_it_was_typed(qtbot: QtBot, files: SchoolFiles, show: Show) -> None:
    files.write(HOST)
    dialog = show()
    choose(qtbot, dialog, files)
    dialog.address.edit.clear()
    QTest.keyClicks(dialog.address.edit, "other.school.test")
    QTest.keyClick(dialog.address.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not name other.school.test" in dialog.problems.text())
    assert dict(dialog.facts.lines)["Address shown"] == "other.school.test: not named"
    assert not dialog.use_button.isEnabled()


def test_https_ends_after_a_question(qtbot: QtBot, kiosk: GuiKiosk, files: SchoolFiles, show: Show) -> None:
    files.write(HOST)
    dialog = show()
    choose(qtbot, dialog, files)
    QTest.mouseClick(dialog.use_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.stop_button.isHidden() and not dialog.busy)
    again = show()
    qtbot.waitUntil(lambda: bool(again.facts.lines))
    assert "by HTTPS now" in again.state.text()
    QTest.mouseClick(again.stop_button, LEFT)
    assert again.question is not None
    QTest.keyClick(again.question, Qt.Key.Key_Escape)
    assert stored(kiosk).certificate
    QTest.mouseClick(again.stop_button, LEFT)
    QTest.mouseClick(again.question.action_button, LEFT)
    qtbot.waitUntil(lambda: "by plain HTTP from now on" in again.banner.text)
    assert stored(kiosk).certificate == ""
    assert again.stop_button.isHidden()


def test_where_the_web_part_does_not_start_with_it_that_is_said_and_nothing_changed(
    qtbot: QtBot, kiosk: GuiKiosk, files: SchoolFiles, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_stored: CheckedSettings, _changed: KioskSettings) -> None:
        raise SourceError("Port 8080 is used by another program.", "Close that program.")

    monkeypatch.setattr(CheckedSettings, "save", refuse)
    files.write(HOST)
    dialog = show()
    choose(qtbot, dialog, files)
    QTest.mouseClick(dialog.use_button, LEFT)
    qtbot.waitUntil(lambda: "Port 8080 is used" in dialog.banner.text)
    assert "by plain HTTP now" in dialog.state.text()
    assert dialog.use_button.isEnabled()
