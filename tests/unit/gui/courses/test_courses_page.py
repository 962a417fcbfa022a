from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.courses.meetings import WeeklySlot
from kiosk.domain.courses.terms import Holiday, Span
from kiosk.domain.people.staff import User
from kiosk.gui.attendance.afterwards.add_session import AddSessionDialog
from kiosk.gui.courses.course_dialogs import CopyDialog, CourseDialog
from kiosk.gui.courses.course_page import CLASSES, TIMETABLE
from kiosk.gui.courses.courses_page import CoursesPage
from kiosk.gui.courses.import_class_list import ImportClassListDialog
from kiosk.gui.courses.time_dialogs import DateDialog, SlotDialog, SpanDialog
from kiosk.gui.courses.timetable_tab import FIRST_AT
from kiosk.gui.desk import Desk
from kiosk.gui.places import Place
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.dialogs import ConfirmDialog
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk


@pytest.fixture
def desk(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> Iterator[Desk]:
    made = Desk(kiosk.app, theme)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    if made.opener.dialog is not None:
        made.opener.dialog.dismiss()


@pytest.fixture
def courses(qtbot: QtBot, kiosk: GuiKiosk, desk: Desk) -> Callable[[User], CoursesPage]:
    """The place, for whom it is given."""

    def go(user: User) -> CoursesPage:
        desk.show_for(user)
        desk.go_to(Place.COURSES)
        page = desk.pages[Place.COURSES]
        assert isinstance(page, CoursesPage)
        qtbot.waitUntil(lambda: page.list.model.rowCount() > 0)
        return page

    return go


def codes(page: CoursesPage) -> list[str]:
    return [row[0] for row in page.list.texts()]


def open_course(qtbot: QtBot, page: CoursesPage, kiosk: GuiKiosk, tab: int = 0) -> None:
    page.show_course(kiosk.course.course_id, tab=tab)
    qtbot.waitUntil(lambda: page.page.course is not None and page.page.students.model.rowCount() > 0)


def test_the_list_says_what_each_course_is_and_enter_opens_it(
    qtbot: QtBot, kiosk: GuiKiosk, courses: Callable[[User], CoursesPage]
) -> None:
    kiosk.app.courses.teachers.assign(kiosk.course, [kiosk.teacher.user_id], actor=admin())
    page = courses(kiosk.admin)
    assert page.list.texts() == [("CS 101", "Algorithms", "Tom", "6", "–", "", "Active")]
    QTest.keyClicks(page.list.search, "tom")
    qtbot.waitUntil(lambda: page.list.model.asked.search == "tom")
    QTest.keyClick(page.list.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.page.head.title.text() == "CS 101 · Algorithms")
    assert "Tom · 6 students · Room 4.12" in page.page.head.facts.text()
    QTest.keyClick(page.page.tabs, Qt.Key.Key_Escape)
    assert page.stack.currentIndex() == 0


def test_a_teacher_looks_and_changes_nothing(
    qtbot: QtBot, kiosk: GuiKiosk, courses: Callable[[User], CoursesPage]
) -> None:
    page = courses(kiosk.teacher)
    open_course(qtbot, page, kiosk)
    shown = (page.new_button, page.year_button, page.import_button, page.page.head.edit_button)
    more = (page.page.head.archive_button, page.page.register_button, page.page.timetable.slot_button)
    assert not any(one.isVisibleTo(page) for one in (*shown, *more))


def test_a_new_course_is_made_with_its_teachers_and_shown(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    page = courses(kiosk.admin)
    page.new_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, CourseDialog)
    qtbot.waitUntil(dialog.save_button.isEnabled)
    QTest.keyClicks(dialog.code.edit, "MA 2")
    QTest.keyClicks(dialog.title_field.edit, "Algebra")
    dialog.teachers[kiosk.teacher.user_id].setChecked(True)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.page.head.title.text() == "MA 2 · Algebra")
    assert kiosk.app.courses.teachers.taught_by(kiosk.teacher.user_id) == {page.page.course_id}


