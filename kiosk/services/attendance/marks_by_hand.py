"""Marks by hand: a teacher sets a status with a reason, or takes that back. Any thread but the store's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.claims import Awaited, PendingClaim
from kiosk.domain.attendance.class_tally import standing
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.check_in import witnessed
from kiosk.services.attendance.school_statuses import require_offered
from kiosk.services.courses.own_courses import require_session
from kiosk.services.events import Events, RecordCorrected, ScanWaitsAgain
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories, Store
from kiosk.translation import N_, _

UNDONE: Final = N_("undone")
"""The reason that taking a mark back leaves."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One student's mark by hand, with all that taking it back needs.

    Attributes:
        before: The record as it stood; None where there was none.
        record: As the mark left it.
        claim: The scan that waited for its second proof and ended with the mark; None where none did.
    """

    student: Student
    before: AttendanceRecord | None
    record: AttendanceRecord
    claim: PendingClaim | None = None


@dataclass(frozen=True, slots=True)
class MarkedMissing:
    """What came of one mark for several students.

    Attributes:
        came: Who is here by now, and stays so.
        changed: Whose record somebody else changed meanwhile; it stays as it is.
    """

    marked: tuple[Marked, ...]
    came: tuple[Student, ...] = ()
    changed: tuple[Student, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoneMark:
    """A mark that was taken back; `waits` is the scan that waits again with it."""

    corrected: RecordCorrected
    waits: PendingClaim | None = None


@dataclass(frozen=True, slots=True)
class UndoneMarks:
    """What came of taking several marks back; `changed`: whose record somebody else changed since, so that it stays."""

    undone: tuple[UndoneMark, ...]
    changed: tuple[Student, ...] = ()


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
        status: AnyStatus,
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
            ForbiddenError: The class is of a course of somebody else's.
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
        self, session_id: int, seen: Mapping[int, int], status: AnyStatus, *, actor: Actor, reason: str
    ) -> MarkedMissing:
        """Set the status of several students by hand, in one step; nobody's newer mark is overwritten.

        `seen` says by student id which version of the record the teacher looked at, 0 for none.

        Raises:
            ConflictError: The reason is empty.
            NotFoundError: No such session or student; nobody is marked.
        """
        evidence = Evidence(
            Method.MANUAL, self._clock.now(), actor=actor.name, reason=" ".join(reason.split())
        )

        def work(repositories: Repositories) -> MarkedMissing:
            require_reason(evidence)
            marked, came, changed = [], [], []
            for student_id, version in seen.items():
                student = _require_student(repositories, actor, session_id, student_id)
                known = _standing(repositories, session_id, student_id)
                if known is not None and known.status.attended:
                    came.append(student)
                elif _version(known) != version:
                    changed.append(student)
                else:
                    claim = repositories.claims.find(session_id, student_id)
                    record = mark_by_hand(repositories, session_id, student_id, status, evidence)
                    record = corrected(repositories, student, record, evidence).record
                    marked.append(Marked(student, known, record, claim))
            return MarkedMissing(tuple(marked), tuple(came), tuple(changed))

        def tell(done: MarkedMissing) -> None:
            for one in done.marked:
                self._events.emit(RecordCorrected(one.student, one.record))

        return self._store.write(work, then=tell)

    def undo_all(self, session_id: int, marks: Sequence[Marked], *, actor: Actor) -> UndoneMarks:
        """Take marks of several students back, in one step, and let the scans wait again that had ended with them.

        Raises:
            NotFoundError: No such session, student or mark; nothing is taken back.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> UndoneMarks:
            undone, changed = [], []
            for one in marks:
                student = _require_student(repositories, actor, session_id, one.student.student_id)
                known = repositories.records.find(session_id, student.student_id)
                if known is not None and known.version != one.record.version:
                    changed.append(student)
                else:
                    back = _undo(repositories, actor, session_id, student.student_id, one.before, now)
                    undone.append(UndoneMark(back, _wait_again(repositories, one.claim, one.before)))
            return UndoneMarks(tuple(undone), tuple(changed))

        def tell(done: UndoneMarks) -> None:
            for one in done.undone:
                self._tell_undone(one)

        return self._store.write(work, then=tell)

    def undo(
        self,
        session_id: int,
        student_id: int,
        before: AttendanceRecord | None,
        *,
        actor: Actor,
        after: AttendanceRecord | None = None,
        claim: PendingClaim | None = None,
    ) -> AttendanceRecord:
        """Take a mark by hand back: the record is again what it was `before`; the undone mark stays in the history.

        Where there was no record, the student counts as absent and may still check in while the session is open; a
        `claim` that ended with the mark waits again. `after` is what the mark had made of the record; None: whatever
        it is by now.

        Raises:
            ConflictError: Somebody changed the record since the mark.
            NotFoundError: No such session, student or mark.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> UndoneMark:
            known = repositories.records.find(session_id, student_id)
            if after is not None and known is not None and known.version != after.version:
                raise changed_meanwhile()
            undone = _undo(repositories, actor, session_id, student_id, before, now)
            return UndoneMark(undone, _wait_again(repositories, claim, before))

        return self._store.write(work, then=self._tell_undone).corrected.record

    def _tell_undone(self, one: UndoneMark) -> None:
        self._events.emit(one.corrected)
        if one.waits is not None:
            self._events.emit(ScanWaitsAgain(one.corrected.student, one.waits))


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


def changed_meanwhile() -> ConflictError:
    """What to say where somebody else was faster."""
    return ConflictError(
        _("Somebody else changed this record meanwhile."), _("Look at it again, then decide.")
    )


def _require_seen(repositories: Repositories, session_id: int, student_id: int, seen: int) -> None:
    if _version(_standing(repositories, session_id, student_id)) != seen:
        raise changed_meanwhile()


def _standing(repositories: Repositories, session_id: int, student_id: int) -> AttendanceRecord | None:
    """What counts of a student now."""
    session = repositories.class_sessions.get(session_id)
    is_open = session is not None and session.is_open
    return standing(repositories.records.find(session_id, student_id), is_open=is_open)


def _version(record: AttendanceRecord | None) -> int:
    return record.version if record is not None else 0


def _wait_again(
    repositories: Repositories, claim: PendingClaim | None, before: AttendanceRecord | None
) -> PendingClaim | None:
    """Put back a scan that ended with a mark, where it may still be completed; None: it may not."""
    if claim is None or before is not None:
        return None
    session = repositories.class_sessions.get(claim.session_id)
    if session is None or not session.is_open:
        return None
    if not repositories.consents.given_by({claim.student_id}, ConsentKind.FACE_RECOGNITION):
        if claim.evidence.method is Method.FACE:
            return None
        if claim.awaits is Awaited.FACE:
            claim = replace(claim, awaits=Awaited.EYE, expires_at=None)
    repositories.claims.put(claim)
    return claim


def _require_student(repositories: Repositories, actor: Actor, session_id: int, student_id: int) -> Student:
    require_within(repositories, actor, Right.CORRECT)
    student = repositories.students.get(student_id)
    session = repositories.class_sessions.hold(session_id)
    if student is None or session is None:
        raise NotFoundError(_("That class session or student does not exist any more."))
    require_session(repositories, actor, session)
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
        f"{logged(record.shown)}: {evidence.reason}",
    )
    return RecordCorrected(student, record)


def logged(status: AnyStatus) -> str:
    """A status as the log says it: which of the four it is, and what the school calls it."""
    return f"{status.base.value} ({status.name})" if isinstance(status, SchoolStatus) else status.value


def put_back(
    repositories: Repositories, known: AttendanceRecord, before: AttendanceRecord | None, evidence: Evidence
) -> AttendanceRecord:
    """Give a record the status, method and time that it had `before`; None: absent. The change stays in the history."""
    restored = replace(
        known.marked(before.shown if before else Status.ABSENT),
        method=before.method if before else None,
        marked_at=before.marked_at if before else evidence.at,
        evidence=(*known.evidence, evidence),
    )
    return repositories.records.correct(
        restored, corrected_at=evidence.at, actor=evidence.actor or "", reason=evidence.reason or ""
    )


def mark_by_hand(
    repositories: Repositories, session_id: int, student_id: int, status: AnyStatus, evidence: Evidence
) -> AttendanceRecord:
    """Set a status by hand within a transaction; what the record was before stays in its history.

    Raises:
        ConflictError: It is a status of the school's own that is not offered any more.
    """
    if isinstance(status, SchoolStatus):
        require_offered(repositories, status)
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
        known.marked(status), method=Method.MANUAL, marked_at=came, evidence=(*known.evidence, evidence)
    )
    return repositories.records.correct(
        changed, corrected_at=evidence.at, actor=evidence.actor or "", reason=evidence.reason or ""
    )
