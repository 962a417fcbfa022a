"""One class with the odd cases: whatever says how many there are says the same."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import Days
from kiosk.gui.attendance.facts import meetings_of
from kiosk.gui.attendance.lesson.summary_view import SummaryView
from kiosk.gui.attendance.roster.panel import RosterPanel
from kiosk.gui.attendance.roster.state import RosterFilter
from kiosk.gui.bridge import Bridge
from kiosk.gui.theme import Theme
from kiosk.gui.window import MainWindow
from kiosk.storage.store import Repositories
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk

TOM = admin("Tom")


def register(kiosk: GuiKiosk, number: str, name: str) -> Student:
    """Put somebody new into the course, as a class list that is read during the class does."""
    day = kiosk.app.core.today()

    def work(repositories: Repositories) -> Student:
        student = repositories.students.add(student_no=number, full_name=name, email="")
        repositories.courses.register(kiosk.course.course_id, student.student_id, day)
        return student

    return kiosk.app.core.store.write(work)


def leave(kiosk: GuiKiosk, student: Student) -> None:
    """Take somebody out of the course, from today on."""
    day = kiosk.app.core.today()
    kiosk.app.core.store.write(
        lambda repositories: repositories.courses.unregister(kiosk.course.course_id, student.student_id, day)
    )


def deactivate(kiosk: GuiKiosk, student: Student) -> None:
    """Somebody is away for long, from today on."""
    day = kiosk.app.core.today()
    kiosk.app.core.store.write(
        lambda repositories: repositories.students.set_inactive(student.student_id, day)
    )


def odd_class(kiosk: GuiKiosk, session: ClassSession) -> None:
    """Everything that has made counts differ."""
    by_phone, named, excused, undone, absent, _missing = kiosk.students
    marks, session_id = kiosk.app.attendance.marks, session.session_id
    kiosk.mark(session, by_phone)
    kiosk.allow_face(named)
    kiosk.pass_by(session, named)
    (face,) = kiosk.app.faces.ambiguous.waiting(session_id, actor=TOM).faces
    kiosk.app.faces.ambiguous.confirm(face.face_id, named.student_id, actor=TOM, learn=False)
    marks.mark(session_id, excused.student_id, Status.EXCUSED, actor=TOM, reason="ill")
    marks.mark(session_id, undone.student_id, Status.PRESENT, actor=TOM, reason="seen")
    marks.undo(session_id, undone.student_id, None, actor=TOM)
    marks.mark(session_id, absent.student_id, Status.ABSENT, actor=TOM, reason="went home")
    late = register(kiosk, "N1", "Nora New")
    marks.mark(session_id, late.student_id, Status.LATE, actor=TOM, reason="bus")
    register(kiosk, "N2", "Nils New")
    left = register(kiosk, "N3", "Lea Left")
    leave(kiosk, left)
    deactivate(kiosk, register(kiosk, "N5", "Dora Deactivated"))
    left_marked = register(kiosk, "N4", "Lars Left")
    kiosk.mark(session, left_marked)
    leave(kiosk, left_marked)


OPEN = ClassTally(present=3, late=1, waiting=3, excused=1, absent=1)
ENDED = ClassTally(present=3, late=1, excused=1, absent=4)
"""Anita, the one who was named by hand and the one who left were present; three are missing, and one was sent home."""


def of_records(count: AttendanceCount) -> ClassTally:
    return ClassTally(count.present, count.late, 0, 0, count.excused, count.absent)


@pytest.fixture
def window(qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme) -> MainWindow:
    made = MainWindow(kiosk.app, bridge, windowed=True, theme=theme)
    qtbot.addWidget(made, before_close_func=lambda _window: made.close_now())
    made.resize(1366, 768)
    made.show()
    return made


def test_screen_roster_question_and_records_of_an_open_class_say_the_same(
    qtbot: QtBot, kiosk: GuiKiosk, bridge: Bridge, theme: Theme, window: MainWindow
) -> None:
    session = kiosk.start()
    qtbot.waitUntil(lambda: len(window.class_page.screen_view.state.roster) == 6)
    panel = RosterPanel(kiosk.app, theme, bridge)
    qtbot.addWidget(panel)
    panel.show_session(session.session_id, TOM)
    qtbot.waitUntil(lambda: panel.state.count.waiting == 6)

    odd_class(kiosk, session)
    window.class_page.screen_view.roster_watch.look()
    panel.reader.read_again()

    screen = window.class_page.screen_view
    qtbot.waitUntil(lambda: screen.counts.counts == OPEN)
    qtbot.waitUntil(lambda: panel.state.count == OPEN)
    assert panel.state.summary.startswith("4 of 8 here · 1\N{NO-BREAK SPACE}excused")
    chips = {chosen: chip.text() for chosen, chip in panel.students.chips.items()}
    assert {chosen: int(re.sub(r"\D", "", text)) for chosen, text in chips.items()} == {
        RosterFilter.ALL: 9,
        RosterFilter.MISSING: 4,
        RosterFilter.PRESENT: 3,
        RosterFilter.LATE: 1,
        RosterFilter.EXCUSED: 1,
    }
    assert [len(replace(panel.state, chosen=one).shown) for one in RosterFilter] == [9, 4, 3, 1, 1]
    (meeting,) = meetings_of(kiosk.app.core.store, kiosk.course.course_id, actor=TOM)
    assert (meeting.count.present, meeting.count.late, meeting.count.excused) == (3, 1, 1)
    assert meeting.count.absent == 1, "who is not here yet has no record"
    screen.end_requested.emit()
    dialog = window.class_page.dialog
    assert dialog is not None
    assert "4 students are not here yet and will be written down as absent." in " ".join(
        label.text() for label in dialog.findChildren(QLabel)
    )
    dialog.reject()


def test_toast_summary_register_records_phone_and_workbook_of_an_ended_class_say_the_same(
    qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, window: MainWindow, tmp_path: Path
) -> None:
    session = kiosk.start()
    qtbot.waitUntil(lambda: len(window.class_page.screen_view.state.roster) == 6)
    odd_class(kiosk, session)

    ended = kiosk.runtime.end_class(actor=TOM)

    assert ended.tally == ENDED
    assert kiosk.app.attendance.sessions.end(session.session_id, actor=TOM).tally == ENDED, "once more"
    qtbot.waitUntil(lambda: "3 present, 1 late, 4 absent" in window.toast.text)
    summary = SummaryView(kiosk.app, theme)
    qtbot.addWidget(summary)
    summary.show_class(session.session_id, TOM)
    qtbot.waitUntil(lambda: summary.summary is not None)
    assert summary.summary is not None
    assert summary.summary.tally == ENDED
    shown = {status: column.number.text() for status, column in summary.columns.items()}
    assert {status: int(text) for status, text in shown.items()} == {
        status: ENDED.number(status) for status in Status
    }
    panel = RosterPanel(kiosk.app, theme, closable=False)
    qtbot.addWidget(panel)
    panel.show_session(session.session_id, TOM)
    qtbot.waitUntil(lambda: panel.state.count == ENDED)
    assert panel.state.summary.startswith("4 of 8 here")
    (meeting,) = meetings_of(kiosk.app.core.store, kiosk.course.course_id, actor=TOM)
    assert of_records(meeting.count) == ENDED
    assert phones(kiosk) == ENDED
    assert workbook(kiosk, tmp_path / "out.xlsx") == ENDED


def phones(kiosk: GuiKiosk) -> ClassTally:
    """What students read of themselves, added up."""
    tally = ClassTally()
    for student in kiosk.app.courses.lists.students():
        for course in kiosk.app.records.student_data.overview(student.student_id).courses:
            for status in Status:
                for _ in range(course.count.of(status)):
                    tally = tally.plus(status)
    return tally


def workbook(kiosk: GuiKiosk, path: Path) -> ClassTally:
    """The sheet *Summary*, added up."""
    kiosk.app.reports.exports.workbook(path, Days(course_id=kiosk.course.course_id), actor=TOM)
    rows = list(load_workbook(path)["Summary"].iter_rows(values_only=True))
    heading = next(row for row in rows if "Present" in row)
    (total,) = [row for row in rows if row[0] == "Total"]
    numbers = {
        name: int(str(total[heading.index(name)])) for name in ("Present", "Late", "Excused", "Absent")
    }
    return ClassTally(numbers["Present"], numbers["Late"], 0, 0, numbers["Excused"], numbers["Absent"])
