"""Fields for the day, the beginning and the length of a class session. Main thread."""

from datetime import UTC, date, datetime, timedelta, tzinfo

from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QSpinBox, QTimeEdit, QWidget

from kiosk.domain.attendance.class_session import MAX_LENGTH
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.day_edit import DayEdit
from kiosk.gui.widgets.fields import Field
from kiosk.gui.widgets.layouts import horizontal
from kiosk.translation import _


class MomentFields(QWidget):
    """Day, time and minutes in one row."""

    def __init__(self, theme: Theme, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._shown: tuple[datetime, timedelta] | None = None
        self.day = DayEdit()
        self.day.setDisplayFormat("ddd d MMM yyyy")
        self.begins = QTimeEdit()
        self.begins.setDisplayFormat("HH:mm")
        self.minutes = QSpinBox()
        self.minutes.setRange(1, round(MAX_LENGTH.total_seconds() / 60))
        self.minutes.setSingleStep(5)
        horizontal(
            (Field(theme, _("Day"), self.day), 3),
            (Field(theme, _("Begins at"), self.begins), 2),
            (Field(theme, _("Minutes"), self.minutes), 2),
            on=self,
            spacing=theme.space(2),
        )

    def show_times(self, started_at: datetime, length: timedelta) -> None:
        """Begin with these; what nobody changes stays to the second."""
        self._shown = started_at, length
        here = started_at.astimezone(self._zone)
        self.day.setDate(QDate(here.year, here.month, here.day))
        self.begins.setTime(QTime(here.hour, here.minute))
        self.minutes.setValue(_minutes(length))

    @property
    def chosen_day(self) -> date:
        """As it stands."""
        day = self.day.date()
        return date(day.year(), day.month(), day.day())

    @property
    def started_at(self) -> datetime:
        """As it stands, aware; of an hour that was there twice the first, unless the second was shown and stayed."""
        at, day = self.begins.time(), self.chosen_day
        typed = datetime(day.year, day.month, day.day, at.hour(), at.minute(), tzinfo=self._zone)
        if self._shown is None:
            return typed
        shown = self._shown[0].astimezone(self._zone).replace(second=0, microsecond=0, tzinfo=None)
        return self._shown[0] if shown == typed.replace(tzinfo=None) else typed

    @property
    def length(self) -> timedelta:
        """As it stands."""
        typed = self.minutes.value()
        shown = self._shown[1] if self._shown is not None else timedelta(minutes=typed)
        return shown if _minutes(shown) == typed else timedelta(minutes=typed)

    @property
    def ended_at(self) -> datetime:
        """As it stands, aware UTC."""
        return self.started_at.astimezone(UTC) + self.length


def _minutes(length: timedelta) -> int:
    return max(1, round(length.total_seconds() / 60))
