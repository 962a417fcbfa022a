"""The main window: pages, the lock, and the ways out, with small pages in place of the real ones."""

import threading
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.people.staff import User
from kiosk.domain.trust.rights import Actor
from kiosk.errors import KioskError, SourceError
from kiosk.gui.attendance.lesson.after_class import IDLE_S
from kiosk.gui.bridge import Bridge
from kiosk.gui.people.password_dialog import PasswordDialog
from kiosk.gui.theme import Theme
from kiosk.gui.views_in_use import Views
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.dialogs import ConfirmDialog
from kiosk.gui.window import MainWindow
from kiosk.services.app import KioskApp
from kiosk.services.events import Event
from tests.fakes.actors import admin
from tests.fakes.storage.locked_database import locked_database
from tests.world.gui_kiosk import PASSWORD, GuiKiosk

CLOSED = "The account Tom is closed. An admin can open it again."


class FakeFirstStart(QWidget):
    done = Signal(User)


class FakeSignIn(QWidget):
    signed_in = Signal(User)


class FakeDesk(QWidget):
    start_requested = Signal(int)
    resume_requested = Signal(int)
    sign_out_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.shown_for: list[User] = []
        self.errors: list[KioskError] = []

    def show_for(self, user: User) -> None:
        self.shown_for.append(user)

    def show_error(self, error: KioskError) -> None:
        self.errors.append(error)


class FakeRoster(QWidget):
    closed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.session: tuple[int, Actor] | None = None
        self.events: list[Event] = []
        bridge.arrived.connect(self.events.append)

    def show_session(self, session_id: int, actor: Actor) -> None:
        self.session = (session_id, actor)

    def veil(self, veils: bool) -> None:
        self.veils = veils


class FakeSummary(QWidget):
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.shown: tuple[int, Actor] | None = None

    def show_class(self, session_id: int, actor: Actor) -> None:
        self.shown = (session_id, actor)


class SmallViews(Views):
    def first_start(self, app: KioskApp, theme: Theme) -> FakeFirstStart:
        return FakeFirstStart()

    def sign_in(self, app: KioskApp, theme: Theme, bridge: Bridge) -> FakeSignIn:
        return FakeSignIn()

    def desk(self, app: KioskApp, theme: Theme, bridge: Bridge) -> FakeDesk:
        return FakeDesk()

    def summary(self, app: KioskApp, theme: Theme, bridge: Bridge) -> FakeSummary:
        return FakeSummary()

    def roster(self, app: KioskApp, theme: Theme, bridge: Bridge) -> FakeRoster:
        return FakeRoster(bridge)


VIEWS = SmallViews()


