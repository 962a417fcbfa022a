"""What a teacher does from a phone or tablet in the class that is open at this kiosk. Any thread but the store's.

Each step names the class that the teacher saw: a page that has been left open changes nothing in another one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.claims import PendingClaim
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.attendance.school_status import AnyStatus, SchoolStatus
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.away.keeping import Keeping
from kiosk.services.attendance.claims import Claims, Waiting
from kiosk.services.attendance.marks_by_hand import Marked, MarksByHand, UndoneMarks, changed_meanwhile
from kiosk.services.attendance.running_class import RunningClass, ShownClass
from kiosk.services.attendance.school_statuses import SchoolStatuses
from kiosk.services.attendance.sessions import RosterEntry, Sessions
from kiosk.services.events import SessionEnded
from kiosk.services.faces.ambiguous_faces import AmbiguousFaces, WaitingFaces
from kiosk.services.trust.rights import require
from kiosk.storage.store import Store
from kiosk.translation import _


@dataclass(frozen=True, slots=True)
class Lesson:
    """The class as it stands now.

    Attributes:
        entries: Everybody, by name.
        claims: Who scanned and waits for a second proof or the teacher's eye, the longest first.
        faces: Faces that the camera was not sure about.
        kept: Students whose claims wait on this PC.
        statuses: Those of the school's own that can be chosen.
    """

    session: ClassSession
    course: Course
    entries: tuple[RosterEntry, ...]
    claims: tuple[Waiting, ...]
    faces: WaitingFaces
    kept: frozenset[int]
    statuses: tuple[SchoolStatus, ...] = ()

    @property
    def tally(self) -> ClassTally:
        """How many are here."""
        kept = sum(one.record is None and one.student.student_id in self.kept for one in self.entries)
        return ClassTally.of((one.record for one in self.entries), is_open=True, kept=kept)

    def entry_of(self, student_id: int) -> RosterEntry:
        """One student. Raises NotFoundError: nobody of this class."""
        for one in self.entries:
            if one.student.student_id == student_id:
                return one
        raise NotFoundError(_("That student is not in this class."), _("Look at the list again."))

    def claim_of(self, student_id: int) -> PendingClaim | None:
        """The scan of a student that waits; None where none does."""
        return next((one.claim for one in self.claims if one.student.student_id == student_id), None)


@dataclass(frozen=True, slots=True)
class Taught:
    """What was just done, and what taking it back needs.

    Attributes:
        student: Whom it was about; None for several.
        came: Of several, who is here by now and stays so.
        changed: Of several, whose record somebody else changed meanwhile, so that it stays.
    """

    session_id: int
    status: AnyStatus
    student: Student | None
    marks: tuple[Marked, ...]
    came: tuple[Student, ...] = ()
    changed: tuple[Student, ...] = ()


class Teaching:
    """Looks at the class that is open here, and marks in it."""

    def __init__(
        self,
        *,
        store: Store,
        running: RunningClass,
        sessions: Sessions,
        marks: MarksByHand,
        claims: Claims,
        faces: AmbiguousFaces,
        keeping: Keeping,
        statuses: SchoolStatuses,
        end: Callable[[Actor], SessionEnded],
    ) -> None:
        """`end` ends the class that this kiosk shows, with its camera and its code."""
        self._store = store
        self._running = running
        self._sessions = sessions
        self._marks = marks
        self._claims = claims
        self._faces = faces
        self._keeping = keeping
        self._statuses = statuses
        self._end = end

    def look(self, *, actor: Actor) -> Lesson | None:
        """The class that is open here; None where there is none.

        Raises:
            ForbiddenError: Somebody else holds it, in a course that the actor does not teach.
        """
        require(self._store, actor, Right.SEE_RECORDS)
        shown = self._running.current
        return self._lesson(shown, actor) if shown is not None else None

    def named(self, chosen: Status | int) -> AnyStatus:
        """The status that a page names: one of the four, or one of the school's own by its number. Raises ConflictError: it is gone."""
        if isinstance(chosen, Status):
            return chosen
        found = next((one for one in self._statuses.all() if one.status_id == chosen), None)
        if found is None:
            raise ConflictError(_("There is no such status any more."), _("Choose another one."))
        return found

    def mark(
        self,
        session_id: int,
        student_id: int,
        status: AnyStatus,
        *,
        reason: str,
        seen: int,
        actor: Actor,
    ) -> Taught:
        """Mark one student by hand; `seen` is the version of the record that the teacher saw, 0 for none.

        Raises:
            ConflictError: The class has ended, there is no reason, or somebody changed the record meanwhile.
        """
        require(self._store, actor, Right.CORRECT)
        lesson = self._open(session_id, actor)
        entry = lesson.entry_of(student_id)
        record = self._marks.mark(session_id, student_id, status, actor=actor, reason=reason, seen=seen)
        return _of_one(entry.student, entry.record, record, lesson.claim_of(student_id))

    def mark_missing(
        self, session_id: int, seen: Mapping[int, int], status: AnyStatus, *, reason: str, actor: Actor
    ) -> Taught:
        """Mark everybody whom the teacher saw as missing; whoever came or was marked by somebody else is left as is.

        `seen` says by student id which version of the record the teacher saw, 0 for none.

        Raises:
            ConflictError: The class has ended, there is no reason, or nobody is missing.
        """
        require(self._store, actor, Right.CORRECT)
        lesson = self._open(session_id, actor)
        asked = {
            one.student.student_id: seen[one.student.student_id]
            for one in lesson.entries
            if one.student.student_id in seen
        }
        if not asked:
            raise ConflictError(_("Nobody is missing any more."), _("Look at the list again."))
        done = self._marks.mark_missing(session_id, asked, status, actor=actor, reason=reason)
        return Taught(session_id, status, None, done.marked, done.came, done.changed)

    def confirm(self, session_id: int, student_id: int, *, actor: Actor) -> Taught:
        """The teacher sees a student whose scan waits."""
        require(self._store, actor, Right.CORRECT)
        lesson = self._open(session_id, actor)
        entry = lesson.entry_of(student_id)
        record = self._claims.confirm(session_id, student_id, actor=actor)
        return _of_one(entry.student, entry.record, record, lesson.claim_of(student_id))

    def name_face(self, session_id: int, face_id: int, student_id: int, *, actor: Actor) -> Taught:
        """Say whose face the camera was not sure about; the picture is not learned."""
        require(self._store, actor, Right.CORRECT)
        self._open(session_id, actor).entry_of(student_id)
        named = self._faces.confirm(face_id, student_id, actor=actor, learn=False)
        return _of_one(named.student, named.before, named.record)

    def dismiss_face(self, session_id: int, face_id: int, *, actor: Actor) -> None:
        """It was nobody of this class."""
        require(self._store, actor, Right.CORRECT)
        self._open(session_id, actor)
        self._faces.dismiss(face_id, actor=actor)

    def undo(self, taught: Taught, *, actor: Actor) -> UndoneMarks:
        """Take back what was done, except where somebody else has changed a record since.

        Raises:
            ConflictError: The class has ended, or somebody changed the only record since.
        """
        require(self._store, actor, Right.CORRECT)
        self._open(taught.session_id, actor)
        done = self._marks.undo_all(taught.session_id, taught.marks, actor=actor)
        if not done.undone and taught.student is not None:
            raise changed_meanwhile()
        return done

    def end(self, session_id: int, *, actor: Actor) -> SessionEnded:
        """End the class at the kiosk."""
        require(self._store, actor, Right.TAKE)
        self._open(session_id, actor)
        return self._end(actor)

    def _open(self, session_id: int, actor: Actor) -> Lesson:
        shown = self._running.current
        if shown is None or shown.session.session_id != session_id:
            raise ConflictError(
                _("This class has ended, so nothing was changed."),
                _("Correct its records at the kiosk, in Records."),
            )
        return self._lesson(shown, actor)

    def _lesson(self, shown: ShownClass, actor: Actor) -> Lesson:
        session_id = shown.session.session_id
        waiting = self._claims.waiting(session_id, actor=actor).values()
        return Lesson(
            self._sessions.session(session_id),
            shown.course,
            tuple(self._sessions.roster(session_id)),
            tuple(sorted(waiting, key=lambda one: one.claim.made_at)),
            self._faces.waiting(session_id, actor=actor),
            self._keeping.students(session_id),
            tuple(self._statuses.offered()),
        )


def _of_one(
    student: Student,
    before: AttendanceRecord | None,
    record: AttendanceRecord,
    claim: PendingClaim | None = None,
) -> Taught:
    marked = Marked(student, before, record, claim)
    return Taught(record.session_id, record.shown, student, (marked,))