def test_a_code_that_is_taken_is_said_and_what_was_typed_stays(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    courses(kiosk.admin).new_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, CourseDialog)
    qtbot.waitUntil(dialog.save_button.isEnabled)
    QTest.keyClicks(dialog.code.edit, "cs 101")
    dialog.save_button.click()
    qtbot.waitUntil(lambda: "exists already" in dialog.banner.text)
    assert dialog.code.text == "cs 101"


def test_the_second_of_two_admins_is_told_that_the_course_changed(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    page = courses(kiosk.admin)
    open_course(qtbot, page, kiosk)
    page.page.head.edit_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, CourseDialog)
    qtbot.waitUntil(dialog.save_button.isEnabled)
    editing = kiosk.app.courses.editing
    editing.archive(kiosk.course, actor=admin("Eva"))
    dialog.room.edit.setText("Hall 9")
    dialog.save_button.click()
    qtbot.waitUntil(lambda: "Somebody else changed CS 101" in dialog.banner.text)
    assert editing.course(kiosk.course.course_id).room == "Room 4.12"


def test_a_copy_is_made_and_shown(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    page = courses(kiosk.admin)
    open_course(qtbot, page, kiosk)
    page.page.head.copy_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, CopyDialog)
    QTest.keyClicks(dialog.code.edit, "CS 101-B")
    dialog.students.setChecked(True)
    dialog.save_button.click()
    qtbot.waitUntil(lambda: page.page.head.title.text().startswith("CS 101-B"))
    qtbot.waitUntil(lambda: page.page.students.model.rowCount() == len(kiosk.students))


def test_a_course_is_archived_hidden_found_by_the_filter_and_reopened(
    qtbot: QtBot, kiosk: GuiKiosk, courses: Callable[[User], CoursesPage]
) -> None:
    kiosk.app.courses.lists.add_course(code="MA 2", title="Algebra", room="", actor=admin())
    page = courses(kiosk.admin)
    open_course(qtbot, page, kiosk)
    page.page.head.archive_button.click()
    qtbot.waitUntil(lambda: page.page.head.archive_button.text() == "Reopen")
    page.page.head.back_button.click()
    qtbot.waitUntil(lambda: codes(page) == ["MA 2"])
    page.list.chips["archived"].click()
    qtbot.waitUntil(lambda: codes(page) == ["CS 101"])
    page.list.table.selectRow(0)
    page._actions[1].click()  # Reopen
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 0)
    page.list.chips["archived"].click()
    qtbot.waitUntil(lambda: codes(page) == ["CS 101", "MA 2"])


def test_a_course_with_an_open_class_is_not_archived_and_says_why(
    qtbot: QtBot, kiosk: GuiKiosk, courses: Callable[[User], CoursesPage]
) -> None:
    page = courses(kiosk.admin)
    kiosk.start()
    open_course(qtbot, page, kiosk)
    page.page.head.archive_button.click()
    qtbot.waitUntil(lambda: "A class of CS 101 is open" in page.page.banner.text)
    assert page.page.head.archive_button.text() == "Archive"


