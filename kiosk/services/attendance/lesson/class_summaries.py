"""How one class went, to be looked at in one view after its end. Any thread."""

from dataclasses import dataclass

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.class_tally import ClassTally
from kiosk.domain.attendance.incidents import Incident
from kiosk.domain.attendance.kept import RefusedClaim
from kiosk.domain.courses.courses import Course
from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.attendance.away.keeping import Keeping
from kiosk.services.attendance.incidents import Incidents
from kiosk.services.attendance.sessions import RosterEntry, Sessions
from kiosk.services.courses.own_courses import require_session_id
from kiosk.services.records.objections import Objections
from kiosk.services.trust.rights import require
from kiosk.storage.store import Store


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """One class as it stands now.

    Attributes:
        entries: Everybody, by name.
        incidents: What the teacher should know beside the marks, oldest first.
        attacks: Pictures that were held up, oldest first.
        refused: Claims that were kept on this PC and not accepted.
        messages: Students' messages that wait for an answer.
    """

    session: ClassSession
    course: Course
    entries: tuple[RosterEntry, ...]
    incidents: tuple[Incident, ...]
    attacks: tuple[SuspectedAttack, ...]
    refused: tuple[RefusedClaim, ...]
    messages: int

    @property
    def tally(self) -> ClassTally:
        """How many there were."""
        return ClassTally.of((one.record for one in self.entries), is_open=self.session.is_open)

    @property
    def doubts(self) -> int:
        """How many things there are to look at beside the messages."""
        return len(self.incidents) + len(self.attacks) + len(self.refused)

    def with_status(self, status: Status) -> list[Student]:
        """Who has it, by name."""
        return [one.student for one in self.entries if one.record is not None and one.record.status is status]

    def name_of(self, student_id: int) -> str:
        """A student's name; empty for somebody who is not in this class."""
        names = {one.student.student_id: one.student.full_name for one in self.entries}
        return names.get(student_id, "")


class ClassSummaries:
    """Reads summaries."""

    def __init__(
        self,
        *,
        store: Store,
        sessions: Sessions,
        incidents: Incidents,
        attacks: Attacks,
        keeping: Keeping,
        objections: Objections,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._incidents = incidents
        self._attacks = attacks
        self._keeping = keeping
        self._objections = objections

    def of(self, session_id: int, *, actor: Actor) -> ClassSummary:
        """How a class went.

        Raises:
            ForbiddenError: It is of a course of somebody else's.
            NotFoundError: No such session.
        """
        require(self._store, actor, Right.SEE_RECORDS)
        self._store.read(lambda repositories: require_session_id(repositories, actor, session_id))
        session = self._sessions.session(session_id)
        return ClassSummary(
            session,
            self._sessions.course_of(session),
            tuple(self._sessions.roster(session_id)),
            tuple(self._incidents.of_session(session_id, actor=actor)),
            tuple(self._attacks.of_session(session_id, actor=actor)),
            tuple(self._keeping.refused(session_id)),
            len(self._objections.waiting(session_id, actor=actor)),
        )
