"""A course's timetable from a calendar: shown first, taken after a yes, read again each night. Main thread."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from kiosk.domain.courses.calendars import CalendarChanges
from kiosk.domain.courses.courses import Course
from kiosk.domain.trust.rights import Actor
from kiosk.gui.remembered import Remembered
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.buttons import PrimaryButton, SecondaryButton
from kiosk.gui.widgets.fields import LineField
from kiosk.gui.widgets.layouts import horizontal
from kiosk.gui.widgets.parts import ResultTable, documents
from kiosk.gui.widgets.surfaces import Text
from kiosk.gui.widgets.work_dialog import WorkDialog
from kiosk.services.core import Core
from kiosk.services.courses.course_calendars import CalendarOpinion, CourseCalendars, is_address
from kiosk.translation import _
from kiosk.wording.calendars import changes_words, meeting_words, notes_words
from kiosk.wording.dates import date_and_time, day_and_time

if TYPE_CHECKING:
    from kiosk.services.courses.calendar_queries import KeptCalendar

WIDTH_PX = 860
TABLE_PX = 300


class CalendarDialog(WorkDialog):
    """Reads a calendar, says what would change, and takes what was shown.

    Signals:
        taken: The timetable changed.
    """

    taken = Signal()

    def __init__(
        self,
        core: Core,
        calendars: CourseCalendars,
        theme: Theme,
        actor: Actor,
        course: Course,
        parent: QWidget | None = None,
        *,
        remembered: Remembered,
    ) -> None:
        super().__init__(
            theme, _("Timetable of {code} from a calendar", code=course.code), parent, width=WIDTH_PX
        )
        self._core = core
        self._calendars = calendars
        self._actor = actor
        self._course = course
        self._remembered = remembered
        self._opinion: CalendarOpinion | None = None
        self.state = Text(tone=Tone.MUTED, wrap=True)
        self.forget_button = SecondaryButton(_("Read it no more"))
        self.source = LineField(
            theme,
            _("Address or file of the calendar (ICS)"),
            placeholder="https://…/course.ics",
            help_text=_("Every entry of it counts as a meeting of this course."),
        )
        self.file_button = SecondaryButton(_("Choose a file…"))
        self.look_button = SecondaryButton(_("Look at it"))
        self.summary = Text(wrap=True)
        self.table = ResultTable(
            theme, (_("What"), _("When")), name=_("What would change"), height=TABLE_PX, wide=1
        )
        self.nightly = QCheckBox(_("Read this address again each night"))
        self.take_button = self.add_button(PrimaryButton(_("Take it")), self._take)
        self._lay_out()
        self._forget_opinion()
        self.file_button.clicked.connect(self._choose)
        self.look_button.clicked.connect(self._look)
        self.forget_button.clicked.connect(self._forget)
        self.source.edit.textChanged.connect(self._forget_opinion)
        self.source.edit.returnPressed.connect(self._look)
        self.tasks.run(
            lambda: calendars.of_course(course.course_id), then=self._show_kept, failed=self.banner.show_error
        )
        self.source.edit.setFocus()

    def _lay_out(self) -> None:
        space = self.theme.space(1.5)
        self.form.addLayout(horizontal((self.state, 1), self.forget_button, spacing=space))
        self.form.addWidget(self.source)
        self.form.addLayout(horizontal(self.file_button, self.look_button, 1, spacing=space))
        self.form.addWidget(self.summary)
        self.form.addWidget(self.table)
        self.form.addWidget(self.nightly)
        self.forget_button.hide()
        self.state.hide()

    def _show_kept(self, kept: "KeptCalendar | None") -> None:
        self.forget_button.setVisible(kept is not None)
        self.state.show_if_any(_kept_words(kept, self._core) if kept is not None else "")
        if kept is not None and not self.source.text:
            self.source.edit.setText(kept.address)
            self.nightly.setChecked(True)
        self.centre()

    def _forget_opinion(self) -> None:
        """What was looked at is not what stands in the field any more."""
        self._opinion = None
        self.take_button.setEnabled(False)
        self.summary.show_if_any("")
        self.table.hide()
        self.nightly.setVisible(is_address(self.source.text))

    def _choose(self) -> None:
        dialog = QFileDialog(
            self, _("Calendar"), str(self._remembered.folder(documents())), _("Calendars (*.ics *.ical)")
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, path: str) -> None:
        self.source.edit.setText(path)
        self._look()

    def _look(self) -> None:
        source = self.source.text.strip()
        if not source:
            self.source.set_error(_("Please give the address of the calendar, or choose its file."))
            return
        if self.busy:
            return
        self.start(
            lambda: self._calendars.look(self._course, source, actor=self._actor),
            words=_("Reading…"),
            then=self._show_opinion,
        )

    def _show_opinion(self, opinion: CalendarOpinion) -> None:
        self._opinion = opinion
        changes = opinion.changes
        self.summary.show_if_any(" ".join([changes_words(changes), *notes_words(opinion.reading.notes)]))
        self.table.show_rows(self._rows(changes))
        self.table.setVisible(changes.any)
        if changes.is_doubtful:
            self.banner.say(
                _("Most meetings that come would be gone."),
                _("Take it only if the calendar is meant to say so."),
                Tone.LATE,
            )
        self.nightly.setVisible(opinion.address is not None)
        self.take_button.setEnabled(True)
        self.take_button.setFocus()
        self.centre()

    def _rows(self, changes: CalendarChanges) -> list[tuple[Tone, tuple[str, str]]]:
        zone = self._core.zone
        rows = [(Tone.PRESENT, (_("New"), meeting_words(one, zone))) for one in changes.new]
        rows += [
            (
                Tone.LATE,
                (_("Changed"), f"{day_and_time(before.begins_at, zone)} → {meeting_words(after, zone)}"),
            )
            for before, after in changes.changed
        ]
        rows += [(Tone.REFUSED, (_("Gone"), day_and_time(one.begins_at, zone))) for one in changes.gone]
        return rows

    def _take(self) -> None:
        opinion = self._opinion
        if opinion is None:
            return
        nightly = opinion.address is not None and self.nightly.isChecked()
        self.start(
            partial(self._calendars.take, opinion, actor=self._actor, nightly=nightly),
            words=_("Saving…"),
            then=self._done,
        )

    def _done(self, _changes: CalendarChanges) -> None:
        self.taken.emit()
        self.accept()

    def _forget(self) -> None:
        def then(_done: object) -> None:
            self.banner.say(_("It is read no more. The dates that came from it stay."), tone=Tone.PRESENT)
            self._show_kept(None)
            self.nightly.setChecked(False)

        self.start(
            lambda: self._calendars.forget(self._course, actor=self._actor), words=_("Saving…"), then=then
        )


def _kept_words(kept: "KeptCalendar", core: Core) -> str:
    read: datetime = kept.read_at or kept.agreed_at
    when, who = date_and_time(read, core.zone), kept.agreed_by
    if kept.waits:
        return _(
            "Read each night, agreed to by {who}. On {when} it took most meetings away: look at it, then take it.",
            when=when,
            who=who,
        )
    if kept.problem:
        return _(
            "Read each night, agreed to by {who}. On {when}: {problem}",
            problem=kept.problem,
            when=when,
            who=who,
        )
    return _("Read each night, agreed to by {who}; last on {when}.", when=when, who=who)
