"""Sessions that were held without the kiosk, written down afterwards. Any thread but the store's.

Nobody has a record in such a session until a teacher marks them by hand or from a file: the kiosk saw nobody.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy
from kiosk.domain.attendance.class_session import MAX_LENGTH, SESSION_ADDED, ClassSession
from kiosk.domain.phones.codes import KEY_BYTES
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.afterwards.held_sessions import (
    SessionWords,
    changed_event,
    queries,
    same_at_that_time,
)
from kiosk.services.attendance.sessions import roster_day
from kiosk.services.core import Core
from kiosk.services.courses.own_courses import require_course
from kiosk.services.trust.rights import require, require_within
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories
from kiosk.translation import _
from kiosk.wording.dates import clock_time, day_and_time, short_day


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session as somebody describes it.

    Attributes:
        started_at: Aware; in local time that was there twice, since the clocks were put back, the first is meant.
        length: From a minute to a day, as time goes by, whatever the clocks did meanwhile.
        note: Tells it from others of the day.
        room: Where, if not in the course's own room.
    """

    course_id: int
    started_at: datetime
    length: timedelta
    note: str = ""
    room: str = ""

    @property
    def ended_at(self) -> datetime:
        """When it was over, aware UTC."""
        return self.started_at.astimezone(UTC) + self.length


@dataclass(frozen=True, slots=True)
class AddedRoster:
    """Whose session it would be.

    Attributes:
        students: How many.
        list_of: The day whose class list it is, where that is not the session's own day; None where it is.
        others: Sessions of the course on that day that are there already.
    """

    students: int
    list_of: date | None
    others: tuple[ClassSession, ...]


class AddingSessions:
    """Adds sessions."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def look(self, course_id: int, day: date, *, actor: Actor) -> AddedRoster:
        """What a session of that day would find: students, and sessions that are there already.

        Raises:
            ForbiddenError: It is a course of somebody else's.
        """
        require(self._core.store, actor, Right.SEE_RECORDS)
        begins = datetime.combine(day, datetime.min.time(), self._core.zone)

        def query(repositories: Repositories) -> AddedRoster:
            require_course(repositories, actor, course_id)
            taken = roster_day(repositories, course_id, day)
            students = len(repositories.courses.roster(course_id, taken))
            others = queries(repositories).between(course_id, begins, begins + timedelta(days=1))
            return AddedRoster(students, taken if taken != day else None, tuple(others))

        return self._core.store.read(query)

    def add(self, new: NewSession, *, actor: Actor) -> ClassSession:
        """Write a session down; everybody in it begins without a record.

        Raises:
            ConflictError: It is still to come, has no length, nobody is in the course, or there is one at that time already
                that neither room nor note tells apart.
            ForbiddenError: It is a course of somebody else's.
            NotFoundError: No such course.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> ClassSession:
            require_within(repositories, actor, Right.CORRECT)
            course = repositories.courses.hold(new.course_id)
            if course is None:
                raise NotFoundError(_("That course does not exist any more."))
            require_course(repositories, actor, new.course_id)
            words = SessionWords.of(note=new.note, room=new.room)
            require_times(new.started_at, new.ended_at, now)
            self._require_roster(repositories, new, course.code)
            self._require_apart(repositories, new, words, course.code)
            rules = SchoolRules.from_texts(repositories.school_settings.all())
            session = repositories.class_sessions.add(
                course_id=new.course_id,
                started_at=new.started_at,
                late_after=timedelta(minutes=rules.late_after_min),
                policy=ProofPolicy.EITHER,
                liveness=LivenessMode.OFF,
                started_by=actor.name,
                model="",
                code_key=secrets.token_bytes(KEY_BYTES),
            )
            changes = queries(repositories)
            changes.describe(session.session_id, note=words.note, room=words.room)
            added = changes.note_added(session.session_id, ended_at=new.ended_at, added_at=now)
            subject = f"{course.code} #{session.session_id}"
            detail = day_and_time(new.started_at, self._core.zone)
            repositories.audit.add(now, actor.name, SESSION_ADDED, subject, detail)
            return added

        return self._core.store.write(work, then=lambda one: self._core.events.emit(changed_event(one)))

    def _require_roster(self, repositories: Repositories, new: NewSession, code: str) -> None:
        day = new.started_at.astimezone(self._core.zone).date()
        if repositories.courses.roster(new.course_id, roster_day(repositories, new.course_id, day)):
            return
        raise ConflictError(
            _("Nobody is in {code} on {day}.", code=code, day=short_day(day)),
            _("Read a class list into the course first."),
        )

    def _require_apart(
        self, repositories: Repositories, new: NewSession, words: SessionWords, code: str
    ) -> None:
        other = same_at_that_time(repositories, new.course_id, new.started_at, new.ended_at, words)
        if other is not None:
            raise ConflictError(
                _(
                    "{code} has a session at that time already: it began at {when}.",
                    code=code,
                    when=clock_time(other.started_at, self._core.zone),
                ),
                _("Choose another time, or tell the two apart by a room or a note."),
            )


def require_times(started_at: datetime, ended_at: datetime, now: datetime) -> None:
    """Raises ConflictError: no session can have been held then."""
    for moment in (started_at, ended_at):
        _require_moment(moment)
    # Two times of one zone are otherwise subtracted as its clocks show them.
    if not timedelta(0) < ended_at.astimezone(UTC) - started_at.astimezone(UTC) <= MAX_LENGTH:
        raise ConflictError(
            _("A session must end after it began, and on the same day or the next."),
            _("Look at its times again."),
        )
    if ended_at > now:
        raise ConflictError(
            _("That session is not over yet."), _("Only a session that was held can be written down.")
        )


def _require_moment(moment: datetime) -> None:
    """Raises ConflictError: it is a local time that the clocks leapt over."""
    real = moment.astimezone(UTC).astimezone(moment.tzinfo)
    if real.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ConflictError(
            _(
                "There was no {when} on {day}: the clocks were put forward.",
                when=f"{moment:%H:%M}",
                day=short_day(moment.date()),
            ),
            _("Choose a time before or after that."),
        )
