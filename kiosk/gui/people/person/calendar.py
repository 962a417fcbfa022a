"""A student's attendance as a calendar: a row a month, a square a day. Main thread.

Each square has the letter of the status beside its colour; where a day has several classes, that of the worst.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import AnyStatus, base_of
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.surfaces import tool_tip
from kiosk.translation import _
from kiosk.wording.attendance import status_letter
from kiosk.wording.dates import month_name, short_day

_WORST: Final = (Status.ABSENT, Status.LATE, Status.EXCUSED, Status.PRESENT)
_DAYS: Final = 31
_LABEL: Final = 172
_CELL: Final = 30
_ROW: Final = 36


@dataclass(frozen=True, slots=True)
class DayMark:
    """One class of one day; `words` say which and how it counts."""

    day: date
    status: AnyStatus
    words: str


class AttendanceCalendar(QWidget):
    """Draws the months that have classes, newest first."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._days: dict[date, list[DayMark]] = {}
        self._months: list[tuple[int, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_marks(self, marks: Sequence[DayMark]) -> None:
        """Replace everything."""
        days: defaultdict[date, list[DayMark]] = defaultdict(list)
        for mark in marks:
            days[mark.day].append(mark)
        self._days = dict(days)
        self._months = sorted({(day.year, day.month) for day in days}, reverse=True)
        self.setAccessibleName(_("Calendar of attendance"))
        self.setAccessibleDescription(
            "; ".join(self.words_of(day) for day in sorted(days, reverse=True)[:40])
        )
        self.updateGeometry()
        self.update()

    def words_of(self, day: date) -> str:
        """What a day has, a line a class; empty for none."""
        marks = self._days.get(day, [])
        return "\n".join([short_day(day), *(mark.words for mark in marks)]) if marks else ""

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(px(_LABEL + _DAYS * 24), px(_ROW) * max(1, len(self._months)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(_LABEL + _DAYS * 18), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self.day_at(event.pos().x(), event.pos().y())
            words = self.words_of(day) if day is not None else ""
            QToolTip.showText(event.globalPos(), tool_tip(words), self)
            return True
        return super().event(event)

    def day_at(self, x: int, y: int) -> date | None:
        """The day under a place; None where there is none."""
        row = y // self._theme.px(_ROW)
        number = int((x - self._theme.px(_LABEL)) // self._width()) + 1
        if not 0 <= row < len(self._months) or not 1 <= number <= _DAYS:
            return None
        year, of_month = self._months[row]
        return next(
            (day for day in self._days if (day.year, day.month, day.day) == (year, of_month, number)), None
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, palette = self._theme.px, self._theme.palette
        font = QFont(self.font())
        font.setPixelSize(px(18))
        painter.setFont(font)
        for row, (year, of_month) in enumerate(self._months):
            top = row * px(_ROW)
            painter.setPen(QColor(palette.muted))
            label = QRectF(0, top, px(_LABEL - 8), px(_ROW))
            painter.drawText(label, int(Qt.AlignmentFlag.AlignVCenter), month_name(date(year, of_month, 1)))
            for number in range(1, _DAYS + 1):
                self._paint_day(painter, top, year, of_month, number)

    def _paint_day(self, painter: QPainter, top: float, year: int, of_month: int, number: int) -> None:
        try:
            day = date(year, of_month, number)
        except ValueError:
            return
        px, width = self._theme.px, self._width()
        cell = QRectF(px(_LABEL) + (number - 1) * width + 1, top + px(3), width - 2, px(_ROW - 6))
        marks = self._days.get(day)
        painter.setPen(Qt.PenStyle.NoPen)
        if not marks:
            painter.setBrush(QColor(self._theme.palette.track))
            painter.drawRoundedRect(
                QRectF(cell.center().x() - px(2), cell.center().y() - px(2), px(4), px(4)), 2, 2
            )
            return
        worst = min((mark.status for mark in marks), key=lambda one: _WORST.index(base_of(one)))
        tone = status_look(worst).tone
        tint = getattr(self._theme.palette, f"tint_{tone.value}", self._theme.palette.hover)
        painter.setBrush(QColor(tint))
        painter.drawRoundedRect(cell, px(5), px(5))
        painter.setPen(self._theme.colour(tone))
        painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), status_letter(worst))

    def _width(self) -> float:
        return min(self._theme.px(_CELL), (self.width() - self._theme.px(_LABEL)) / _DAYS)
