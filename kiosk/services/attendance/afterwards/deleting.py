"""Sessions that should not be there. Any thread but the store's.

A deleted session stays with its records for `SESSIONS_KEPT_DAYS`, seen by nobody, and can be put back, after a restart too; then
the daily round removes it (`kiosk.services.school.kept_data`).
"""

from dataclasses import dataclass

from kiosk.domain.attendance.class_session import ClassSession, DeletedSession
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.afterwards.held_sessions import (
    SessionWords,
    changed_event,
    held_and_ended,
    queries,
    same_at_that_time,
)
from kiosk.services.core import Core
from kiosk.services.courses.own_courses import reaches_session, require_course, require_session
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _
from kiosk.wording.dates import clock_time


@dataclass(frozen=True, slots=True)
class DeletedLine:
    """A deleted session with its course and what its records come to."""

    deleted: DeletedSession
    course: Course
    count: AttendanceCount


class DeletingSessions:
    """Deletes sessions and puts them back."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def delete(self, session_id: int, *, actor: Actor) -> ClassSession:
        """Put a session away with all of its records.

        Raises:
            ConflictError: It is still open.
            NotFoundError: No such session.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> ClassSession:
            require_within(repositories, actor, Right.CORRECT)
            held_and_ended(repositories, session_id, actor)
            records = len(repositories.records.of_session(session_id))
            gone = queries(repositories).set_deleted(session_id, now, actor.name)
            detail = f"{records} records"
            repositories.audit.add(now, actor.name, "session.deleted", f"#{session_id}", detail)
            return gone

        return self._core.store.write(work, then=lambda one: self._core.events.emit(changed_event(one)))

    def restore(self, session_id: int, *, actor: Actor) -> ClassSession:
        """Put a deleted session back with all of its records.

        Raises:
            ConflictError: There is another of its course at that time by now, which neither room nor note tells apart.
            NotFoundError: It is not among the deleted ones: put back already, or removed for good.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> ClassSession:
            require_within(repositories, actor, Right.CORRECT)
            gone = {one.session.session_id: one.session for one in repositories.class_sessions.deleted()}
            if session_id not in gone:
                raise NotFoundError(
                    _("This session is not among the deleted ones any more."),
                    _("It was put back already, or its time is over."),
                )
            require_session(repositories, actor, gone[session_id])
            self._require_apart(repositories, gone[session_id])
            back = queries(repositories).set_deleted(session_id, None)
            repositories.audit.add(now, actor.name, "session.restored", f"#{session_id}")
            return back

        return self._core.store.write(work, then=lambda one: self._core.events.emit(changed_event(one)))

    def _require_apart(self, repositories: Repositories, session: ClassSession) -> None:
        ended_at = session.ended_at or session.started_at
        other = same_at_that_time(
            repositories,
            session.course_id,
            session.started_at,
            ended_at,
            SessionWords(session.note, session.room),
        )
        if other is None:
            return
        course = repositories.courses.get(session.course_id)
        raise ConflictError(
            _(
                "{code} has another session at that time by now: it began at {when}.",
                code=course.code if course is not None else "",
                when=clock_time(other.started_at, self._core.zone),
            ),
            _(
                "Give that one a room or a note that tells the two apart, or delete it; then put this one back."
            ),
        )

    def deleted(self, course_id: int | None = None, *, actor: Actor) -> list[DeletedLine]:
        """Those that can still be put back, of one course or of all that the actor reaches, the newest deletion first.

        Raises:
            ForbiddenError: It is a course of somebody else's.
        """
        require(self._core.store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> list[DeletedLine]:
            if course_id is not None:
                require_course(repositories, actor, course_id)
            gone = [
                one
                for one in repositories.class_sessions.deleted()
                if course_id in {None, one.session.course_id}
                and reaches_session(repositories, actor, one.session)
            ]
            courses = {course.course_id: course for course in repositories.courses.all()}
            counts = repositories.records.counts_of({one.session.session_id for one in gone})
            return [
                DeletedLine(
                    one,
                    courses[one.session.course_id],
                    counts.get(one.session.session_id, AttendanceCount()),
                )
                for one in gone
            ]

        return self._core.store.read(query)
