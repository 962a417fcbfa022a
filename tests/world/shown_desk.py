"""The desk of somebody who has signed in, with *Today* read, and the way to the records of a course."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kiosk.domain.people.staff import User
from kiosk.gui.attendance.today import TodayView
from kiosk.gui.desk import Desk
from kiosk.gui.places import Place
from kiosk.gui.records.course_records import RecordsView
from kiosk.gui.records.records_page import RecordsPage
from kiosk.gui.theme import Theme
from tests.world.gui_kiosk import GuiKiosk

ShowDesk = Callable[[User], Desk]


def texts(view: TodayView) -> str:
    """What stands there to be read."""
    return " ".join(label.text() for label in view.findChildren(QLabel) if not label.isHidden())


def shown_desk(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme, user: User) -> Desk:
    """Show it, and wait until it names a course or says that there is none."""
    desk = Desk(kiosk.app, theme)
    qtbot.addWidget(desk)
    desk.resize(1366, 768)
    desk.show()
    desk.show_for(user)
    qtbot.waitUntil(lambda: bool(desk.today.cards) or "No course" in texts(desk.today))
    return desk


def opened_records(desk: Desk) -> RecordsView:
    """Go to the records, and to those of the course."""
    QTest.mouseClick(desk.buttons[Place.RECORDS], Qt.MouseButton.LeftButton)
    records = desk.pages[Place.RECORDS]
    assert isinstance(records, RecordsPage)
    QTest.mouseClick(records.course_chip, Qt.MouseButton.LeftButton)
    return records.by_course
