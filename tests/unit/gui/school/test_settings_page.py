"""The page of settings, made from the settings classes."""

import tomllib
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from kiosk.domain.faces.recognition import BUILTIN_TEMPLATES
from kiosk.domain.trust.rights import Actor
from kiosk.errors import SettingsError
from kiosk.gui.bridge import Bridge
from kiosk.gui.desk import Desk
from kiosk.gui.dialog_catalogue import CATALOGUE
from kiosk.gui.places import Place
from kiosk.gui.school.setting_fields import FieldKind, fields_of, is_found, problems
from kiosk.gui.school.settings_page import SettingsPage
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.services.events import RestartAsked
from kiosk.services.school.settings_editing import AllSettings
from kiosk.settings import (
    SETTINGS_FILE,
    CodeSettings,
    KioskSettings,
    LookSettings,
    RecognitionSettings,
    SchoolRules,
    Subject,
    WebSettings,
)
from kiosk.settings import Theme as Look
from tests.fakes.actors import admin
from tests.fakes.phones.certificates import SchoolFiles
from tests.world.gui_kiosk import GuiKiosk
from tests.world.settings_place import settings_page

LEFT = Qt.MouseButton.LeftButton
OF_THE_MENU = {
    "Import class list…",
    "Courses…",
    "Enrol faces with the camera…",
    "Enrol faces from a folder…",
    "Consent…",
    "Letters about consent…",
    "Import answers about consent…",
    "Notice about face recognition…",
    "Look-alikes…",
    "PIN slips…",
    "Phones of students…",
    "One student…",
    "Export to Excel…",
    "Recognition models…",
    "Calibrate recognition…",
    "Users…",
    "API tokens…",
    "What is kept, and how long…",
    "Backups…",
    "Change my password…",
    "Test with a phone…",
}
"""What the menu offered that the page took the place of, beside the settings themselves."""


