"""E-mail in the window: the mail server, the text and recipients that are seen before anything is sent, a student's addresses."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.messages.mail import MailSecurity, MailServer, StudentContact
from kiosk.domain.people.students import Student
from kiosk.domain.reports.kinds import ReportKind, ReportQuestion
from kiosk.domain.trust.rights import Actor
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.messages.contact_card import ContactCard
from kiosk.gui.messages.mail_server_dialog import MailServerDialog
from kiosk.gui.messages.warn_dialog import WarnDialog
from kiosk.gui.remembered import Remembered
from kiosk.gui.reports.reports_page import ReportsPage
from kiosk.gui.theme import Theme
from kiosk.settings import SchoolRules
from kiosk.storage.repositories.repositories import Repositories
from tests.fakes.actors import admin
from tests.fakes.messages.smtp_server import SmtpBehaviour, smtp_server
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

ADA = admin("Ada")
QUESTION = ReportQuestion(ReportKind.BELOW_LIMIT)


@pytest.fixture
def behaviour() -> SmtpBehaviour:
    return SmtpBehaviour()


@pytest.fixture
def server(kiosk: GuiKiosk, behaviour: SmtpBehaviour) -> Iterator[MailServer]:
    """A mail server on this PC, which the school uses."""
    with smtp_server(behaviour) as port:
        found = MailServer("127.0.0.1", port, MailSecurity.NONE, sender="office@school.example")
        kiosk.app.messages.servers.change(found, actor=ADA)
        yield found


def everybody_absent(kiosk: GuiKiosk) -> list[Student]:
    """A class to which nobody came; the first two students have an address."""
    kiosk.start()
    kiosk.runtime.end_class(actor=ADA)
    people = [replace(one, email=f"{one.student_no}@school.example".lower()) for one in kiosk.students[:2]]

    def work(repositories: Repositories) -> None:
        for one in people:
            repositories.students.update(one)

    kiosk.app.core.store.write(work)
    return people


def warn(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> WarnDialog:
    dialog = opened(
        qtbot, WarnDialog(kiosk.app.core, kiosk.app.messages, QUESTION, theme, Actor.of(kiosk.admin))
    )
    qtbot.waitUntil(lambda: not dialog.busy, timeout=60_000)
    return dialog


def test_nothing_is_sent_before_somebody_has_seen_text_and_recipients_and_pressed_send(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, server: MailServer, behaviour: SmtpBehaviour
) -> None:
    first, second = everybody_absent(kiosk)
    dialog = warn(qtbot, kiosk, theme)
    assert dialog.people.count() == 2
    assert first.full_name in dialog.preview.toPlainText() or second.full_name in dialog.preview.toPlainText()
    assert "has no e-mail address" in dialog.left_out.text()
    assert dialog.send_button.text() == "Send 2 messages"
    assert behaviour.messages == []

    place = next(row for row in range(2) if first.email in dialog.people.item(row).text())  # type: ignore[operator]
    dialog.people.item(place).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.send_button.text() == "Send 1 message"
    dialog.text.setPlainText("Dear {name}, please come.")
    dialog.send_button.click()
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=60_000)
    assert "1 message was sent." in dialog.banner.text
    (message,) = behaviour.messages
    assert message["To"] == second.email
    assert message.get_content().strip() == f"Dear {second.full_name}, please come."
    assert not dialog.send_button.isEnabled()


def test_a_text_with_an_unknown_place_is_said_before_it_is_sent(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, server: MailServer, behaviour: SmtpBehaviour
) -> None:
    everybody_absent(kiosk)
    dialog = warn(qtbot, kiosk, theme)
    dialog.text.setPlainText("Dear {nmae}")
    assert "“nmae”" in dialog.preview.toPlainText()
    dialog.send_button.click()
    qtbot.waitUntil(lambda: "“nmae”" in dialog.banner.text, timeout=60_000)
    assert behaviour.messages == []


def test_a_server_that_refuses_one_address_names_it(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, server: MailServer, behaviour: SmtpBehaviour
) -> None:
    first, _second = everybody_absent(kiosk)
    behaviour.refused = frozenset({first.email or ""})
    dialog = warn(qtbot, kiosk, theme)
    dialog.send_button.click()
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=60_000)
    assert "1 message was sent." in dialog.banner.text
    assert (first.email or "") in dialog.banner.text


def test_a_message_without_an_answer_is_named_and_waits_for_a_tick_of_its_own(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, server: MailServer, behaviour: SmtpBehaviour
) -> None:
    everybody_absent(kiosk)
    behaviour.hangs_up_after = 1
    dialog = warn(qtbot, kiosk, theme)
    dialog.send_button.click()
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=60_000)
    doubtful = str(behaviour.messages[0]["To"])
    assert f"May have been sent: {doubtful}." in dialog.banner.text
    again = warn(qtbot, kiosk, theme)
    ticked = {
        again.people.item(row).text(): again.people.item(row).checkState() is Qt.CheckState.Checked
        for row in range(again.people.count())
    }
    assert len(ticked) == 2
    assert {("may have been sent on" in words, is_ticked) for words, is_ticked in ticked.items()} == {
        (True, False),
        (False, True),
    }


def test_without_a_mail_server_the_dialog_says_where_to_set_one(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    everybody_absent(kiosk)
    dialog = warn(qtbot, kiosk, theme)
    assert "no mail server" in dialog.banner.text
    assert not dialog.send_button.isEnabled()


def test_the_mail_server_is_tried_and_kept(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, behaviour: SmtpBehaviour
) -> None:
    behaviour.login = ("office", "secret")
    with smtp_server(behaviour) as port:
        dialog = opened(qtbot, MailServerDialog(kiosk.app.messages, theme, Actor.of(kiosk.admin)))
        qtbot.waitUntil(dialog.host.edit.isEnabled, timeout=60_000)
        QTest.keyClicks(dialog.host.edit, "127.0.0.1")
        dialog.security.setCurrentIndex(dialog.security.findData(MailSecurity.NONE))
        dialog.port.setValue(port)
        QTest.keyClicks(dialog.user.edit, "office")
        QTest.keyClicks(dialog.password.edit, "wrong")
        QTest.keyClicks(dialog.sent_from.edit, "office@school.example")
        dialog.test_button.click()
        assert dialog.test_to.error
        QTest.keyClicks(dialog.test_to.edit, "ada@school.example")
        dialog.test_button.click()
        qtbot.waitUntil(lambda: "does not take this user" in dialog.banner.text, timeout=60_000)
        dialog.password.edit.setText("secret")
        dialog.test_button.click()
        qtbot.waitUntil(lambda: "took the message" in dialog.banner.text, timeout=60_000)
        dialog.save_button.click()
        qtbot.waitUntil(lambda: "is saved" in dialog.banner.text, timeout=60_000)
    assert len(behaviour.messages) == 1
    kept = kiosk.app.messages.servers.server()
    assert (kept.host, kept.port, kept.user, kept.password) == ("127.0.0.1", port, "office", "secret")


def test_a_guardians_address_and_the_stop_are_kept_on_the_person(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    card = ContactCard(kiosk.app, theme)
    qtbot.addWidget(card)
    card.show_student(kiosk.students[0], Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: "Nothing was sent" in card.sent.text(), timeout=60_000)
    card.guardian.edit.setText("mum")
    card.save_button.click()
    qtbot.waitUntil(lambda: "“mum”" in card.banner.text, timeout=60_000)
    card.guardian.edit.setText("mum@home.example")
    card.stopped.setChecked(True)
    card.save_button.click()
    qtbot.waitUntil(lambda: card.banner.text == "Saved.", timeout=60_000)
    contact, _messages = kiosk.app.messages.contacts.of_student(kiosk.students[0].student_id, actor=ADA)
    assert contact.guardian_email == "mum@home.example"
    assert contact.stopped_at is not None


def test_a_stop_that_was_written_down_meanwhile_is_shown_and_what_was_typed_stays(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    contacts, student_id = kiosk.app.messages.contacts, kiosk.students[0].student_id
    card = ContactCard(kiosk.app, theme)
    qtbot.addWidget(card)
    card.show_student(kiosk.students[0], Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: "Nothing was sent" in card.sent.text(), timeout=60_000)
    contacts.change(StudentContact(student_id), guardian_email="", stopped=True, actor=ADA)
    card.guardian.edit.setText("mum@home.example")
    card.save_button.click()
    qtbot.waitUntil(lambda: "Somebody else" in card.banner.text, timeout=60_000)
    assert card.stopped.isChecked()
    assert card.guardian.text == "mum@home.example"
    card.save_button.click()
    qtbot.waitUntil(lambda: card.banner.text == "Saved.", timeout=60_000)
    known, _messages = contacts.of_student(student_id, actor=ADA)
    assert (known.guardian_email, known.stopped_at is not None) == ("mum@home.example", True)


def test_a_teacher_sees_no_addresses_unless_the_school_says_so(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    card, tom = ContactCard(kiosk.app, theme), Actor.of(kiosk.teacher)
    qtbot.addWidget(card)
    card.show_student(kiosk.students[0], tom)
    qtbot.waitUntil(lambda: "admins alone" in card.banner.text, timeout=60_000)
    assert card.isHidden()
    kiosk.app.school.shared.change_rules(SchoolRules(teachers_see_contacts=True), actor=ADA)
    card.show_student(kiosk.students[0], tom)
    qtbot.waitUntil(lambda: "Nothing was sent" in card.sent.text(), timeout=60_000)
    assert not card.isHidden()


def test_the_report_leads_to_the_message(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, server: MailServer
) -> None:
    everybody_absent(kiosk)
    holder = QWidget()
    qtbot.addWidget(holder)
    opener = DialogOpener(kiosk.app, theme, holder)
    page = ReportsPage(kiosk.app, theme, opener, Remembered(), holder)
    holder.resize(1366, 900)
    page.resize(1366, 900)
    holder.show()
    page.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: page.report is not None, timeout=60_000)
    assert page.card.warn_button.isHidden()
    page.choice.chips[ReportKind.BELOW_LIMIT].click()
    qtbot.waitUntil(lambda: not page.card.warn_button.isHidden(), timeout=60_000)
    page.card.warn_button.click()
    dialog = page.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.people.count() == 2, timeout=60_000)
    dialog.close_button.click()
    qtbot.waitUntil(lambda: page.dialog is None, timeout=60_000)
