"""Check-out as the staff see it: open and close it, who left when, and minutes corrected by hand. Any thread but the store's."""

from dataclasses import dataclass, replace

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.attendance.stays import MAX_MINUTES, CheckOut, Stay, stay_of
from kiosk.domain.people.names import name_order
from kiosk.domain.people.students import Student, clean_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.leaving.staying import check_out_queries, rules_of, settle_stays
from kiosk.services.core import Core
from kiosk.services.courses.own_courses import require_session
from kiosk.services.events import CheckOutChanged, Event, RecordCorrected
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class StudentStay:
    """How long somebody was in a session, and what is known of the leaving."""

    student: Student
    record: AttendanceRecord
    stay: Stay
    out: CheckOut | None


@dataclass(frozen=True, slots=True)
class Stays:
    """All of a session, by name; `is_on`: whether the school counts minutes."""

    is_on: bool
    session: ClassSession
    students: tuple[StudentStay, ...]
    least_percent: int

    @property
    def left(self) -> int:
        """How many checked out."""
        return sum(one.stay.left_at is not None for one in self.students)


class CheckOuts:
    """Lets students check out, and counts minutes."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def of_session(self, session_id: int, *, actor: Actor) -> Stays:
        """How long each was there who was.

        Raises:
            NotFoundError: No such session.
            ForbiddenError: It is of a course of somebody else's; so do all others here say.
        """
        require(self._core.store, actor, Right.SEE_RECORDS)
        now = self._core.clock.now()

        def query(repositories: Repositories) -> Stays:
            session = repositories.class_sessions.get(session_id)
            if session is None:
                raise _gone()
            require_session(repositories, actor, session)
            outs, rules = check_out_queries(repositories).of_session(session_id), rules_of(repositories)
            found = []
            for record in repositories.records.of_session(session_id):
                out = outs.get(record.student_id)
                stay, student = (
                    stay_of(session, record, out, now),
                    repositories.students.get(record.student_id),
                )
                if stay is not None and student is not None:
                    found.append(StudentStay(student, record, stay, out))
            found.sort(key=lambda one: name_order(one.student))
            return Stays(rules.check_out.is_on, session, tuple(found), rules.attended_from_percent)

        return self._core.store.read(query)

    def open(self, session_id: int, *, actor: Actor) -> ClassSession:
        """Let students check out from now on.

        Raises:
            ConflictError: The school wants none, or the class has ended.
            NotFoundError: No such session.
        """
        return self._turn(session_id, actor, on=True)

    def close(self, session_id: int, *, actor: Actor) -> ClassSession:
        """Let nobody check out any more; who did stays so. Raises as `open`."""
        return self._turn(session_id, actor, on=False)

    def correct(
        self, session_id: int, student_id: int, minutes: int | None, *, reason: str, actor: Actor
    ) -> None:
        """Type how many minutes a student was there; None: as the times say, as if nobody had checked out.

        Raises:
            ConflictError: No reason, no such number, or the student was not there.
            NotFoundError: No such session or student.
        """
        now, why = self._core.clock.now(), clean_text(reason)

        def work(repositories: Repositories) -> list[Event]:
            require_within(repositories, actor, Right.CORRECT)
            session, student = (
                repositories.class_sessions.hold(session_id),
                repositories.students.get(student_id),
            )
            record = repositories.records.find(session_id, student_id)
            if session is None or student is None:
                raise _gone()
            require_session(repositories, actor, session)
            queries = check_out_queries(repositories)
            known = queries.find(session_id, student_id)
            stay = stay_of(session, record, known, now) if record is not None else None
            if stay is None:
                raise ConflictError(
                    _("{full_name} was not there.", full_name=student.full_name),
                    _("Mark the student as present or late first."),
                )
            _check(minutes, stay.of, why)
            out = known or CheckOut(session_id, student_id)
            if minutes is None:
                out = replace(out, left_at=None, method=None, evidence=())
            queries.put(replace(out, minutes=minutes, by=actor.name, reason=why))
            changed = settle_stays(repositories, session, at=now, only=student_id)
            detail = f"{'to the end' if minutes is None else minutes}: {why}"
            repositories.audit.add(
                now, actor.name, "checkout.corrected", f"{student.student_no} #{session_id}", detail
            )
            return [*(RecordCorrected(student, one) for one in changed), CheckOutChanged(session)]

        self._core.store.write(work, then=self._tell)

    def _turn(self, session_id: int, actor: Actor, *, on: bool) -> ClassSession:
        now = self._core.clock.now()

        def work(repositories: Repositories) -> CheckOutChanged:
            require_within(repositories, actor, Right.TAKE)
            session = repositories.class_sessions.hold(session_id)
            if session is None:
                raise _gone()
            require_session(repositories, actor, session)
            if on and not rules_of(repositories).check_out.is_on:
                raise ConflictError(
                    _("Students of this school do not check out."),
                    _("An admin can turn it on in the settings."),
                )
            if not session.is_open:
                raise ConflictError(_("This class has ended."), _("Minutes can still be corrected by hand."))
            if on is (session.check_out_since is not None):
                return CheckOutChanged(session)
            session = repositories.class_sessions.set_check_out(session_id, now if on else None)
            action = "checkout.opened" if on else "checkout.closed"
            repositories.audit.add(now, actor.name, action, f"#{session_id}")
            return CheckOutChanged(session)

        return self._core.store.write(work, then=self._core.events.emit).session

    def _tell(self, events: list[Event]) -> None:
        for one in events:
            self._core.events.emit(one)


def _check(minutes: int | None, of: int, why: str) -> None:
    if not why:
        raise ConflictError(_("Please say why."), _("A word is enough, such as: left early."))
    if minutes is not None and not 0 <= minutes <= min(of, MAX_MINUTES):
        raise ConflictError(
            _("This class has {of} minutes so far.", of=of), _("Type a number from 0 to that.")
        )


def _gone() -> NotFoundError:
    return NotFoundError(_("That class session or student does not exist any more."))
