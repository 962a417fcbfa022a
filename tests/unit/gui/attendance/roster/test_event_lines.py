"""What a teacher reads of pictures that were held up and of phones that were handed on."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.incidents import Incident, IncidentKind
from kiosk.domain.attendance.record import Evidence
from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.errors import SignInError
from kiosk.gui.attendance.roster.event_lines import EventLines, attack_words, incident_words
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.roster.state import RosterState
from kiosk.gui.bridge import Bridge
from kiosk.gui.phones.student_phones import StudentPhonesDialog
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import ConfirmDialog
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 3, 2, 8, 2, tzinfo=UTC)


def attacks(*minutes: int) -> list[SuspectedAttack]:
    return [SuspectedAttack(1, NINE + timedelta(minutes=minute), 0.02) for minute in minutes]


def test_the_words_say_when_and_accuse_nobody() -> None:
    assert attack_words([], BERLIN) == ""
    one = attack_words(attacks(0), BERLIN)
    assert one == "A picture was held up to the camera at 09:02. Nobody was marked by it."
    several = attack_words(attacks(0, 0, 3), BERLIN)
    assert several.startswith("Pictures were held up to the camera 3 times (09:02, 09:05).")
    many = attack_words(attacks(0, 1, 2, 3, 4, 5), BERLIN)
    assert "6 times (last at 09:04, 09:05, 09:06, 09:07)." in many


@pytest.fixture
def panel(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, bridge: Bridge) -> RosterPanel:
    made = RosterPanel(kiosk.app, theme, bridge)
    qtbot.addWidget(made)
    made.resize(520, 1000)
    made.show()
    return made


def show(qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession) -> None:
    panel.show_session(session.session_id, admin("Tom"))
    qtbot.waitUntil(lambda: panel.students.model.rowCount() == len(kiosk.students))


def record(kiosk: GuiKiosk, session: ClassSession, minutes: int = 0) -> SuspectedAttack:
    attack = SuspectedAttack(
        session.session_id, kiosk.app.core.clock.now() + timedelta(minutes=minutes), 0.02
    )
    kept = kiosk.app.attendance.attacks.record_later(attack)
    assert kept is not None
    kept.result(60)

    return attack


def test_an_attack_shows_at_once_and_again_when_the_roster_is_opened_later(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    show(qtbot, kiosk, panel, session)
    assert panel.happened.text == ""
    first = record(kiosk, session)
    qtbot.waitUntil(lambda: panel.happened.text == attack_words([first], kiosk.app.core.zone))
    second = record(kiosk, session, minutes=2)
    qtbot.waitUntil(lambda: panel.happened.text == attack_words([first, second], kiosk.app.core.zone))

    show(qtbot, kiosk, panel, session)
    qtbot.waitUntil(lambda: panel.happened.text == attack_words([first, second], kiosk.app.core.zone))


def test_attacks_of_another_class_are_not_shown(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    other = kiosk.app.courses.lists.add_course(code="X 1", title="Other", room="", actor=admin("test"))
    elsewhere = kiosk.app.attendance.sessions.start(other.course_id, actor=admin("Tom"), model="fake")
    show(qtbot, kiosk, panel, session)
    record(kiosk, elsewhere)
    kiosk.mark(session, kiosk.students[0])
    qtbot.waitUntil(lambda: panel.state.count.attended == 1)
    assert panel.happened.text == ""


def test_each_incident_has_a_sentence_with_names_where_they_are_known() -> None:
    names = {1: "Anita Rao", 2: "Ben Okafor"}
    sentences = {
        incident_words(Incident(1, kind, 2, 1, NINE), lambda one: names[one], BERLIN) for kind in IncidentKind
    }
    assert len(sentences) == len(IncidentKind)
    refused = Incident(1, IncidentKind.SECOND_DEVICE_REFUSED, 2, 1, NINE, times=3)
    assert incident_words(refused, lambda one: names[one], BERLIN) == (
        "09:02  The phone that marked Anita Rao tried to mark Ben Okafor, and was refused (3 times)."
    )
    moved = Incident(1, IncidentKind.CLOCK_MOVED, None, None, NINE, moved=timedelta(hours=-1, minutes=-5))
    assert incident_words(moved, lambda _one: "", BERLIN) == (
        "09:02  The clock of this PC was set back by 1 hour 5 minutes; "
        "the times of this class are by the clock before."
    )
    unknown = Incident(1, IncidentKind.SIGN_IN_RESTS, 7, None, NINE)
    assert (
        incident_words(unknown, lambda _one: "", BERLIN)
        == "09:02  Too many wrong PINs were tried for a student."
    )


def test_only_the_newest_incidents_are_listed(qtbot: QtBot, theme: Theme) -> None:
    lines = EventLines(theme)
    qtbot.addWidget(lines)
    seen = tuple(Incident(1, IncidentKind.SIGN_IN_RESTS, number, None, NINE) for number in range(1, 7))
    lines.show_state(RosterState(BERLIN, 1, incidents=seen))
    assert lines.text.splitlines()[0] == "2 earlier events"
    assert len(lines.text.splitlines()) == 5


def hand_on(kiosk: GuiKiosk, session: ClassSession) -> None:
    """The first student's phone tries to mark the second."""
    for student in kiosk.students[:2]:
        evidence = Evidence(Method.PHONE, kiosk.app.core.clock.now(), device="one phone")
        kiosk.check_in(session, student, evidence)


def test_a_phone_that_was_handed_on_shows_at_once_and_again_later(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    show(qtbot, kiosk, panel, session)
    hand_on(kiosk, session)
    said = f"The phone that marked {kiosk.students[0].full_name} tried to mark {kiosk.students[1].full_name}"
    qtbot.waitUntil(lambda: said in panel.happened.text)

    panel.show_session(session.session_id + 1, admin("Tom"))
    assert panel.happened.text == ""
    panel.banner.clear()
    show(qtbot, kiosk, panel, session)
    qtbot.waitUntil(lambda: said in panel.happened.text)


def test_a_teacher_unlocks_a_phone_sign_in_in_two_clicks(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    student, other = kiosk.students[:2]
    show(qtbot, kiosk, panel, session)
    for _ in range(5):
        with pytest.raises(SignInError):
            kiosk.app.people.pins.sign_in(student.student_no, "000000")
    qtbot.waitUntil(lambda: f"Too many wrong PINs were tried for {student.full_name}" in panel.happened.text)

    panel.students.list.clicked.emit(panel.students.model.index_of(student.student_id))
    qtbot.waitUntil(panel.mark_pane.unlock_button.isVisible)
    panel.mark_pane.unlock_button.click()
    assert kiosk.app.people.pins.needs_unlocking(student.student_id)
    dialog = panel.unlock_dialog
    assert isinstance(dialog, ConfirmDialog)
    dialog.action_button.click()

    qtbot.waitUntil(lambda: not panel.mark_pane.unlock_button.isVisible())
    assert not kiosk.app.people.pins.needs_unlocking(student.student_id)
    panel.students.list.clicked.emit(panel.students.model.index_of(other.student_id))
    assert not panel.mark_pane.unlock_button.isVisible()


def test_the_phones_of_a_student_are_one_click_away(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    student = kiosk.students[0]
    show(qtbot, kiosk, panel, session)
    panel.students.list.clicked.emit(panel.students.model.index_of(student.student_id))
    panel.mark_pane.phones_button.click()
    dialog = panel.phones_dialog
    assert isinstance(dialog, StudentPhonesDialog)
    qtbot.waitUntil(lambda: dialog.chosen == student)
    dialog.reject()
