"""The audit log as rows of a list. Called on the list's threads."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from kiosk.domain.listing import ListQuestion
from kiosk.domain.trust.audit import AuditLine, AuditQuestion
from kiosk.domain.trust.rights import Actor
from kiosk.gui.theme import Tone
from kiosk.gui.widgets.lists.rows import Cell, ListColumn, ListRow
from kiosk.services.trust.audit_list import AuditList, AuditOutline
from kiosk.translation import _
from kiosk.wording.audit import action_words, actor_words, detail_words, subject_words
from kiosk.wording.dates import clock_seconds, day_of


def audit_columns() -> tuple[ListColumn, ...]:
    """What stands beside each other; the newest entry is always the first."""
    return (
        ListColumn("when", _("When"), width=270, sorts=False),
        ListColumn("who", _("Who"), width=190, sorts=False),
        ListColumn("what", _("What was done"), width=300, sorts=False),
        ListColumn("about", _("About"), width=0, sorts=False),
        ListColumn("detail", _("Details"), width=280, sorts=False),
    )


class AuditRows:
    """Implements `ListSource`.

    Attributes:
        narrowed: What the bar asks for; set on the main thread before the list is read again.
    """

    def __init__(self, log: AuditList, zone: ZoneInfo, actor: Actor) -> None:
        self._log = log
        self._zone = zone
        self._actor = actor
        self._lock = threading.Lock()
        self._known: tuple[AuditQuestion, AuditOutline] | None = None
        self.narrowed = AuditQuestion()

    def count(self, asked: ListQuestion) -> int:
        return self._counted(replace(self.narrowed, search=asked.search)).total

    def rows(self, asked: ListQuestion, *, first: int, most: int) -> Sequence[ListRow]:
        question = replace(self.narrowed, search=asked.search)
        with self._lock:
            known = self._known
        outline = known[1] if known is not None and known[0] == question else self._counted(question)
        lines = self._log.page(outline, first, most, actor=self._actor)
        return [ListRow(line.entry.entry_id, audit_cells(line, self._zone)) for line in lines]

    def _counted(self, question: AuditQuestion) -> AuditOutline:
        outline = self._log.outline(question, actor=self._actor)
        with self._lock:
            self._known = question, outline
        return outline


def audit_cells(line: AuditLine, zone: ZoneInfo) -> tuple[Cell, ...]:
    """One entry in plain words, a cell for each of `audit_columns`."""
    entry = line.entry
    when = f"{day_of(entry.at, zone)}, {clock_seconds(entry.at, zone)}"
    return (
        Cell(when, Tone.MUTED, tip=_("Entry {number}", number=entry.entry_id)),
        Cell(actor_words(entry.actor)),
        Cell(action_words(entry.action)),
        Cell(subject_words(line, zone)),
        Cell(detail_words(line), Tone.MUTED),
    )
