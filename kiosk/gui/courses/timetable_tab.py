"""When one course meets: the week, its weekly times and single dates, and changing them. Main thread."""

from datetime import date, datetime, time
from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.meetings import DateOrigin, SingleDate, WeeklySlot
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.courses.calendar_dialog import CalendarDialog
from kiosk.gui.courses.time_dialogs import USUAL_MIN, DateDialog, SlotDialog
from kiosk.gui.courses.week_view import WeekView, monday_of
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.remembered import Remembered
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.banner import Banner
from kiosk.gui.widgets.buttons import SecondaryButton
from kiosk.gui.widgets.dialogs import Dialog
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.parts import ResultTable
from kiosk.services.app import CourseCases
from kiosk.services.core import Core
from kiosk.services.courses.timetables import CourseTimetable, SavedSlot, Week
from kiosk.translation import _
from kiosk.wording.courses import date_words, minutes_words, slot_words

FIRST_AT = time(8)
TABLE_PX = 300
LEAST_PX = 150
Row = WeeklySlot | SingleDate


class TimetableTab(QWidget):
    """One course's timetable."""

    def __init__(
        self,
        core: Core,
        courses: CourseCases,
        theme: Theme,
        opener: DialogOpener,
        remembered: Remembered,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._timetables = courses.timetables
        self._calendars = courses.calendars
        self._remembered = remembered
        self._course: Course | None = None
        self._theme = theme
        self._opener = opener
        self._tasks = Tasks(self)
        self._actor: Actor = NOBODY
        self._course_id = 0
        self._monday = date.min
        self._rows: list[Row] = []
        self.banner = Banner(theme)
        self.week = WeekView(theme, core.zone)
        self.table = ResultTable(
            theme,
            (_("When"), _("How long"), _("Room"), _("From")),
            name=_("Weekly times and single dates"),
            height=TABLE_PX,
            wide=0,
            if_none=_(
                "This course has no times yet. Add a weekly time or a single date, or take them from a calendar."
            ),
        )
        self.slot_button = SecondaryButton(_("Add a weekly time…"))
        self.date_button = SecondaryButton(_("Add a single date…"))
        self.calendar_button = SecondaryButton(_("From a calendar…"))
        self.change_button = SecondaryButton(_("Change…"))
        self.remove_button = SecondaryButton(_("Remove"))
        self.undo_button = SecondaryButton(_("Undo"))
        self._undo: Row | None = None
        self._connect()
        self._buttons = horizontal(
            self.slot_button,
            self.date_button,
            self.calendar_button,
            1,
            self.undo_button,
            self.change_button,
            self.remove_button,
            spacing=theme.space(1),
        )
        self.table.setMinimumHeight(theme.px(LEAST_PX))
        self.table.setMaximumHeight(16_777_215)  # as high as there is room
        vertical(self.banner, self.week, self._buttons, (self.table, 1), on=self, spacing=theme.space(1.5))

    def show_course(self, course_id: int, actor: Actor) -> None:
        """Show a course's timetable, beginning with this week."""
        self._course_id, self._actor = course_id, actor
        self._monday = monday_of(self._core.today())
        self._undo = None
        self.banner.clear()
        changing = (self.slot_button, self.date_button, self.calendar_button)
        for button in (*changing, self.change_button, self.remove_button):
            button.setVisible(actor.may(Right.MANAGE_COURSES))
        self.reload()

    def reload(self) -> None:
        """Read it again."""
        course_id, monday = self._course_id, self._monday

        def work() -> tuple[CourseTimetable, Week]:
            return (
                self._timetables.of_course(course_id),
                self._timetables.week(monday, course_id=course_id),
            )

        self._tasks.run(work, then=self._show, failed=self.banner.show_error)

    def _connect(self) -> None:
        self.week.wanted.connect(self._turn)
        self.table.itemSelectionChanged.connect(self._allow)
        self.table.itemActivated.connect(lambda _item: self._change())
        self.slot_button.clicked.connect(self._add_slot)
        self.date_button.clicked.connect(self._add_date)
        self.calendar_button.clicked.connect(self._open_calendar)
        self.change_button.clicked.connect(self._change)
        self.remove_button.clicked.connect(self._remove)
        self.undo_button.clicked.connect(self._bring_back)

    def _turn(self, monday: date) -> None:
        self._monday = monday
        self.reload()

    def _show(self, found: tuple[CourseTimetable, Week]) -> None:
        timetable, week = found
        self._course = timetable.course
        self.week.show_week(week)
        self._rows = [*timetable.slots, *timetable.dates]
        self.table.show_rows([(_tone(one), self._texts(one)) for one in self._rows])
        self._allow()

    def _texts(self, one: Row) -> tuple[str, str, str, str]:
        if isinstance(one, WeeklySlot):
            return slot_words(one), minutes_words(one.minutes), one.room, _("each week")
        origin = _("calendar") if one.origin is DateOrigin.CALENDAR else _("single date")
        return date_words(one, self._core.zone), minutes_words(one.minutes), one.room, origin

    @property
    def chosen(self) -> Row | None:
        """What the selected row stands for."""
        return self.table.chosen(self._rows)

    def _allow(self) -> None:
        chosen = self.chosen
        self.change_button.setEnabled(isinstance(chosen, WeeklySlot))
        self.remove_button.setEnabled(chosen is not None)
        self.undo_button.setVisible(self._undo is not None)

    def _add_slot(self) -> None:
        slot = WeeklySlot(0, self._course_id, self._core.today().weekday(), FIRST_AT, USUAL_MIN)
        self._open_slot(slot)

    def _open_slot(self, slot: WeeklySlot) -> None:
        dialog = SlotDialog(self._timetables, self._theme, self._actor, slot, self.window())
        dialog.saved.connect(self._slot_saved)
        self._open(dialog)

    def _slot_saved(self, saved: SavedSlot) -> None:
        self.banner.clear()
        if saved.same_room:
            codes = ", ".join(one.code for one in saved.same_room)
            self.banner.say(
                _("That room is taken at that time: {codes}.", codes=codes),
                _("The time is saved. Change the room if it was not meant."),
                Tone.LATE,
            )
        self.reload()

    def _add_date(self) -> None:
        begins = datetime.combine(self._core.today(), FIRST_AT, tzinfo=self._core.zone)
        dialog = DateDialog(
            self._timetables, self._theme, self._actor, self._course_id, begins, self.window()
        )
        dialog.saved.connect(lambda _saved: self.reload())
        self._open(dialog)

    def _open_calendar(self) -> None:
        if self._course is None:
            return
        parts = self._core, self._calendars, self._theme, self._actor, self._course, self.window()
        dialog = CalendarDialog(*parts, remembered=self._remembered)
        dialog.taken.connect(self.reload)
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        self._undo = None
        self._opener.hold(dialog)
        dialog.open()

    def _change(self) -> None:
        chosen = self.chosen
        if isinstance(chosen, WeeklySlot) and self._actor.may(Right.MANAGE_COURSES):
            self._open_slot(chosen)

    def _remove(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        if isinstance(chosen, WeeklySlot):
            work = partial(self._timetables.remove_slot, chosen, actor=self._actor)
        else:
            work = partial(self._timetables.remove_date, chosen, actor=self._actor)

        def then(_done: object) -> None:
            self._undo = chosen
            self.banner.say(_("Removed: {when}", when=self._texts(chosen)[0]), tone=Tone.PRESENT)
            self.reload()

        self._tasks.run(work, then=then, failed=self.banner.show_error)

    def _bring_back(self) -> None:
        gone, self._undo = self._undo, None
        if gone is None:
            return

        def work() -> object:
            if isinstance(gone, WeeklySlot):
                fresh = WeeklySlot(*(0, gone.course_id, gone.weekday, gone.begins, gone.minutes), gone.room)
                return self._timetables.save_slot(fresh, actor=self._actor)
            return self._timetables.add_date(gone, actor=self._actor)

        def then(_done: object) -> None:
            self.banner.clear()
            self.reload()

        self._tasks.run(work, then=then, failed=self.banner.show_error)


def _tone(one: Row) -> Tone:
    return Tone.MUTED if isinstance(one, SingleDate) and one.called_off else Tone.TEXT
