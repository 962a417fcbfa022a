"""A teacher says who an ambiguous face is: a mark by hand, and a template only where the student allows it and the teacher asks.

Learning goes through the same door as every enrolment: consent, quality, and whether it is one person. Slow where it
learns: call `confirm` from a worker thread, and reload the gallery afterwards.
"""

from dataclasses import dataclass
from typing import Final

from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.faces.lookalikes import second_factor
from kiosk.domain.people.consents import ConsentKind
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import KioskError, NotFoundError
from kiosk.services.attendance.marks_by_hand import MarksByHand
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.courses.own_courses import require_session_id
from kiosk.services.faces.ambiguous_memory import AmbiguousFace, AmbiguousMemory
from kiosk.services.faces.enrolment import Enrolments
from kiosk.services.faces.lookalikes import PairWarning
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import N_, _

CONFIRMED: Final = N_("confirmed from an unsure face")
"""The reason that stands in the record."""


@dataclass(frozen=True, slots=True)
class WaitingFaces:
    """What a teacher may settle now.

    Attributes:
        faces: Oldest first.
        candidates: Whom a face may be: everybody on the roster who is not here yet, by name.
        consenting: Student ids of candidates whose picture may be learnt.
    """

    faces: tuple[AmbiguousFace, ...]
    candidates: tuple[Student, ...]
    consenting: frozenset[int]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of a teacher's word.

    Attributes:
        student: Who it is.
        before: The student's record as it stood, None when there was none.
        record: As it stands now.
        learnt: Bytes of the picture that became a template; None when none did.
        refusal: Why the picture was not learnt although the teacher asked for it; empty otherwise.
        warnings: Who is too close now that the picture is learnt.
    """

    student: Student
    before: AttendanceRecord | None
    record: AttendanceRecord
    learnt: bytes | None
    refusal: str
    warnings: tuple[PairWarning, ...]


class AmbiguousFaces:
    """Ambiguous faces of the class that is open."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        sessions: Sessions,
        marks: MarksByHand,
        faces: AmbiguousMemory,
        enrolments: Enrolments,
    ) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions
        self._marks = marks
        self._faces = faces
        self._enrolments = enrolments

    def waiting(self, session_id: int, *, actor: Actor) -> WaitingFaces:
        """Faces that nobody settled yet.

        A face whose candidate is here by now is left out: asked to scan, that is what people do. Where the candidate needs
        a second factor, because somebody else looks alike, the face stays: it may be the other one's.
        """
        require(self._store, actor, Right.SEE_RECORDS)
        self._require_reached(session_id, actor)
        kept = self._faces.of_session(session_id)
        if not kept:
            return WaitingFaces((), (), frozenset())
        session = self._sessions.session(session_id)
        everybody = [(entry.student, entry.record) for entry in self._sessions.roster(session_id)]
        missing = {
            student.student_id: student
            for student, record in everybody
            if record is None or not record.status.attended
        }

        def query(repositories: Repositories) -> WaitingFaces:
            pairs = repositories.face_pairs.between(student.student_id for student, _unused in everybody)
            open_ones = missing.keys() | second_factor(pairs, model=session.model)
            faces = tuple(face for face in kept if face.candidate_id in open_ones)
            willing = repositories.consents.given_by(missing, ConsentKind.FACE_RECOGNITION)
            return WaitingFaces(faces, tuple(missing.values()), frozenset(willing))

        return self._store.read(query)

    def dismiss(self, face_id: int, *, actor: Actor) -> None:
        """It is nobody of this class, or nobody needs to settle it: forget the picture."""
        require(self._store, actor, Right.CORRECT)
        face = self._faces.get(face_id)
        if face is not None:
            self._require_reached(face.session_id, actor)
        self._faces.drop(face_id)

    def confirm(self, face_id: int, student_id: int, *, actor: Actor, learn: bool = False) -> Confirmed:
        """Mark a student whom a teacher knows in an ambiguous face, from the moment when the face was seen.

        Args:
            face_id: Which face; it is forgotten afterwards.
            student_id: Who it is.
            actor: The teacher.
            learn: Whether the picture shall become a template, too. That it was refused does not undo the mark.

        Raises:
            NotFoundError: The face is not kept any more, or there is no such student.
        """
        require(self._store, actor, Right.CORRECT)
        face = self._faces.get(face_id)
        student = self._store.read(lambda repositories: repositories.students.get(student_id))
        if face is None or student is None:
            raise NotFoundError(_("This face is not kept any more."), _("Mark the student by hand."))
        self._require_reached(face.session_id, actor)
        session = self._sessions.session(face.session_id)
        before = self._store.read(lambda repositories: repositories.records.find(face.session_id, student_id))
        if before is not None and before.is_taken_back:
            before = None
        record = self._marks.mark(
            face.session_id,
            student_id,
            session.status_at(face.seen_at),
            actor=actor,
            reason=CONFIRMED,
            seen_at=face.seen_at,
        )
        self._faces.drop(face_id)
        if not learn:
            return Confirmed(student, before, record, None, "", ())
        try:
            warnings = self._learn(student, face, actor)
        except KioskError as error:
            return Confirmed(student, before, record, None, str(error), ())
        return Confirmed(student, before, record, face.picture, "", warnings)

    def undo(self, confirmed: Confirmed, *, actor: Actor) -> AttendanceRecord:
        """Take a confirmation back: the mark, and the template that was learnt with it.

        Raises:
            NotFoundError: The record does not exist any more.
        """
        require(self._store, actor, Right.CORRECT)
        self._require_reached(confirmed.record.session_id, actor)
        student, picture = confirmed.student, confirmed.learnt
        if picture is not None:

            def forget(repositories: Repositories) -> None:
                repositories.faces.remove_sample(student_id=student.student_id, source=picture)
                self._log(repositories, "face.unlearnt_from_class", student, actor.name)

            self._store.write(forget)
            self._enrolments.build().compare({student.student_id}, actor=actor.name)
        return self._marks.undo(
            confirmed.record.session_id, student.student_id, confirmed.before, actor=actor
        )

    def _require_reached(self, session_id: int, actor: Actor) -> None:
        self._store.read(lambda repositories: require_session_id(repositories, actor, session_id))

    def _learn(self, student: Student, face: AmbiguousFace, actor: Actor) -> tuple[PairWarning, ...]:
        enrolment = self._enrolments.build()
        enrolment.learn_picture(student.student_id, face.picture, actor=actor)
        self._store.write(
            lambda repositories: self._log(repositories, "face.learnt_from_class", student, actor.name)
        )
        return enrolment.compare({student.student_id}, actor=actor.name)

    def _log(self, repositories: Repositories, action: str, student: Student, actor: str) -> None:
        repositories.audit.add(self._clock.now(), actor, action, student.student_no)
