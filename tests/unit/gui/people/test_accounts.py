"""Accounts: the list of users, and one's own password. Real hashing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.people.staff import Role
from kiosk.errors import SignInError
from kiosk.gui.people.change_password import ChangePasswordDialog
from kiosk.gui.people.users import UsersDialog
from kiosk.gui.theme import Theme
from tests.fakes.actors import admin
from tests.world.gui_kiosk import PASSWORD, GuiKiosk
from tests.world.open_dialog import opened

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def users(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> UsersDialog:
    dialog = opened(qtbot, UsersDialog(kiosk.app.people, theme, admin("Ada")))
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2)
    return dialog


def test_accounts_are_listed(users: UsersDialog) -> None:
    assert users.table.texts() == [("Ada", "Admin", "", ""), ("Tom", "Teacher", "", "")]


def test_a_new_teacher_can_sign_in(qtbot: QtBot, kiosk: GuiKiosk, users: UsersDialog) -> None:
    QTest.mouseClick(users.add_user_button, LEFT)
    QTest.keyClicks(users.name.edit, "Ruth")
    QTest.keyClicks(users.password.edit, PASSWORD)
    QTest.mouseClick(users.main_button, LEFT)
    qtbot.waitUntil(lambda: users.banner.text == "Ruth can sign in now.")
    qtbot.waitUntil(lambda: users.table.rowCount() == 3)
    assert kiosk.app.people.accounts.sign_in("Ruth", PASSWORD).role is Role.TEACHER
    assert users.chosen is not None
    assert users.chosen.name == "Ruth"


def test_a_taken_name_and_a_short_password_stand_at_their_fields(qtbot: QtBot, users: UsersDialog) -> None:
    QTest.mouseClick(users.add_user_button, LEFT)
    QTest.keyClicks(users.name.edit, "tom")
    QTest.keyClicks(users.password.edit, "short")
    QTest.mouseClick(users.main_button, LEFT)
    qtbot.waitUntil(lambda: "at least 10 characters" in users.password.error)
    users.password.edit.clear()
    QTest.keyClicks(users.password.edit, PASSWORD)
    QTest.mouseClick(users.main_button, LEFT)
    qtbot.waitUntil(lambda: bool(users.name.error))


def test_escape_leads_back_to_the_list_first(qtbot: QtBot, users: UsersDialog) -> None:
    QTest.mouseClick(users.add_user_button, LEFT)
    QTest.keyClick(users, Qt.Key.Key_Escape)
    assert users.isVisible()
    assert users.table.isVisible()
    QTest.keyClick(users, Qt.Key.Key_Escape)
    assert not users.isVisible()


def test_an_account_is_closed_and_reopened(qtbot: QtBot, kiosk: GuiKiosk, users: UsersDialog) -> None:
    users.table.selectRow(1)
    QTest.mouseClick(users.active_button, LEFT)
    qtbot.waitUntil(lambda: users.table.texts()[1] == ("Tom", "Teacher", "", "Closed"))
    with pytest.raises(SignInError):
        kiosk.app.people.accounts.sign_in("Tom", PASSWORD)
    assert users.active_button.text() == "Reopen account"
    QTest.mouseClick(users.active_button, LEFT)
    qtbot.waitUntil(lambda: users.table.texts()[1] == ("Tom", "Teacher", "", ""))


def test_what_somebody_teaches_stands_beside_the_name(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    kiosk.app.courses.teachers.assign(kiosk.course, [kiosk.teacher.user_id], actor=admin())
    dialog = opened(qtbot, UsersDialog(kiosk.app.people, theme, admin("Ada")))
    qtbot.waitUntil(lambda: dialog.table.texts()[1:] == [("Tom", "Teacher", "CS 101", "")])


def test_a_teacher_becomes_an_admin_after_a_question(
    qtbot: QtBot, kiosk: GuiKiosk, users: UsersDialog
) -> None:
    users.table.selectRow(1)
    QTest.mouseClick(users.role_button, LEFT)
    assert users.question is not None
    QTest.mouseClick(users.question.action_button, LEFT)
    qtbot.waitUntil(lambda: users.table.texts()[1] == ("Tom", "Admin", "", ""))
    assert users.role_button.text() == "Make teacher…"
    assert users.banner.text == "Tom is admin now."
    assert kiosk.app.people.accounts.mark(kiosk.teacher.user_id)


def test_the_last_admin_stays_an_admin(qtbot: QtBot, users: UsersDialog) -> None:
    users.table.selectRow(0)
    QTest.mouseClick(users.role_button, LEFT)
    assert users.question is not None
    QTest.mouseClick(users.question.action_button, LEFT)
    qtbot.waitUntil(lambda: "last admin stays an admin" in users.banner.text)


def test_the_last_admin_stays(qtbot: QtBot, users: UsersDialog) -> None:
    users.table.selectRow(0)
    QTest.mouseClick(users.active_button, LEFT)
    qtbot.waitUntil(lambda: "last admin cannot be closed" in users.banner.text)


def test_an_admin_gives_a_new_password(qtbot: QtBot, kiosk: GuiKiosk, users: UsersDialog) -> None:
    users.table.selectRow(1)
    QTest.mouseClick(users.password_button, LEFT)
    QTest.keyClicks(users.changed_password.edit, "another long one")
    QTest.keyClick(users.changed_password.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: users.banner.text == "Tom has a new password.")
    assert kiosk.app.people.accounts.sign_in("Tom", "another long one") == kiosk.teacher


@pytest.fixture
def own(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> ChangePasswordDialog:
    return opened(qtbot, ChangePasswordDialog(kiosk.app.people, theme, kiosk.teacher))


def change(qtbot: QtBot, dialog: ChangePasswordDialog, old: str, new: str, again: str) -> None:
    for field, text in ((dialog.old, old), (dialog.new, new), (dialog.again, again)):
        QTest.keyClicks(field.edit, text)
    QTest.mouseClick(dialog.save_button, LEFT)


def test_ones_own_password_is_changed(qtbot: QtBot, kiosk: GuiKiosk, own: ChangePasswordDialog) -> None:
    change(qtbot, own, PASSWORD, "another long one", "another long one")
    qtbot.waitUntil(lambda: own.banner.text == "Your password is changed.")
    assert kiosk.app.people.accounts.sign_in("Tom", "another long one") == kiosk.teacher
    assert own.old.text == ""


def test_the_old_password_is_needed(qtbot: QtBot, kiosk: GuiKiosk, own: ChangePasswordDialog) -> None:
    change(qtbot, own, "not the old one", "another long one", "another long one")
    qtbot.waitUntil(lambda: "do not belong together" in own.banner.text)
    assert kiosk.app.people.accounts.sign_in("Tom", PASSWORD) == kiosk.teacher


def test_two_different_new_passwords_change_nothing(qtbot: QtBot, own: ChangePasswordDialog) -> None:
    change(qtbot, own, PASSWORD, "another long one", "another long 1")
    assert own.again.error == "The two passwords differ."
