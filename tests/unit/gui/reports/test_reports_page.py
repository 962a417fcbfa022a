"""Reports in the window: choosing, reading, walking through them by keys, taking them along."""

from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.reports.kinds import ReportKind
from kiosk.domain.trust.rights import Actor
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.remembered import Remembered
from kiosk.gui.reports.report_choice import Span
from kiosk.gui.reports.reports_page import ReportsPage
from kiosk.gui.theme import Theme
from kiosk.wording.reports import report_words, summary
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk


def hold_a_class(kiosk: GuiKiosk) -> None:
    """Everybody but the last is marked by hand, the last is absent."""
    session = kiosk.start()
    for student in kiosk.students[:-1]:
        kiosk.app.attendance.marks.mark(
            session.session_id, student.student_id, Status.PRESENT, actor=admin(), reason="seen"
        )
    kiosk.runtime.end_class(actor=admin())


def make(
    qtbot: QtBot,
    kiosk: GuiKiosk,
    theme: Theme,
    remembered: Remembered | None = None,
    actor: Actor | None = None,
) -> ReportsPage:
    holder = QWidget()
    qtbot.addWidget(holder)
    page = ReportsPage(
        kiosk.app, theme, DialogOpener(kiosk.app, theme, holder), remembered or Remembered(), holder
    )
    holder.resize(1366, 900)
    page.resize(1366, 900)
    holder.show()
    page.show_for(actor or Actor.of(kiosk.admin))
    qtbot.waitUntil(lambda: page.report is not None, timeout=60_000)
    return page


def choose(qtbot: QtBot, page: ReportsPage, kind: ReportKind) -> None:
    """Press a report's chip and wait until it is read and drawn."""
    QTest.mouseClick(page.choice.chips[kind], Qt.MouseButton.LeftButton)
    wait_for(qtbot, page, kind)


def wait_for(qtbot: QtBot, page: ReportsPage, kind: ReportKind) -> None:
    title = report_words(kind).title

    def is_there() -> bool:
        return (
            page.report is not None
            and page.card.view.accessibleName() == title
            and page.card.view.picture is not None
        )

    qtbot.waitUntil(is_there, timeout=60_000)


@pytest.mark.parametrize("kind", [one for one in ReportKind if one is not ReportKind.BELOW_LIMIT])
def test_each_report_is_drawn_and_said_in_a_sentence(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, kind: ReportKind
) -> None:
    hold_a_class(kiosk)
    page = make(qtbot, kiosk, theme)
    if kind is ReportKind.ARRIVALS:  # marks by hand have no time of arrival
        QTest.mouseClick(page.choice.chips[kind], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: page.card.empty.text().endswith(report_words(kind).next_step), timeout=60_000)
        return
    choose(qtbot, page, kind)
    assert page.report is not None
    assert page.card.summary.text() == summary(page.report)
    assert page.card.view.accessibleDescription() == page.card.summary.text()
    assert page.card.view.grab().width() > 0


def test_without_a_class_the_page_says_what_to_do(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    page = make(qtbot, kiosk, theme)
    qtbot.waitUntil(lambda: "Choose other days" in page.card.empty.text(), timeout=60_000)
    assert page.card.table_area.currentWidget() is page.card.empty
    assert page.card.table_button.isHidden()


def test_the_keys_walk_through_a_report_and_enter_opens_a_students_calendar(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    hold_a_class(kiosk)
    page = make(qtbot, kiosk, theme)
    wait_for(qtbot, page, ReportKind.REGISTER)
    view = page.card.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    first = view.spot
    assert first is not None
    assert view.accessibleDescription() == page.card.said.text() == first.tip
    QTest.keyClick(view, Qt.Key.Key_Down)
    below = view.spot
    assert below is not None
    assert below.y > first.y
    assert below.opens is not None
    QTest.keyClick(view, Qt.Key.Key_Return)
    wait_for(qtbot, page, ReportKind.STUDENT)
    assert page.choice.student.currentData() == below.opens
    assert page.choice.kind is ReportKind.STUDENT


def test_a_click_on_a_name_opens_that_calendar(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    hold_a_class(kiosk)
    page = make(qtbot, kiosk, theme)
    wait_for(qtbot, page, ReportKind.REGISTER)
    picture = page.card.view.picture
    assert picture is not None
    spot = picture.spots[0]
    with qtbot.waitSignal(page.card.view.opened) as signal:
        QTest.mouseClick(
            page.card.view,
            Qt.MouseButton.LeftButton,
            pos=QPoint(round((spot.x + 5) * page.card.view.zoom), round((spot.y + 5) * page.card.view.zoom)),
        )
    assert signal.args == [spot.opens]


def test_the_same_figures_are_there_as_a_table_and_on_the_clipboard(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme
) -> None:
    hold_a_class(kiosk)
    page = make(qtbot, kiosk, theme)
    wait_for(qtbot, page, ReportKind.REGISTER)
    page.card.table_button.click()
    assert page.card.table is not None
    assert page.card.table_area.currentWidget() is page.card.table
    assert len(page.card.table.texts()) == len(kiosk.students)
    page.card.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == len(kiosk.students) + 1
    assert kiosk.students[0].student_no in {line.split("\t")[0] for line in lines}


def test_what_was_chosen_is_remembered(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    hold_a_class(kiosk)
    remembered = Remembered()
    page = make(qtbot, kiosk, theme, remembered)
    page.choice.span.setCurrentIndex(page.choice.span.findData(Span.MONTH))
    choose(qtbot, page, ReportKind.WEEKS)
    again = make(qtbot, kiosk, theme, remembered)
    assert again.choice.kind is ReportKind.WEEKS
    question = again.choice.question
    assert question is not None
    assert question.course_id == kiosk.course.course_id
    assert question.last == kiosk.app.core.today()
    assert question.first == kiosk.app.core.today() - timedelta(days=29)


def test_the_report_is_saved_as_pdf_and_the_page_says_where(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, tmp_path: Path
) -> None:
    hold_a_class(kiosk)
    page = make(qtbot, kiosk, theme)
    wait_for(qtbot, page, ReportKind.REGISTER)
    question = page.choice.question
    assert question is not None
    target = tmp_path / "register.pdf"
    page.save_to(target, question)
    qtbot.waitUntil(lambda: str(target) in page.banner.text, timeout=60_000)
    assert "Course register" in PdfReader(target).pages[0].extract_text()
    assert not page.open_button.isHidden()
    page.save_to(tmp_path / "gone" / "register.pdf", question)
    qtbot.waitUntil(lambda: "does not exist" in page.banner.text, timeout=60_000)
    assert page.save_button.isEnabled()


def test_a_teacher_chooses_among_own_courses(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    other = kiosk.app.courses.lists.add_course(code="ZZ 9", title="Other", room="", actor=admin())
    kiosk.app.courses.teachers.assign(kiosk.course, [kiosk.teacher.user_id], actor=admin())
    page = make(qtbot, kiosk, theme, actor=Actor.of(kiosk.teacher))
    box = page.choice.course
    labels = [box.itemText(place) for place in range(box.count())]
    assert labels == ["All courses", kiosk.course.label]
    assert other.label not in labels


def test_a_new_look_is_painted_at_once(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
    hold_a_class(kiosk)
    page = make(qtbot, kiosk, theme)
    wait_for(qtbot, page, ReportKind.REGISTER)
    before = page.card.view.grab().toImage()
    theme.changed.emit()
    assert page.card.view.grab().toImage() == before