def test_students_leave_after_a_question_and_are_registered_again(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    page = courses(kiosk.admin)
    open_course(qtbot, page, kiosk)
    page.page.students.table.selectRow(0)
    page.page.leave_button.click()
    qtbot.waitUntil(lambda: isinstance(desk.opener.dialog, ConfirmDialog))
    asked = desk.opener.dialog
    assert isinstance(asked, ConfirmDialog)
    asked.action_button.click()
    qtbot.waitUntil(lambda: page.page.students.model.rowCount() == 5)
    page.page.register_button.click()
    qtbot.waitUntil(lambda: [row[0] for row in page.register.list.texts()] == ["Farid Haddad"])
    QTest.keyClicks(page.register.list.search, "farid")
    qtbot.waitUntil(lambda: page.register.list.model.asked.search == "farid")
    QTest.keyClick(page.register.list.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.register.list.model.rowCount() == 0)
    page.register.back_button.click()
    qtbot.waitUntil(lambda: page.page.students.model.rowCount() == 6)


def test_a_class_list_is_imported_for_the_course_that_is_shown(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    page = courses(kiosk.admin)
    open_course(qtbot, page, kiosk)
    page.page.import_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, ImportClassListDialog)
    assert dialog.code.currentText() == "CS 101"


def test_weekly_times_are_added_changed_removed_and_brought_back(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    page = courses(kiosk.admin)
    open_course(qtbot, page, kiosk, tab=TIMETABLE)
    tab, day = page.page.timetable, kiosk.app.core.today().weekday()
    tab.slot_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, SlotDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(tab.table.texts()) == 1)
    assert tab.week.texts()[day] == "08:00–09:30"
    tab.table.selectRow(0)
    tab.change_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, SlotDialog)
    dialog.when.minutes.setValue(45)
    dialog.save_button.click()
    qtbot.waitUntil(lambda: tab.week.texts()[day] == "08:00–08:45")
    tab.table.selectRow(0)
    tab.remove_button.click()
    qtbot.waitUntil(lambda: tab.table.texts() == [] and tab.undo_button.isVisible())
    tab.undo_button.click()
    qtbot.waitUntil(lambda: len(tab.table.texts()) == 1)


def test_overlapping_times_are_refused_in_the_form(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    day = kiosk.app.core.today().weekday()
    slot = WeeklySlot(0, kiosk.course.course_id, day, FIRST_AT, 45)
    kiosk.app.courses.timetables.save_slot(slot, actor=admin())
    page = courses(kiosk.admin)
    open_course(qtbot, page, kiosk, tab=TIMETABLE)
    page.page.timetable.slot_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, SlotDialog)
    dialog.save_button.click()
    qtbot.waitUntil(lambda: "meets at that time already" in dialog.banner.text)


def test_a_single_date_is_added_and_the_weeks_go_on(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    page = courses(kiosk.admin)
    open_course(qtbot, page, kiosk, tab=TIMETABLE)
    tab = page.page.timetable
    tab.date_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, DateDialog)
    dialog.day.setDate(dialog.day.date().addDays(7))
    dialog.when.room.edit.setText("Hall 2")
    dialog.save_button.click()
    qtbot.waitUntil(lambda: len(tab.table.texts()) == 1)
    assert not any(tab.week.texts())
    tab.week.later_button.click()
    qtbot.waitUntil(lambda: "08:00–09:30\nHall 2" in tab.week.texts())


def test_classes_and_forgotten_meetings_stand_in_one_list(
    qtbot: QtBot, kiosk: GuiKiosk, courses: Callable[[User], CoursesPage]
) -> None:
    session = kiosk.start()
    kiosk.mark(session, kiosk.students[0])
    kiosk.app.attendance.sessions.end(session.session_id, actor=admin())
    page = courses(kiosk.admin)
    open_course(qtbot, page, kiosk, tab=CLASSES)
    qtbot.waitUntil(lambda: page.page.classes.model.rowCount() == 1)
    assert page.page.classes.texts()[0][2:6] == ("Done", "1", "0", "5")


