"""The settings dialog, generated from the settings classes."""

import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from kiosk.domain.faces.recognition import BUILTIN_TEMPLATES
from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor
from kiosk.gui.school.setting_fields import FieldKind, fields_of, problems
from kiosk.gui.school.settings_dialog import SettingsDialog
from kiosk.gui.school.settings_form import SettingsForm
from kiosk.gui.theme import Theme
from kiosk.settings import (
    SETTINGS_FILE,
    CodeSettings,
    KioskSettings,
    LookSettings,
    RecognitionSettings,
    SchoolRules,
    WebSettings,
)
from kiosk.settings import Theme as Look
from tests.fakes.actors import admin
from tests.fakes.phones.certificates import SchoolFiles
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


def open_settings(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, user: User) -> SettingsDialog:
    dialog = SettingsDialog(
        kiosk.app.core, kiosk.app.school, kiosk.app.phones, kiosk.app.attendance, theme, Actor.of(user)
    )
    opened(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.school is not None)
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> SettingsDialog:
    return open_settings(qtbot, kiosk, theme, kiosk.admin)


def school(dialog: SettingsDialog) -> SettingsForm:
    assert dialog.school is not None
    return dialog.school


def test_every_setting_has_a_field_with_its_words(dialog: SettingsDialog) -> None:
    for name, info in KioskSettings.model_fields.items():
        group = info.annotation
        assert group is not None
        assert list(dialog.groups[name].fields) == list(group.model_fields)
    assert list(school(dialog).fields) == list(SchoolRules.model_fields)
    titles = [dialog.tabs.tabText(place) for place in range(dialog.tabs.count())]
    assert titles == [
        "Camera",
        "Recognition",
        "Liveness",
        "QR code",
        "Phones",
        "Look and sound",
        "Storage",
        "School",
    ]


def test_fields_know_kind_bounds_and_unit() -> None:
    rotation = fields_of(CodeSettings())[0]
    assert (rotation.kind, rotation.unit, rotation.lowest, rotation.highest) == (FieldKind.WHOLE, "s", 5, 30)
    theme, sounds, success, _failure = fields_of(LookSettings())
    assert theme.choices == (("system", "System"), ("light", "Light"), ("dark", "Dark"))
    assert (sounds.kind, success.kind) == (FieldKind.SWITCH, FieldKind.DECIMAL)


def test_an_address_that_the_certificate_does_not_name_is_not_saved(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path
) -> None:
    files = SchoolFiles(tmp_path)
    files.write("kiosk.school.test")
    web = WebSettings(
        address="kiosk.school.test",
        certificate=str(files.certificate_path),
        certificate_key=str(files.key_path),
    )
    stored = KioskSettings(web=web)
    stored.save(kiosk.app.core.directories.data / SETTINGS_FILE)
    dialog = open_settings(qtbot, kiosk, theme, kiosk.admin)
    qtbot.waitUntil(
        lambda: "HTTPS with a certificate for kiosk.school.test" in dialog.certificate.words.text()
    )
    address = dialog.groups["web"].fields["address"].input
    assert isinstance(address, QLineEdit)
    address.clear()
    QTest.keyClicks(address, "other.school.test")
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: "does not name other.school.test" in dialog.banner.text)
    assert dialog.save_button.isEnabled()
    assert KioskSettings.load(kiosk.app.core.directories.data / SETTINGS_FILE) == stored


def test_the_certificate_has_a_dialog_of_its_own_and_saving_the_rest_keeps_it(
    qtbot: QtBot, kiosk: GuiKiosk, dialog: SettingsDialog, tmp_path: Path
) -> None:
    files = SchoolFiles(tmp_path)
    files.write("kiosk.school.test")
    web = dialog.groups["web"]
    assert web.fields["certificate"].isHidden()
    assert web.fields["certificate_key"].isHidden()
    QTest.mouseClick(dialog.certificate.button, LEFT)
    inner = dialog.certificate_dialog
    assert inner is not None
    qtbot.waitUntil(lambda: inner.state.text() != "")
    inner.certificate.set_path(files.certificate_path)
    inner.key.set_path(files.key_path)
    qtbot.waitUntil(inner.use_button.isEnabled)
    QTest.mouseClick(inner.use_button, LEFT)
    qtbot.waitUntil(lambda: "HTTPS with a certificate" in dialog.certificate.words.text())
    inner.close()
    assert web.values()["address"] == "kiosk.school.test"
    port = web.fields["port"].input
    assert isinstance(port, QSpinBox)
    port.setValue(9000)
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: "The settings are saved." in dialog.banner.text)
    stored = KioskSettings.load(kiosk.app.core.directories.data / SETTINGS_FILE).web
    assert (stored.certificate, stored.port) == (str(files.certificate_path), 9000)


def test_teachers_cannot_change_the_certificate(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    assert open_settings(qtbot, kiosk, theme, kiosk.teacher).certificate.button.isHidden()


def test_another_address_shown_needs_no_restart(
    qtbot: QtBot, kiosk: GuiKiosk, dialog: SettingsDialog
) -> None:
    address = dialog.groups["web"].fields["address"].input
    assert isinstance(address, QLineEdit)
    address.clear()
    QTest.keyClicks(address, "kiosk.school.test")
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: dialog.banner.text == "The settings are saved.")
    assert kiosk.app.phones.address.web.address == "kiosk.school.test"


def test_turning_phones_off_needs_no_restart(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    stored = kiosk.app.core.directories.data / SETTINGS_FILE
    KioskSettings(web=WebSettings(enabled=False)).save(stored)
    kiosk.app.school.settings.change(KioskSettings(), actor=admin())
    assert kiosk.app.phones.address.web.enabled
    dialog = open_settings(qtbot, kiosk, theme, kiosk.admin)
    box = dialog.groups["web"].fields["enabled"].input
    assert isinstance(box, QCheckBox)
    box.setChecked(False)
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: dialog.banner.text == "The settings are saved.")
    assert not kiosk.app.phones.address.web.enabled


