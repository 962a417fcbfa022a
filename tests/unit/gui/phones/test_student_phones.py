"""Enrolling a student's phone at the kiosk: the code, what the phone did, the list, over a real store."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.people.students import Student
from kiosk.domain.phones.enrolled import digest_of
from kiosk.domain.phones.phone_key import PhoneKey
from kiosk.domain.trust.throttle import Source
from kiosk.gui.phones.student_phones import StudentPhonesDialog
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.phones.phone_enrolment import NewPhone, PhoneEnrolments
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import teacher
from tests.fakes.app_parts import with_part
from tests.fakes.clock import FakeClock
from tests.world.gui_kiosk import GuiKiosk
from tests.world.kiosk import QuickHasher

LEFT = Qt.MouseButton.LeftButton
PIN = "482915"
Show = Callable[..., StudentPhonesDialog]


class Desk:
    """A kiosk with a clock that tests set, and phones that come to it."""

    def __init__(self, kiosk: GuiKiosk) -> None:
        app = kiosk.app
        self.anita, self.ben = kiosk.students[:2]
        self.clock = FakeClock(app.core.clock.now())
        app.attendance.running.reachable_at("http://10.20.4.17:8080")
        self.enrolments = PhoneEnrolments(
            store=app.core.store,
            clock=self.clock,
            running=app.attendance.running,
            phone=app.phones.check_in,
        )
        self.app = with_part(app, "phones.enrolments", self.enrolments)
        pin_hash = QuickHasher().hash(PIN)

        def work(repositories: Repositories) -> None:
            for one in (self.anita, self.ben):
                repositories.students.set_pin_hash(one.student_id, pin_hash)

        app.core.store.write(work)

    def scan(self, browser: str = "phone") -> str:
        return self.enrolments.exchange(self.enrolments.state().url.rpartition("/")[2], browser)

    def type_pin(
        self, form: str, browser: str = "phone", credential: str | None = None, key: PhoneKey | None = None
    ) -> NewPhone:
        source = Source(browser, "10.20.7.7")
        return self.enrolments.enrol(form, PIN, source=source, kind="iPhone", credential=credential, key=key)


@pytest.fixture
def desk(kiosk: GuiKiosk) -> Desk:
    return Desk(kiosk)


@pytest.fixture
def show(qtbot: QtBot, desk: Desk, theme: Theme) -> Show:
    def make(student: Student | None = None) -> StudentPhonesDialog:
        app, window = desk.app, QWidget()
        qtbot.addWidget(window)
        parts = app.core, app.phones, theme, teacher(), window
        dialog = StudentPhonesDialog(*parts, student=student)
        dialog.open()
        qtbot.waitUntil(lambda: dialog.student.count() > 0)
        return dialog

    return make


def choose(qtbot: QtBot, dialog: StudentPhonesDialog, student: Student) -> None:
    dialog.student.setEditText(f"{student.full_name}, {student.student_no}")
    qtbot.waitUntil(lambda: student.full_name in dialog.none.text())


def begin(qtbot: QtBot, dialog: StudentPhonesDialog) -> None:
    QTest.mouseClick(dialog.enrol_button, LEFT)
    qtbot.waitUntil(lambda: bool(dialog.code.text))


def test_a_phone_is_enrolled_step_by_step_and_removed(qtbot: QtBot, desk: Desk, show: Show) -> None:
    dialog = show()
    assert not dialog.enrol_button.isEnabled()
    choose(qtbot, dialog, desk.anita)
    begin(qtbot, dialog)
    assert dialog.code.text == desk.enrolments.state().url.upper()
    assert "60 more seconds" in dialog.card.text
    form = desk.scan()
    dialog.look()
    assert dialog.code.text == ""
    assert "types the PIN" in dialog.card.text
    desk.type_pin(form)
    dialog.look()
    assert dialog.card.text == f"iPhone is enrolled for {desk.anita.full_name}."
    qtbot.waitUntil(lambda: len(dialog.remove_buttons) == 1)
    QTest.mouseClick(dialog.remove_buttons[0], LEFT)
    qtbot.waitUntil(lambda: "is removed" in dialog.card.text)
    qtbot.waitUntil(lambda: dialog.remove_buttons == [])
    assert desk.enrolments.own(desk.anita) == []


def test_the_teacher_is_told_whose_phone_it_was(qtbot: QtBot, desk: Desk, show: Show) -> None:
    desk.enrolments.begin(desk.anita, actor=teacher())
    first = desk.type_pin(desk.scan())
    dialog = show(desk.ben)
    qtbot.waitUntil(lambda: dialog.chosen == desk.ben)
    begin(qtbot, dialog)
    desk.type_pin(desk.scan(), credential=digest_of(first.secret))
    dialog.look()
    assert f"Until now it was enrolled for {desk.anita.full_name}" in dialog.card.text


def test_the_teacher_sees_which_phone_shows_a_key(qtbot: QtBot, desk: Desk, show: Show) -> None:
    dialog = show(desk.anita)
    dialog.enrol_button.click()
    qtbot.waitUntil(lambda: desk.enrolments.state().is_begun)
    desk.type_pin(desk.scan(), key=PhoneKey(b"id", b"public", 0))
    sentence = "It shows a key of its own, which cannot be copied."
    qtbot.waitUntil(lambda: sentence in dialog.card.text)
    qtbot.waitUntil(lambda: any(sentence in one.text() for one in dialog.findChildren(Text)))


def test_a_code_that_nobody_scanned_is_over_and_says_so(qtbot: QtBot, desk: Desk, show: Show) -> None:
    dialog = show(desk.anita)
    qtbot.waitUntil(lambda: dialog.chosen == desk.anita)
    begin(qtbot, dialog)
    desk.clock.advance(60)
    dialog.look()
    assert (dialog.code.text, dialog.card.text) == ("", "The code is over. Show another one.")


def test_without_an_address_no_code_is_promised(qtbot: QtBot, desk: Desk, show: Show) -> None:
    dialog = show(desk.anita)
    qtbot.waitUntil(lambda: dialog.chosen == desk.anita)
    desk.app.attendance.running.reachable_at("")
    QTest.mouseClick(dialog.enrol_button, LEFT)
    qtbot.waitUntil(lambda: "cannot connect" in dialog.card.text)


def test_another_student_and_closing_take_the_code_down(qtbot: QtBot, desk: Desk, show: Show) -> None:
    dialog = show(desk.anita)
    qtbot.waitUntil(lambda: dialog.chosen == desk.anita)
    begin(qtbot, dialog)
    choose(qtbot, dialog, desk.ben)
    assert not desk.enrolments.state().is_begun
    begin(qtbot, dialog)
    QTest.mouseClick(dialog.close_button, LEFT)
    assert not desk.enrolments.state().is_begun