@pytest.fixture
def page(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> SettingsPage:
    return settings_page(qtbot, kiosk, theme, kiosk.admin)


def number(page: SettingsPage, group: str, name: str) -> QSpinBox:
    found = page.rows[group, name].input
    assert isinstance(found, QSpinBox)
    return found


def line(page: SettingsPage, group: str, name: str) -> QLineEdit:
    found = page.rows[group, name].input
    assert isinstance(found, QLineEdit)
    return found


def save(page: SettingsPage) -> None:
    QTest.mouseClick(page.save_button, LEFT)


def buttons(page: SettingsPage) -> set[str]:
    return {title for section in page.sections.values() for title in section.buttons}


# -- what is there ---------------------------------------------------------------------------------------------------


def test_every_setting_has_a_row_or_a_dialog_of_its_own(page: SettingsPage) -> None:
    names = {
        (group, name)
        for group, info in KioskSettings.model_fields.items()
        for name in getattr(info.annotation, "model_fields", {})
    } | {("rules", name) for name in SchoolRules.model_fields}
    assert set(page.rows) == names - {("web", "certificate"), ("web", "certificate_key")}
    assert page.own.certificate is not None
    assert page.own.faces is not None


def test_nothing_can_be_changed_until_it_was_read_what_is_stored(
    qtbot: QtBot, page: SettingsPage, kiosk: GuiKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read, editing = Event(), kiosk.app.school.editing
    read = editing.read

    def slow_read(_self: object) -> AllSettings:
        assert may_read.wait(60)
        return read()

    monkeypatch.setattr(type(editing), "read", slow_read)
    late_after = number(page, "rules", "late_after_min")
    page.show_for(Actor.of(kiosk.admin))
    assert not late_after.isEnabled()
    assert page.unsaved.text() == "Reading the settings…"
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert (page.save_button.isEnabled(), page.discard_button.isEnabled()) == (False, False)

    may_read.set()
    qtbot.waitUntil(lambda: page.is_complete and page.form.isEnabled())
    assert number(page, "rules", "late_after_min").isEnabled()
    assert page.unsaved.text() == ""


def test_settings_that_cannot_be_read_stay_locked_and_the_reason_is_said(
    qtbot: QtBot, page: SettingsPage, kiosk: GuiKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_self: object) -> AllSettings:
        raise SettingsError("A stored value is wrong.")

    with monkeypatch.context() as during:
        during.setattr(type(kiosk.app.school.editing), "read", fails)
        page.show_for(Actor.of(kiosk.admin))
        qtbot.waitUntil(lambda: "A stored value is wrong." in page.banner.text)
        assert not page.form.isEnabled()
    page.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(page.form.isEnabled)


def test_subjects_begin_with_what_a_school_asks_for_first(page: SettingsPage) -> None:
    titles = [page.subjects.item(place).text() for place in range(page.subjects.count())]
    assert titles == [
        "School and late rule",
        "Class lists and people",
        "Phones",
        "Camera and recognition",
        "Privacy and retention",
        "Backups and data",
        "Users and rights",
        "Look and sound",
    ]


def test_everything_that_the_menu_offered_is_reached_from_the_page(page: SettingsPage) -> None:
    assert buttons(page) >= OF_THE_MENU
    assert buttons(page) == {entry.title for entry in CATALOGUE}


def test_teachers_are_offered_what_they_may_open_and_look_at_the_rest(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    page = settings_page(qtbot, kiosk, theme, kiosk.teacher)
    assert buttons(page) == {entry.title for entry in CATALOGUE if entry.is_for(Actor.of(kiosk.teacher))}
    assert not page.save_button.isVisible()
    assert line(page, "camera", "source").isReadOnly()
    assert not number(page, "rules", "late_after_min").isEnabled()
    assert "Only admins" in page.banner.text
    assert page.own.certificate is not None
    assert page.own.certificate.button.isHidden()


def test_a_button_opens_its_dialog_and_what_it_stored_is_shown_afterwards(
    qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage
) -> None:
    page.show_subject(Subject.USERS)
    button, _entry = page.sections[Subject.USERS].buttons["Users…"]
    QTest.mouseClick(button, LEFT)
    dialog = page._opener.dialog
    assert dialog is not None
    kiosk.app.school.shared.change_rules(SchoolRules(late_after_min=7), actor=admin())
    dialog.reject()
    qtbot.waitUntil(lambda: number(page, "rules", "late_after_min").value() == 7)
    assert not page.changed_rows()


def test_jargon_is_folded_away(page: SettingsPage) -> None:
    page.show_subject(Subject.CAMERA)
    section = page.sections[Subject.CAMERA]
    assert not page.rows["recognition", "min_sharpness"].isVisible()
    assert page.rows["camera", "mirror"].isVisible()
    QTest.mouseClick(section.advanced_button, LEFT)
    assert page.rows["recognition", "min_sharpness"].isVisible()


def test_fields_know_kind_bounds_unit_and_default() -> None:
    rotation = fields_of(CodeSettings(rotation_s=9))[0]
    assert (rotation.kind, rotation.unit, rotation.lowest, rotation.highest) == (FieldKind.WHOLE, "s", 5, 30)
    assert (rotation.said(rotation.default), rotation.subject) == ("15 s", Subject.PHONES)
    look = {one.name: one for one in fields_of(LookSettings())}
    theme, sounds, success = look["theme"], look["sounds"], look["success_s"]
    assert theme.choices == (
        ("system", "System"),
        ("light", "Light"),
        ("dark", "Dark"),
        ("high_contrast", "High contrast"),
    )
    assert (sounds.kind, success.kind) == (FieldKind.SWITCH, FieldKind.DECIMAL)


def test_choices_have_words_where_a_setting_gives_them() -> None:
    model = fields_of(RecognitionSettings())[0]
    assert model.name == "model"
    assert model.choices[:2] == (("auto", "Best installed"), ("facenet-sface", "FaceNet-128 with SFace"))
    assert model.choices[-1] == ("dlib-resnet-v1", "Built in")


# -- searching -------------------------------------------------------------------------------------------------------


def test_a_setting_is_found_by_its_title_its_help_and_what_else_people_call_it(page: SettingsPage) -> None:
    row = page.rows["rules", "late_after_min"]
    for asked in ("late", "LATE AFT", "tardy", "present until"):
        page.search.setText(asked)
        assert row.isVisible(), asked
        assert not page.rows["look", "sounds"].isVisible(), asked


def test_the_search_finds_advanced_settings_and_dialogs_in_all_subjects(page: SettingsPage) -> None:
    page.search.setText("subnet")
    assert page.rows["web", "allowed_subnets"].isVisible()
    page.search.setText("restore")
    button, _entry = page.sections[Subject.BACKUPS].buttons["Backups…"]
    assert button.isVisible()
    assert not page.rows["web", "allowed_subnets"].isVisible()


def test_what_is_called_nothing_says_so_and_escape_shows_everything_again(
    qtbot: QtBot, page: SettingsPage
) -> None:
    QTest.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()
    QTest.keyClicks(page.search, "xylophone")
    assert "Nothing is called that" in page.found.text()
    assert not any(section.isVisible() for section in page.sections.values())
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    assert page.sections[Subject.SCHOOL].isVisible()


def test_words_are_found_by_their_beginnings_whatever_their_accents() -> None:
    assert is_found("zuri resum", "Zürich", "A résumé")
    assert not is_found("rich", "Zürich")


# -- changing --------------------------------------------------------------------------------------------------------


def test_changed_settings_are_written(qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage) -> None:
    mirror = page.rows["camera", "mirror"].input
    assert isinstance(mirror, QCheckBox)
    assert not page.save_button.isEnabled()
    number(page, "code", "rotation_s").setValue(20)
    source = line(page, "camera", "source")
    source.clear()
    QTest.keyClicks(source, "1")
    mirror.toggle()
    assert page.unsaved.text() == "3 changes are not saved yet."
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.banner.text.startswith("The settings are saved."))
    assert page.again_button.isHidden()
    stored = tomllib.loads((kiosk.app.core.directories.data / SETTINGS_FILE).read_text(encoding="utf-8"))
    assert stored["code"]["rotation_s"] == 20
    assert stored["camera"] == {"source": "1", "mirror": False}
    assert not page.save_button.isEnabled()


def test_the_default_is_said_and_one_press_goes_back_to_it(page: SettingsPage) -> None:
    row = page.rows["rules", "late_after_min"]
    assert row.default.text() == "Default: 10 min"
    assert row.reset_button.isHidden()
    number(page, "rules", "late_after_min").setValue(3)
    assert not row.reset_button.isHidden()
    QTest.mouseClick(row.reset_button, LEFT)
    assert (row.value, page.changed_rows()) == (10, [])


def test_what_was_changed_can_be_discarded(page: SettingsPage) -> None:
    number(page, "rules", "late_after_min").setValue(3)
    QTest.mouseClick(page.discard_button, LEFT)
    assert number(page, "rules", "late_after_min").value() == 10
    assert page.unsaved.text() == ""


def test_what_is_not_saved_waits_while_the_same_person_looks_elsewhere_and_not_for_another(
    qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage
) -> None:
    number(page, "rules", "late_after_min").setValue(3)
    page.show_for(Actor.of(kiosk.admin))
    assert number(page, "rules", "late_after_min").value() == 3
    page.show_for(Actor.of(kiosk.teacher))
    qtbot.waitUntil(lambda: page.is_complete and number(page, "rules", "late_after_min").value() == 10)


def test_a_wrong_value_stands_at_its_field_and_nothing_is_saved(
    qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage
) -> None:
    page.show_subject(Subject.LOOK)
    row = page.rows["rules", "time_zone"]
    line(page, "rules", "time_zone").setText("Berlin")
    save(page)
    assert row.error == "Is not the name of a time zone, such as Europe/Berlin."
    assert row.isVisible()
    assert line(page, "rules", "time_zone").hasFocus()
    assert kiosk.app.school.shared.rules().time_zone == ""
    QTest.keyClicks(line(page, "rules", "time_zone"), "x")
    assert row.error == ""


def test_problems_are_sentences_at_their_fields() -> None:
    wrong = problems(SchoolRules(), {"time_zone": "Berlin", "late_after_min": 10})
    assert wrong == {"time_zone": "Is not the name of a time zone, such as Europe/Berlin."}


def test_numbers_stay_within_their_bounds(page: SettingsPage) -> None:
    number(page, "code", "rotation_s").setValue(500)
    assert number(page, "code", "rotation_s").value() == 30


def test_school_rules_are_stored_and_audited(qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage) -> None:
    number(page, "rules", "late_after_min").setValue(5)
    save(page)
    qtbot.waitUntil(lambda: "next one on" in page.banner.text)
    assert kiosk.app.school.shared.rules().late_after_min == 5
    entry = kiosk.app.core.store.read(lambda repositories: repositories.audit.entries(1))[0]
    assert (entry.actor, entry.action) == ("Ada", "rule.changed")


def test_the_look_changes_at_once(qtbot: QtBot, theme: Theme, page: SettingsPage) -> None:
    look = page.rows["look", "theme"].input
    assert isinstance(look, QComboBox)
    look.setCurrentIndex(look.findData("dark"))
    save(page)
    qtbot.waitUntil(lambda: theme.choice is Look.DARK)
    assert page.again_button.isHidden()


def test_another_model_needs_no_restart(qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage) -> None:
    field = page.rows["recognition", "model"].input
    assert isinstance(field, QComboBox)
    field.setCurrentIndex(field.findText("Built in"))
    save(page)
    qtbot.waitUntil(lambda: "saved" in page.banner.text)
    assert page.again_button.isHidden()
    assert kiosk.app.models.in_use.model_name() == BUILTIN_TEMPLATES


def test_phones_are_turned_off_without_a_restart(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    stored = kiosk.app.core.directories.data / SETTINGS_FILE
    KioskSettings(web=WebSettings(enabled=False)).save(stored)
    kiosk.app.school.settings.change(KioskSettings(), actor=admin())
    assert kiosk.app.phones.address.web.enabled
    page = settings_page(qtbot, kiosk, theme, kiosk.admin)
    box = page.rows["web", "enabled"].input
    assert isinstance(box, QCheckBox)
    box.toggle()
    save(page)
    qtbot.waitUntil(lambda: page.banner.text.startswith("The settings are saved."))
    assert page.again_button.isHidden()
    assert not kiosk.app.phones.address.web.enabled


def test_another_address_shown_is_in_force_at_once(qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage) -> None:
    line(page, "web", "address").setText("kiosk.school.test")
    save(page)
    qtbot.waitUntil(lambda: page.banner.text.startswith("The settings are saved."))
    assert kiosk.app.phones.address.web.address == "kiosk.school.test"


def test_another_time_zone_says_that_it_waits_and_offers_to_start_again(
    qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage
) -> None:
    line(page, "rules", "time_zone").setText("Asia/Tokyo")
    save(page)
    qtbot.waitUntil(page.again_button.isVisible)
    assert "wait for the next start" in page.banner.text
    QTest.mouseClick(page.again_button, LEFT)
    qtbot.waitUntil(lambda: RestartAsked() in kiosk.events)


def test_the_window_closes_to_start_again(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge
) -> None:
    window = MainWindow(kiosk.app, bridge, windowed=True, theme=theme)
    qtbot.addWidget(window, before_close_func=lambda shown: shown.close_now())
    window.show()
    with qtbot.waitSignal(window.quit_requested):
        kiosk.app.school.editing.ask_restart(actor=admin())
    assert window.starts_again


# -- two at once -----------------------------------------------------------------------------------------------------


def test_what_another_admin_changed_meanwhile_stays_and_is_told(
    qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage
) -> None:
    kiosk.app.school.shared.change_rules(SchoolRules(late_after_min=5), actor=admin("Anna"))
    number(page, "code", "rotation_s").setValue(20)
    save(page)
    qtbot.waitUntil(lambda: "saved" in page.banner.text)
    assert "Meanwhile Anna changed “Late after” to 5 min." in page.banner.text
    assert page.rows["rules", "late_after_min"].note == "Anna changed this from 10 min to 5 min meanwhile."
    assert number(page, "rules", "late_after_min").value() == 5
    assert kiosk.app.school.settings.load().code.rotation_s == 20


def test_two_who_change_the_same_setting_are_asked_before_one_overwrites_the_other(
    qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage
) -> None:
    kiosk.app.school.shared.change_rules(SchoolRules(late_after_min=5), actor=admin("Anna"))
    number(page, "rules", "late_after_min").setValue(15)
    save(page)
    qtbot.waitUntil(lambda: "somebody else" in page.banner.text)
    row = page.rows["rules", "late_after_min"]
    assert "Anna changed this from 10 min to 5 min" in row.note
    assert (row.value, kiosk.app.school.shared.rules().late_after_min) == (15, 5)
    save(page)
    qtbot.waitUntil(lambda: page.banner.text.startswith("The settings are saved."))
    assert kiosk.app.school.shared.rules().late_after_min == 15


# -- what dialogs of their own change --------------------------------------------------------------------------------


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
    page = settings_page(qtbot, kiosk, theme, kiosk.admin)
    shown = page.own.certificate
    assert shown is not None
    qtbot.waitUntil(lambda: "HTTPS with a certificate for kiosk.school.test" in shown.words.text())
    line(page, "web", "address").setText("other.school.test")
    save(page)
    qtbot.waitUntil(lambda: "does not name other.school.test" in page.banner.text)
    assert page.save_button.isEnabled()
    assert KioskSettings.load(kiosk.app.core.directories.data / SETTINGS_FILE) == stored


def test_the_certificate_has_a_dialog_of_its_own_and_saving_the_rest_keeps_it(
    qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage, tmp_path: Path
) -> None:
    files = SchoolFiles(tmp_path)
    files.write("kiosk.school.test")
    shown = page.own.certificate
    assert shown is not None
    page.show_subject(Subject.PHONES)
    QTest.mouseClick(shown.button, LEFT)
    inner = page.own.certificate_dialog
    assert inner is not None
    qtbot.waitUntil(lambda: inner.state.text() != "")
    inner.certificate.set_path(files.certificate_path)
    inner.key.set_path(files.key_path)
    qtbot.waitUntil(inner.use_button.isEnabled)
    QTest.mouseClick(inner.use_button, LEFT)
    qtbot.waitUntil(lambda: "HTTPS with a certificate" in shown.words.text())
    inner.close()
    assert line(page, "web", "address").text() == "kiosk.school.test"
    number(page, "web", "port").setValue(9000)
    save(page)
    qtbot.waitUntil(lambda: page.banner.text.startswith("The settings are saved."))
    stored = KioskSettings.load(kiosk.app.core.directories.data / SETTINGS_FILE).web
    assert (stored.certificate, stored.port) == (str(files.certificate_path), 9000)


def test_a_folder_for_backups_is_judged_when_it_is_chosen(
    qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    share = tmp_path_factory.mktemp("elsewhere") / "away" / "share"
    line(page, "storage", "backup_folder").setText(str(share))
    save(page)
    qtbot.waitUntil(lambda: "folder for backups cannot be used" in page.banner.text)
    assert page.save_button.isEnabled()

    share.parent.mkdir()
    save(page)
    qtbot.waitUntil(lambda: page.banner.text.startswith("The settings are saved."))
    assert "on the same disk as the data" in page.banner.text
    assert kiosk.app.school.settings.load().storage.backup_folder == str(share)


def test_it_is_a_place_of_the_desk(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    desk = Desk(kiosk.app, theme)
    qtbot.addWidget(desk)
    desk.show()
    desk.show_for(kiosk.admin)
    QTest.mouseClick(desk.buttons[Place.SETTINGS], LEFT)
    page = desk.pages[Place.SETTINGS]
    qtbot.waitUntil(lambda: page.is_complete)
    assert page.sections[Subject.SCHOOL].isVisible()


def test_settings_are_read_again_while_rows_for_another_person_are_being_made(
    qtbot: QtBot, kiosk: GuiKiosk, page: SettingsPage
) -> None:
    page.show_for(Actor.of(kiosk.teacher))
    qtbot.waitUntil(lambda: not page.form.is_complete)
    page._read_again()
    qtbot.waitUntil(lambda: page.form.is_complete and page.own.certificate is not None)
