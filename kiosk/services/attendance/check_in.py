"""The one door: face, phone, pass and hand all become a record here.

`CheckIn.submit` may be called from any thread. Proof policy, once-per-session rule, late rule and commit run
together in the store thread; the event is emitted, and the future done, only after the commit returned.

Where a session demands two proofs, the first one becomes a claim (`kiosk.domain.attendance.claims`) and the second completes it,
whichever comes first. Of two that come at once the store thread takes one after the other, so exactly one completes.
"""

from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import CheckInOutcome, Method, ProofPolicy, Status
from kiosk.domain.attendance.claims import Awaited, ClaimRule, Lot, PendingClaim, draw_lot, needs_second_proof
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.kept import KeptClaim
from kiosk.domain.attendance.rechecks import Asked
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.faces.lookalikes import second_factor
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.school.face_rule import FaceRule
from kiosk.errors import NotFoundError
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.devices import judge_device
from kiosk.services.attendance.leaving.staying import check_out, leaves
from kiosk.services.attendance.recheck.judging import show_up, waits_for
from kiosk.services.attendance.typed_numbers import TypedNumbers
from kiosk.services.events import CheckInResult, Events
from kiosk.services.school.face_rules import choice_of
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories, Store
from kiosk.translation import N_, _

if TYPE_CHECKING:
    from kiosk.services.attendance.away.keeping import Keeping
    from kiosk.services.attendance.recheck.recheck_watch import RecheckWatch