def test_terms_and_holidays_are_kept_and_removed_after_a_question(
    qtbot: QtBot, kiosk: GuiKiosk, desk: Desk, courses: Callable[[User], CoursesPage]
) -> None:
    today = kiosk.app.core.today()
    year = kiosk.app.courses.year
    year.save_holiday(Holiday(0, Span("Snow", today, today)), actor=admin())
    page = courses(kiosk.admin)
    page.year_button.click()
    qtbot.waitUntil(lambda: [row[0] for row in page.year.holidays.table.texts()] == ["Snow"])
    page.year.terms.add_button.click()
    dialog = desk.opener.dialog
    assert isinstance(dialog, SpanDialog)
    QTest.keyClicks(dialog.name.edit, "Autumn")
    dialog.last.setDate(dialog.last.date().addDays(-1))
    dialog.save_button.click()
    qtbot.waitUntil(lambda: "end before it begins" in dialog.banner.text)
    dialog.last.setDate(dialog.last.date().addDays(31))
    dialog.save_button.click()
    qtbot.waitUntil(lambda: len(page.year.terms.table.texts()) == 1)
    assert year.terms()[0].span == Span("Autumn", today, today + timedelta(days=30))
    page.year.holidays.table.selectRow(0)
    page.year.holidays.remove_button.click()
    asked = desk.opener.dialog
    assert isinstance(asked, ConfirmDialog)
    asked.action_button.click()
    qtbot.waitUntil(lambda: page.year.holidays.table.texts() == [])


def test_two_hundred_courses_are_listed_a_page_at_a_time(
    qtbot: QtBot, kiosk: GuiKiosk, courses: Callable[[User], CoursesPage]
) -> None:
    def fill(repositories: object) -> None:
        for number in range(200):
            kiosk_courses = repositories.courses  # type: ignore[attr-defined]
            kiosk_courses.add(code=f"X {number:03}", title=f"Course {number}")

    kiosk.app.core.store.write(fill)
    page = courses(kiosk.admin)
    qtbot.waitUntil(lambda: page.list.model.rowCount() == 201)
    QTest.keyClicks(page.list.search, "X 199")
    qtbot.waitUntil(lambda: codes(page) == ["X 199"])
    assert page.window().focusWidget() is page.list.search


def test_a_class_of_a_course_opens_on_a_page_and_one_is_added_afterwards(
    qtbot: QtBot, kiosk: GuiKiosk, courses: Callable[[User], CoursesPage]
) -> None:
    held = kiosk.start()
    kiosk.runtime.end_class(actor=admin())
    page = courses(kiosk.teacher)
    open_course(qtbot, page, kiosk, tab=CLASSES)
    qtbot.waitUntil(lambda: len(page.page.classes.texts()) == 1)
    page.page.classes.table.selectRow(0)
    QTest.keyClick(page.page.classes.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.session.menu.isEnabled() and page.session.register.state.session is not None)
    assert page.session.register.state.session_id == held.session_id
    QTest.keyClick(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.page.add_button.isVisible)

    page.page.add_button.click()
    dialog = kiosk_dialog(page)
    qtbot.waitUntil(lambda: dialog.found.text() != "")
    dialog.moment.show_times(kiosk.app.core.clock.now() - timedelta(hours=30), timedelta(hours=1))
    dialog.add_session_button.click()
    qtbot.waitUntil(lambda: page.session.banner.text.startswith("Added afterwards"))
    page.session.back_button.click()
    qtbot.waitUntil(lambda: len(page.page.classes.texts()) == 2)
    assert page.page.classes.texts()[1][2] == "Added afterwards, not marked yet"


def kiosk_dialog(page: CoursesPage) -> AddSessionDialog:
    (dialog,) = page.window().findChildren(AddSessionDialog)
    return dialog


def test_the_page_of_a_course_of_others_names_nobody(
    qtbot: QtBot, kiosk: GuiKiosk, courses: Callable[[User], CoursesPage]
) -> None:
    own = kiosk.app.courses.lists.add_course(code="MA 2", title="", room="", actor=admin())
    kiosk.app.courses.teachers.assign(own, [kiosk.teacher.user_id], actor=admin())
    page = courses(kiosk.teacher)
    assert codes(page) == ["MA 2"]
    page.show_course(kiosk.course.course_id)
    qtbot.waitUntil(lambda: "taught by somebody else" in page.page.banner.text)
    assert page.page.head.title.text() == "…"
    assert page.page.students.model.rowCount() == 0