def test_choices_have_words_where_a_setting_gives_them() -> None:
    model = fields_of(RecognitionSettings())[0]
    assert model.name == "model"
    assert model.choices[:2] == (("auto", "Best installed"), ("facenet-sface", "FaceNet-128 with SFace"))
    assert model.choices[-1] == ("dlib-resnet-v1", "Built in")


def test_another_model_needs_no_restart(qtbot: QtBot, kiosk: GuiKiosk, dialog: SettingsDialog) -> None:
    field = dialog.groups["recognition"].fields["model"].input
    assert isinstance(field, QComboBox)
    field.setCurrentIndex(field.findText("Built in"))
    dialog.save_button.click()
    qtbot.waitUntil(lambda: "saved" in dialog.banner.text)
    assert "sessions that start from now on" in dialog.banner.text
    assert kiosk.app.models.in_use.model_name() == BUILTIN_TEMPLATES


def test_problems_are_sentences_at_their_fields() -> None:
    wrong = problems(SchoolRules(), {"time_zone": "Berlin", "late_after_min": 10})
    assert wrong == {"time_zone": "Is not the name of a time zone, such as Europe/Berlin."}


def test_changed_settings_are_written(qtbot: QtBot, kiosk: GuiKiosk, dialog: SettingsDialog) -> None:
    rotation = dialog.groups["code"].fields["rotation_s"].input
    source = dialog.groups["camera"].fields["source"].input
    mirror = dialog.groups["camera"].fields["mirror"].input
    assert isinstance(rotation, QSpinBox)
    assert isinstance(source, QLineEdit)
    assert isinstance(mirror, QCheckBox)
    assert not dialog.save_button.isEnabled()
    rotation.setValue(20)
    source.clear()
    QTest.keyClicks(source, "1")
    QTest.keyClick(mirror, Qt.Key.Key_Space)
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: dialog.banner.text.startswith("The settings are saved."))
    assert "started again" not in dialog.banner.text
    stored = tomllib.loads((kiosk.app.core.directories.data / SETTINGS_FILE).read_text(encoding="utf-8"))
    assert stored["code"]["rotation_s"] == 20
    assert stored["camera"] == {"source": "1", "mirror": False}


def test_reopened_settings_show_what_was_saved(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, dialog: SettingsDialog
) -> None:
    kiosk.app.school.settings.change(KioskSettings(code=CodeSettings(rotation_s=7)), actor=admin())
    again = open_settings(qtbot, kiosk, theme, kiosk.admin)
    assert again.groups["code"].values() == {"rotation_s": 7}


def test_a_folder_for_backups_is_judged_when_it_is_chosen(
    qtbot: QtBot, kiosk: GuiKiosk, dialog: SettingsDialog, tmp_path_factory: pytest.TempPathFactory
) -> None:
    share = tmp_path_factory.mktemp("elsewhere") / "away" / "share"
    folder = dialog.groups["storage"].fields["backup_folder"].input
    assert isinstance(folder, QLineEdit)
    QTest.keyClicks(folder, str(share))
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: "folder for backups cannot be used" in dialog.banner.text)
    assert dialog.save_button.isEnabled()

    share.parent.mkdir()
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: dialog.banner.text.startswith("The settings are saved."))
    assert "on the same disk as the data" in dialog.banner.text
    assert kiosk.app.school.settings.load().storage.backup_folder == str(share)


def test_the_look_changes_at_once(qtbot: QtBot, theme: Theme, dialog: SettingsDialog) -> None:
    look = dialog.groups["look"].fields["theme"].input
    assert isinstance(look, QComboBox)
    look.setCurrentIndex(look.findData("dark"))
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: theme.choice is Look.DARK)
    assert "started again" not in dialog.banner.text


def test_school_rules_are_stored_and_audited(qtbot: QtBot, kiosk: GuiKiosk, dialog: SettingsDialog) -> None:
    late = school(dialog).fields["late_after_min"].input
    assert isinstance(late, QSpinBox)
    late.setValue(5)
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: "from now on" in dialog.banner.text)
    assert kiosk.app.school.shared.rules().late_after_min == 5
    entry = kiosk.app.core.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.actor, entry.action) == ("Ada", "rule.changed")


def test_a_wrong_value_stands_at_its_field_and_nothing_is_saved(
    qtbot: QtBot, kiosk: GuiKiosk, dialog: SettingsDialog
) -> None:
    zone = school(dialog).fields["time_zone"]
    assert isinstance(zone.input, QLineEdit)
    QTest.keyClicks(zone.input, "Berlin")
    QTest.mouseClick(dialog.save_button, LEFT)
    assert zone.error == "Is not the name of a time zone, such as Europe/Berlin."
    assert dialog.tabs.currentWidget() is school(dialog)
    assert kiosk.app.school.shared.rules().time_zone == ""


def test_numbers_stay_within_their_bounds(qtbot: QtBot, dialog: SettingsDialog) -> None:
    rotation = dialog.groups["code"].fields["rotation_s"].input
    assert isinstance(rotation, QSpinBox)
    rotation.setValue(500)
    assert rotation.value() == 30


def test_teachers_can_only_look(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    dialog = open_settings(qtbot, kiosk, theme, kiosk.teacher)
    assert not dialog.save_button.isVisible()
    assert not dialog.groups["camera"].fields["source"].input.isEnabled()
    assert "Only admins" in dialog.banner.text