UNDONE: Final = N_("checked in after an undone mark")
REOPENED: Final = N_("checked in after the class was opened again")
DELIVERED: Final = N_("came while the database server was away, and was delivered afterwards")
"""Why a record was changed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says that a student is in a class session, and on what evidence."""

    session_id: int
    student_id: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a claim comes that this PC kept while the server was away.

    Attributes:
        now: When it is delivered, aware UTC; the claim's own time counts for the record.
        is_last: Whether no other claim of this student in this session comes behind it.
    """

    now: datetime
    is_last: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """A claim that may be judged by its proof: the student is registered, not marked yet, and the session is open."""

    session: ClassSession
    student: Student
    evidence: Evidence
    known: AttendanceRecord | None
    waiting: PendingClaim | None
    needs_second_factor: bool
    """Whether the face alone may not decide on this student."""
    delivered: Delivered | None = None
    """None for who stands here now."""
    asked: Asked | None = None
    """Where a re-check waits for this student, who is marked already."""
    leaves: bool = False
    """Whether the student, who is marked already, checks out by it."""

    @property
    def has_nobody_behind(self) -> bool:
        """Whether a delivered claim cannot be completed any more: its class is over, and no second proof was kept."""
        return self.delivered is not None and self.delivered.is_last and not self.session.is_open

    def awaits(self, awaited: Awaited) -> bool:
        """Whether a first proof is still good and this is what it waits for."""
        waiting = self.waiting
        return waiting is not None and waiting.awaits is awaited and waiting.is_good(self.evidence.at)

    def result(
        self,
        outcome: CheckInOutcome,
        *,
        record: AttendanceRecord | None = None,
        claim: PendingClaim | None = None,
    ) -> CheckInResult:
        evidence = self.evidence
        return CheckInResult(
            outcome, self.session.session_id, self.student, evidence.method, record, evidence.at, claim
        )


class CheckIn:
    """Turns claims into records, one a student and session."""

    def __init__(
        self,
        *,
        store: Store,
        zone: ZoneInfo,
        events: Events,
        lot: Lot = draw_lot,
        awaited: AwaitedFaces | None = None,
        typed: TypedNumbers | None = None,
        keeping: "Keeping | None" = None,
        rechecks: "RecheckWatch | None" = None,
    ) -> None:
        """Wire it over a store.

        Where the school lets the camera verify only, `typed` knows who typed a number.

        While `awaited` knows that the camera sees nobody, the teacher's eye is awaited instead of it. What cannot be
        saved is kept by `keeping`, where this kiosk keeps anything. `rechecks` knows which window is open.
        """
        self._store = store
        self._zone = zone
        self._events = events
        self._lot = lot
        self._awaited = awaited
        self._typed = typed
        self._keeping = keeping
        self._rechecks = rechecks

    def submit(self, claim: Claim) -> "Future[CheckInResult]":
        """Judge a claim and write the record, without waiting; the result says exactly what a screen should show.

        Raises (out of the future):
            NotFoundError: No such session or student.
            StorageError: The record could not be written; nothing was.
        """
        keeping = self._keeping
        if keeping is None or not keeping.is_on:
            return self._save(claim)
        return keeping.saved_or_kept(claim, partial(self._save, claim))

    def came_of(self, kept: CheckInResult) -> CheckInResult | None:
        """What came of a claim that was kept, once it was delivered; None before that."""
        return self._keeping.came_of(kept.session_id, kept.student.student_id) if self._keeping else None

    def asked_since(self, session_id: int, student_id: int) -> datetime | None:
        """Since when a re-check waits for a student to show up again; None where none does. From memory."""
        now = self._rechecks.now(session_id) if self._rechecks is not None else None
        return now.recheck.began_at if now is not None and student_id in now.missing else None

    def deliver(self, repositories: Repositories, kept: KeptClaim, delivered: Delivered) -> CheckInResult:
        """Judge a claim that was kept while the server was away, within a transaction; its own time counts.

        A claim from before the session's end counts although the session has ended since, and takes the place of the
        absence that this end wrote; what a teacher decided by hand stays.

        Raises:
            NotFoundError: No such session or student.
        """
        session = repositories.class_sessions.hold(kept.session_id)
        if session is None or session.started_at != kept.session_started_at:
            raise _gone()
        if kept.method is Method.FACE and not _consents(repositories, kept.student_id):
            kept = kept.without_face()
        return self._decide(
            repositories, Claim(kept.session_id, kept.student_id, kept.evidence), delivered=delivered
        )

    def _save(self, claim: Claim) -> "Future[CheckInResult]":
        return self._store.write_later(
            lambda repositories: self._decide(repositories, claim), then=self._events.emit
        )

    def _decide(
        self, repositories: Repositories, claim: Claim, *, delivered: Delivered | None = None
    ) -> CheckInResult:
        session = repositories.class_sessions.hold(claim.session_id)
        student = repositories.students.get(claim.student_id)
        if session is None or student is None:
            raise _gone()
        evidence = witnessed(claim.evidence, session)
        known = repositories.records.find(session.session_id, student.student_id)
        waiting = repositories.claims.find(session.session_id, student.student_id)
        case = _Case(session, student, evidence, known, waiting, False, delivered)
        if known is not None and known.status.attended:
            case = _later(repositories, case, known)
        turned_away = self._turned_away(repositories, case)
        if turned_away is not None:
            return turned_away
        device = judge_device(repositories, session.session_id, student.student_id, evidence)
        if device.refusal is not None:
            return replace(case.result(device.refusal), incident=device.incident)
        needed = self._needs_second_factor(repositories, case, evidence.model or session.model)
        case = replace(case, needs_second_factor=needed)
        result = replace(self._by_proof(repositories, case), incident=device.incident)
        if result.outcome.is_waiting and case.has_nobody_behind:
            repositories.claims.remove(session.session_id, student.student_id)
            return case.result(CheckInOutcome.SESSION_ENDED, record=known)
        return result

    def _turned_away(self, repositories: Repositories, case: _Case) -> CheckInResult | None:
        """What is said before any proof is looked at; None where the proof decides."""
        session, known, evidence = case.session, case.known, case.evidence
        if case.asked is not None or case.leaves:
            return None
        if known is not None and known.status.attended:
            return case.result(CheckInOutcome.ALREADY_MARKED, record=known)
        came_in_time = case.delivered is not None and session.was_open_at(evidence.at)
        if not (session.is_open or came_in_time):
            return case.result(CheckInOutcome.SESSION_ENDED, record=known)
        if known is not None and not known.is_undecided:
            return case.result(CheckInOutcome.HELD_BY_TEACHER, record=known)
        if evidence.method is Method.MANUAL or self._is_registered(repositories, session, case.student):
            return None
        return case.result(CheckInOutcome.NOT_REGISTERED)

    def _by_proof(self, repositories: Repositories, case: _Case) -> CheckInResult:
        match case.evidence.method:
            case Method.FACE:
                return self._by_face(repositories, case)
            case Method.PHONE | Method.PASS:
                return self._by_scan(repositories, case)
            case Method.MANUAL:
                return _marked(repositories, case)
            case _:
                assert_never(case.evidence.method)

    def _by_face(self, repositories: Repositories, case: _Case) -> CheckInResult:
        if not self._allows_face(repositories, case):
            return case.result(CheckInOutcome.METHOD_NOT_ACCEPTED)
        if case.needs_second_factor:
            return case.result(CheckInOutcome.SECOND_FACTOR_NEEDED)
        if case.awaits(Awaited.FACE) or case.session.policy.accepts(Method.FACE):
            return _marked(repositories, case)
        if case.awaits(Awaited.EYE):
            return case.result(CheckInOutcome.TEACHER_AWAITED, claim=case.waiting)
        match case.session.policy:
            case ProofPolicy.BOTH:
                return self._wait(repositories, case, Awaited.PHONE)
            case ProofPolicy.EITHER | ProofPolicy.FACE | ProofPolicy.PHONE | ProofPolicy.SPOT_CHECK:
                return case.result(CheckInOutcome.METHOD_NOT_ACCEPTED)
            case _:
                assert_never(case.session.policy)

    def _allows_face(self, repositories: Repositories, case: _Case) -> bool:
        """Whether the school's rule lets a face count: asked here, too, because a class may have begun before it was chosen."""
        if case.session.is_replay:
            return True  # asked when it began
        match _face_rule(repositories):
            case FaceRule.WALK_PAST:
                return True
            case FaceRule.OFF:
                return False
            case FaceRule.VERIFY_ONLY:
                # What was kept while the server was away was verified when it came.
                if case.awaits(Awaited.FACE) or case.delivered is not None:
                    return True
                return self._typed is not None and self._typed.was_typed(
                    case.session.session_id, case.student.student_id, at=case.evidence.at
                )
            case rule:
                assert_never(rule)

    def _by_scan(self, repositories: Repositories, case: _Case) -> CheckInResult:
        session = case.session
        if session.policy.verifies_claims:
            share = _claim_rule(repositories).spot_check_share
            drawn = case.waiting is not None
            if case.awaits(Awaited.PHONE) or not needs_second_proof(
                session.policy, drawn_before=drawn, share=share, lot=self._lot
            ):
                return _marked(repositories, case)
            face_follows = case.delivered is not None and not case.delivered.is_last
            sees = face_follows or self._awaited is None or self._awaited.can_see()
            sees = sees and _face_rule(repositories).uses_faces
            by_camera = sees and not case.needs_second_factor and _has_face(repositories, case)
            return self._wait(repositories, case, Awaited.FACE if by_camera else Awaited.EYE)
        # Who may not be marked by the face alone can scan also where everybody else shows the face.
        if session.policy.accepts(case.evidence.method) or case.needs_second_factor:
            return _marked(repositories, case)
        rule = _face_rule(repositories)
        if not rule.uses_faces or not _has_face(repositories, case):
            return self._wait(repositories, case, Awaited.EYE)
        if rule is FaceRule.VERIFY_ONLY:  # the scan says who it is, the camera sees whether it is
            sees = self._awaited is None or self._awaited.can_see()
            return self._wait(repositories, case, Awaited.FACE if sees else Awaited.EYE)
        return case.result(CheckInOutcome.METHOD_NOT_ACCEPTED)

    def _wait(self, repositories: Repositories, case: _Case, awaits: Awaited) -> CheckInResult:
        if awaits is Awaited.EYE and case.awaits(Awaited.EYE):
            return case.result(awaits.outcome, claim=case.waiting)  # the time of the first scan counts
        rule = _claim_rule(repositories)
        claim = rule.claim(case.session.session_id, case.student.student_id, case.evidence, awaits)
        late = case.delivered
        if awaits is Awaited.FACE and late is not None and late.is_last and not claim.is_good(late.now):
            awaits = Awaited.EYE  # the camera had no chance
            claim = rule.claim(claim.session_id, claim.student_id, claim.evidence, awaits)
        repositories.claims.put(claim)
        return case.result(awaits.outcome, claim=claim)

    def _is_registered(self, repositories: Repositories, session: ClassSession, student: Student) -> bool:
        return repositories.courses.is_registered(session.course_id, student.student_id, self._day(session))

    def _needs_second_factor(self, repositories: Repositories, case: _Case, model: str) -> bool:
        """Asked again here, where records are made: a teacher's "this is not X" may have come a moment before the claim."""
        student_id, session = case.student.student_id, case.session
        if not repositories.face_pairs.of({student_id}):
            return False
        roster = repositories.courses.roster(session.course_id, self._day(session))
        pairs = repositories.face_pairs.between({student.student_id for student in roster})
        return student_id in second_factor(pairs, model=model)

    def _day(self, session: ClassSession) -> date:
        return session.started_at.astimezone(self._zone).date()  # the roster's day, also after midnight


