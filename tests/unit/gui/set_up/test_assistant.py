"""Setting a new school up, over a real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPageSize, QPdfWriter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.people.staff import Role
from kiosk.domain.school.set_up import SetUpState, SetUpStep, StepState
from kiosk.domain.trust.rights import Actor
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.bridge import Bridge
from kiosk.gui.set_up.assistant import FIRST, SetUpAssistant
from kiosk.gui.set_up.passphrase_page import CHECKED
from kiosk.gui.set_up.what_is_left import WhatIsLeft, WhatIsLeftDialog
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.services.app import KioskApp
from kiosk.settings import KioskSettings, SchoolRules
from tests.fakes.actors import admin, teacher
from tests.world.gui_kiosk import PASSWORD, GuiKiosk, window_kiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def app(tmp_path: Path) -> Iterator[KioskApp]:
    """A kiosk where nobody has been yet."""
    with window_kiosk(tmp_path, settings=KioskSettings()) as kiosk:
        yield kiosk.app


def shown(qtbot: QtBot, app: KioskApp, theme: Theme) -> SetUpAssistant:
    view = SetUpAssistant(app, theme)
    qtbot.addWidget(view)
    view.resize(1366, 768)
    view.show()
    return view


@pytest.fixture
def view(qtbot: QtBot, app: KioskApp, theme: Theme) -> SetUpAssistant:
    return shown(qtbot, app, theme)


def go_on(qtbot: QtBot, view: SetUpAssistant) -> None:
    page = view.page
    qtbot.waitUntil(view.next_button.isEnabled)
    QTest.mouseClick(view.next_button, LEFT)
    qtbot.waitUntil(lambda: view.page is not page)


def skip(qtbot: QtBot, view: SetUpAssistant) -> None:
    page = view.page
    QTest.mouseClick(view.skip_button, LEFT)
    qtbot.waitUntil(lambda: view.page is not page)


def to_admin(qtbot: QtBot, view: SetUpAssistant) -> None:
    go_on(qtbot, view)
    skip(qtbot, view)
    assert view.page is view.admin


def make_admin(qtbot: QtBot, view: SetUpAssistant) -> None:
    to_admin(qtbot, view)
    QTest.keyClicks(view.admin.name.edit, "Ada")
    QTest.keyClicks(view.admin.password.edit, PASSWORD)
    QTest.keyClicks(view.admin.again.edit, PASSWORD)
    go_on(qtbot, view)


def test_it_is_walked_through_from_the_school_to_today(
    qtbot: QtBot, app: KioskApp, view: SetUpAssistant
) -> None:
    go_on(qtbot, view)
    QTest.keyClicks(view.school.name.edit, "Lindgren School")
    view.school.zone.setCurrentText("Asia/Tokyo")
    go_on(qtbot, view)
    QTest.keyClicks(view.admin.name.edit, "Ada")
    QTest.keyClicks(view.admin.password.edit, PASSWORD)
    QTest.keyClicks(view.admin.again.edit, PASSWORD)
    go_on(qtbot, view)
    assert view.passphrase.note.passphrase.text() == app.trust.recovery_passphrase
    groups = str(app.trust.recovery_passphrase).split("-")
    for check, place in zip(view.passphrase.checks, CHECKED, strict=True):
        QTest.keyClicks(check.edit, groups[place].lower())
    go_on(qtbot, view)
    for page in (view.camera, view.model, view.course, view.phone):
        assert view.page is page
        skip(qtbot, view)
    qtbot.waitUntil(lambda: "First course" in view.last.left.text())
    assert "Your school" not in view.last.left.text()
    with qtbot.waitSignal(view.done) as signal:
        QTest.mouseClick(view.next_button, LEFT)
    user = signal.args[0]
    assert (user.name, user.role) == ("Ada", Role.ADMIN)
    assert app.people.accounts.sign_in("Ada", PASSWORD) == user
    rules = app.school.shared.rules()
    assert (rules.school_name, rules.time_zone) == ("Lindgren School", "Asia/Tokyo")
    progress = app.school.set_up.progress()
    assert progress.state is SetUpState.OVER
    assert progress.left == (SetUpStep.CAMERA, SetUpStep.MODEL, SetUpStep.COURSE, SetUpStep.PHONE)


def test_only_the_first_admin_cannot_be_skipped(qtbot: QtBot, view: SetUpAssistant) -> None:
    assert not view.skip_button.isVisible()
    go_on(qtbot, view)
    assert view.skip_button.isVisible()
    skip(qtbot, view)
    assert view.page is view.admin
    assert not view.skip_button.isVisible()


def test_back_keeps_what_was_entered(qtbot: QtBot, view: SetUpAssistant) -> None:
    go_on(qtbot, view)
    QTest.keyClicks(view.school.name.edit, "Lindgren School")
    go_on(qtbot, view)
    QTest.keyClicks(view.admin.name.edit, "Ada")
    QTest.mouseClick(view.back_button, LEFT)
    assert view.page is view.school
    assert view.school.name.text == "Lindgren School"
    go_on(qtbot, view)
    assert view.admin.name.text == "Ada"


def test_the_admin_that_was_made_is_not_made_twice(qtbot: QtBot, app: KioskApp, view: SetUpAssistant) -> None:
    make_admin(qtbot, view)
    QTest.mouseClick(view.back_button, LEFT)
    assert view.admin.known.text() == "Ada is the first admin."
    assert not view.admin.name.isVisible()
    go_on(qtbot, view)
    assert len(app.people.accounts.all(actor=admin())) == 1


def test_a_short_password_is_refused_at_its_field(qtbot: QtBot, app: KioskApp, view: SetUpAssistant) -> None:
    to_admin(qtbot, view)
    QTest.keyClicks(view.admin.name.edit, "Ada")
    QTest.keyClicks(view.admin.password.edit, "short")
    QTest.keyClicks(view.admin.again.edit, "short")
    QTest.mouseClick(view.next_button, LEFT)
    qtbot.waitUntil(lambda: "at least 10 characters" in view.admin.password.error)
    assert app.people.accounts.needs_first_admin()
    qtbot.waitUntil(view.next_button.isEnabled)


def test_two_different_passwords_make_no_account(qtbot: QtBot, app: KioskApp, view: SetUpAssistant) -> None:
    to_admin(qtbot, view)
    assert (view.admin.password.text, view.admin.again.text) == ("", "")
    QTest.keyClicks(view.admin.name.edit, "Ada")
    QTest.keyClicks(view.admin.password.edit, PASSWORD)
    QTest.keyClicks(view.admin.again.edit, PASSWORD + "!")
    QTest.mouseClick(view.next_button, LEFT)
    assert view.admin.again.error == "The two passwords differ."
    assert app.people.accounts.needs_first_admin()
    assert view.next_button.isEnabled()


def test_a_time_zone_that_does_not_exist_is_refused(qtbot: QtBot, view: SetUpAssistant) -> None:
    go_on(qtbot, view)
    view.school.zone.setCurrentText("Bullerby")
    QTest.mouseClick(view.next_button, LEFT)
    assert "no such time zone" in view.school.zone_field.error
    assert view.page is view.school


def test_the_passphrase_is_checked_by_two_of_its_groups_or_copied(
    qtbot: QtBot, app: KioskApp, view: SetUpAssistant
) -> None:
    make_admin(qtbot, view)
    assert not view.next_button.isEnabled()
    QTest.keyClicks(view.passphrase.checks[0].edit, "WRONG")
    assert not view.next_button.isEnabled()
    QTest.mouseClick(view.passphrase.copy_button, LEFT)
    assert QGuiApplication.clipboard().text() == app.trust.recovery_passphrase
    assert view.next_button.isEnabled()


def test_the_passphrase_is_drawn_on_paper(qtbot: QtBot, view: SetUpAssistant, tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    writer = QPdfWriter(str(paper))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    view.passphrase.draw_on(writer)
    assert paper.stat().st_size > 1000


def test_after_a_power_cut_before_the_admin_it_goes_on_at_the_step(
    qtbot: QtBot, app: KioskApp, theme: Theme, view: SetUpAssistant
) -> None:
    go_on(qtbot, view)
    QTest.keyClicks(view.school.name.edit, "Lindgren School")
    go_on(qtbot, view)
    again = shown(qtbot, app, theme)
    qtbot.waitUntil(lambda: again.page is again.admin)
    QTest.mouseClick(again.back_button, LEFT)
    qtbot.waitUntil(lambda: again.school.name.text == "Lindgren School")


def test_after_a_power_cut_it_goes_on_when_the_admin_signs_in(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge
) -> None:
    set_up = kiosk.app.school.set_up
    set_up.begin(actor=FIRST)
    for step in (SetUpStep.SCHOOL, SetUpStep.PASSPHRASE):
        set_up.note(step, StepState.SKIPPED, actor=FIRST)
    window = MainWindow(kiosk.app, bridge, windowed=True, theme=theme)
    qtbot.addWidget(window, before_close_func=lambda shown: shown.close_now())
    window.show()
    window.sign_in(kiosk.admin)
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), SetUpAssistant))
    view = window.pages.currentWidget()
    assert isinstance(view, SetUpAssistant)
    qtbot.waitUntil(lambda: view.page is view.camera)
    for _ in range(4):
        skip(qtbot, view)
    assert view.page is view.last
    with qtbot.waitSignal(view.done):
        QTest.mouseClick(view.next_button, LEFT)
    qtbot.waitUntil(lambda: window.findChild(TodayView) is not None)
    assert window.pages.currentWidget() is not view


def test_a_passphrase_that_was_shown_before_the_cut_is_made_anew_or_left_for_later(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    kiosk.app.school.set_up.begin(actor=FIRST)
    kiosk.app.school.set_up.note(SetUpStep.SCHOOL, StepState.SKIPPED, actor=FIRST)
    view = SetUpAssistant(kiosk.app, theme, kiosk.admin)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: view.page is view.passphrase)
    assert "shown before the program was closed" in view.passphrase.banner.text
    assert not view.next_button.isEnabled()
    QTest.mouseClick(view.passphrase.renew_button, LEFT)
    renewing = view.passphrase.renewing
    assert renewing is not None
    renewing.renewed.emit()
    renewing.dismiss()
    assert view.next_button.isEnabled()


# -- what is left ----------------------------------------------------------------------------------------------------


def test_what_was_skipped_is_found_on_today_by_admins_until_they_dismiss_it(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    set_up = kiosk.app.school.set_up
    set_up.begin(actor=FIRST)
    set_up.note(SetUpStep.CAMERA, StepState.SKIPPED, actor=FIRST)
    set_up.finish(actor=FIRST)
    card = WhatIsLeft(set_up, theme)
    qtbot.addWidget(card)
    card.show_for(teacher("Tom"))
    assert card.isHidden()
    card.show_for(admin("Ada"))
    qtbot.waitUntil(lambda: not card.isHidden())
    assert SetUpStep.COURSE not in card.lines
    now, done = card.lines[SetUpStep.CAMERA]
    with qtbot.waitSignal(card.wanted) as signal:
        now.click()
    assert signal.args == [SetUpStep.CAMERA]
    done.click()
    qtbot.waitUntil(lambda: SetUpStep.CAMERA not in card.lines)
    card.dismiss_button.click()
    qtbot.waitUntil(card.isHidden)
    assert set_up.progress().state is SetUpState.DISMISSED


def test_it_stays_in_the_settings(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    kiosk.app.school.set_up.dismiss(actor=FIRST)
    dialog = WhatIsLeftDialog(kiosk.app.school.set_up, theme, Actor.of(kiosk.admin))
    opened(qtbot, dialog)
    qtbot.waitUntil(lambda: SetUpStep.SCHOOL in dialog.list.lines)
    assert dialog.list.dismiss_button.isHidden()
    with qtbot.waitSignal(dialog.step_wanted):
        dialog.list.lines[SetUpStep.PHONE][0].click()


def test_a_school_of_an_earlier_version_is_reminded_of_nothing(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    kiosk.app.school.shared.change_rules(SchoolRules(school_name="Old School"), actor=admin())
    assert not kiosk.app.school.set_up.progress().shows_list
    assert not kiosk.app.school.set_up.progress().is_running
