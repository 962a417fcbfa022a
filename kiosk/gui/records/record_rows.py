"""All records as rows of a list. Called on the list's threads; what is asked beside the list's own question comes from the filter bar."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Status
from kiosk.domain.listing import ListQuestion
from kiosk.domain.records.record_list import Outline, RecordLine, RecordOrder, RecordQuestion
from kiosk.domain.trust.rights import NOBODY, Actor
from kiosk.gui.attendance.roster.students.delegate import status_look
from kiosk.gui.theme import Tone
from kiosk.gui.widgets.lists.rows import Cell, ListColumn, ListRow
from kiosk.services.records.all_records import AllRecords
from kiosk.translation import N_, _
from kiosk.wording.actors import actor_name
from kiosk.wording.attendance import method_words, status_title
from kiosk.wording.dates import clock_time, day_and_time

DOUBTFUL: Final = "doubtful"
MESSAGES: Final = "messages"
CHANGED: Final = "changed"

FILTERS: Final = {
    DOUBTFUL: N_("Doubtful"),
    MESSAGES: N_("Message waits"),
    CHANGED: N_("Changed by hand"),
}
"""Filters of the list beside one for each status."""


def record_columns() -> tuple[ListColumn, ...]:
    """What stands beside each other."""
    return (
        ListColumn(RecordOrder.DAY.value, _("Class"), width=275),
        ListColumn(RecordOrder.COURSE.value, _("Course"), width=145),
        ListColumn(RecordOrder.STUDENT.value, _("Student"), width=0),
        ListColumn("number", _("Number"), width=150, sorts=False),
        ListColumn(RecordOrder.STATUS.value, _("Status"), width=140),
        ListColumn("time", _("At"), width=95, sorts=False),
        ListColumn(RecordOrder.METHOD.value, _("How"), width=120),
        ListColumn("notes", _("To look at"), width=225, sorts=False),
    )


def question_of(asked: ListQuestion, narrowed: RecordQuestion) -> RecordQuestion:
    """What the list and the filter bar ask for together."""
    statuses = frozenset(one for one in Status if one.value in asked.filters)
    orders = {one.value: one for one in RecordOrder}
    order = orders.get(asked.sort, RecordOrder.DAY)
    return replace(
        narrowed,
        search=asked.search,
        statuses=statuses,
        only_doubtful=DOUBTFUL in asked.filters,
        only_messages=MESSAGES in asked.filters,
        only_changed=CHANGED in asked.filters,
        order=order,
        descending=asked.descending if asked.sort in orders else order.begins_at_the_end,
    )


class RecordRows:
    """Implements `ListSource`. The outline of the newest question is kept, from which each page is read.

    Attributes:
        actor: Who looks.
        narrowed: What the filter bar asks for; set on the main thread before the list is read again.
    """

    def __init__(self, records: AllRecords, zone: ZoneInfo) -> None:
        self._records = records
        self._zone = zone
        self._lock = threading.Lock()
        self._known: tuple[RecordQuestion, Actor, Outline] | None = None
        self.actor = NOBODY
        self.narrowed = RecordQuestion()

    def count(self, asked: ListQuestion) -> int:
        return self._counted(question_of(asked, self.narrowed), self.actor).total

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        question, actor = question_of(asked, self.narrowed), self.actor
        with self._lock:
            known = self._known
        if known is not None and known[:2] == (question, actor):
            outline = known[2]
        else:
            outline = self._counted(question, actor)
        lines = self._records.page(outline, first, most, actor=actor)
        return [ListRow(line.record_id, record_cells(line, self._zone)) for line in lines]

    def _counted(self, question: RecordQuestion, actor: Actor) -> Outline:
        outline = self._records.outline(question, actor=actor)
        with self._lock:
            self._known = question, actor, outline
        return outline


def record_cells(line: RecordLine, zone: ZoneInfo) -> tuple[Cell, ...]:
    """One record in words, a cell for each of `record_columns`."""
    has_time = line.method is not None or line.status.attended
    marked = _("Marked {when}", when=day_and_time(line.marked_at, zone)) if has_time else ""
    return (
        Cell(day_and_time(line.started_at, zone), tip=_("Begun by {name}", name=actor_name(line.started_by))),
        Cell(line.course.code, tip=line.course.label),
        Cell(line.student.full_name),
        Cell(line.student.student_no, Tone.MUTED),
        Cell(status_title(line.shown), status_look(line.shown).tone),
        Cell(clock_time(line.marked_at, zone) if has_time else "", Tone.MUTED, tip=marked),
        Cell(method_words(line.method).word if line.method else ""),
        _notes(line),
    )


def _notes(line: RecordLine) -> Cell:
    notes = []
    if line.is_cancelled:
        notes.append(_("class cancelled"))
    if line.has_message:
        notes.append(_("message waits"))
    if line.has_incident:
        notes.append(_("something was noticed"))
    if line.is_changed:
        notes.append(_("changed by hand"))
    return Cell(" · ".join(notes), Tone.LATE if line.is_doubtful else Tone.MUTED)
