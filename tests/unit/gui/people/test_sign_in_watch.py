from pytestqt.qtbot import QtBot

from kiosk.gui.people.sign_in_watch import SignInWatch
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk


def test_a_closed_account_is_signed_out(qtbot: QtBot, kiosk: GuiKiosk) -> None:
    accounts = kiosk.app.people.accounts
    watch = SignInWatch(accounts)
    watch.begin(kiosk.teacher)
    qtbot.waitUntil(lambda: watch._mark is not None, timeout=60_000)
    accounts.set_active(kiosk.teacher.user_id, False, actor=admin())
    with qtbot.waitSignal(watch.ended, timeout=60_000):
        watch.look()


def test_another_password_signs_out_and_none_does_not(qtbot: QtBot, kiosk: GuiKiosk) -> None:
    accounts = kiosk.app.people.accounts
    watch = SignInWatch(accounts)
    ended: list[bool] = []
    watch.ended.connect(lambda: ended.append(True))
    watch.begin(kiosk.teacher)
    qtbot.waitUntil(lambda: watch._mark is not None, timeout=60_000)
    for _ in range(3):
        watch.look()
        qtbot.waitUntil(lambda: not watch.is_looking, timeout=60_000)
    assert not ended
    accounts.change_password(kiosk.teacher.user_id, "another password", actor=admin())
    with qtbot.waitSignal(watch.ended, timeout=60_000):
        watch.look()
