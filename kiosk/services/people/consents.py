"""Consent first: recording a student's word on face recognition, and asking for it before a face is measured. Any thread."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final

from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.people.consents import Consent, ConsentKind
from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.events import ConsentWithdrawn, Events, GalleryChanged
from kiosk.services.faces.drifted_faces import drifted, forget_drift
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _, ngettext

NAMED: Final = 5
"""Students whose numbers are said in one sentence."""


@dataclass(frozen=True, slots=True)
class StudentFaces:
    """A student, and what is known of the face.

    Attributes:
        word: The newest one on face recognition; None: never asked.
        pictures: How many are stored.
        learned: How many of them come from classes.
        has_drifted: Whether the face has moved away from the enrolled pictures, so that a new enrolment would help.
    """

    student: Student
    word: bool | None
    pictures: int
    learned: int = 0
    has_drifted: bool = False

    @property
    def consents(self) -> bool:
        """Whether a face may be measured."""
        return self.word is True


@dataclass(frozen=True, slots=True)
class ConsentReceipt:
    """That a word was recorded: `number` is its entry in the audit log, `deleted` how many pictures went with a no."""

    number: int
    given: bool
    at: datetime
    deleted: int


class FaceConsents:
    """Reads and records consents; needs no model."""

    def __init__(self, *, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def record(self, student_id: int, *, given: bool, actor: Actor) -> ConsentReceipt:
        """Write down a student's word on face recognition; a no deletes what is stored at once.

        Raises:
            NotFoundError: No such student.
        """
        require(self._store, actor, Right.ENROL if given else Right.DELETE_FACES)
        return self._record(student_id, given, actor.name)

    def record_own(self, student: Student, *, given: bool) -> ConsentReceipt:
        return self._record(student.student_id, given, f"student {student.student_no}")

    def _record(self, student_id: int, given: bool, actor: str) -> ConsentReceipt:
        now = self._clock.now()

        def work(repositories: Repositories) -> ConsentReceipt:
            student = repositories.students.get(student_id)
            if student is None:
                raise NotFoundError(_("That student does not exist any more."))
            repositories.consents.add(Consent(student_id, ConsentKind.FACE_RECOGNITION, given, now, actor))
            gone = 0 if given else repositories.faces.forget(student_id)
            if not given:
                _leave_to_the_teacher(repositories, student_id)
            action = "consent.given" if given else "consent.withdrawn"
            repositories.audit.add(
                now, actor, action, student.student_no, "" if given else f"{gone} samples deleted"
            )
            return ConsentReceipt(repositories.audit.entries(1)[0].entry_id, given, now, gone)

        receipt = self._store.write(work)
        if not given:
            self._events.emit(ConsentWithdrawn(student_id))
        return receipt

    def overview(self, *, actor: Actor) -> list[StudentFaces]:
        """Everybody, by name."""
        require(self._store, actor, Right.ENROL)

        def query(repositories: Repositories) -> list[StudentFaces]:
            words = repositories.consents.newest_words(ConsentKind.FACE_RECOGNITION)
            pictures = repositories.faces.sample_counts()
            learned, changed = repositories.faces.learned_counts(), drifted(repositories)
            students = sorted(
                repositories.students.all(), key=lambda one: (fold(one.full_name), one.student_no)
            )
            return [
                StudentFaces(
                    one,
                    words.get(one.student_id),
                    pictures.get(one.student_id, 0),
                    learned.get(one.student_id, 0),
                    one.student_id in changed and one.student_id in pictures,
                )
                for one in students
            ]

        return self._store.read(query)

    def wanting_enrolment(self, *, actor: Actor) -> ConflictError | None:
        """Whose faces have moved away from their enrolled pictures, in words for who enrols; None: nobody's."""
        changed = [one.student.student_no for one in self.overview(actor=actor) if one.has_drifted]
        if not changed:
            return None
        return ConflictError(
            ngettext(
                "The face of {n} student has changed since it was enrolled: {numbers}.",
                "The faces of {n} students have changed since they were enrolled: {numbers}.",
                len(changed),
                n=len(changed),
                numbers=", ".join(changed[:NAMED]) + ("…" if len(changed) > NAMED else ""),
            ),
            _("A new enrolment would help; until then nothing is learned from classes there."),
        )

    def forget_learned(self, student_id: int, *, actor: Actor) -> int:
        """Delete what was learned of a student from classes; returns how many pictures. Enrolled ones stay.

        Raises:
            NotFoundError: No such student.
        """
        require(self._store, actor, Right.DELETE_FACES)
        now = self._clock.now()

        def work(repositories: Repositories) -> int:
            student = repositories.students.get(student_id)
            if student is None:
                raise NotFoundError(_("That student does not exist any more."))
            gone = repositories.faces.remove_learned(student_id)
            forget_drift(repositories, student_id)
            repositories.audit.add(
                now, actor.name, "faces.learned_deleted", student.student_no, f"{gone} samples deleted"
            )
            return gone

        gone = self._store.write(work)
        self._events.emit(GalleryChanged())
        return gone

    def newest(self, student_id: int) -> Consent | None:
        """A student's newest word; None when nothing was ever recorded."""
        return self._store.read(
            lambda repositories: repositories.consents.newest(student_id, ConsentKind.FACE_RECOGNITION)
        )


def _leave_to_the_teacher(repositories: Repositories, student_id: int) -> None:
    """Whoever scanned and was awaited at the camera is seen by the teacher instead."""
    for session in repositories.class_sessions.open_ones():
        claim = repositories.claims.find(session.session_id, student_id)
        if claim is not None and claim.awaits is Awaited.FACE:
            repositories.claims.put(replace(claim, awaits=Awaited.EYE, expires_at=None))


def consents(repositories: Repositories, student_id: int) -> bool:
    """Whether the student's newest word on face recognition is yes."""
    word = repositories.consents.newest(student_id, ConsentKind.FACE_RECOGNITION)
    return word is not None and word.given


def consenting_to_learn(
    repositories: Repositories, student_ids: Iterable[int], zone: tzinfo
) -> frozenset[int]:
    """Those of `student_ids` from whose classes pictures may be kept: nobody, unless the school learns."""
    since = SchoolRules.from_texts(repositories.school_settings.all()).learns_since(zone)
    if since is None:
        return frozenset()
    kind = ConsentKind.FACE_RECOGNITION
    return frozenset(repositories.consents.given_by(student_ids, kind, since=since))


def require_consent(repositories: Repositories, student_id: int) -> None:
    """Stop here without a yes. Raises ConflictError: no consent is recorded, or it was withdrawn."""
    if not consents(repositories, student_id):
        raise ConflictError(
            _("No consent to face recognition is recorded for this student."),
            _("Record it first, or use the code."),
        )