def _gone() -> NotFoundError:
    return NotFoundError(_("That class session or student does not exist any more."))


def _consents(repositories: Repositories, student_id: int) -> bool:
    return bool(repositories.consents.given_by({student_id}, ConsentKind.FACE_RECOGNITION))


def _face_rule(repositories: Repositories) -> FaceRule:
    return choice_of(repositories.school_settings.all()).rule


def _claim_rule(repositories: Repositories) -> ClaimRule:
    rules = SchoolRules.from_texts(repositories.school_settings.all())
    return ClaimRule(timedelta(minutes=rules.claim_life_min), rules.spot_check_share / 100)


def _has_face(repositories: Repositories, case: _Case) -> bool:
    """Whether the camera can know this student: consent, and templates of the session's model."""
    student_id = case.student.student_id
    return _consents(repositories, student_id) and student_id in repositories.faces.enrolled(
        case.session.model
    )


def _later(repositories: Repositories, case: _Case, known: AttendanceRecord) -> _Case:
    """What else a proof of somebody who is marked may be: for a re-check, or of leaving.

    Who scanned or was seen first within the window may finish.
    """
    evidence, waiting = case.evidence, case.waiting
    moments = [evidence.at]
    if evidence.scanned_at is not None:
        moments.append(evidence.scanned_at)
    if waiting is not None and waiting.is_good(evidence.at):
        moments.append(waiting.made_at)
    asked = waits_for(repositories, case.session.session_id, case.student.student_id, *moments)
    if asked is not None or case.delivered is not None:
        return replace(case, asked=asked)
    return replace(case, leaves=leaves(repositories, case.session, known, moments))


