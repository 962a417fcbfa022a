from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.records.record_list import RecordQuestion
from kiosk.domain.trust.rights import Actor
from kiosk.gui.records.answer_dialog import AnswerDialog
from kiosk.gui.records.mark_dialog import MarkDialog
from kiosk.gui.records.records_page import RecordsPage
from kiosk.gui.records.view_box import NameDialog
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import ConfirmDialog
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton
ShowPage = Callable[..., RecordsPage]


@pytest.fixture
def show_page(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path) -> ShowPage:
    """Records of somebody, read."""

    def show(actor: Actor | None = None, *, rows: int = 6) -> RecordsPage:
        page = RecordsPage(kiosk.app, theme, Remembered(tmp_path))
        qtbot.addWidget(page)
        page.resize(1366, 700)
        page.show()
        page.show_for(actor or Actor.of(kiosk.teacher))
        qtbot.waitUntil(lambda: shown(page) == rows)
        return page

    return show


def shown(page: RecordsPage) -> int:
    return page.list.list.model.rowCount()


def held(kiosk: GuiKiosk) -> ClassSession:
    """An ended class in which the first two came by phone."""
    session = kiosk.start()
    for student in kiosk.students[:2]:
        kiosk.mark(session, student)
    kiosk.runtime.end_class(actor=admin("Tom"))
    return session


def texts(page: RecordsPage, column: int) -> list[str]:
    return [row[column] for row in page.list.list.texts()]


def choose(page: RecordsPage, *rows: int) -> None:
    table = page.list.list.table
    table.clearSelection()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in rows:
        table.selectionModel().select(page.list.list.model.index(row, 0), flags)


def test_all_records_stand_in_one_list_by_family_name(kiosk: GuiKiosk, show_page: ShowPage) -> None:
    held(kiosk)
    page = show_page()
    assert texts(page, 2) == [
        "Farid Haddad",
        "Elif Kaya",
        "Ben Okafor",
        "Anita Rao",
        "Dara Singh",
        "Chen Wei",
    ]
    assert texts(page, 4) == ["Absent", "Absent", "Present", "Present", "Absent", "Absent"]
    assert texts(page, 6) == ["", "", "phone", "phone", "", ""]


def test_an_empty_school_is_told_where_records_come_from(show_page: ShowPage, qtbot: QtBot) -> None:
    page = show_page(rows=0)
    empty = page.list.list._empty  # what stands where no row is
    qtbot.waitUntil(lambda: empty.text() == "Nobody was marked yet. Records come with the first class.")


def test_chips_and_search_narrow_the_list(kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot) -> None:
    held(kiosk)
    page = show_page()
    QTest.mouseClick(page.list.list.chips[Status.ABSENT.value], LEFT)
    qtbot.waitUntil(lambda: shown(page) == 4)
    QTest.mouseClick(page.list.list.chips[Status.PRESENT.value], LEFT)
    qtbot.waitUntil(lambda: shown(page) == 6)
    QTest.keyClicks(page.list.list.search, "rao")
    qtbot.waitUntil(lambda: shown(page) == 1)
    assert texts(page, 2) == ["Anita Rao"]