@pytest.fixture
def window(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> MainWindow:
    made = MainWindow(kiosk.app, bridge, windowed=False, theme=theme, views=VIEWS)
    made.resize(1366, 768)
    made.show()
    qtbot.addWidget(made, before_close_func=lambda _window: made.close_now())
    return made


def page(window: MainWindow) -> Any:
    return window.pages.currentWidget()


def start_class(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    """Sign in as the teacher and press Start on Today."""
    page(window).signed_in.emit(kiosk.teacher)
    page(window).start_requested.emit(kiosk.course.course_id)
    qtbot.waitUntil(lambda: window.shows_class and len(window.class_page.screen_view.state.roster) == 6)


def password_dialog(window: MainWindow) -> PasswordDialog:
    dialog = window.class_page.dialog
    assert isinstance(dialog, PasswordDialog)
    return dialog


def give_password(window: MainWindow, password: str = PASSWORD, name: str | None = None) -> None:
    dialog = password_dialog(window)
    if name is not None:
        dialog.name_field.edit.setText(name)
    QTest.keyClicks(dialog.password_field.edit, password)
    QTest.mouseClick(dialog.action_button, Qt.MouseButton.LeftButton)


def roster_is_open(window: MainWindow) -> bool:
    return window.class_page.shows_roster


def press_roster(window: MainWindow) -> None:
    button = window.class_page.screen_view.header.roster_button
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def press_end(window: MainWindow) -> None:
    QTest.mouseClick(window.class_page.screen_view.header.end_button, Qt.MouseButton.LeftButton)


def test_first_start_is_shown_while_there_is_no_admin(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(kiosk.app.people.accounts), "needs_first_admin", lambda _self: True)
    window = MainWindow(kiosk.app, bridge, windowed=True, theme=theme, views=VIEWS)
    qtbot.addWidget(window)
    assert isinstance(page(window), FakeFirstStart)
    page(window).done.emit(kiosk.admin)
    qtbot.waitUntil(lambda: isinstance(page(window), FakeDesk))


def test_signing_in_and_closing_read_nothing_on_the_windows_thread(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores, here = type(kiosk.app.core.store), []
    read = stores.read

    def watched(store: Any, query: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            here.append(query)
        return read(store, query)

    monkeypatch.setattr(stores, "read", watched)
    page(window).signed_in.emit(kiosk.admin)
    assert not page(window).isEnabled()  # it takes no more keys meanwhile
    qtbot.waitUntil(lambda: isinstance(page(window), FakeDesk))
    window.close()
    qtbot.waitUntil(lambda: window.closing is not None)
    assert here == []


def test_who_signed_out_again_at_once_is_not_shown_the_desk(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read, set_up = threading.Event(), kiosk.app.school.set_up
    progress = set_up.progress

    def slow(_self: object) -> Any:
        assert may_read.wait(60)
        return progress()

    monkeypatch.setattr(type(set_up), "progress", slow)
    page(window).signed_in.emit(kiosk.admin)
    window.sign_out()
    may_read.set()
    page(window).signed_in.emit(kiosk.teacher)
    assert page(window).shown_for == [kiosk.teacher]
    qtbot.waitUntil(lambda: not any(one.name == "window-task" for one in threading.enumerate()))
    qtbot.wait(0)
    assert page(window).shown_for == [kiosk.teacher]


def test_signing_in_shows_today_for_that_person_and_out_again(window: MainWindow, kiosk: GuiKiosk) -> None:
    assert isinstance(page(window), FakeSignIn)
    page(window).signed_in.emit(kiosk.teacher)
    assert page(window).shown_for == [kiosk.teacher]
    page(window).sign_out_requested.emit()
    assert isinstance(page(window), FakeSignIn)
    assert window.user is None


def test_start_fills_the_screen_with_the_kiosk(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    start_class(window, kiosk, qtbot)
    assert window.isFullScreen()
    assert window.class_page.lock.user is None
    (session,) = kiosk.app.attendance.sessions.of_course(kiosk.course.course_id)
    assert session.started_by == "Tom"


def test_class_that_cannot_start_says_why_and_today_stays(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    page(window).signed_in.emit(kiosk.teacher)
    kiosk.runtime.refuse = SourceError("No camera was found.", "Plug one in.")
    page(window).start_requested.emit(kiosk.course.course_id)
    today = page(window)
    qtbot.waitUntil(lambda: today.errors == [kiosk.runtime.refuse])
    assert page(window) is today
    kiosk.runtime.refuse = None
    today.start_requested.emit(kiosk.course.course_id)
    qtbot.waitUntil(lambda: window.shows_class)


def test_a_teacher_whose_account_is_closed_meanwhile_starts_no_class(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    page(window).signed_in.emit(kiosk.teacher)
    kiosk.app.people.accounts.set_active(kiosk.teacher.user_id, False, actor=admin())
    today = page(window)
    today.start_requested.emit(kiosk.course.course_id)
    qtbot.waitUntil(lambda: [str(error) for error in today.errors] == [CLOSED])
    assert kiosk.app.attendance.sessions.of_course(kiosk.course.course_id) == []


def test_class_that_cannot_end_says_why_and_stays(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    start_class(window, kiosk, qtbot)
    kiosk.app.attendance.running.clear()
    press_end(window)
    give_password(window)
    qtbot.waitUntil(lambda: window.message is not None)
    assert window.shows_class
    assert window.message is not None
    window.message.accept()


@pytest.mark.logs_warnings
@pytest.mark.usefixtures("impatient")
def test_class_whose_end_cannot_be_written_says_why(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot, tmp_path: Path
) -> None:
    start_class(window, kiosk, qtbot)
    with locked_database(tmp_path):
        before = [kiosk.app.core.store.write_later(lambda _: None) for _ in range(3)]
        window.class_page.end_confirmed.emit("Tom")
        qtbot.waitUntil(lambda: window.message is not None)
        assert all(one.exception(5) for one in before)
    assert window.message is not None
    assert "in use by another program" in window.message.findChildren(Banner)[0].text
    window.message.accept()
    assert window.shows_class


def test_open_class_can_be_continued(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    session = kiosk.start()
    kiosk.app.attendance.running.clear()
    kiosk.mark(session, kiosk.students[0])
    page(window).signed_in.emit(kiosk.teacher)
    page(window).resume_requested.emit(session.session_id)
    qtbot.waitUntil(lambda: window.shows_class and window.class_page.screen_view.counts.counts.present == 1)


def test_roster_opens_only_with_a_password(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    assert not window.class_page.shows_roster
    assert password_dialog(window).name_field.text == "Tom"
    give_password(window)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    session = window.class_page.screen_view.state.session
    assert session is not None
    assert window.class_page.roster.session == (session.session_id, Actor.of(kiosk.teacher))


def test_wrong_password_is_refused_and_after_a_few_there_is_a_pause(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    dialog = password_dialog(window)
    give_password(window, "wrong password")
    qtbot.waitUntil(lambda: "do not belong together" in dialog.banner.text)
    assert dialog.password_field.text == ""
    for _ in range(12):
        if "wrong tries" in dialog.banner.text:
            break
        give_password(window, "wrong password")
        qtbot.waitUntil(dialog.action_button.isEnabled)
    assert "Too many wrong tries." in dialog.banner.text
    give_password(window)
    qtbot.waitUntil(dialog.action_button.isEnabled)
    assert not window.class_page.shows_roster
    dialog.reject()


def test_empty_password_is_not_even_tried(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    give_password(window, "")
    assert password_dialog(window).password_field.error
    password_dialog(window).reject()


def test_any_other_teacher_or_admin_may_unlock(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    give_password(window, name="Ada")
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    assert window.class_page.roster.session[1] == Actor.of(kiosk.admin)


def test_closing_the_roster_locks_again(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    give_password(window)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    window.class_page.roster.closed.emit()
    assert not window.class_page.shows_roster
    press_roster(window)
    assert isinstance(window.class_page.dialog, PasswordDialog)
    window.class_page.dialog.reject()


def test_open_roster_hears_what_happens(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    give_password(window)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    session = window.class_page.screen_view.state.session
    assert session is not None
    result = kiosk.mark(session, kiosk.students[2])
    qtbot.waitUntil(lambda: result in window.class_page.roster.events)


def test_roster_left_alone_closes_by_itself(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    give_password(window)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    now = kiosk.app.core.clock.monotonic()
    monkeypatch.setattr(type(kiosk.app.core.clock), "monotonic", lambda _self: now + 119)
    window.class_page.check_idle()
    assert roster_is_open(window)
    QTest.keyClick(window, Qt.Key.Key_Shift)
    monkeypatch.setattr(type(kiosk.app.core.clock), "monotonic", lambda _self: now + 200)
    window.class_page.check_idle()
    assert roster_is_open(window)
    monkeypatch.setattr(type(kiosk.app.core.clock), "monotonic", lambda _self: now + 240)
    window.class_page.check_idle()
    assert not roster_is_open(window)
    assert window.class_page.lock.user is None


def test_question_that_nobody_answers_goes_away(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_class(window, kiosk, qtbot)
    now = kiosk.app.core.clock.monotonic()
    press_roster(window)
    window.class_page.check_idle()
    assert password_dialog(window).isVisible()
    monkeypatch.setattr(type(kiosk.app.core.clock), "monotonic", lambda _self: now + 60)
    window.class_page.check_idle()
    assert window.class_page.dialog is None


def test_end_asks_for_the_password_and_writes_the_missing_down(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    start_class(window, kiosk, qtbot)
    session = window.class_page.screen_view.state.session
    assert session is not None
    kiosk.mark(session, kiosk.students[0])
    press_end(window)
    give_password(window)
    qtbot.waitUntil(lambda: isinstance(page(window), FakeSummary))
    assert page(window).shown == (session.session_id, Actor.of(kiosk.teacher))
    assert not window.isFullScreen()
    assert "1 present, 0 late, 5 absent" in window.toast.text
    assert not kiosk.app.attendance.sessions.session(session.session_id).is_open
    page(window).done.emit()
    assert isinstance(page(window), FakeSignIn)
    assert window.user is None


def test_a_summary_left_alone_signs_out(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_class(window, kiosk, qtbot)
    press_end(window)
    give_password(window)
    qtbot.waitUntil(lambda: isinstance(page(window), FakeSummary))
    window.check_idle()
    assert isinstance(page(window), FakeSummary)
    now = kiosk.app.core.clock.monotonic()
    monkeypatch.setattr(type(kiosk.app.core.clock), "monotonic", lambda _self: now + IDLE_S)
    window.check_idle()
    assert isinstance(page(window), FakeSignIn)
    assert window.user is None


def test_unlocked_end_asks_once_more_without_a_password(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    give_password(window)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    press_end(window)
    dialog = window.class_page.dialog
    assert isinstance(dialog, ConfirmDialog)
    QTest.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    assert window.shows_class
    press_end(window)
    dialog = window.class_page.dialog
    assert isinstance(dialog, ConfirmDialog)
    QTest.mouseClick(dialog.action_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(page(window), FakeSummary))


def test_escape_asks_for_the_password_before_the_full_screen_is_left(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    start_class(window, kiosk, qtbot)
    QTest.keyClick(window.class_page.screen_view, Qt.Key.Key_Escape)
    assert window.isFullScreen()
    give_password(window)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.shows_class
    QTest.keyClick(window.class_page.screen_view, Qt.Key.Key_Escape)
    assert window.isFullScreen()
    assert window.class_page.lock.user is None


def test_closing_the_window_during_a_class_asks_for_the_password(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    start_class(window, kiosk, qtbot)
    asked: list[bool] = []
    window.quit_requested.connect(lambda: asked.append(True))
    assert not window.close()
    assert window.isVisible()
    assert asked == []
    give_password(window)
    qtbot.waitUntil(lambda: asked == [True])
    (session,) = kiosk.app.attendance.sessions.of_course(kiosk.course.course_id)
    assert session.is_open


def test_closing_between_classes_asks_for_a_password(window: MainWindow, qtbot: QtBot) -> None:
    """Somebody at the keyboard: behind the window the command line is an admin's."""
    asked = []
    window.quit_requested.connect(lambda: asked.append(True))
    for _ in range(3):
        assert not window.close()
    assert window.isVisible()
    dialog = window.closing
    assert dialog is not None
    dialog.name_field.edit.setText("Anna")
    dialog.password_field.edit.setText("a guess")
    dialog.submit()
    qtbot.waitUntil(lambda: not dialog.banner.isHidden())
    dialog.reject()
    assert window.closing is None
    assert window.isVisible()
    assert asked == []


def test_a_teachers_password_closes_between_classes(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    window.sign_in(kiosk.teacher)
    window.close()
    dialog = window.closing
    assert dialog is not None
    assert dialog.name_field.text == kiosk.teacher.name
    dialog.password_field.edit.setText(PASSWORD)
    with qtbot.waitSignal(window.quit_requested):
        dialog.submit()


def test_a_signal_closes_without_a_password(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.quit_requested):
        window.close_now()


def test_a_window_with_a_frame_closes_freely(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme
) -> None:
    window = MainWindow(kiosk.app, bridge, windowed=True, theme=theme, views=VIEWS)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.quit_requested):
        assert window.close()


def test_only_one_question_at_a_time(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    first = window.class_page.dialog
    window.close()
    assert window.class_page.dialog is first
    assert first is not None
    first.reject()
    assert window.class_page.dialog is None


def test_today_left_alone_signs_out(
    window: MainWindow, kiosk: GuiKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(window).signed_in.emit(kiosk.teacher)
    now = kiosk.app.core.clock.monotonic()
    window.check_idle()
    assert isinstance(page(window), FakeDesk)
    monkeypatch.setattr(type(kiosk.app.core.clock), "monotonic", lambda _self: now + 601)
    window.check_idle()
    assert isinstance(page(window), FakeSignIn)


def test_a_question_that_nobody_answers_does_not_keep_today_open(
    window: MainWindow, kiosk: GuiKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody presses Alt+F4 at a teacher's Today and waits for the teacher to go."""
    page(window).signed_in.emit(kiosk.teacher)
    window.close()
    now = kiosk.app.core.clock.monotonic()
    monkeypatch.setattr(type(kiosk.app.core.clock), "monotonic", lambda _self: now + 31)
    window.check_idle()
    assert window.closing is None
    assert isinstance(page(window), FakeDesk)
    window.close()
    monkeypatch.setattr(type(kiosk.app.core.clock), "monotonic", lambda _self: now + 1300)
    window.check_idle()
    assert isinstance(page(window), FakeSignIn)


def test_session_that_ends_by_itself_brings_the_sign_in_back(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    kiosk.runtime.end_class(actor=admin("the kiosk"))
    qtbot.waitUntil(lambda: isinstance(page(window), FakeSignIn))
    assert window.class_page.dialog is None


def test_class_of_the_demo_needs_no_password(window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot) -> None:
    window.sign_in(kiosk.teacher)
    window.start_class(kiosk.course.course_id, locked=False)
    qtbot.waitUntil(lambda: window.shows_class)
    press_roster(window)
    assert window.class_page.shows_roster


def test_who_is_signed_in_has_to_sign_in_again_when_the_account_was_changed(
    qtbot: QtBot, kiosk: GuiKiosk, window: MainWindow
) -> None:
    page(window).signed_in.emit(kiosk.teacher)
    qtbot.waitUntil(lambda: not window._watch.is_looking)
    asked = ConfirmDialog(window._theme, window, title="Sure?", text="", action="Yes")
    qtbot.waitUntil(asked.isVisible)
    kiosk.app.people.accounts.change_password(kiosk.teacher.user_id, "another good one", actor=admin())
    window._watch.look()
    qtbot.waitUntil(lambda: isinstance(page(window), FakeSignIn))
    qtbot.waitUntil(lambda: not shiboken6.isValid(asked))  # deleted in a later round of the loop
    assert window.user is None
    assert window.toast.isVisible()


def test_a_class_goes_on_locked_when_the_account_of_who_holds_it_was_closed(
    qtbot: QtBot, kiosk: GuiKiosk, window: MainWindow
) -> None:
    start_class(window, kiosk, qtbot)
    qtbot.waitUntil(lambda: not window._watch.is_looking)
    window.class_page.lock.unlock(kiosk.teacher, 0.0)
    kiosk.app.people.accounts.set_active(kiosk.teacher.user_id, False, actor=admin())
    window._watch.look()
    qtbot.waitUntil(lambda: window.class_page.lock.user is None)
    assert window.shows_class


def test_beside_the_kiosk_screen_the_roster_shows_names_alone(
    window: MainWindow, kiosk: GuiKiosk, qtbot: QtBot
) -> None:
    start_class(window, kiosk, qtbot)
    press_roster(window)
    give_password(window)
    qtbot.waitUntil(lambda: window.class_page.shows_roster)
    assert not window.class_page.place.is_apart
    assert window.class_page.roster.veils is True
    window.class_page.lock_again()
    assert not window.class_page.place.frame.isVisible()
