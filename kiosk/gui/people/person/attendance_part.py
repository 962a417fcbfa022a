"""A person's attendance: the share, a calendar, and every record as a list. Main thread."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from kiosk.domain.attendance.attendance_rates import whole_percent
from kiosk.domain.attendance.choices import Status
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.person import Person
from kiosk.domain.people.students import fold
from kiosk.domain.records.stored import StudentRecord
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.dialog_opener import DialogOpener
from kiosk.gui.people.person.calendar import AttendanceCalendar, DayMark
from kiosk.gui.people.person.part import PersonPart
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import TextStyle, Theme, Tone
from kiosk.gui.widgets.layouts import horizontal, vertical
from kiosk.gui.widgets.lists.panel import ListPanel
from kiosk.gui.widgets.lists.rows import Cell, ListColumn, ListRow
from kiosk.gui.widgets.surfaces import Text
from kiosk.services.app import KioskApp
from kiosk.translation import _
from kiosk.wording.attendance import method_words, status_count, status_title
from kiosk.wording.dates import clock_time, date_and_time

MONTHS_PX = 470


class AttendancePart(PersonPart):
    """Reads nothing itself: the page has read the records."""

    def __init__(self, app: KioskApp, theme: Theme, opener: DialogOpener, remembered: Remembered) -> None:
        super().__init__(app, theme, opener)
        self.share = Text(style=TextStyle.DISPLAY)
        self.words = Text(tone=Tone.MUTED, wrap=True)
        card = self.card(_("Attendance"))
        card.body.addLayout(horizontal(self.share, (vertical(1, self.words, 1), 1), spacing=theme.space(3)))
        self.calendar = AttendanceCalendar(theme)
        card.body.addWidget(self.calendar)
        records = self.card(_("Records"))
        self.source = OwnRecords(app.core.zone)
        columns = (
            ListColumn("day", _("Class"), width=260),
            ListColumn("course", _("Course"), width=0),
            ListColumn("status", _("Status"), width=150),
            ListColumn("method", _("How"), width=190),
            ListColumn("marked", _("Marked"), width=130),
        )
        self.list = ListPanel(
            theme, columns, self.source, name=_("Records"), key="person.records", remembered=remembered
        )
        self.list.say_when_empty(_("No class has been recorded yet."))
        self.list.setMinimumHeight(theme.px(MONTHS_PX))
        records.body.addWidget(self.list)

    def fill(self, person: Person) -> None:
        percent = whole_percent(person.count)
        self.share.setText(f"{percent} %" if percent is not None else "–")
        self.share.set_tone(Tone.REFUSED if person.is_below else Tone.TEXT)
        self.words.setText(self._said(person))
        zone = self.app.core.zone
        self.calendar.show_marks([_mark(one, zone) for one in person.history])
        self.calendar.setVisible(bool(person.history))
        self.source.records = person.history
        self.list.reload()

    def _said(self, person: Person) -> str:
        count = person.count
        said = [status_count(status, count.of(status)) for status in Status if count.of(status)]
        lines = [", ".join(said)] if said else [_("No class has been recorded yet.")]
        if person.is_below:
            lines.append(_("Below the school’s limit."))
        if person.seen_at is not None:
            lines.append(_("Last seen {day}.", day=date_and_time(person.seen_at, self.app.core.zone)))
        return "\n".join(lines)


class OwnRecords:
    """Records of one person as rows; implements `ListSource`. They are in memory: the page has read them."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self.records: Sequence[StudentRecord] = ()

    def count(self, asked: ListQuestion) -> int:
        return len(self._found(asked))

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        return [
            ListRow(one.record.record_id, self._cells(one))
            for one in self._found(asked)[first : first + most]
        ]

    def _cells(self, one: StudentRecord) -> tuple[Cell, ...]:
        record = one.record
        method = method_words(record.method).title if record.method is not None else "–"
        marked = clock_time(record.marked_at, self._zone) if record.status.attended else "–"
        return (
            Cell(date_and_time(one.started_at, self._zone)),
            Cell(one.course.label),
            Cell(status_title(record.shown), status_look(record.shown).tone),
            Cell(method),
            Cell(marked),
        )

    def _found(self, asked: ListQuestion) -> list[StudentRecord]:
        words = fold(asked.search).split()
        found = [
            one
            for one in self.records
            if not words
            or all(word in fold(" ".join(cell.text for cell in self._cells(one))) for word in words)
        ]
        orders: dict[str, Callable[[StudentRecord], str]] = {
            "day": lambda one: one.started_at.isoformat(),
            "course": lambda one: fold(one.course.label),
            "status": lambda one: one.record.status.value,
            "method": lambda one: one.record.method.value if one.record.method else "",
            "marked": lambda one: one.record.marked_at.isoformat(),
        }
        if asked.sort in orders:
            found.sort(key=orders[asked.sort], reverse=asked.descending)
        return found


def _mark(one: StudentRecord, zone: tzinfo) -> DayMark:
    words = f"{clock_time(one.started_at, zone)} {one.course.code}: {status_title(one.record.shown)}"
    return DayMark(one.started_at.astimezone(zone).date(), one.record.shown, words)
