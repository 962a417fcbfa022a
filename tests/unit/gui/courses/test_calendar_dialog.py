from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.domain.courses.calendars import CalendarMeeting, CalendarNotes, CalendarReading
from kiosk.errors import SourceError
from kiosk.gui.courses.calendar_dialog import CalendarDialog
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme
from kiosk.services.courses.course_calendars import CourseCalendars
from tests.fakes.actors import admin
from tests.world.gui_kiosk import GuiKiosk
from tests.world.open_dialog import opened

ADDRESS = "https://school.example/a.ics"


@dataclass
class Page:
    """A calendar at an address."""

    meetings: list[CalendarMeeting] = field(default_factory=list)
    notes: CalendarNotes = field(default_factory=CalendarNotes)
    is_away: bool = False

    def fetch(self, address: str) -> bytes:
        if self.is_away:
            raise SourceError("school.example cannot be reached.", "Try again later.")
        return address.encode()

    def read(self, content: bytes, *, since: datetime, until: datetime, zone: ZoneInfo) -> CalendarReading:
        return CalendarReading(tuple(self.meetings), self.notes)


class Desk:
    def __init__(self, qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> None:
        self._given = qtbot, kiosk, theme
        self.kiosk, self.page = kiosk, Page()
        now = kiosk.app.core.clock.now()
        self.page.meetings = [
            CalendarMeeting(f"u{day}", now + timedelta(days=day), 90, "Lab") for day in range(1, 5)
        ]
        self.calendars = CourseCalendars(kiosk.app.core, read=self.page.read, fetch=self.page.fetch)
        self.dialog = self.open()

    def open(self) -> CalendarDialog:
        qtbot, kiosk, theme = self._given
        parts = kiosk.app.core, self.calendars, theme, admin("Ada"), kiosk.course
        self.dialog = opened(qtbot, CalendarDialog(*parts, remembered=Remembered()))
        return self.dialog

    def look(self, source: str = ADDRESS) -> None:
        self.dialog.source.edit.setText(source)
        QTest.keyClick(self.dialog.source.edit, Qt.Key.Key_Return)


@pytest.fixture
def desk(qtbot: QtBot, kiosk: GuiKiosk, theme: Theme) -> Iterator[Desk]:
    made = Desk(qtbot, kiosk, theme)
    yield made
    made.dialog.dismiss()


def dates(desk: Desk) -> int:
    return len(desk.kiosk.app.courses.timetables.of_course(desk.kiosk.course.course_id).dates)


def test_a_calendar_is_shown_first_and_taken_after_a_yes(qtbot: QtBot, desk: Desk) -> None:
    desk.page.notes = CalendarNotes(whole_day=2)
    assert not desk.dialog.take_button.isEnabled()
    desk.look()
    qtbot.waitUntil(desk.dialog.take_button.isEnabled)
    assert desk.dialog.summary.text() == (
        "4 new, 0 changed, 0 gone, 0 as they were. 2 entries for whole days are no classes."
    )
    assert [row[0] for row in desk.dialog.table.texts()] == ["New"] * 4
    assert dates(desk) == 0
    desk.dialog.nightly.setChecked(True)
    with qtbot.waitSignal(desk.dialog.taken):
        desk.dialog.take_button.click()
    assert dates(desk) == 4
    kept = desk.calendars.of_course(desk.kiosk.course.course_id)
    assert kept is not None
    assert (kept.address, kept.agreed_by) == (ADDRESS, "Ada")


def test_another_address_has_to_be_looked_at_again(qtbot: QtBot, desk: Desk) -> None:
    desk.look()
    qtbot.waitUntil(desk.dialog.take_button.isEnabled)
    QTest.keyClicks(desk.dialog.source.edit, "x")
    assert not desk.dialog.take_button.isEnabled()


def test_an_address_that_cannot_be_read_is_said_and_nothing_can_be_taken(qtbot: QtBot, desk: Desk) -> None:
    desk.page.is_away = True
    desk.look()
    qtbot.waitUntil(lambda: "cannot be reached" in desk.dialog.banner.text)
    assert not desk.dialog.take_button.isEnabled()


def test_nothing_given_is_asked_for(desk: Desk) -> None:
    desk.dialog.look_button.click()
    assert "Please give the address" in desk.dialog.source.error


def test_a_calendar_that_takes_most_away_warns_before_it_is_taken(qtbot: QtBot, desk: Desk) -> None:
    desk.calendars.take(desk.calendars.look(desk.kiosk.course, ADDRESS, actor=admin()), actor=admin())
    desk.page.meetings = []
    desk.look()
    qtbot.waitUntil(desk.dialog.take_button.isEnabled)
    assert "would be gone" in desk.dialog.banner.text


def test_one_that_is_read_each_night_is_said_and_can_be_ended(qtbot: QtBot, desk: Desk) -> None:
    opinion = desk.calendars.look(desk.kiosk.course, ADDRESS, actor=admin())
    desk.calendars.take(opinion, actor=admin("Ada"), nightly=True)
    desk.dialog.dismiss()
    dialog = desk.open()
    qtbot.waitUntil(dialog.forget_button.isVisible)
    assert "agreed to by Ada" in dialog.state.text()
    assert dialog.source.text == ADDRESS
    dialog.forget_button.click()
    qtbot.waitUntil(lambda: "read no more" in dialog.banner.text)
    assert desk.calendars.of_course(desk.kiosk.course.course_id) is None
    assert dates(desk) == 4
