"""Correcting records from a list: one or several at once, and taking that back. Any thread but the store's.

Each correction says which version of a record it saw. Whoever corrects a record that somebody else changed meanwhile is told,
and nothing is written: nobody's word is lost unseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.attendance.school_status import AnyStatus, are_same
from kiosk.domain.people.students import Student, clean_text
from kiosk.domain.records.record_list import RecordLine
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError
from kiosk.services.attendance.marks_by_hand import (
    UNDONE,
    corrected,
    mark_by_hand,
    put_back,
    require_reason,
)
from kiosk.services.core import Core
from kiosk.services.courses.own_courses import reaches_session
from kiosk.services.events import RecordCorrected
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _, ngettext

MOST_AT_ONCE: Final = 500
"""Records in one correction: check-ins of a class wait behind it, about half a second at most."""


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record that was corrected, as it was and as it is."""

    student: Student
    before: AttendanceRecord
    after: AttendanceRecord


class Correcting:
    """Sets the status of records that were seen in a list, all of them or none."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._clock = core.clock
        self._events = core.events

    def mark(
        self, seen: Sequence[RecordLine], status: AnyStatus, *, reason: str, actor: Actor
    ) -> list[ChangedRecord]:
        """Set the status of these records by hand, with a reason that is kept. Those that have it already stay as they are.

        Raises:
            ConflictError: No reason, too many at once, or somebody else changed one of them since it was seen.
            NotFoundError: One of them does not exist any more.
        """
        evidence = Evidence(Method.MANUAL, self._clock.now(), actor=actor.name, reason=clean_text(reason))

        def work(repositories: Repositories) -> list[ChangedRecord]:
            require_within(repositories, actor, Right.CORRECT)
            require_reason(evidence)
            _require_few(len(seen))
            changed = []
            for line in sorted(seen, key=lambda one: (one.session_id, one.record_id)):
                before = _as_seen(repositories, actor, line.record_id, line.version, line.student)
                if are_same(before.shown, status):
                    continue
                after = mark_by_hand(repositories, before.session_id, before.student_id, status, evidence)
                corrected(repositories, line.student, after, evidence)
                changed.append(ChangedRecord(line.student, before, after))
            return changed

        return self._store.write(work, then=self._tell)

    def undo(self, changed: Sequence[ChangedRecord], *, actor: Actor) -> list[ChangedRecord]:
        """Take a correction back, all of it or nothing; it stays in the history.

        Raises:
            ConflictError: Somebody else changed one of the records since.
            NotFoundError: One of them does not exist any more.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> list[ChangedRecord]:
            require_within(repositories, actor, Right.CORRECT)
            undone = []
            for one in changed:
                after = one.after
                known = _as_seen(repositories, actor, after.record_id, after.version, one.student)
                evidence = Evidence(Method.MANUAL, now, actor=actor.name, reason=UNDONE)
                record = put_back(repositories, known, one.before, evidence)
                corrected(repositories, one.student, record, evidence)
                undone.append(ChangedRecord(one.student, known, record))
            return undone

        return self._store.write(work, then=self._tell)

    def _tell(self, changed: Sequence[ChangedRecord]) -> None:
        for one in changed:
            self._events.emit(RecordCorrected(one.student, one.after))


def _require_few(number: int) -> None:
    if number > MOST_AT_ONCE:
        raise ConflictError(
            ngettext(
                "At most {most} record can be changed at once.",
                "At most {most} records can be changed at once.",
                MOST_AT_ONCE,
                most=MOST_AT_ONCE,
            ),
            _("Select fewer, or narrow the list first."),
        )


def _as_seen(
    repositories: Repositories, actor: Actor, record_id: int, version: int, student: Student
) -> AttendanceRecord:
    """The record, held for this transaction, where it is still as somebody saw it."""
    known = repositories.records.get(record_id)
    session = repositories.class_sessions.hold(known.session_id) if known is not None else None
    known = repositories.records.get(record_id) if session is not None else None
    if known is None or session is None:
        raise NotFoundError(
            _("The record of {name} does not exist any more.", name=student.full_name),
            _("Nothing was changed. Look at the list again."),
        )
    if not reaches_session(repositories, actor, session):
        raise ForbiddenError(_("This record is of a course that you do not teach."), _("Ask an admin."))
    if known.version != version:
        raise ConflictError(
            _("Somebody else changed the record of {name} meanwhile.", name=student.full_name),
            _("Nothing was changed. Look at it again, then decide."),
        )
    return known
