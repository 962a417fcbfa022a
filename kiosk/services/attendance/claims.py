"""The teacher's eye: whose scan waits for a second proof, and the one click that completes it. Any thread."""

from dataclasses import dataclass
from typing import Final

from kiosk.domain.attendance.choices import CheckInOutcome, Method
from kiosk.domain.attendance.claims import PendingClaim
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import NotFoundError
from kiosk.services.attendance.check_in import complete, witnessed
from kiosk.services.attendance.leaving.staying import check_out, leaves
from kiosk.services.attendance.recheck.judging import show_up, waits_for
from kiosk.services.courses.own_courses import require_session_id
from kiosk.services.events import CheckInResult, Events, RecordCorrected
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories, Store
from kiosk.translation import N_, _

CONFIRMED: Final = N_("seen by the teacher")
"""The reason that stands in the record."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim as the roster shows it: `is_good` is False once nobody followed it in time."""

    student: Student
    claim: PendingClaim
    is_good: bool


class Claims:
    """First proofs of the class that is open."""

    def __init__(self, *, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def waiting(self, session_id: int, *, actor: Actor) -> dict[int, Waiting]:
        """By student id: who scanned and is not marked yet, those too whose time is over."""
        require(self._store, actor, Right.SEE_RECORDS)
        now = self._clock.now()

        def query(repositories: Repositories) -> dict[int, Waiting]:
            require_session_id(repositories, actor, session_id)
            found = {}
            for claim in repositories.claims.of_session(session_id):
                student = repositories.students.get(claim.student_id)
                if student is not None:
                    found[claim.student_id] = Waiting(student, claim, claim.is_good(now))
            return found

        return self._store.read(query)

    def confirm(self, session_id: int, student_id: int, *, actor: Actor) -> AttendanceRecord:
        """Mark a student who scanned and whom the teacher sees; the time of the scan counts.

        It works as well when the scan's time is over: the teacher's eye is a proof at any time.

        Raises:
            NotFoundError: Nobody's scan waits: the student was marked, or the session ended.
        """
        seen = Evidence(Method.MANUAL, self._clock.now(), actor=actor.name, reason=CONFIRMED)

        def work(repositories: Repositories) -> tuple[AttendanceRecord, RecordCorrected | CheckInResult]:
            require_within(repositories, actor, Right.CORRECT)
            require_session_id(repositories, actor, session_id)
            session = repositories.class_sessions.hold(session_id)
            claim = repositories.claims.find(session_id, student_id)
            student = repositories.students.get(student_id)
            if claim is None or session is None or student is None:
                raise NotFoundError(_("This scan does not wait any more."), _("Look at the roster again."))
            proofs = (claim.evidence, witnessed(seen, session))
            known = repositories.records.find(session_id, student_id)
            if known is not None and known.status.attended:
                return _seen_later(repositories, session, student, known, proofs)
            record = complete(
                repositories,
                session_id=session_id,
                student_id=student_id,
                status=session.status_at(claim.made_at),
                proofs=proofs,
                marked_at=claim.made_at,
                taken_back=known,
            )
            repositories.audit.add(
                seen.at,
                actor.name,
                "record.confirmed_by_eye",
                f"{student.student_no} #{session_id}",
                record.status.value,
            )
            return record, RecordCorrected(student, record)

        return self._store.write(work, then=lambda done: self._events.emit(done[1]))[0]


def _seen_later(
    repositories: Repositories,
    session: ClassSession,
    student: Student,
    known: AttendanceRecord,
    proofs: tuple[Evidence, Evidence],
) -> tuple[AttendanceRecord, CheckInResult]:
    """Who is marked already and scanned for a re-check, or to leave, has done so; the record stays as it is."""
    first, last = proofs
    asked = waits_for(repositories, session.session_id, student.student_id, first.at)
    if asked is not None:
        show_up(repositories, asked, session.session_id, proofs)
        outcome = CheckInOutcome.SEEN_AGAIN
    elif leaves(repositories, session, known, [first.at]):
        check_out(repositories, session.session_id, student.student_id, proofs)
        outcome = CheckInOutcome.CHECKED_OUT
    else:
        raise NotFoundError(_("This scan does not wait any more."), _("Look at the roster again."))
    return known, CheckInResult(outcome, session.session_id, student, last.method, known, last.at)