def test_the_bar_narrows_by_how_and_when_and_is_cleared(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    held(kiosk)
    page = show_page()
    bar = page.list.bar
    bar.method.setCurrentIndex(bar.method.findData(Method.PHONE.value))
    qtbot.waitUntil(lambda: shown(page) == 2)
    bar.method.setCurrentIndex(bar.method.findData("none"))
    qtbot.waitUntil(lambda: shown(page) == 4)
    bar.days.period.setCurrentIndex(bar.days.period.findData("some"))
    bar.days.first.setDate(bar.days.first.date().addDays(1))
    bar.days.last.setDate(bar.days.first.date())
    qtbot.waitUntil(lambda: shown(page) == 0)
    QTest.mouseClick(bar.clear_button, LEFT)
    qtbot.waitUntil(lambda: shown(page) == 6)
    assert not bar.clear_button.isVisible()


def test_days_that_end_before_they_begin_are_said(kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot) -> None:
    held(kiosk)
    page = show_page()
    days = page.list.bar.days
    days.period.setCurrentIndex(days.period.findData("some"))
    days.first.setDate(days.last.date().addDays(1))
    qtbot.waitUntil(lambda: "last day is before the first" in page.list.list.banner.text)


def mark_dialog(page: RecordsPage, qtbot: QtBot) -> MarkDialog:
    QTest.mouseClick(page.list.mark_button, LEFT)
    qtbot.waitUntil(lambda: page.list.dialog is not None and page.list.dialog.isVisible())
    dialog = page.list.dialog
    assert isinstance(dialog, MarkDialog)
    return dialog


def test_several_records_are_marked_with_one_reason_and_one_undo(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    held(kiosk)
    page = show_page()
    choose(page, 0, 1, 4)
    dialog = mark_dialog(page, qtbot)
    QTest.mouseClick(dialog.mark_button, LEFT)
    assert dialog.reason.error == "Write why, in a word or two."
    QTest.mouseClick(dialog.chips[Status.EXCUSED], LEFT)
    QTest.keyClicks(dialog.reason.edit, "school trip")
    QTest.mouseClick(dialog.mark_button, LEFT)
    qtbot.waitUntil(lambda: texts(page, 4).count("Excused") == 3)
    assert page.list.undo_bar.text == "3 records were changed."
    QTest.mouseClick(page.list.undo_bar.button, LEFT)
    qtbot.waitUntil(lambda: texts(page, 4).count("Absent") == 4)
    assert page.list.undo_bar.text == ""


def test_a_record_that_somebody_else_changed_is_said_and_what_was_typed_stays(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    session = held(kiosk)
    page = show_page()
    choose(page, 0)
    dialog = mark_dialog(page, qtbot)
    kiosk.app.attendance.marks.mark(
        session.session_id, kiosk.students[5].student_id, Status.LATE, actor=admin("Bo"), reason="bus"
    )
    QTest.mouseClick(dialog.chips[Status.EXCUSED], LEFT)
    QTest.keyClicks(dialog.reason.edit, "ill")
    QTest.mouseClick(dialog.mark_button, LEFT)
    qtbot.waitUntil(lambda: "Somebody else changed the record of Farid Haddad" in dialog.banner.text)
    assert dialog.reason.text == "ill"
    dialog.dismiss()


def open_first(page: RecordsPage, qtbot: QtBot, row: int = 0) -> None:
    page.list.list.table.selectRow(row)
    page.list.list.table.setFocus()
    QTest.keyClick(page.list.list.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.record.file is not None and page.record.title.text() != "")


def test_one_record_tells_how_it_came_about(kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot) -> None:
    held(kiosk)
    page = show_page()
    open_first(page, qtbot, row=3)
    record = page.record
    assert record.title.text() == "Anita Rao · CS 101"
    assert record.state.text() == "Present, by phone"
    (proof,) = record.proofs.texts
    assert "The student scanned the code and confirmed on a phone." in proof
    assert record.changes.texts == ["It was never changed."]
    assert record.rechecks.isHidden(), "there was none"
    assert any("Begun by" in said for said in record.facts.texts)
    QTest.mouseClick(record.back_button, LEFT)
    assert page.stack.currentWidget() is not record


def test_one_record_is_corrected_and_put_back_on_its_page(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    held(kiosk)
    page = show_page()
    open_first(page, qtbot)
    record = page.record
    QTest.mouseClick(record.change_button, LEFT)
    dialog = record.dialog
    assert isinstance(dialog, MarkDialog)
    QTest.mouseClick(dialog.chips[Status.LATE], LEFT)
    QTest.keyClicks(dialog.reason.edit, "came at noon")
    QTest.mouseClick(dialog.mark_button, LEFT)
    qtbot.waitUntil(lambda: record.state.text() == "Late, by hand")
    assert "Tom: Absent → Late, by hand (came at noon)" in record.changes.texts[0]
    assert record.undo_bar.text == "Absent → Late, by hand"
    QTest.mouseClick(record.undo_bar.button, LEFT)
    qtbot.waitUntil(lambda: record.state.text() == "Absent")
    assert len(record.changes.texts) == 2


def test_a_students_message_is_answered_on_the_records_page(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    session = held(kiosk)
    student = kiosk.students[5]
    known = kiosk.app.core.store.read(
        lambda repositories: repositories.records.find(session.session_id, student.student_id)
    )
    assert known is not None
    kiosk.app.records.objections.make(student.student_id, known.record_id, "I sat at the back")
    page = show_page()
    assert texts(page, 7)[0] == "message waits"
    open_first(page, qtbot)
    record = page.record
    assert "It waits for an answer." in record.messages.texts[0]
    QTest.mouseClick(record.answer_button, LEFT)
    dialog = record.dialog
    assert isinstance(dialog, AnswerDialog)
    QTest.mouseClick(dialog.send_button, LEFT)
    assert dialog.answer.error == "Say why the record stays."
    QTest.mouseClick(dialog.chips[Status.PRESENT], LEFT)
    QTest.mouseClick(dialog.send_button, LEFT)
    qtbot.waitUntil(lambda: record.state.text() == "Present, by hand")
    assert not record.answer_button.isVisible()


def test_a_students_other_records_are_one_click_away(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    held(kiosk)
    page = show_page()
    open_first(page, qtbot, row=3)
    QTest.mouseClick(page.record.student_button, LEFT)
    qtbot.waitUntil(lambda: texts(page, 2) == ["Anita Rao"])
    assert page.list.bar.student_chip.text() == "Only Anita Rao  ✕"
    QTest.mouseClick(page.list.bar.student_chip, LEFT)
    qtbot.waitUntil(lambda: shown(page) == 6)


def save_view(page: RecordsPage, qtbot: QtBot, name: str) -> None:
    views = page.list.views
    QTest.mouseClick(views.save_button, LEFT)
    dialog = views.dialog
    assert isinstance(dialog, NameDialog)
    dialog.name.edit.clear()
    QTest.keyClicks(dialog.name.edit, name)
    QTest.keyClick(dialog.name.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: views.view is not None and views.view.name == name)


def test_a_view_is_saved_and_is_what_records_open_with(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    held(kiosk)
    page = show_page()
    QTest.mouseClick(page.list.list.chips[Status.ABSENT.value], LEFT)
    qtbot.waitUntil(lambda: shown(page) == 4)
    save_view(page, qtbot, "Who was missing")
    views = page.list.views
    views.menu.aboutToShow.emit()
    views.default_action.trigger()
    qtbot.waitUntil(lambda: "opens with the view" in page.list.list.banner.text)

    again = show_page(rows=4)
    assert again.list.list.chips[Status.ABSENT.value].isChecked()
    assert again.list.views.view is not None
    QTest.mouseClick(again.list.list.chips[Status.ABSENT.value], LEFT)
    qtbot.waitUntil(lambda: shown(again) == 6)
    qtbot.waitUntil(lambda: again.list.views.view is None)


def test_a_view_is_renamed_and_deleted_after_a_question(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    held(kiosk)
    page = show_page()
    save_view(page, qtbot, "All of it")
    views = page.list.views
    views.rename_action.trigger()
    dialog = views.dialog
    assert isinstance(dialog, NameDialog)
    QTest.keyClicks(dialog.name.edit, "Everything")
    QTest.keyClick(dialog.name.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: views.view is not None and views.view.name == "Everything")
    qtbot.waitUntil(lambda: views.box.count() == 2)
    views.delete_action.trigger()
    asked = views.dialog
    assert isinstance(asked, ConfirmDialog)
    QTest.mouseClick(asked.action_button, LEFT)
    qtbot.waitUntil(lambda: views.box.count() == 1)
    assert "is deleted" in page.list.list.banner.text


def test_a_view_of_a_deleted_course_opens_without_it_and_says_so(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    held(kiosk)
    tom = Actor.of(kiosk.teacher)
    kiosk.app.records.views.save("Gone", RecordQuestion(course_id=99), is_shared=False, actor=tom)
    page = show_page()
    qtbot.waitUntil(lambda: page.list.views.box.count() == 2)
    page.list.views.box.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "course of this view was deleted" in page.list.list.banner.text)
    qtbot.waitUntil(lambda: shown(page) == 6)


def test_somebody_else_does_not_find_what_was_narrowed_before(
    kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot
) -> None:
    held(kiosk)
    page = show_page()
    page.list.bar.choose_student(kiosk.students[0])
    qtbot.waitUntil(lambda: shown(page) == 1)
    page.show_for(Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: shown(page) == 6)


def test_a_course_at_a_time_is_still_there(kiosk: GuiKiosk, show_page: ShowPage, qtbot: QtBot) -> None:
    held(kiosk)
    page = show_page()
    QTest.mouseClick(page.course_chip, LEFT)
    qtbot.waitUntil(lambda: page.by_course.sessions.rowCount() == 1)
    assert not page.list.views.isVisible()
    QTest.mouseClick(page.list_chip, LEFT)
    qtbot.waitUntil(page.list.views.isVisible)


def test_what_is_shown_is_saved_as_a_table(
    kiosk: GuiKiosk, show_page: ShowPage, tmp_path: Path, qtbot: QtBot
) -> None:
    held(kiosk)
    page = show_page(Actor.of(kiosk.admin))
    assert page.list.list.output.save_button.isVisible()
    page.list.list.output.save_to(tmp_path / "all.csv")
    qtbot.waitUntil(lambda: "6 rows were written" in page.list.list.banner.text)
    written = (tmp_path / "all.csv").read_text(encoding="utf-8-sig")
    assert "Anita Rao" in written


def test_on_a_small_screen_the_register_gets_as_much_room_as_the_sessions(
    qtbot: QtBot, kiosk: GuiKiosk, show_page: ShowPage
) -> None:
    held(kiosk)
    page = show_page()
    QTest.mouseClick(page.course_chip, LEFT)
    view = page.by_course
    qtbot.waitUntil(lambda: view.sessions.rowCount() == 1)
    assert view.sessions.isColumnHidden(view.sessions.columnCount() - 1), "nobody counted the room"
    page.resize(1200, 700)
    qtbot.waitUntil(lambda: abs(view.register.width() - view.sessions.width()) < 40)
    page.resize(1900, 900)
    qtbot.waitUntil(lambda: view.sessions.width() > 1.3 * view.register.width())
