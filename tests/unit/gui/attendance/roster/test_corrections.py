"""“This is not X” and naming ambiguous faces in the roster, over a real store."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.faces.lookalikes import FacePair
from kiosk.gui.attendance.roster.ambiguous_pane import NOT_KEPT
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.roster.wrong_face_pane import SOMEBODY_ELSE
from kiosk.gui.theme import Theme
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton


def ask(panel: RosterPanel, student: int) -> None:
    """Press the row of the student with this place in the class list; the roster stands by family name."""
    row = [line.student.student_no for line in panel.state.lines].index(f"S{student + 1:03}")
    place = panel.students.list.visualRect(panel.students.model.index(row, 0)).center()
    QTest.mouseClick(panel.students.list.viewport(), LEFT, pos=place)


def record_of(kiosk: GuiKiosk, session: ClassSession, number: int) -> AttendanceRecord | None:
    entries = kiosk.app.attendance.sessions.roster(session.session_id)
    return next(one.record for one in entries if one.student == kiosk.students[number])


def pairs(kiosk: GuiKiosk) -> list[FacePair]:
    return kiosk.app.core.store.read(lambda repositories: repositories.face_pairs.all())


def mark_by_face(qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession) -> None:
    kiosk.mark(session, kiosk.students[0], Method.FACE)
    qtbot.waitUntil(lambda: panel.state.count.present == 1)


def look(qtbot: QtBot, panel: RosterPanel) -> None:
    qtbot.waitUntil(lambda: bool(panel.ambiguous.text))
    QTest.mouseClick(panel.ambiguous.look_button, LEFT)


# -- this is not X


def test_only_a_mark_by_face_can_be_a_wrong_face(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.mark(session, kiosk.students[0], Method.FACE)
    kiosk.mark(session, kiosk.students[1], Method.PHONE)
    qtbot.waitUntil(lambda: panel.state.count.present == 2)

    shown = []
    for student in range(3):
        ask(panel, student)
        shown.append(panel.mark_pane.wrong_face_button.isVisible())

    assert shown == [True, False, False]


def test_a_wrong_face_is_taken_back_and_the_camera_learns_of_it(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    mark_by_face(qtbot, kiosk, panel, session)
    ask(panel, 0)
    assert panel.mark_pane.wrong_face_button.text() == "This is &not Anita Rao…"
    QTest.mouseClick(panel.mark_pane.wrong_face_button, LEFT)
    pane = panel.wrong_face_pane
    assert pane.isVisible()
    assert not panel.mark_pane.isVisible()
    assert [pane.who.itemText(row) for row in range(3)] == [
        SOMEBODY_ELSE,
        "Farid Haddad · S006",
        "Elif Kaya · S005",
    ]
    pane.who.setCurrentIndex(pane.who.findData(kiosk.students[1].student_id))
    QTest.mouseClick(pane.take_back_button, LEFT)
    qtbot.waitUntil(lambda: bool(panel.undo_bar.text))

    assert not pane.isVisible()
    assert panel.undo_bar.text.startswith("The mark of Anita Rao is taken back")
    assert panel.state.count.present == 0
    assert record_of(kiosk, session, 0) is None
    (pair,) = pairs(kiosk)
    assert (pair.student_id, pair.other_id, pair.found_by) == (
        kiosk.students[0].student_id,
        kiosk.students[1].student_id,
        "Tom",
    )
    assert kiosk.runtime.reloads == 1


def test_undo_brings_mark_and_trust_back(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    mark_by_face(qtbot, kiosk, panel, session)
    ask(panel, 0)
    QTest.mouseClick(panel.mark_pane.wrong_face_button, LEFT)
    QTest.mouseClick(panel.wrong_face_pane.take_back_button, LEFT)
    qtbot.waitUntil(lambda: bool(panel.undo_bar.text))
    QTest.mouseClick(panel.undo_bar.button, LEFT)
    qtbot.waitUntil(lambda: panel.undo_bar.text.startswith("Undone"))

    assert panel.undo_bar.text == "Undone: Anita Rao counts as present."
    record = record_of(kiosk, session, 0)
    assert record is not None
    assert record.method is Method.FACE
    assert pairs(kiosk) == []
    assert kiosk.runtime.reloads == 2


def test_keeping_the_mark_changes_nothing(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    mark_by_face(qtbot, kiosk, panel, session)
    ask(panel, 0)
    QTest.mouseClick(panel.mark_pane.wrong_face_button, LEFT)
    QTest.keyClick(panel.wrong_face_pane.who, Qt.Key.Key_Escape)

    assert not panel.wrong_face_pane.isVisible()
    assert panel.state.count.present == 1
    assert pairs(kiosk) == []


# -- ambiguous faces


def test_nothing_is_said_while_no_face_is_ambiguous(panel: RosterPanel) -> None:
    assert panel.ambiguous.text == ""


def test_ambiguous_faces_are_counted_with_the_time_of_the_newest(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.pass_by(session, kiosk.students[0], track=1)
    qtbot.waitUntil(lambda: panel.ambiguous.text.startswith("1 face unsure, "))
    kiosk.pass_by(session, kiosk.students[1], track=2)
    qtbot.waitUntil(lambda: panel.ambiguous.text.startswith("2 faces unsure, "))
    kiosk.mark(session, kiosk.students[1], Method.PHONE)
    qtbot.waitUntil(lambda: panel.ambiguous.text.startswith("1 face unsure, "))


def test_a_face_is_named_by_the_teacher_and_nothing_is_learnt_unasked(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.allow_face(kiosk.students[2])
    kiosk.pass_by(session, kiosk.students[2])
    look(qtbot, panel)
    pane = panel.ambiguous.pane
    assert not pane.picture.pixmap().isNull()
    assert pane.who.currentText() == "Chen Wei · S003 (closest)"
    assert pane.learn.isVisible()
    assert not pane.learn.isChecked()
    QTest.mouseClick(pane.confirm_button, LEFT)
    qtbot.waitUntil(lambda: bool(panel.undo_bar.text))

    assert panel.undo_bar.text.startswith("Chen Wei is marked present, seen at ")
    assert "learnt" not in panel.undo_bar.text
    record = record_of(kiosk, session, 2)
    assert record is not None
    assert (record.status, record.method) == (Status.PRESENT, Method.MANUAL)
    assert record.evidence[-1].reason == "confirmed from an unsure face"
    assert kiosk.runtime.reloads == 0
    qtbot.waitUntil(lambda: panel.ambiguous.text == "")
    assert pane.face is None
    assert pane.picture.pixmap().isNull()


def test_a_picture_is_learnt_when_the_teacher_asks_and_undo_forgets_it(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    student = kiosk.students[2]
    kiosk.allow_face(student)
    kiosk.pass_by(session, student)
    look(qtbot, panel)
    QTest.keyClick(panel.ambiguous.pane.learn, Qt.Key.Key_Space)
    QTest.mouseClick(panel.ambiguous.pane.confirm_button, LEFT)
    qtbot.waitUntil(lambda: "The picture was learnt." in panel.undo_bar.text)
    samples = kiosk.app.core.store.read(lambda repositories: repositories.faces.samples(student.student_id))
    assert (len(samples), kiosk.runtime.reloads) == (1, 1)

    QTest.mouseClick(panel.undo_bar.button, LEFT)
    qtbot.waitUntil(lambda: panel.undo_bar.text == "Undone: Chen Wei counts as not here yet.")
    samples = kiosk.app.core.store.read(lambda repositories: repositories.faces.samples(student.student_id))
    assert (len(samples), kiosk.runtime.reloads) == (0, 2)


def test_without_consent_learning_is_not_offered(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.pass_by(session, kiosk.students[2])
    look(qtbot, panel)

    assert not panel.ambiguous.pane.learn.isVisible()
    assert panel.ambiguous.pane._note.text() == NOT_KEPT


def test_choosing_somebody_else_takes_back_the_wish_to_learn(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.allow_face(kiosk.students[2])
    kiosk.allow_face(kiosk.students[3])
    kiosk.pass_by(session, kiosk.students[2])
    look(qtbot, panel)
    pane = panel.ambiguous.pane
    pane.learn.setChecked(True)
    pane.who.setCurrentIndex(pane.who.findData(kiosk.students[3].student_id))

    assert pane.confirm_button.text() == "It is Dara Singh"
    assert not pane.learn.isChecked()
    pane.who.setCurrentIndex(0)
    assert not pane.confirm_button.isEnabled()


def test_several_faces_are_settled_one_by_one(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.pass_by(session, kiosk.students[2], track=1)
    kiosk.pass_by(session, kiosk.students[4], track=2)
    qtbot.waitUntil(lambda: panel.ambiguous.text.startswith("2 faces"))
    look(qtbot, panel)
    pane = panel.ambiguous.pane
    QTest.mouseClick(pane.next_button, LEFT)
    assert pane.who.currentText().startswith("Elif Kaya")
    QTest.mouseClick(pane.dismiss_button, LEFT)
    qtbot.waitUntil(lambda: pane.who.currentText().startswith("Chen Wei"))

    assert not pane.next_button.isVisible()
    assert record_of(kiosk, session, 4) is None


def test_a_face_that_comes_while_another_is_looked_at_does_not_disturb(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.allow_face(kiosk.students[3])
    kiosk.pass_by(session, kiosk.students[2], track=1)
    look(qtbot, panel)
    pane = panel.ambiguous.pane
    pane.who.setCurrentIndex(pane.who.findData(kiosk.students[3].student_id))
    pane.learn.setChecked(True)
    kiosk.pass_by(session, kiosk.students[4], track=2)
    qtbot.waitUntil(pane.next_button.isVisible)

    assert pane.who.currentData() == kiosk.students[3].student_id
    assert pane.learn.isChecked()


def test_putting_the_roster_away_lets_go_of_the_pictures(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.pass_by(session, kiosk.students[2])
    look(qtbot, panel)
    panel.hide()

    assert panel.ambiguous.pane.picture.pixmap().isNull()
    assert panel.ambiguous.pane.face is None
    kiosk.pass_by(session, kiosk.students[3], track=2)
    panel.show()
    panel.show_session(session.session_id, admin("Tom"))
    qtbot.waitUntil(lambda: panel.ambiguous.text.startswith("2 faces"))


def test_the_end_of_the_class_forgets_the_faces(
    qtbot: QtBot, kiosk: GuiKiosk, panel: RosterPanel, session: ClassSession
) -> None:
    kiosk.pass_by(session, kiosk.students[2])
    qtbot.waitUntil(lambda: bool(panel.ambiguous.text))
    kiosk.runtime.end_class(actor=admin("Tom"))

    qtbot.waitUntil(lambda: panel.ambiguous.text == "")


def test_in_the_records_no_face_is_looked_for(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, session: ClassSession
) -> None:
    panel = RosterPanel(kiosk.app, theme, closable=False)
    qtbot.addWidget(panel)
    panel.show()
    kiosk.pass_by(session, kiosk.students[2])
    panel.show_session(session.session_id, admin("Tom"))
    qtbot.waitUntil(lambda: panel.students.model.rowCount() == len(kiosk.students))

    panel.reader.on_event(kiosk.events[-1])
    assert panel.ambiguous.text == ""
    assert not panel.reader.looks
