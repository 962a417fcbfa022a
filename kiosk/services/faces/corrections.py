"""A teacher's "this is not X": the record made by a wrong face goes, and the camera does not name X again.

The record stays in the history. The veto holds for every model and every class that both are in, until X is enrolled anew
(no picture from before is left) or an admin lifts it. Any thread; whoever calls reloads the gallery afterwards.
"""

from dataclasses import dataclass, replace

from kiosk.domain.attendance.choices import Method
from kiosk.domain.attendance.record import AttendanceRecord, Evidence
from kiosk.domain.faces.lookalikes import FacePair, PairOrigin
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.marks_by_hand import UNDONE, put_back
from kiosk.services.courses.own_courses import require_session_id
from kiosk.services.events import Events, GalleryChanged, RecordCorrected
from kiosk.services.faces.lookalikes import numbers_of
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories, Store
from kiosk.translation import N_, _

NOT_THIS_PERSON = N_("it was somebody else's face")
"""The reason that stands in the record. It names nobody: the student whose record it is may read it."""


@dataclass(frozen=True, slots=True)
class MistakenFace(RecordCorrected):
    """A record made by a wrong face was taken back.

    Attributes:
        before: The record as it stood.
        pair: The veto.
        lifted_before: The same veto as it stood before, when it had been lifted; None when it is a new one.
        is_new: Whether the veto was not in force before.
    """

    before: AttendanceRecord
    pair: FacePair
    lifted_before: FacePair | None
    is_new: bool


class Corrections:
    """Takes wrong names back, and the correction itself where that was the mistake."""

    def __init__(self, *, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def not_this_person(
        self, session_id: int, student_id: int, other_id: int | None, *, actor: Actor
    ) -> MistakenFace:
        """Take a student's record by face back and keep a veto. What was learned of the student since that class goes, too.

        Args:
            session_id: In which class session, open or ended.
            student_id: Whose name was given wrongly. While the session is open the student counts as not here yet and
                may check in by other means.
            other_id: Who it really was; None: somebody else, or not known.
            actor: The teacher.

        Raises:
            ConflictError: The record was not made by a face, or both are the same student.
            NotFoundError: No such session, student or record.
        """

        def work(repositories: Repositories) -> MistakenFace:
            require_within(repositories, actor, Right.CORRECT)
            require_session_id(repositories, actor, session_id)
            return self._take_back(repositories, session_id, student_id, other_id, actor.name)

        mistaken = self._store.write(work, then=self._events.emit)
        self._events.emit(GalleryChanged())
        return mistaken

    def undo(self, mistaken: MistakenFace, *, actor: Actor) -> AttendanceRecord:
        """It was X after all: the record is what it was, and the veto is as it was before.

        Raises:
            ConflictError: The student was marked in another way meanwhile.
        """
        evidence = Evidence(Method.MANUAL, self._clock.now(), actor=actor.name, reason=UNDONE)

        def work(repositories: Repositories) -> RecordCorrected:
            require_within(repositories, actor, Right.CORRECT)
            require_session_id(repositories, actor, mistaken.record.session_id)
            repositories.class_sessions.hold(mistaken.record.session_id)
            known = repositories.records.find(mistaken.record.session_id, mistaken.record.student_id)
            if known is None or known.version != mistaken.record.version:
                raise ConflictError(
                    _("{full_name} was marked again meanwhile.", full_name=mistaken.student.full_name),
                    _("Look at the record again."),
                )
            if mistaken.lifted_before is not None:
                repositories.face_pairs.update(mistaken.lifted_before)
            elif mistaken.is_new:
                repositories.face_pairs.remove(mistaken.pair.pair_id)
            record = put_back(repositories, known, mistaken.before, evidence)
            self._log(repositories, mistaken.pair, "face.correction_undone", actor.name, record.session_id)
            return RecordCorrected(mistaken.student, record)

        corrected = self._store.write(work, then=self._events.emit)
        self._events.emit(GalleryChanged())
        return corrected.record

    def _take_back(
        self,
        repositories: Repositories,
        session_id: int,
        student_id: int,
        other_id: int | None,
        actor: str,
    ) -> MistakenFace:
        session, student = repositories.class_sessions.hold(session_id), repositories.students.get(student_id)
        known = repositories.records.find(session_id, student_id)
        if session is None or student is None or known is None:
            raise NotFoundError(_("That record does not exist any more."))
        if known.method is not Method.FACE or not known.status.attended:
            raise ConflictError(
                _("{full_name} is not marked by face here.", full_name=student.full_name),
                _("Mark by hand to change the record."),
            )
        if other_id == student_id:
            raise ConflictError(_("That is the same student."), _("Choose who it was, or “Somebody else”."))
        evidence = Evidence(
            Method.MANUAL,
            self._clock.now(),
            actor=actor,
            reason=NOT_THIS_PERSON,
            taken_back=session.is_open or None,
        )
        by_face = next((one for one in reversed(known.evidence) if one.method is Method.FACE), None)
        model = (by_face.model if by_face else None) or session.model
        pair, lifted_before, is_new = self._veto(
            repositories, student_id, other_id, model, by_face.distance if by_face else None, actor
        )
        record = put_back(repositories, known, None, evidence)
        repositories.faces.remove_learned(student_id, since=session.started_at)
        self._log(repositories, pair, "face.not_this_person", actor, session_id)
        return MistakenFace(student, record, known, pair, lifted_before, is_new)

    def _veto(
        self,
        repositories: Repositories,
        student_id: int,
        other_id: int | None,
        model: str,
        distance: float | None,
        actor: str,
    ) -> tuple[FacePair, FacePair | None, bool]:
        """The pair, what it was if it had been lifted, and whether it was not in force before."""
        now = self._clock.now()
        for pair in repositories.face_pairs.of({student_id}):
            same = (pair.student_id, pair.other_id, pair.model) == (student_id, other_id, model)
            if not same or pair.origin is not PairOrigin.CORRECTION:
                continue
            if not pair.is_lifted:
                return pair, None, False
            again = replace(
                pair, lifted_at=None, lifted_by=None, found_at=now, found_by=actor, distance=distance
            )
            repositories.face_pairs.update(again)
            return again, pair, True
        added = repositories.face_pairs.add(
            student_id=student_id,
            other_id=other_id,
            origin=PairOrigin.CORRECTION,
            model=model,
            distance=distance,
            same_person=False,
            found_at=now,
            found_by=actor,
        )
        return added, None, True

    def _log(
        self, repositories: Repositories, pair: FacePair, action: str, actor: str, session_id: int
    ) -> None:
        repositories.audit.add(
            self._clock.now(),
            actor,
            action,
            f"{numbers_of(repositories, pair)} #{session_id}",
            "" if pair.other_id is not None else "somebody else",
        )
