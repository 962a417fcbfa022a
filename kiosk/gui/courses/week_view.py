"""A week of meetings, day beside day. Main thread."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from kiosk.domain.courses.meetings import Meeting
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.buttons import QuietButton
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.surfaces import Card, Text
from kiosk.services.courses.timetables import Week
from kiosk.translation import _
from kiosk.wording.dates import clock_time, short_day, weekday_name

LEAST_PX = 150


def monday_of(day: date) -> date:
    """The day that its week begins with."""
    return day - timedelta(days=day.weekday())


class WeekView(QWidget):
    """Shows what it is given.

    Signals:
        wanted: Another week; carries its Monday.
    """

    wanted = Signal(object)

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._zone = zone
        self._monday = date.min
        self.earlier_button = QuietButton(_("Week before"))
        self.later_button = QuietButton(_("Week after"))
        self.heading = Text(style=TextStyle.STRONG)
        self.earlier_button.clicked.connect(lambda: self.wanted.emit(self._monday - timedelta(days=7)))
        self.later_button.clicked.connect(lambda: self.wanted.emit(self._monday + timedelta(days=7)))
        self._days: list[QVBoxLayout] = []
        self._texts: list[list[str]] = []
        card = Card(theme, padding=2)
        grid = QGridLayout()
        grid.setSpacing(theme.space(1))
        for number in range(7):
            day = QVBoxLayout()
            day.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addLayout(day, 0, number)
            grid.setColumnStretch(number, 1)
            self._days.append(day)
        card.body.addLayout(grid)
        head = horizontal(self.heading, 1, self.earlier_button, self.later_button, spacing=theme.space(1))
        vertical(head, card, on=self, spacing=theme.space(1))

    def show_week(self, week: Week) -> None:
        """Show these meetings and holidays."""
        self._monday = week.monday
        sunday = week.monday + timedelta(days=6)
        self.heading.setText(
            _("Week of {first} to {last}", first=short_day(week.monday), last=short_day(sunday))
        )
        self._texts = [[] for _day in self._days]
        for number, column in enumerate(self._days):
            day = week.monday + timedelta(days=number)
            meetings = [one for one in week.meetings if one.begins_at.astimezone(self._zone).date() == day]
            holiday = next((one.name for one in week.holidays if one.span.covers(day)), "")
            self._fill(column, weekday_name(number)[:3], day, meetings, holiday)
            self._texts[number] += [holiday] if holiday else []
            self._texts[number] += [_words(one, self._zone) for one in meetings]

    def texts(self) -> list[str]:
        """What stands under each day, for tests."""
        return [" / ".join(words) for words in self._texts]

    def _fill(
        self, column: QVBoxLayout, name: str, day: date, meetings: Sequence[Meeting], holiday: str
    ) -> None:
        while (item := column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        column.addWidget(Text(f"{name} {day.day}", TextStyle.CAPTION, Tone.MUTED))
        if holiday:
            column.addWidget(Text(holiday, TextStyle.CAPTION, Tone.LATE, wrap=True))
        for one in meetings:
            column.addWidget(Text(_words(one, self._zone), TextStyle.CAPTION, wrap=True))
        column.addStretch(1)


def _words(meeting: Meeting, zone: ZoneInfo) -> str:
    words = f"{clock_time(meeting.begins_at, zone)}–{clock_time(meeting.ends_at, zone)}"
    return f"{words}\n{meeting.room}" if meeting.room else words
