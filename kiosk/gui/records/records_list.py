"""The list of all records: narrowed, opened, marked by hand several at once. Main thread; reading and writing run in tasks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus
from kiosk.domain.people.students import Student
from kiosk.domain.records.record_list import RecordLine, RecordOrder, RecordQuestion
from kiosk.domain.trust.rights import NOBODY, Actor, Right
from kiosk.gui.attendance.roster.reasons import RecentReasons
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.attendance.roster.undo_bar import UndoBar
from kiosk.gui.records.filter_bar import Choices, FilterBar
from kiosk.gui.records.mark_dialog import MarkDialog
from kiosk.gui.records.record_rows import (
    CHANGED,
    DOUBTFUL,
    FILTERS,
    MESSAGES,
    RecordRows,
    question_of,
    record_columns,
)
from kiosk.gui.records.view_box import ViewBox
from kiosk.gui.remembered import Remembered
from kiosk.gui.tasks import Tasks
from kiosk.gui.theme import Theme, Tone
from kiosk.gui.widgets.chip import Chip
from kiosk.gui.widgets.layouts import vertical
from kiosk.gui.widgets.lists.panel import ListPanel
from kiosk.gui.widgets.lists.rows import ListFilter, ListRow
from kiosk.services.app import KioskApp
from kiosk.services.records.correcting import ChangedRecord
from kiosk.services.records.saved_views import OpenedView
from kiosk.translation import _, ngettext
from kiosk.wording.attendance import status_word, status_words


class RecordsList(QWidget):
    """Signals: `opened`, when one record is to be shown; carries its id."""

    opened = Signal(object)

    def __init__(
        self, app: KioskApp, theme: Theme, remembered: Remembered, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._tasks = Tasks(self)
        self._actor = NOBODY
        self._reasons = RecentReasons()
        self._changed: list[ChangedRecord] = []
        self.dialog: MarkDialog | None = None
        self.source = RecordRows(app.records.all, app.core.zone)
        self.views = ViewBox(app.records.views, theme)
        self.bar = FilterBar(theme, app.core.today())
        self.undo_bar = UndoBar(theme)
        self.list = ListPanel(
            theme,
            record_columns(),
            self.source,
            name=_("Records"),
            key="records",
            remembered=remembered,
            save=self._save,
        )
        for status in Status:
            words = status_words(status).title
            self._add_filter(ListFilter(status.value, words), status_look(status).tone)
        for name, words in FILTERS.items():
            self._add_filter(ListFilter(name, _(words)), Tone.ACCENT)
        self.mark_button = self.list.add_action(_("Mark as…"), self._ask_mark)
        self.student_button = self.list.add_action(_("Only this student"), self._narrow_to)
        self.list.say_when_empty("", pressed=self.bar.clear)
        vertical(
            self.bar,
            (self.list, 1),
            self.undo_bar,
            on=self,
            spacing=theme.space(1.5),
        )
        self.bar.changed.connect(self._read_anew)
        self.list.model.counted.connect(lambda _number: self.views.follow(self.question))
        self.list.opened.connect(self.opened)
        self.views.opened.connect(self._show_view)
        self.views.began.connect(self._read_anew)
        self.views.said.connect(partial(self.list.banner.say, tone=Tone.PRESENT))
        self.views.failed.connect(self.list.banner.show_error)
        self.undo_bar.undo_wanted.connect(self._undo)

    @property
    def question(self) -> RecordQuestion:
        """What is shown."""
        return question_of(self.list.asked, self.bar.question)

    def show_for(self, actor: Actor) -> None:
        """Begin with somebody's first view, or go on where the same person was."""
        is_new = actor != self._actor
        self._actor = self.source.actor = actor
        self.mark_button.setVisible(actor.may(Right.CORRECT))
        self.list.output.save_button.setVisible(actor.may(Right.EXPORT))
        if is_new:
            self._offer_undo([])
            self.bar.show_question(RecordQuestion())
        self._tasks.run(
            lambda: Choices(
                self._app.records.all.courses(actor=actor), self._app.records.all.starters(actor=actor)
            ),
            then=self.bar.offer,
            failed=self.list.banner.show_error,
        )
        self.views.begin(actor, with_default=is_new)
        self.list.search.setFocus()

    def _add_filter(self, one: ListFilter, tone: Tone) -> Chip:
        chip = self.list.add_filter(one)
        chip.set_tone(tone)
        return chip

    def _read_anew(self) -> None:
        self.source.narrowed = self.bar.question
        if self.source.narrowed == RecordQuestion():
            self.list.say_when_empty(_("Nobody was marked yet. Records come with the first class."))
        else:
            self.list.say_when_empty(_("No record is like that."), _("Clear filters"))
        self.list.reload()

    # -- views --------------------------------------------------------------------------------------------------------

    def _show_view(self, opened: OpenedView | None) -> None:
        """A view was chosen; None asks for everything."""
        self.list.banner.clear()
        if opened is None:
            self._show(RecordQuestion(), None)
            return
        if opened.lost_course:
            self._say_lost(_("The course of this view was deleted. All courses are shown instead."))
        if opened.lost_student:
            self._say_lost(_("The student of this view was deleted. Everybody is shown instead."))
        asked, actor = opened.question, self._actor
        if asked.student_id is None:
            self._show(asked, None)
            return
        self._tasks.run(
            partial(self._app.records.all.student, asked.student_id, actor=actor),
            then=partial(self._show, asked),
            failed=self.list.banner.show_error,
        )

    def _say_lost(self, words: str) -> None:
        self.list.banner.say(words, _("Save the view again, or delete it."), Tone.LATE)

    def _show(self, asked: RecordQuestion, student: Student | None) -> None:
        self.bar.show_question(asked, student)
        on = {one.value for one in asked.statuses}
        on |= {name for name, is_on in _switches(asked).items() if is_on}
        self.list.show_question(
            replace(
                self.list.asked,
                search=asked.search,
                filters=frozenset(on),
                sort="" if asked.order is RecordOrder.DAY and asked.descending else asked.order.value,
                descending=asked.descending,
            )
        )
        self._read_anew()

    # -- marks --------------------------------------------------------------------------------------------------------

    def _ask_mark(self, rows: list[ListRow]) -> None:
        actor, keys = self._actor, [int(str(row.key)) for row in rows]

        def work() -> tuple[list[RecordLine], list[SchoolStatus]]:
            return self._app.records.all.lines(keys, actor=actor), self._app.attendance.statuses.offered()

        self._tasks.run(work, then=self._open_mark, failed=self.list.banner.show_error)

    def _open_mark(self, read: tuple[list[RecordLine], list[SchoolStatus]]) -> None:
        lines, own = read
        number = len(lines)
        title = ngettext("Mark {number} record", "Mark {number} records", number, number=number)
        names = ", ".join(dict.fromkeys(line.student.full_name for line in lines[:3]))
        more = ngettext(
            "{names} and {n} more.", "{names} and {n} more.", number - 3, names=names, n=number - 3
        )
        about = f"{names}." if number <= 3 else more
        dialog = MarkDialog(self._theme, title, about, self._reasons.offered(), self.window(), own=own)
        dialog.wanted.connect(partial(self._mark, dialog, lines))
        self.dialog = dialog
        dialog.open()

    def _mark(self, dialog: MarkDialog, lines: Sequence[RecordLine], status: AnyStatus, reason: str) -> None:
        def then(changed: list[ChangedRecord]) -> None:
            self._reasons.remember(reason)
            dialog.settle()
            dialog.accept()
            self._offer_undo(changed)
            if not changed:
                word = status_word(status)
                self.list.banner.say(_("All of them were {word} already.", word=word))
            self.list.reload()

        work = partial(self._app.records.correcting.mark, lines, status, reason=reason, actor=self._actor)
        self._tasks.run(work, then=then, failed=dialog.show_error)

    def _offer_undo(self, changed: list[ChangedRecord]) -> None:
        self._changed = changed
        number = len(changed)
        words = ngettext("{n} record was changed.", "{n} records were changed.", number, n=number)
        self.undo_bar.say(words if changed else "")

    def _undo(self) -> None:
        changed = self._changed

        def then(_undone: list[ChangedRecord]) -> None:
            self._offer_undo([])
            self.list.reload()

        if changed:
            work = partial(self._app.records.correcting.undo, changed, actor=self._actor)
            self._tasks.run(work, then=then, failed=self.list.banner.show_error)

    def _narrow_to(self, rows: list[ListRow]) -> None:
        if rows:
            work = partial(self._app.records.all.lines, [int(str(rows[0].key))], actor=self._actor)
            self._tasks.run(
                work,
                then=lambda lines: self.bar.choose_student(lines[0].student) if lines else None,
                failed=self.list.banner.show_error,
            )

    def _save(self, path: Path, *, title: str, headings: Sequence[str], rows: Iterator[Sequence[str]]) -> int:
        return self._app.reports.lists.save(
            path, title=title, headings=headings, rows=rows, actor=self._actor
        )


def _switches(asked: RecordQuestion) -> dict[str, bool]:
    return {DOUBTFUL: asked.only_doubtful, MESSAGES: asked.only_messages, CHANGED: asked.only_changed}
