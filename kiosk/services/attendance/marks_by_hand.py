"""Marks by hand: a teacher sets a status with a reason, or takes that back. Any thread but the store's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_tally import standing
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.check_in import witnessed
from kiosk.services.events import Events, RecordCorrected
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories, Store
from kiosk.translation import N_, _

UNDONE: Final = N_("undone")
"""The reason that taking a mark back leaves."""


class MarksByHand:
    """Marks students by hand and takes such marks back."""

    def __init__(self, *, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def mark(
        self,
        session_id: int,
        student_id: int,
        status: Status,
        *,
        actor: Actor,
        reason: str,
        seen_at: datetime | None = None,
        seen: int | None = None,
    ) -> AttendanceRecord:
        """Set a student's status by hand, in an open or ended session, with a reason that is kept.

        `seen_at` is when a camera saw the student whom a teacher names only now: the record's time is then that one.
        `seen` is the version of the record that the teacher looked at, 0 for none; None: whatever it is by now.

        Raises:
            ConflictError: The reason is empty, or somebody changed the record since the teacher looked.
            NotFoundError: No such session or student.
        """
        evidence = Evidence(
            Method.MANUAL,
            self._clock.now(),
            first_seen_at=seen_at,
            actor=actor.name,
            reason=" ".join(reason.split()),
        )

        def work(repositories: Repositories) -> RecordCorrected:
            student = _require_student(repositories, actor, session_id, student_id)
            require_reason(evidence)
            if seen is not None:
                _require_seen(repositories, session_id, student_id, seen)
            record = mark_by_hand(repositories, session_id, student_id, status, evidence)
            return corrected(repositories, student, record, evidence)

        return self._store.write(work, then=self._events.emit).record

    def mark_missing(
        self, session_id: int, student_ids: Collection[int], status: Status, *, actor: Actor, reason: str
    ) -> list[RecordCorrected]:
        """Set the status of several students by hand, all of them or none; whoever came meanwhile is left as is.

        Raises:
            ConflictError: The reason is empty.
            NotFoundError: No such session or student.
        """
        evidence = Evidence(
            Method.MANUAL, self._clock.now(), actor=actor.name, reason=" ".join(reason.split())
        )

        def work(repositories: Repositories) -> list[RecordCorrected]:
            require_reason(evidence)
            marked = []
            for student_id in student_ids:
                student = _require_student(repositories, actor, session_id, student_id)
                known = repositories.records.find(session_id, student_id)
                if known is not None and known.status.attended and not known.is_taken_back:
                    continue
                record = mark_by_hand(repositories, session_id, student_id, status, evidence)
                marked.append(corrected(repositories, student, record, evidence))
            return marked

        return self._store.write(work, then=self._tell)

    def undo_all(
        self, session_id: int, before: Mapping[int, AttendanceRecord | None], *, actor: Actor
    ) -> list[RecordCorrected]:
        """Take marks of several students back, all or none; `before` says by student id what their records were.

        Raises:
            NotFoundError: No such session, student or mark.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> list[RecordCorrected]:
            return [
                _undo(repositories, actor, session_id, student_id, record, now)
                for student_id, record in before.items()
            ]

        return self._store.write(work, then=self._tell)

    def _tell(self, changed: Sequence[RecordCorrected]) -> None:
        for one in changed:
            self._events.emit(one)

    def undo(
        self, session_id: int, student_id: int, before: AttendanceRecord | None, *, actor: Actor
    ) -> AttendanceRecord:
        """Take a mark by hand back: the record is again what it was `before`; the undone mark stays in the history.

        Where there was no record, the student counts as absent and may still check in while the session is open.

        Raises:
            NotFoundError: No such session, student or mark.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> RecordCorrected:
            return _undo(repositories, actor, session_id, student_id, before, now)

        return self._store.write(work, then=self._events.emit).record


def _undo(
    repositories: Repositories,
    actor: Actor,
    session_id: int,
    student_id: int,
    before: AttendanceRecord | None,
    now: datetime,
) -> RecordCorrected:
    student = _require_student(repositories, actor, session_id, student_id)
    known = repositories.records.find(session_id, student_id)
    if known is None:
        raise NotFoundError(_("There is no mark to undo."))
    evidence = Evidence(
        Method.MANUAL, now, actor=actor.name, reason=UNDONE, taken_back=before is None or None
    )
    return corrected(repositories, student, put_back(repositories, known, before, evidence), evidence)


def require_reason(evidence: Evidence) -> None:
    """Raises ConflictError: a mark by hand says no reason."""
    if not evidence.reason:
        raise ConflictError(
            _("A mark by hand needs a reason."), _("Write a word or two, such as: phone broken.")
        )


def _require_seen(repositories: Repositories, session_id: int, student_id: int, seen: int) -> None:
    session = repositories.class_sessions.get(session_id)
    is_open = session is not None and session.is_open
    known = standing(repositories.records.find(session_id, student_id), is_open=is_open)
    if (known.version if known is not None else 0) != seen:
        raise ConflictError(
            _("Somebody else changed this record meanwhile."), _("Look at it again, then decide.")
        )


def _require_student(repositories: Repositories, actor: Actor, session_id: int, student_id: int) -> Student:
    require_within(repositories, actor, Right.CORRECT)
    student = repositories.students.get(student_id)
    if student is None or repositories.class_sessions.hold(session_id) is None:
        raise NotFoundError(_("That class session or student does not exist any more."))
    return student


def corrected(
    repositories: Repositories, student: Student, record: AttendanceRecord, evidence: Evidence
) -> RecordCorrected:
    """What follows from a mark by hand within its transaction: no claim waits, nothing was learned of whoever was not there, the log says so."""
    repositories.claims.remove(record.session_id, student.student_id)
    session = repositories.class_sessions.get(record.session_id)
    if session is not None and not record.status.attended:
        repositories.faces.remove_learned(student.student_id, since=session.started_at)
    repositories.audit.add(
        evidence.at,
        evidence.actor or "",
        "record.marked_by_hand",
        f"{student.student_no} #{record.session_id}",
        f"{record.status.value}: {evidence.reason}",
    )
    return RecordCorrected(student, record)


def put_back(
    repositories: Repositories, known: AttendanceRecord, before: AttendanceRecord | None, evidence: Evidence
) -> AttendanceRecord:
    """Give a record the status, method and time that it had `before`; None: absent. The change stays in the history."""
    restored = replace(
        known,
        status=before.status if before else Status.ABSENT,
        method=before.method if before else None,
        marked_at=before.marked_at if before else evidence.at,
        evidence=(*known.evidence, evidence),
    )
    return repositories.records.correct(
        restored, corrected_at=evidence.at, actor=evidence.actor or "", reason=evidence.reason or ""
    )


def mark_by_hand(
    repositories: Repositories, session_id: int, student_id: int, status: Status, evidence: Evidence
) -> AttendanceRecord:
    """Set a status by hand within a transaction; what the record was before stays in its history."""
    session = repositories.class_sessions.hold(session_id)
    known = repositories.records.find(session_id, student_id)
    evidence = witnessed(evidence, session) if session is not None else evidence
    seen_at = evidence.first_seen_at or evidence.at
    if known is None:
        return repositories.records.add(
            session_id=session_id,
            student_id=student_id,
            status=status,
            method=Method.MANUAL,
            marked_at=seen_at,
            evidence=[evidence],
        )
    came = known.marked_at if known.status.attended and status.attended else seen_at
    changed = replace(
        known, status=status, method=Method.MANUAL, marked_at=came, evidence=(*known.evidence, evidence)
    )
    return repositories.records.correct(
        changed, corrected_at=evidence.at, actor=evidence.actor or "", reason=evidence.reason or ""
    )
