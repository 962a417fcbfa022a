"""The one door: face, phone, pass and hand all become a record here.

`CheckIn.submit` may be called from any thread. Proof policy, once-per-session rule, late rule and commit run
together in the store thread; the event is emitted, and the future done, only after the commit returned.
"""

from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance import AttendanceRecord, ClassSession, Evidence, Method, Status
from kiosk.domain.lookalikes import second_factor
from kiosk.domain.people import Student
from kiosk.errors import NotFoundError
from kiosk.services.announcing import announced
from kiosk.services.events import CheckInOutcome, CheckInResult, OnEvent
from kiosk.services.ports.store import Repositories, Store


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says that a student is in a class session, and on what evidence."""

    session_id: int
    student_id: int
    evidence: Evidence


_MARKED: Final = {Status.PRESENT: CheckInOutcome.MARKED_PRESENT, Status.LATE: CheckInOutcome.MARKED_LATE}


class CheckIn:
    """Turns claims into records, one a student and session."""

    def __init__(self, *, store: Store, zone: ZoneInfo, on_event: OnEvent) -> None:
        self._store = store
        self._zone = zone
        self._on_event = on_event

    def submit(self, claim: Claim) -> "Future[CheckInResult]":
        """Judge a claim and write the record; the result says exactly what a screen should show.

        Raises (out of the future):
            NotFoundError: No such session or student.
            StorageError: The record could not be written; nothing was.
        """
        written = self._store.write(lambda repositories: self._decide(repositories, claim))
        return announced(written, on_event=self._on_event, result=lambda found: found)

    def _decide(self, repositories: Repositories, claim: Claim) -> CheckInResult:
        session = repositories.class_sessions.get(claim.session_id)
        student = repositories.students.get(claim.student_id)
        if session is None or student is None:
            raise NotFoundError("That class session or student does not exist any more.")
        evidence = claim.evidence

        def result(outcome: CheckInOutcome, record: AttendanceRecord | None = None) -> CheckInResult:
            return CheckInResult(outcome, session.session_id, student, evidence.method, record, evidence.at)

        known = repositories.records.find(session.session_id, student.student_id)
        if known is not None and known.status.attended:
            return result(CheckInOutcome.ALREADY_MARKED, known)
        if not session.is_open:
            return result(CheckInOutcome.SESSION_ENDED, known)
        if known is not None and not known.is_taken_back:
            return result(CheckInOutcome.HELD_BY_TEACHER, known)
        roster = self._roster(repositories, session)
        if evidence.method is not Method.MANUAL and student.student_id not in roster:
            return result(CheckInOutcome.NOT_REGISTERED)
        doubtful = _needs_second_factor(repositories, student, roster, evidence.model or session.model)
        if doubtful and evidence.method is Method.FACE:
            return result(CheckInOutcome.SECOND_FACTOR_NEEDED)
        # Who may not be marked by the face alone can scan also where everybody else shows the face.
        if not (session.policy.accepts(evidence.method) or doubtful):
            return result(CheckInOutcome.METHOD_NOT_ACCEPTED)
        status = session.status_at(evidence.at)
        record = _written(repositories, claim, status, known)
        return result(_MARKED[status], record)

    def _roster(self, repositories: Repositories, session: ClassSession) -> set[int]:
        day = session.started_at.astimezone(self._zone).date()  # the roster's day, also after midnight
        return {student.student_id for student in repositories.courses.roster(session.course_id, day)}


def _needs_second_factor(repositories: Repositories, student: Student, roster: set[int], model: str) -> bool:
    """Asked again here, where records are made: a teacher's "this is not X" may have come a moment before the claim."""
    if not repositories.face_pairs.of({student.student_id}):
        return False
    return student.student_id in second_factor(repositories.face_pairs.between(roster), model=model)


def _written(
    repositories: Repositories, claim: Claim, status: Status, taken_back: AttendanceRecord | None
) -> AttendanceRecord:
    """The student's one record: a new one, or the one whose only mark was taken back."""
    evidence = claim.evidence
    if taken_back is None:
        return repositories.records.add(
            session_id=claim.session_id,
            student_id=claim.student_id,
            status=status,
            method=evidence.method,
            marked_at=evidence.at,
            evidence=[evidence],
        )
    again = replace(
        taken_back,
        status=status,
        method=evidence.method,
        marked_at=evidence.at,
        evidence=(*taken_back.evidence, evidence),
    )
    return repositories.records.correct(
        again, corrected_at=evidence.at, actor="the kiosk", reason="checked in after an undone mark"
    )
