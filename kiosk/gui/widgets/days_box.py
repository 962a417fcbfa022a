"""A choice of days: any, the last ones, or from one to another. Main thread."""

from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QDate, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QWidget

from kiosk.gui.theme import Theme
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.surfaces import Text
from kiosk.translation import N_, _

ANY: Final = "any"
SOME: Final = "some"

PERIODS: Final = {
    ANY: (N_("Any day"), None),
    "today": (N_("Today"), 1),
    "week": (N_("Last 7 days"), 7),
    "month": (N_("Last 30 days"), 30),
    "half": (N_("Last half year"), 183),
    SOME: (N_("From … to …"), None),
}
"""Days to choose from: words, and how many days up to today they are."""


class DaysBox(QWidget):
    """Signal `changed`: other days are chosen."""

    changed = Signal()

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.period = QComboBox()
        self.period.setAccessibleName(_("Days"))
        self.period.setMinimumWidth(theme.px(190))
        for name, (words, _days) in PERIODS.items():
            self.period.addItem(_(words), name)
        self.first, self.last = QDateEdit(_day(today)), QDateEdit(_day(today))
        self.first.setAccessibleName(_("First day"))
        self.last.setAccessibleName(_("Last day"))
        self._days = QWidget()
        for edit in (self.first, self.last):
            edit.setCalendarPopup(True)
            edit.setDisplayFormat("d MMM yyyy")
            edit.setMinimumWidth(theme.px(170))
            edit.dateChanged.connect(self._on_changed)
        gap = theme.space(0.5)
        horizontal(self.first, Text("–"), self.last, on=self._days, spacing=gap)
        horizontal(self.period, self._days, on=self, spacing=gap)
        self._days.hide()
        self.period.currentIndexChanged.connect(self._on_changed)

    @property
    def days_back(self) -> int | None:
        """So many days up to today; None where others are chosen."""
        return PERIODS[self.period.currentData()][1]

    @property
    def some(self) -> tuple[date | None, date | None]:
        """The first and the last day that somebody chose one by one."""
        if self.period.currentData() != SOME:
            return None, None
        return _date(self.first), _date(self.last)

    @property
    def range(self) -> tuple[date | None, date | None]:
        """The first and the last day, whatever they were chosen by; None without a bound."""
        back = self.days_back
        return (self._today - timedelta(days=back - 1), self._today) if back is not None else self.some

    def choose(self, first: date | None, last: date | None, days_back: int | None) -> None:
        """Show a choice, without telling of it."""
        with QSignalBlocker(self.period), QSignalBlocker(self.first), QSignalBlocker(self.last):
            chosen = next((name for name, (_w, days) in PERIODS.items() if days == days_back), ANY)
            if first is not None or last is not None:
                chosen = SOME
                self.first.setDate(_day(first or last or self._today))
                self.last.setDate(_day(last or first or self._today))
            self.period.setCurrentIndex(self.period.findData(chosen))
        self._days.setVisible(chosen == SOME)

    def _on_changed(self) -> None:
        self._days.setVisible(self.period.currentData() == SOME)
        self.changed.emit()


def _day(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _date(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())
