"""What of the school a teacher reaches. Runs inside the caller's transaction.

A use case of the staff asks twice: `kiosk.services.trust.rights` for the right, and here whether the course, class session or
student is one of the actor's. Where `courses_seen` says all, as for admins, nothing is refused.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ForbiddenError
from kiosk.services.courses.course_teachers import courses_seen
from kiosk.storage.store import Repositories
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.services.courses.teacher_queries import StudentsReached

LESSON: Final = timedelta(minutes=45)
"""After so long a class that stands in the way may be ended by whoever holds the next one."""


class OthersClassError(ForbiddenError):
    """A class session is of a course that the actor does not teach, and was begun by somebody else."""

    def __init__(self, session: ClassSession) -> None:
        super().__init__(
            _("This class was begun by {name}, in a course that you do not teach.", name=session.started_by),
            _("An admin can assign you to the course, under Courses."),
        )


def require_course(repositories: Repositories, actor: Actor, course_id: int) -> None:
    """Raises ForbiddenError: the course is taught by somebody else."""
    seen = courses_seen(repositories, actor)
    if seen is not None and course_id not in seen:
        raise course_of_others()


def course_of_others() -> ForbiddenError:
    """What to say of a course that the actor does not teach."""
    return ForbiddenError(
        _("This course is taught by somebody else."), _("An admin can assign you to it, under Courses.")
    )


def reaches_session(repositories: Repositories, actor: Actor, session: ClassSession) -> bool:
    """Whether a class session is of a course that the actor sees, or was begun by the actor, who stood in for somebody."""
    seen = courses_seen(repositories, actor)
    return seen is None or session.course_id in seen or session.started_by == actor.name


def require_session(repositories: Repositories, actor: Actor, session: ClassSession) -> None:
    """Raises OthersClassError: the class is neither of a course of the actor's nor was it begun by the actor."""
    if not reaches_session(repositories, actor, session):
        raise OthersClassError(session)


def require_session_id(repositories: Repositories, actor: Actor, session_id: int) -> None:
    """The same by id; that there is none is left to the caller to say. Raises as `require_session`."""
    session = repositories.class_sessions.get(session_id)
    if session is not None:
        require_session(repositories, actor, session)


def require_may_end(repositories: Repositories, actor: Actor, session: ClassSession, now: datetime) -> None:
    """As `require_session`; after a lesson's time every teacher may end a class, or a forgotten one would keep the next out."""
    if now - session.started_at < LESSON:
        require_session(repositories, actor, session)


def students_reached(repositories: Repositories, actor: Actor) -> "StudentsReached":
    """Which students an actor reaches, to be asked of many."""
    from kiosk.services.courses.teacher_queries import StudentsReached

    return StudentsReached(
        db_session=repositories.db_session, seen=courses_seen(repositories, actor), name=actor.name
    )


def require_student(repositories: Repositories, actor: Actor, student_id: int) -> None:
    """Raises ForbiddenError: the student is or was in no course of the actor's, nor in a class that the actor holds now."""
    if student_id not in students_reached(repositories, actor).among([student_id]):
        raise ForbiddenError(_("This student is in none of your courses."), _("Ask an admin."))
