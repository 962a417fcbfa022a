"""When a course meets, and terms and holidays: the forms. Main thread; writing runs in tasks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

from PySide6.QtCore import QDate, QTime, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QSpinBox, QTimeEdit, QWidget

from kiosk.domain.courses.meetings import MINUTES, SingleDate, WeeklySlot
from kiosk.domain.courses.terms import Span
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Theme
from kiosk.gui.widgets.buttons import PrimaryButton
from kiosk.gui.widgets.day_edit import DayEdit
from kiosk.gui.widgets.fields import Field, LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.courses.timetables import SavedSlot, Timetables
from kiosk.translation import _
from kiosk.wording.dates import weekday_name

USUAL_MIN = 90


def day_edit(day: date) -> QDateEdit:
    """An input of a day."""
    return DayEdit(QDate(day.year, day.month, day.day))


def day_of(edit: QDateEdit) -> date:
    """The day that stands in it."""
    day = edit.date()
    return date(day.year(), day.month(), day.day())


class _When:
    """Time, length and room, which a slot and a date have in common."""

    def __init__(self, theme: Theme, begins: time, minutes: int, room: str) -> None:
        self.begins = QTimeEdit(QTime(begins.hour, begins.minute))
        self.begins.setDisplayFormat("HH:mm")
        self.minutes = QSpinBox()
        self.minutes.setRange(MINUTES.start, MINUTES.stop - 1)
        self.minutes.setSingleStep(5)
        self.minutes.setValue(minutes)
        self.room = LineField(theme, _("Room"), help_text=_("Empty: the room of the course."))
        self.room.edit.setText(room)
        self.row = horizontal(
            (Field(theme, _("Begins at"), self.begins), 1),
            (Field(theme, _("Minutes"), self.minutes), 1),
            spacing=theme.space(2),
        )

    @property
    def time(self) -> time:
        at = self.begins.time()
        return time(at.hour(), at.minute())


class SlotDialog(WorkDialog):
    """A weekly slot: a new one, or one to change.

    Signals:
        saved: Carries what was written and who else is in the room (`SavedSlot`).
    """

    saved = Signal(object)

    def __init__(
        self,
        timetables: Timetables,
        theme: Theme,
        actor: Actor,
        slot: WeeklySlot,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _("Each week") if slot.slot_id else _("A new weekly time"), parent)
        self._timetables = timetables
        self._actor = actor
        self._slot = slot
        self.weekday = QComboBox()
        for number in range(7):
            self.weekday.addItem(weekday_name(number), number)
        self.weekday.setCurrentIndex(slot.weekday)
        self.when = _When(theme, slot.begins, slot.minutes, slot.room)
        self.form.addWidget(Field(theme, _("Weekday"), self.weekday))
        self.form.addLayout(self.when.row)
        self.form.addWidget(self.when.room)
        self.save_button = self.add_button(PrimaryButton(_("Save")), self._save)
        self.save_button.setDefault(True)
        self.weekday.setFocus()

    def _save(self) -> None:
        wanted = replace(
            self._slot,
            weekday=self.weekday.currentIndex(),
            begins=self.when.time,
            minutes=self.when.minutes.value(),
            room=self.when.room.text,
        )
        self.start(
            lambda: self._timetables.save_slot(
                wanted, actor=self._actor, seen=self._slot if self._slot.slot_id else None
            ),
            words=_("Saving…"),
            then=self._done,
        )

    def _done(self, saved: SavedSlot) -> None:
        self.saved.emit(saved)
        self.accept()


class DateDialog(WorkDialog):
    """A single date: once more, or not at all.

    Signals:
        saved: Carries the date.
    """

    saved = Signal(object)

    def __init__(
        self,
        timetables: Timetables,
        theme: Theme,
        actor: Actor,
        course_id: int,
        begins: datetime,
        parent: QWidget | None = None,
    ) -> None:
        """`begins` is what it offers at first, in the zone of the school, in which the date is meant."""
        super().__init__(theme, _("A single date"), parent)
        self._timetables = timetables
        self._actor = actor
        self._course_id = course_id
        self._zone = begins.tzinfo
        self.day = day_edit(begins.date())
        self.when = _When(theme, begins.time(), USUAL_MIN, "")
        self.called_off = QCheckBox(_("The course does not meet then, although the week says so"))
        self.form.addWidget(Field(theme, _("Day"), self.day))
        self.form.addLayout(self.when.row)
        self.form.addWidget(self.when.room)
        self.form.addWidget(self.called_off)
        self.save_button = self.add_button(PrimaryButton(_("Save")), self._save)
        self.save_button.setDefault(True)
        self.day.setFocus()

    def _save(self) -> None:
        begins = datetime.combine(day_of(self.day), self.when.time, tzinfo=self._zone)
        wanted = SingleDate(
            *(0, self._course_id, begins, self.when.minutes.value(), self.when.room.text),
            called_off=self.called_off.isChecked(),
        )
        self.start(
            lambda: self._timetables.add_date(wanted, actor=self._actor), words=_("Saving…"), then=self._done
        )

    def _done(self, saved: SingleDate) -> None:
        self.saved.emit(saved)
        self.accept()


class SpanDialog(WorkDialog):
    """A term or a holiday: name, first and last day.

    Signals:
        saved: It was written.
    """

    saved = Signal()

    def __init__(
        self,
        theme: Theme,
        title: str,
        span: Span,
        write: Callable[[Span], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title, parent)
        self._write = write
        self.name = LineField(theme, _("Name"))
        self.name.edit.setText(span.name)
        self.first = day_edit(span.first_day)
        self.last = day_edit(span.last_day)
        self.form.addWidget(self.name)
        self.form.addLayout(
            horizontal(
                (Field(theme, _("First day"), self.first), 1),
                (Field(theme, _("Last day"), self.last), 1),
                spacing=theme.space(2),
            )
        )
        self.save_button = self.add_button(PrimaryButton(_("Save")), self._save)
        self.save_button.setDefault(True)
        self.name.edit.setFocus()

    def _save(self) -> None:
        wanted = Span(self.name.text, day_of(self.first), day_of(self.last))
        self.start(lambda: self._write(wanted), words=_("Saving…"), then=self._done)

    def _done(self, _saved: object) -> None:
        self.saved.emit()
        self.accept()
