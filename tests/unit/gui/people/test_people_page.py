"""People: the list with its filters, and one student's page with everything that is done there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.people.consents import ConsentState
from kiosk.domain.people.staff import User
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.faces.enrol_guided import GuidedEnrolmentDialog
from kiosk.gui.people.one_student import OneStudentDialog
from kiosk.gui.people.people_page import PeoplePage
from kiosk.gui.people.person.merge_dialog import MergeDialog
from kiosk.gui.people.person.person_page import PersonPage, Tab
from kiosk.gui.people.pin_slips import PinSlipsDialog
from kiosk.gui.phones.student_phones import StudentPhonesDialog
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

LEFT = Qt.MouseButton.LeftButton
Show = Callable[[User], PeoplePage]


@pytest.fixture
def show(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path) -> Show:
    theme.apply()

    def work(user: User) -> PeoplePage:
        window = QWidget()
        opener = DialogOpener(kiosk.app, theme, window)
        opener.user = user
        page = PeoplePage(kiosk.app, theme, opener, Remembered(tmp_path))
        qtbot.addWidget(window)
        qtbot.addWidget(page)
        page.resize(1366, 768)
        page.show()
        page.show_for(Actor.of(user))
        qtbot.waitUntil(lambda: page.list.model.rowCount() == len(kiosk.students))
        return page

    return work


@pytest.fixture
def open_person(qtbot: QtBot, kiosk: GuiKiosk, show: Show) -> Callable[[Student], PersonPage]:
    """The page of a student, opened by the admin."""

    def work(student: Student) -> PersonPage:
        page = show(kiosk.admin)
        page.open_person(student.student_id)
        qtbot.waitUntil(lambda: page.person.person is not None)
        return page.person

    return work


def test_people_are_listed_by_family_name_and_filters_narrow_them_down(
    qtbot: QtBot, kiosk: GuiKiosk, show: Show
) -> None:
    kiosk.enrol_face(kiosk.students[0])
    page = show(kiosk.admin)
    assert [row[0] for row in page.list.texts()] == [
        "Farid Haddad",
        "Elif Kaya",
        "Ben Okafor",
        "Anita Rao",
        "Dara Singh",
        "Chen Wei",
    ]
    QTest.mouseClick(page.list.chips["no_consent"], LEFT)
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 5)
    assert "Anita Rao" not in {row[0] for row in page.list.texts()}


def test_a_row_opens_the_page_and_back_leads_to_the_list(qtbot: QtBot, kiosk: GuiKiosk, show: Show) -> None:
    page = show(kiosk.admin)
    page.list.table.selectRow(3)
    QTest.keyClick(page.list.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.person.person is not None)
    assert page.person.title.text() == "Anita Rao"
    QTest.mouseClick(page.person.back_button, LEFT)
    assert page.list.isVisible()


def test_a_teacher_sees_neither_enrolment_nor_buttons_that_change_people(
    qtbot: QtBot, kiosk: GuiKiosk, show: Show
) -> None:
    page = show(kiosk.teacher)
    assert [column.name for column in page.list.model.columns] == [
        "name",
        "number",
        "courses",
        "attendance",
        "seen",
    ]
    assert set(page.list.chips) == {"below_limit", "inactive"}
    page.open_person(kiosk.students[0].student_id)
    qtbot.waitUntil(lambda: page.person.person is not None)
    assert not page.person.tabs[Tab.FACE].isVisible()
    assert not page.person.whole.isVisible()
    assert page.person.details.fields["full_name"].edit.isReadOnly()
    assert not page.person.details.save_button.isVisible()


def test_a_changed_name_is_saved_with_enter(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    person = open_person(kiosk.students[0])
    assert person.details.fields["family_name"].edit.placeholderText() == "Rao"
    assert not person.details.save_button.isEnabled()
    called = person.details.fields["called"].edit
    QTest.keyClicks(called, "Ani")
    QTest.keyClick(called, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "called Ani" in person.subtitle.text())
    assert person.banner.text == "Anita Rao is saved."
    assert kiosk.app.courses.lists.student("S001").called == "Ani"


def test_a_wrong_number_is_said_and_what_was_typed_stays(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    person = open_person(kiosk.students[0])
    number = person.details.fields["student_no"].edit
    number.setText("S002")
    QTest.keyClick(number, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "exists already" in person.banner.text)
    assert (number.text(), person.details.save_button.isEnabled()) == ("S002", True)


def test_leaving_asks_before_what_was_typed_is_lost(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    person = open_person(kiosk.students[0])
    QTest.keyClicks(person.details.fields["called"].edit, "Ani")
    QTest.keyClick(person, Qt.Key.Key_Escape)
    assert person.question is not None
    assert person.isVisible()
    QTest.mouseClick(person.question.cancel_button, LEFT)
    assert person.details.fields["called"].text == "Ani"
    QTest.mouseClick(person.back_button, LEFT)
    with qtbot.waitSignal(person.left):
        QTest.mouseClick(person.question.action_button, LEFT)
    assert kiosk.app.courses.lists.student("S001").called == ""


@pytest.mark.parametrize("keeps_mine", [True, False])
def test_the_second_of_two_sees_both_versions_and_chooses(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage], keeps_mine: bool
) -> None:
    student = kiosk.students[0]
    person = open_person(student)
    theirs = replace(student, email="a@x.example", called="Anita")
    kiosk.app.people.persons.change(student, theirs, actor=admin("Eva"))
    called = person.details.fields["called"].edit
    QTest.keyClicks(called, "Ani")
    QTest.keyClick(called, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: person.details.versions is not None)
    versions = person.details.versions
    assert versions is not None
    assert ("E-mail", "a@x.example", "a@x.example") in versions.table.texts()
    assert ("Called on the screen", "Anita", "Ani") in versions.table.texts()
    QTest.mouseClick(versions.mine_button if keeps_mine else versions.theirs_button, LEFT)
    qtbot.waitUntil(lambda: "is saved" in person.banner.text)
    wanted = replace(theirs, called="Ani") if keeps_mine else theirs
    assert kiosk.app.courses.lists.student("S001") == wanted


def test_a_student_leaves_a_course_and_comes_into_another(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    kiosk.app.courses.lists.add_course(code="BIO", title="Biology", room="", actor=admin())
    person = open_person(kiosk.students[0])
    QTest.mouseClick(person.courses.leave_buttons["CS 101"], LEFT)
    assert person.courses.question is not None
    QTest.mouseClick(person.courses.question.action_button, LEFT)
    qtbot.waitUntil(lambda: not person.courses.leave_buttons)
    first = person.courses.question
    QTest.mouseClick(person.courses.add_course_button, LEFT)
    qtbot.waitUntil(lambda: person.courses.question is not first)
    assert person.courses.question is not None
    person.courses.course.setCurrentIndex(0)
    QTest.mouseClick(person.courses.question.action_button, LEFT)
    qtbot.waitUntil(lambda: set(person.courses.leave_buttons) == {"BIO"})


def test_deactivating_asks_and_reactivating_does_not(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    person = open_person(kiosk.students[0])
    QTest.mouseClick(person.whole.active_button, LEFT)
    assert person.whole.question is not None
    QTest.mouseClick(person.whole.question.action_button, LEFT)
    qtbot.waitUntil(lambda: person.whole.active_button.text() == "Reactivate")
    assert person.subtitle.text().endswith("inactive")
    QTest.mouseClick(person.whole.active_button, LEFT)
    qtbot.waitUntil(lambda: person.whole.active_button.text() == "Deactivate…")


def test_several_are_deactivated_from_the_list_at_once(qtbot: QtBot, kiosk: GuiKiosk, show: Show) -> None:
    page = show(kiosk.admin)
    page.list.with_chosen(page._ask_to_deactivate)
    page.list.table.selectAll()
    page.list.with_chosen(page._ask_to_deactivate)
    qtbot.waitUntil(lambda: page.question is not None and "6 students" in page.question.windowTitle())
    assert page.question is not None
    QTest.mouseClick(page.question.action_button, LEFT)
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 0)
    QTest.mouseClick(page.list.chips["inactive"], LEFT)
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 6)


def test_deleting_asks_and_leads_back_to_the_list(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    person = open_person(kiosk.students[0])
    QTest.mouseClick(person.whole.delete_button, LEFT)
    assert person.whole.question is not None
    with qtbot.waitSignal(person.left) as left:
        QTest.mouseClick(person.whole.question.action_button, LEFT)
    assert left.args is not None
    assert left.args[0].startswith("Anita Rao is deleted. 0 records stay")


def test_consent_is_recorded_and_withdrawn_on_the_page(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    person = open_person(kiosk.students[0])
    person.turn(Tab.FACE)
    assert person.face.state.text() == "Has not answered"
    assert not person.face.take_button.isEnabled()
    QTest.mouseClick(person.face.yes_button, LEFT)
    qtbot.waitUntil(lambda: person.face.question is not None)
    assert person.face.question is not None
    QTest.mouseClick(person.face.question.action_button, LEFT)
    qtbot.waitUntil(lambda: person.face.state.text() == "Yes")
    assert person.face.take_button.isEnabled()
    assert len(person.face.history.texts()) == 1
    first = person.face.question
    QTest.mouseClick(person.face.no_button, LEFT)
    qtbot.waitUntil(lambda: person.face.question is not first)
    assert person.face.question is not None
    QTest.mouseClick(person.face.question.action_button, LEFT)
    qtbot.waitUntil(lambda: person.face.state.text() == "No")
    standing = kiosk.app.people.consents.standing(kiosk.students[0].student_id)
    assert standing.state is ConsentState.NO


def test_a_picture_is_removed_after_a_question(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    kiosk.enrol_face(kiosk.students[0])
    person = open_person(kiosk.students[0])
    person.turn(Tab.FACE)
    (remove,) = person.face.remove_buttons.values()
    QTest.mouseClick(remove, LEFT)
    assert person.face.question is not None
    assert person.face.question.cancel_button.isDefault()
    QTest.mouseClick(person.face.question.action_button, LEFT)
    qtbot.waitUntil(lambda: not person.face.remove_buttons)
    assert person.face.none.isVisible()


def test_attendance_is_a_share_a_calendar_and_a_list(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    student = kiosk.students[0]
    session = kiosk.start()
    kiosk.app.attendance.marks.mark(
        session.session_id, student.student_id, Status.LATE, actor=admin(), reason="bus"
    )
    kiosk.runtime.end_class(actor=admin())
    person = open_person(student)
    person.turn(Tab.ATTENDANCE)
    assert person.attendance.share.text() == "100 %"
    day = session.started_at.astimezone(kiosk.app.core.zone).date()
    assert "CS 101: Late" in person.attendance.calendar.words_of(day)
    qtbot.waitUntil(lambda: person.attendance.list.model.rowCount() == 1)
    assert person.attendance.list.texts()[0][2] == "Late"
    assert not person.attendance.calendar.grab().isNull()


def test_a_days_words_are_found_under_its_square(
    kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    kiosk.start()
    kiosk.runtime.end_class(actor=admin())
    person = open_person(kiosk.students[0])
    person.turn(Tab.ATTENDANCE)
    calendar = person.attendance.calendar
    found = {calendar.day_at(x, 5) for x in range(calendar.width())}
    assert len(found - {None}) == 1


def _chosen_in(dialog: QWidget | None) -> Student | None:
    match dialog:
        case PinSlipsDialog():
            return dialog._chosen_student()
        case StudentPhonesDialog() | OneStudentDialog():
            return dialog.chosen
        case GuidedEnrolmentDialog():
            return dialog.students.chosen.student if dialog.students.chosen is not None else None
        case _:
            raise AssertionError(dialog)


@pytest.mark.parametrize(
    ("tab", "button", "kind"),
    [
        (Tab.PHONE, "phone.pin_button", PinSlipsDialog),
        (Tab.PHONE, "phone.enrol_button", StudentPhonesDialog),
        (Tab.DETAILS, "whole.save_button", OneStudentDialog),
        (Tab.FACE, "face.take_button", GuidedEnrolmentDialog),
    ],
)
def test_other_dialogs_open_for_this_student(
    qtbot: QtBot,
    kiosk: GuiKiosk,
    open_person: Callable[[Student], PersonPage],
    tab: Tab,
    button: str,
    kind: type[QWidget],
) -> None:
    student = kiosk.students[1]
    kiosk.allow_face(student)
    person = open_person(student)
    person.turn(tab)
    part, name = button.split(".")
    QTest.mouseClick(getattr(getattr(person, part), name), LEFT)
    dialog = person.whole.opener.dialog
    assert isinstance(dialog, kind)
    assert dialog is not None
    qtbot.waitUntil(lambda: _chosen_in(dialog) == student)
    dialog.dismiss()


def test_a_message_that_waits_is_counted_on_its_tab(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    student = kiosk.students[0]
    kiosk.start()
    kiosk.runtime.end_class(actor=admin())
    record = kiosk.app.records.student_data.overview(student.student_id).latest[0].record
    kiosk.app.records.objections.make(student.student_id, record.record_id, "I was there")
    person = open_person(student)
    assert person.tabs[Tab.MESSAGES].text() == "Messages (1)"


def test_somebody_who_is_gone_meanwhile_is_said_in_words(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    person = open_person(kiosk.students[0])
    kiosk.app.people.removal.remove(kiosk.students[0], actor=admin())
    person.reload()
    qtbot.waitUntil(lambda: "not in the list any more" in person.banner.text)


def test_two_entries_are_merged_from_the_list_after_a_look_and_taken_back(
    qtbot: QtBot, kiosk: GuiKiosk, show: Show
) -> None:
    page = show(kiosk.admin)
    page.list.table.selectRow(0)
    page.list.with_chosen(page._ask_to_merge)
    qtbot.waitUntil(lambda: "one and the same person" in page.list.banner.text)
    kept, gone = (row for row in (page.list.model.row(0), page.list.model.row(1)) if row is not None)
    page._ask_to_merge([kept, gone])
    dialog = page._opener.dialog
    assert isinstance(dialog, MergeDialog)
    qtbot.waitUntil(dialog.merge_button.isEnabled)
    assert dialog.stays.text().startswith("Farid Haddad, S006, stays")
    QTest.mouseClick(dialog.swap_button, LEFT)
    qtbot.waitUntil(dialog.merge_button.isEnabled)
    assert dialog.stays.text().startswith("Elif Kaya, S005, stays")
    QTest.mouseClick(dialog.merge_button, LEFT)
    qtbot.waitUntil(lambda: len(page.person.merges.undo_buttons) == 1)
    assert page.person.title.text() == "Elif Kaya"
    assert kiosk.app.courses.lists.student("S006").student_no == "S005"
    (undo,) = page.person.merges.undo_buttons.values()
    QTest.mouseClick(undo, LEFT)
    assert page.person.merges.question is not None
    QTest.mouseClick(page.person.merges.question.action_button, LEFT)
    qtbot.waitUntil(lambda: not page.person.merges.undo_buttons)
    assert kiosk.app.courses.lists.student("S006").full_name == "Farid Haddad"


def test_the_other_entry_is_found_on_the_page_and_what_hinders_is_said(
    qtbot: QtBot, kiosk: GuiKiosk, open_person: Callable[[Student], PersonPage]
) -> None:
    person = open_person(kiosk.students[0])
    kiosk.start()
    QTest.mouseClick(person.merges.merge_button, LEFT)
    qtbot.waitUntil(lambda: person.merges.question is not None)
    assert person.merges.question is not None
    person.merges.other.setEditText("Ben Okafor, S002")
    QTest.mouseClick(person.merges.question.action_button, LEFT)
    dialog = person.merges.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: "is open" in dialog.banner.text)
    assert not dialog.merge_button.isEnabled()
    dialog.reject()