def _marked(repositories: Repositories, case: _Case) -> CheckInResult:
    waiting, evidence = case.waiting, case.evidence
    first = (waiting.evidence,) if waiting is not None and waiting.is_good(evidence.at) else ()
    if case.asked is not None:
        show_up(repositories, case.asked, case.session.session_id, (*first, evidence))
        return case.result(CheckInOutcome.SEEN_AGAIN, record=case.known)
    if case.leaves:
        check_out(repositories, case.session.session_id, case.student.student_id, (*first, evidence))
        return case.result(CheckInOutcome.CHECKED_OUT, record=case.known)
    status = case.session.status_at(evidence.at)
    record = complete(
        repositories,
        session_id=case.session.session_id,
        student_id=case.student.student_id,
        status=status,
        proofs=(*first, evidence),
        marked_at=evidence.at,
        taken_back=case.known,
        written_at=case.delivered.now if case.delivered is not None else None,
    )
    return case.result(CheckInOutcome.marked(status), record=record)


def witnessed(evidence: Evidence, session: ClassSession) -> Evidence:
    """Evidence with what the PC's clock said, where it was moved while the session was open."""
    moved_s = session.clock_moved.total_seconds()
    return replace(evidence, clock_moved_s=moved_s) if moved_s and session.is_open else evidence


def complete(
    repositories: Repositories,
    *,
    session_id: int,
    student_id: int,
    status: Status,
    proofs: tuple[Evidence, ...],
    marked_at: datetime,
    taken_back: AttendanceRecord | None,
    written_at: datetime | None = None,
) -> AttendanceRecord:
    """Write the student's one record and end the claim on it.

    Args:
        repositories: Of the transaction.
        session_id: In which session.
        student_id: Whose.
        status: How the student counts.
        proofs: Oldest first; the last one completed the record.
        marked_at: Since when the student counts as here, aware UTC.
        taken_back: The record whose only mark was taken back, or an absence that nobody decided, which is used again; None
            when there is none.
        written_at: When it is written, where that is not the time of the last proof; aware UTC.
    """
    last = proofs[-1]
    repositories.claims.remove(session_id, student_id)
    if taken_back is None:
        return repositories.records.add(
            session_id=session_id,
            student_id=student_id,
            status=status,
            method=last.method,
            marked_at=marked_at,
            evidence=proofs,
        )
    again = replace(
        taken_back.marked(status),
        method=last.method,
        marked_at=marked_at,
        evidence=(*taken_back.evidence, *proofs),
    )
    return repositories.records.correct(
        again,
        corrected_at=written_at or last.at,
        actor=last.actor or N_("the kiosk"),
        reason=_why_again(taken_back, delivered=written_at is not None),
    )


def _why_again(before: AttendanceRecord, *, delivered: bool) -> str:
    if before.is_taken_back:
        return UNDONE
    return DELIVERED if delivered else REOPENED
