"""What the page of one class session shows, and the words that tell it from others. Any thread but the store's."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kiosk.domain.attendance.class_session import MAX_NOTE, MAX_ROOM, ClassSession
from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import clean_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.sessions import session_roster
from kiosk.services.core import Core
from kiosk.services.courses.course_teachers import courses_seen
from kiosk.services.courses.own_courses import require_course, require_session
from kiosk.services.events import ClassSessionChanged
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _, ngettext

if TYPE_CHECKING:
    from kiosk.services.attendance.afterwards.session_queries import SessionQueries

LISTED: Final = 100
"""Sessions that a list shows unless it is asked for more."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session with its course, what its records come to, and how many of its students have none."""

    session: ClassSession
    course: Course
    count: AttendanceCount
    unmarked: int = 0


class HeldSessions:
    """Reads sessions and changes what they are called."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def facts(self, session_id: int, *, actor: Actor) -> SessionFacts:
        """One session.

        Raises:
            ForbiddenError: It is of a course of somebody else's.
            NotFoundError: No such session.
        """
        require(self._core.store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> SessionFacts:
            session = known(repositories, session_id, actor)
            records = repositories.records.of_session(session_id)
            marked = {one.student_id for one in records}
            count = AttendanceCount()
            for record in records:
                count = count.plus(record.shown)
            roster = session_roster(repositories, session, self._core.zone)
            unmarked = sum(one.student_id not in marked for one in roster)
            return SessionFacts(session, _course(repositories, session.course_id), count, unmarked)

        return self._core.store.read(query)

    def newest(self, course_id: int | None, *, actor: Actor, limit: int = LISTED) -> list[SessionFacts]:
        """The newest sessions of a course or of all that the actor sees, cancelled ones too.

        Raises:
            ForbiddenError: It is a course of somebody else's.
        """
        require(self._core.store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> list[SessionFacts]:
            if course_id is not None:
                require_course(repositories, actor, course_id)
            seen = courses_seen(repositories, actor)
            found = queries(repositories).listed(course_id, seen=seen, limit=limit)
            counts = repositories.records.counts_of({session.session_id for _course, session in found})
            return [
                SessionFacts(session, course, counts.get(session.session_id, AttendanceCount()))
                for course, session in found
            ]

        return self._core.store.read(query)

    def describe(
        self, session_id: int, *, note: str, room: str, actor: Actor, seen: "SessionWords | None" = None
    ) -> ClassSession:
        """Say what tells a session from others: a note and a room; either may be empty.

        `seen` is what somebody looked at before; None: whatever it is by now.

        Raises:
            ConflictError: One of them is too long, or somebody else changed them meanwhile.
            NotFoundError: No such session.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> ClassSession:
            require_within(repositories, actor, Right.CORRECT)
            session = held(repositories, session_id, actor)
            if seen is not None and seen != SessionWords(session.note, session.room):
                raise ConflictError(
                    _(
                        "Somebody else changed the room or the note meanwhile: {now}.",
                        now=_described(session),
                    ),
                    _("Nothing was saved. Close this and look at the session again."),
                )
            words = SessionWords.of(note=note, room=room)
            changed = queries(repositories).describe(session_id, note=words.note, room=words.room)
            detail = " · ".join(part for part in (words.room, words.note) if part)
            repositories.audit.add(now, actor.name, "session.described", f"#{session_id}", detail)
            return changed

        return self._core.store.write(work, then=lambda one: self._core.events.emit(changed_event(one)))


@dataclass(frozen=True, slots=True)
class SessionWords:
    """A note and a room, cleaned."""

    note: str
    room: str

    @classmethod
    def of(cls, *, note: str, room: str) -> "SessionWords":
        """Raises ConflictError: one of them is too long."""
        words = cls(clean_text(note), clean_text(room))
        for text, most in ((words.note, MAX_NOTE), (words.room, MAX_ROOM)):
            if len(text) > most:
                raise too_long(most)
        return words


def same_at_that_time(
    repositories: Repositories, course_id: int, first: datetime, last: datetime, words: SessionWords
) -> ClassSession | None:
    """Another session of a course that nothing tells from one at that time; None where there is none."""
    for other in queries(repositories).between(course_id, first, last):
        if (other.note, other.room) == (words.note, words.room):
            return other
    return None


def _described(session: ClassSession) -> str:
    return " · ".join(part for part in (session.room, session.note) if part) or _("nothing")


def too_long(most: int) -> ConflictError:
    """What to say of a text of more letters."""
    return ConflictError(
        _("That is too long."),
        ngettext("Please use at most {n} letter.", "Please use at most {n} letters.", most, n=most),
    )


def queries(repositories: Repositories) -> "SessionQueries":
    """What may be asked about sessions in a transaction."""
    from kiosk.services.attendance.afterwards.session_queries import SessionQueries

    return SessionQueries(db_session=repositories.db_session)


def changed_event(session: ClassSession) -> ClassSessionChanged:
    """What is told after a session was changed."""
    return ClassSessionChanged(session.session_id, session.course_id)


def known(repositories: Repositories, session_id: int, actor: Actor) -> ClassSession:
    """A session that the actor may see.

    Raises:
        ForbiddenError: It is of a course of somebody else's.
        NotFoundError: No such session.
    """
    session = repositories.class_sessions.get(session_id)
    if session is None:
        raise NotFoundError(_("That class session does not exist any more."))
    require_session(repositories, actor, session)
    return session


def held(repositories: Repositories, session_id: int, actor: Actor) -> ClassSession:
    """The same, which nobody else changes until the transaction ends."""
    repositories.class_sessions.hold(session_id)
    return known(repositories, session_id, actor)


def held_and_ended(
    repositories: Repositories, session_id: int, actor: Actor
) -> tuple[ClassSession, datetime]:
    """The same with its end. Raises ConflictError: it is still open."""
    session = held(repositories, session_id, actor)
    if session.ended_at is None:
        raise ConflictError(_("This class is still open."), _("End it first."))
    return session, session.ended_at


def _course(repositories: Repositories, course_id: int) -> Course:
    course = repositories.courses.get(course_id)
    if course is None:
        raise NotFoundError(_("That course does not exist any more."))
    return course
