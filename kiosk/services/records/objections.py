"""A student's "this record is wrong", and the teacher's answer. Any thread but the store’s.

The answer and the change of the record are one transaction, so a student never reads an answer that did not happen.
"""

from dataclasses import dataclass, replace

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.attendance.school_status import AnyStatus
from kiosk.domain.people.students import Student, clean_text
from kiosk.domain.records.objections import MAX_LETTERS, MAX_PER_RECORD, Objection, ObjectionOutcome
from kiosk.domain.records.stored import StudentRecord
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.marks_by_hand import logged, mark_by_hand
from kiosk.services.courses.own_courses import require_session_id
from kiosk.services.events import Events, ObjectionMade, RecordCorrected
from kiosk.services.ports.clock import Clock
from kiosk.services.records.student_data import student_queries
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories, Store
from kiosk.translation import N_, _, ngettext

CORRECTED = N_("corrected after the student’s message")
"""The answer, and the reason in the record, where the teacher changes it without a word."""


@dataclass(frozen=True, slots=True)
class WaitingObjection:
    """An objection as the teacher sees it."""

    student: Student
    record: AttendanceRecord
    objection: Objection


@dataclass(frozen=True, slots=True)
class StudentObjections:
    """An own record and what was said about it, oldest first."""

    own: StudentRecord
    said: tuple[Objection, ...]

    @property
    def can_object(self) -> bool:
        """Whether another objection would be taken."""
        return len(self.said) < MAX_PER_RECORD and not any(one.is_open for one in self.said)


@dataclass(frozen=True, slots=True)
class ObjectionAnswered(RecordCorrected):
    """A teacher answered; `record` is the record as it stands now, `before` as it stood."""

    before: AttendanceRecord
    objection: Objection


class Objections:
    """Takes objections and answers."""

    def __init__(self, *, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def own(self, student_id: int, record_id: int) -> StudentObjections:
        """One own record with its objections.

        Raises:
            NotFoundError: There is no such record, or it is somebody else's: both are said alike.
        """

        def query(repositories: Repositories) -> StudentObjections:
            own = _own(repositories, student_id, record_id)
            return StudentObjections(own, tuple(repositories.objections.of_record(record_id)))

        return self._store.read(query)

    def make(self, student_id: int, record_id: int, reason: str) -> Objection:
        """Tell the teacher that an own record is wrong.

        Raises:
            NotFoundError: As in `own`.
            ConflictError: No reason, a reason that is too long, one that waits already, or too many.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> ObjectionMade:
            words = _words(reason)
            own = _own(repositories, student_id, record_id)
            if not words:
                raise ConflictError(_("Please write what is wrong."), _("A few words are enough."))
            said = repositories.objections.of_record(record_id)
            if any(one.is_open for one in said):
                raise ConflictError(_("Your teacher has not answered your last message about this yet."))
            if len(said) >= MAX_PER_RECORD:
                raise ConflictError(
                    _("You have written about this record already."), _("Speak to your teacher.")
                )
            made = repositories.objections.add(record_id=record_id, reason=words, made_at=now)
            return ObjectionMade(own.record.session_id, student_id, made)

        return self._store.write(work, then=self._events.emit).objection

    def waiting(self, session_id: int, *, actor: Actor) -> list[WaitingObjection]:
        """Those of a class session that wait for an answer, oldest first.

        Raises:
            ForbiddenError: It is of a course of somebody else's.
        """
        require(self._store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> list[WaitingObjection]:
            require_session_id(repositories, actor, session_id)
            found = []
            for student_id, objection in repositories.objections.open_of_session(session_id):
                student = repositories.students.get(student_id)
                record = repositories.records.find(session_id, student_id)
                if student is not None and record is not None:
                    found.append(WaitingObjection(student, record, objection))
            return found

        return self._store.read(query)

    def open_by_session(self, course_id: int) -> dict[int, int]:
        """How many wait in each session of a course that has some."""
        return self._store.read(lambda repositories: repositories.objections.open_by_session(course_id))

    def answer(
        self, waiting: WaitingObjection, *, status: AnyStatus | None, answer: str, actor: Actor
    ) -> ObjectionAnswered:
        """Change the record to `status`, or keep it (None), and tell the student why.

        Raises:
            ConflictError: It was answered meanwhile; the record was changed meanwhile; a record is kept without a word.
            ForbiddenError: The record is of a course of somebody else's.
            NotFoundError: The record does not exist any more, or its session was deleted.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> ObjectionAnswered:
            require_within(repositories, actor, Right.CORRECT)
            require_session_id(repositories, actor, waiting.record.session_id)
            words = _words(answer)
            if status is None and not words:
                raise ConflictError(
                    _("Please say why the record stays."), _("The student reads your answer.")
                )
            if repositories.class_sessions.hold(waiting.record.session_id) is None:
                raise NotFoundError(
                    _("The class session of this record was deleted."),
                    _("Put the session back first; the message comes back with it."),
                )
            before = repositories.records.find(waiting.record.session_id, waiting.student.student_id)
            if before is None:
                raise NotFoundError(_("That record does not exist any more."))
            if before.version != waiting.record.version:
                raise ConflictError(
                    _("The record was changed meanwhile."), _("Look at it again, then answer.")
                )
            closed = replace(
                waiting.objection,
                outcome=ObjectionOutcome.KEPT if status is None else ObjectionOutcome.CHANGED,
                answer=words or f"{CORRECTED[:1].upper()}{CORRECTED[1:]}.",
                answered_at=now,
                answered_by=actor.name,
            )
            repositories.objections.close(closed)
            record = before
            if status is not None:
                reason = words or CORRECTED
                evidence = Evidence(Method.MANUAL, now, actor=actor.name, reason=reason)
                record = mark_by_hand(repositories, before.session_id, before.student_id, status, evidence)
            repositories.audit.add(
                now,
                actor.name,
                "objection.answered",
                f"{waiting.student.student_no} #{before.session_id}",
                f"{closed.outcome.value if closed.outcome else ''}: {logged(record.shown)}",
            )
            return ObjectionAnswered(waiting.student, record, before, closed)

        return self._store.write(work, then=self._events.emit)


def _own(repositories: Repositories, student_id: int, record_id: int) -> StudentRecord:
    found = student_queries(repositories).record(student_id, record_id)
    if found is None:
        raise NotFoundError(_("You have no such record."), _("Go back to your attendance."))
    return found


def _words(text: str) -> str:
    """White space folded. Raises ConflictError: longer than `MAX_LETTERS`."""
    words = clean_text(text)
    if len(words) > MAX_LETTERS:
        raise ConflictError(
            _("That is too long."),
            ngettext(
                "Please use at most {n} letter.",
                "Please use at most {n} letters.",
                MAX_LETTERS,
                n=MAX_LETTERS,
            ),
        )
    return words
