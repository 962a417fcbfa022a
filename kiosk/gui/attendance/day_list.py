"""The day's meetings with what became of them: coming, open, done, forgotten. Main thread."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.day_states import DayLine, MeetingState
from kiosk.gui.attendance.facts import CourseLine
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import ResultTable
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import _
from kiosk.wording.courses import line_word
from kiosk.wording.dates import clock_time

TONES = {
    MeetingState.COMING: Tone.MUTED,
    MeetingState.OPEN: Tone.PRESENT,
    MeetingState.DONE: Tone.TEXT,
    MeetingState.FORGOTTEN: Tone.REFUSED,
}
"""Colours of the states; the word beside them says the same."""

LEAST_PX = 200
STATE = 2
"""The column of the state."""


class DayList(QWidget):
    """What is on today, by time; one's own where somebody teaches some, everybody's when asked.

    Signals:
        chosen: A class that is coming or open was pressed; carries the course's id.
        looked_at: One that is done or was forgotten was pressed; carries the course's id.
    """

    chosen = Signal(int)
    looked_at = Signal(int)

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._zone = zone
        self._all: list[tuple[DayLine, CourseLine]] = []
        self._shown: list[tuple[DayLine, CourseLine]] = []
        self.everybody = Chip(theme, _("All courses"))
        self.table = ResultTable(
            theme,
            (_("Time"), _("Course"), _("State")),
            name=_("Today’s classes"),
            height=LEAST_PX,
            wide=1,
        )
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(theme.px(LEAST_PX))
        self.table.setMaximumHeight(16_777_215)  # as high as there is room
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.everybody.toggled.connect(self._show)
        self.table.itemActivated.connect(lambda item: self._press(item.row()))
        self.table.cellClicked.connect(lambda row, _column: self._press(row))
        theme.changed.connect(self._colour)
        head = horizontal(
            Text(_("Today’s classes"), TextStyle.HEADING), 1, self.everybody, spacing=theme.space(1)
        )
        vertical(head, (self.table, 1), on=self, spacing=theme.space(2))

    def show_lines(self, lines: Sequence[CourseLine]) -> bool:
        """Show the day of these courses; returns whether there is anything on."""
        self._all = sorted(
            ((one, line) for line in lines for one in line.today.day), key=lambda pair: pair[0].begins_at
        )
        self.everybody.setVisible(len({line.today.is_own for _one, line in self._all}) == 2)
        self._show()
        return bool(self._all)

    def texts(self) -> list[tuple[str, ...]]:
        """What is shown, row by row."""
        return self.table.texts()

    def _show(self) -> None:
        own = [pair for pair in self._all if pair[1].today.is_own]
        self._shown = own if own and not self.everybody.isChecked() else self._all
        self.table.show_rows([(Tone.TEXT, self._texts(*pair)) for pair in self._shown])
        self._colour()

    def _texts(self, one: DayLine, line: CourseLine) -> tuple[str, str, str]:
        ends = one.meeting.ends_at if one.meeting is not None else None
        if ends is None and one.session is not None:
            ends = one.session.ended_at
        begins = clock_time(one.begins_at, self._zone)
        time = f"{begins}–{clock_time(ends, self._zone)}" if ends is not None else begins
        return time, _course_words(line.today.course, one), line_word(one)

    def _colour(self) -> None:
        for row, (one, _line) in enumerate(self._shown):
            item = self.table.item(row, STATE)
            if item is not None:
                item.setForeground(QBrush(self._theme.colour(TONES[one.state])))
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _press(self, row: int) -> None:
        one, _line = self._shown[row]
        match one.state:
            case MeetingState.COMING | MeetingState.OPEN:
                self.chosen.emit(one.course_id)
            case MeetingState.DONE | MeetingState.FORGOTTEN:
                self.looked_at.emit(one.course_id)


def _course_words(course: Course, one: DayLine) -> str:
    room = (one.meeting.room if one.meeting is not None else "") or course.room
    return f"{course.label} · {room}" if room else course.label
