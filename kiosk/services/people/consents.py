"""Consent first: recording a word on face recognition, and asking for it before a face is measured. Any thread."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Final

from kiosk.domain.attendance.claims import Awaited
from kiosk.domain.people.consents import (
    NEVER_ASKED,
    STUDENT,
    AnsweredBy,
    Answerer,
    Consent,
    ConsentKind,
    Standing,
)
from kiosk.domain.people.students import Student, clean_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.events import ConsentWithdrawn, Events, GalleryChanged
from kiosk.services.faces.drifted_faces import drifted, forget_drift
from kiosk.services.people.notices import current_notice
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _, ngettext

MAX_NAME: Final = 200
"""Letters of a guardian's name."""

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
        standing: What all words come to.
    """

    student: Student
    word: bool | None
    pictures: int
    learned: int = 0
    has_drifted: bool = False
    standing: Standing = NEVER_ASKED

    @property
    def consents(self) -> bool:
        """Whether a face may be measured."""
        return self.standing.counts


@dataclass(frozen=True, slots=True)
class ConsentReceipt:
    """That a word was recorded: `number` is its entry in the audit log, `deleted` how many pictures went with a no.

    Attributes:
        counts: Whether the face may be measured from now on; a yes does not count while somebody objects.
    """

    number: int
    given: bool
    at: datetime
    deleted: int
    counts: bool = False


class FaceConsents:
    """Reads and records consents; needs no model."""

    def __init__(self, *, store: Store, clock: Clock, events: Events) -> None:
        self._store = store
        self._clock = clock
        self._events = events

    def record(
        self,
        student_id: int,
        *,
        given: bool,
        actor: Actor,
        answerer: Answerer | None = None,
        answered_on: date | None = None,
    ) -> ConsentReceipt:
        """Write down a word on face recognition; a no deletes what is stored at once.

        Args:
            student_id: Whose face it is about.
            given: Yes or no.
            actor: Who writes it down.
            answerer: Whose word it is; None: nobody says, and then it counts while it is the newest.
            answered_on: When it was given on paper; None: now.

        Raises:
            NotFoundError: No such student.
            ConflictError: The guardian's name is too long.
        """
        require(self._store, actor, Right.ENROL if given else Right.DELETE_FACES)
        said = Answer(given, usable_answerer(answerer), answered_on)
        return self._record(student_id, said, actor.name)

    def record_own(self, student: Student, *, given: bool, is_of_age: bool = True) -> ConsentReceipt:
        """Write down what a student says on an own phone.

        Raises:
            ConflictError: A yes of a student who does not say to be old enough to decide.
        """
        if given and not is_of_age:
            age = self.deciding_age()
            raise ConflictError(
                _("You can consent by yourself from the age of {age} on.", age=age),
                _("Until then a parent or guardian answers. You yourself can say no at any time."),
            )
        return self._record(student.student_id, Answer(given, STUDENT), f"student {student.student_no}")

    def deciding_age(self) -> int:
        """The age from which a student decides without a guardian; 0: always."""
        return self._store.read(
            lambda repositories: SchoolRules.from_texts(repositories.school_settings.all())
        ).student_decides_from_age

    def _record(self, student_id: int, said: "Answer", actor: str) -> ConsentReceipt:
        now = self._clock.now()

        def work(repositories: Repositories) -> ConsentReceipt:
            return write_down(repositories, student_id, said, actor=actor, now=now)

        receipt = self._store.write(work)
        self.tell(student_id, receipt)
        return receipt

    def tell(self, student_id: int, receipt: ConsentReceipt) -> None:
        """Let everybody know what a word that was written down changes."""
        if not receipt.given:
            self._events.emit(ConsentWithdrawn(student_id))

    def overview(self, *, actor: Actor) -> list[StudentFaces]:
        """Everybody, by family name."""
        require(self._store, actor, Right.ENROL)

        def query(repositories: Repositories) -> list[StudentFaces]:
            words = repositories.consents.standings(ConsentKind.FACE_RECOGNITION)
            pictures = repositories.faces.sample_counts()
            learned, changed = repositories.faces.learned_counts(), drifted(repositories)
            students = repositories.students.all()
            return [
                StudentFaces(
                    one,
                    _newest_word(words.get(one.student_id, NEVER_ASKED)),
                    pictures.get(one.student_id, 0),
                    learned.get(one.student_id, 0),
                    one.student_id in changed and one.student_id in pictures,
                    words.get(one.student_id, NEVER_ASKED),
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

    def standing(self, student_id: int) -> Standing:
        """What all words about a student come to."""
        return self._store.read(
            lambda repositories: repositories.consents.standing(student_id, ConsentKind.FACE_RECOGNITION)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said: by whom, and when on paper (None: now)."""

    given: bool
    answerer: Answerer | None = None
    answered_on: date | None = None


def usable_answerer(answerer: Answerer | None) -> Answerer | None:
    """The same with white space folded; a student needs no name. Raises ConflictError: the name is too long or odd."""
    if answerer is None or answerer.by is AnsweredBy.STUDENT:
        return STUDENT if answerer else None
    name = clean_text(answerer.name)
    if len(name) > MAX_NAME or not name.isprintable():
        raise ConflictError(
            _("The name of the parent or guardian is too long or has unusual characters."),
            _("Write it shorter."),
        )
    return Answerer(answerer.by, name)


def write_down(
    repositories: Repositories, student_id: int, said: Answer, *, actor: str, now: datetime
) -> ConsentReceipt:
    """Add a word inside a transaction, with the notice that it answers; a no deletes what is stored of the face.

    Raises:
        NotFoundError: No such student (any more).
    """
    student = repositories.students.present(student_id)
    kind, notice = ConsentKind.FACE_RECOGNITION, current_notice(repositories)
    repositories.consents.add(
        Consent(
            student_id,
            kind,
            said.given,
            now,
            actor,
            said.answerer,
            notice.version,
            notice.hash,
            said.answered_on,
        )
    )
    gone = 0 if said.given else repositories.faces.forget(student_id)
    if not said.given:
        _leave_to_the_teacher(repositories, student_id)
    repositories.audit.add(
        now,
        actor,
        "consent.given" if said.given else "consent.withdrawn",
        student.student_no,
        "" if said.given else f"{gone} samples deleted",
    )
    counts = student_id in repositories.consents.given_by({student_id}, kind)
    return ConsentReceipt(repositories.audit.entries(1)[0].entry_id, said.given, now, gone, counts)


def _newest_word(standing: Standing) -> bool | None:
    return standing.newest.given if standing.newest is not None else None


def _leave_to_the_teacher(repositories: Repositories, student_id: int) -> None:
    """Whoever scanned and was awaited at the camera is seen by the teacher instead."""
    for session in repositories.class_sessions.open_ones():
        claim = repositories.claims.find(session.session_id, student_id)
        if claim is not None and claim.awaits is Awaited.FACE:
            repositories.claims.put(replace(claim, awaits=Awaited.EYE, expires_at=None))


def consents(repositories: Repositories, student_id: int) -> bool:
    """Whether the student's face may be measured."""
    return bool(repositories.consents.given_by({student_id}, ConsentKind.FACE_RECOGNITION))


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
