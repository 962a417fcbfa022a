"""The times of a class after the PC's clock was set right while it was open. Any thread.

A class goes by the clock as it was at its start; by how much that one was moved stands with the class. Where it was wrong
before, adding that much makes the times right; where somebody set it wrong, they are right as they stand. So an admin decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.courses.courses import Course
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

CORRECTED: Final = "session.clock_corrected"


@dataclass(frozen=True, slots=True)
class CorrectedTimes:
    """What a correction makes of a class.

    Attributes:
        before: The class as it stood.
        moved: What is added to its times.
        records: How many records have other times by it.
    """

    before: ClassSession
    moved: timedelta
    records: int


class ClockCorrection:
    """Adds what the clock was moved by to the times of a class, once."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def moved(self, *, actor: Actor) -> list[tuple[Course, ClassSession]]:
        """The classes that have ended and whose times could be corrected, the newest first."""

        def query(repositories: Repositories) -> list[tuple[Course, ClassSession]]:
            require_within(repositories, actor, Right.ADMINISTER)
            found = [one for one in repositories.class_sessions.with_clock_moved() if not one.is_open]
            courses = {course.course_id: course for course in repositories.courses.all()}
            return [(courses[one.course_id], one) for one in found]

        return self._store.read(query)

    def correct(self, session_id: int, *, actor: Actor, dry_run: bool = False) -> CorrectedTimes:
        """Correct a class that has ended; what each record was stays in its history, and the log says so.

        With `dry_run` nothing is changed.

        Raises:
            NotFoundError: No such session.
            ConflictError: It is still open, its clock was not moved, or its times are corrected already.
        """

        def work(repositories: Repositories) -> CorrectedTimes:
            require_within(repositories, actor, Right.ADMINISTER)
            session, ended_at = _ended(repositories, session_id)
            moved = session.clock_moved
            if not moved:
                self._refuse(repositories, session_id)
            records = _within(repositories.records.of_session(session_id), session.started_at, ended_at)
            if not dry_run:
                self._change(repositories, session, records, actor)
            return CorrectedTimes(session, moved, len(records))

        return self._store.read(work) if dry_run else self._store.write(work)

    def _change(
        self,
        repositories: Repositories,
        session: ClassSession,
        records: Sequence[AttendanceRecord],
        actor: Actor,
    ) -> None:
        now, moved = self._clock.now(), session.clock_moved
        reason = _("The PC's clock was set right during the class.")
        for record in records:
            corrected = replace(
                record,
                marked_at=record.marked_at + moved,
                evidence=tuple(_moved(one, session, moved) for one in record.evidence),
            )
            repositories.records.correct(corrected, corrected_at=now, actor=actor.name, reason=reason)
        repositories.class_sessions.add_clock_moved(session.session_id)
        detail = f"by {moved.total_seconds():+.0f} s, {len(records)} records"
        repositories.audit.add(now, actor.name, CORRECTED, f"#{session.session_id}", detail)

    def _refuse(self, repositories: Repositories, session_id: int) -> None:
        if repositories.audit.knows(CORRECTED, f"#{session_id}"):
            raise ConflictError(
                _("The times of class session {n} are corrected already.", n=session_id),
                _("Nothing was changed."),
            )
        raise ConflictError(
            _("The PC's clock was not moved during class session {n}.", n=session_id),
            _("Correct its records one by one, with a reason for each."),
        )


def _ended(repositories: Repositories, session_id: int) -> tuple[ClassSession, datetime]:
    session = repositories.class_sessions.get(session_id)
    if session is None:
        raise NotFoundError(_("That class session does not exist any more."))
    if session.ended_at is None:
        raise ConflictError(
            _("Class session {n} is still open.", n=session_id), _("End it first, then correct its times.")
        )
    return session, session.ended_at


def _within(
    records: Sequence[AttendanceRecord], started_at: datetime, ended_at: datetime
) -> list[AttendanceRecord]:
    """Those that go by the class's time: what a teacher marked after its end goes by the PC's own."""
    return [record for record in records if started_at <= record.marked_at <= ended_at]


def _moved(evidence: Evidence, session: ClassSession, by: timedelta) -> Evidence:
    """The same proof by the corrected time, and how far the PC's clock stood from that."""
    if session.ended_at is None or not session.started_at <= evidence.at <= session.ended_at:
        return evidence
    stood_s = (evidence.clock_moved_s or 0.0) - by.total_seconds()
    seen, scanned = evidence.first_seen_at, evidence.scanned_at
    return replace(
        evidence,
        at=evidence.at + by,
        first_seen_at=seen + by if seen is not None else None,
        scanned_at=scanned + by if scanned is not None else None,
        clock_moved_s=stood_s or None,
    )
