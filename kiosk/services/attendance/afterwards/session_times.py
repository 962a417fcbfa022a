"""Another beginning or end of a session, and what that means for its records. Any thread but the store's.

The time at which a student came stays; whether that was late may change. Nothing of it is changed without a yes.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from kiosk.domain.attendance.choices import Method, Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import AttendanceRecord
from kiosk.domain.people.names import name_order
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.attendance.afterwards.adding import require_times
from kiosk.services.attendance.afterwards.held_sessions import changed_event, held_and_ended, queries
from kiosk.services.core import Core
from kiosk.services.events import RecordCorrected
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories
from kiosk.translation import N_, _
from kiosk.wording.dates import day_and_time

MOVED: Final = N_("the times of the session were changed")
"""The reason that stands with a record whose status followed."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A record that would be late instead of present, or the other way round."""

    student: Student
    record: AttendanceRecord
    status: Status


@dataclass(frozen=True, slots=True)
class NewTimes:
    """Other times of a session, and what would follow from them.

    Attributes:
        before: The session as it stands.
        after: As it would be.
        changes: Records of those who showed up themselves and would count otherwise, by name; what a teacher marked by hand stays.
    """

    before: ClassSession
    after: ClassSession
    changes: tuple[StatusChange, ...]


class SessionTimes:
    """Looks at other times, and changes them."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def look(self, session_id: int, started_at: datetime, ended_at: datetime, *, actor: Actor) -> NewTimes:
        """What other times would change.

        Raises:
            ConflictError: The session is open, or nobody can have held one at these times.
            NotFoundError: No such session.
        """

        def query(repositories: Repositories) -> NewTimes:
            require_within(repositories, actor, Right.CORRECT)
            return self._look(repositories, session_id, started_at, ended_at, actor)

        return self._core.store.read(query)

    def change(self, new: NewTimes, *, with_records: bool, actor: Actor) -> ClassSession:
        """Change the times as they were looked at; `with_records` lets the records follow, otherwise they stay.

        Raises:
            ConflictError: Something else is known by now than when it was looked at.
            NotFoundError: No such session.
        """
        now, session_id = self._core.clock.now(), new.before.session_id

        def work(repositories: Repositories) -> tuple[ClassSession, list[RecordCorrected]]:
            require_within(repositories, actor, Right.CORRECT)
            ended_at = new.after.ended_at or new.after.started_at
            if self._look(repositories, session_id, new.after.started_at, ended_at, actor) != new:
                raise ConflictError(
                    _("The session was changed meanwhile."), _("Look at it again, then decide.")
                )
            followed = []
            for change in new.changes if with_records else ():
                record = change.record.marked(change.status)
                followed.append(
                    RecordCorrected(
                        change.student,
                        repositories.records.correct(
                            record, corrected_at=now, actor=actor.name, reason=MOVED
                        ),
                    )
                )
            changed = queries(repositories).set_times(session_id, new.after.started_at, ended_at)
            zone = self._core.zone
            detail = (
                f"{day_and_time(new.before.started_at, zone)} to {day_and_time(changed.started_at, zone)}, "
                f"{len(followed)} records followed"
            )
            repositories.audit.add(now, actor.name, "session.times_changed", f"#{session_id}", detail)
            return changed, followed

        return self._core.store.write(work, then=self._tell)[0]

    def _look(
        self,
        repositories: Repositories,
        session_id: int,
        started_at: datetime,
        ended_at: datetime,
        actor: Actor,
    ) -> NewTimes:
        session, _ended_at = held_and_ended(repositories, session_id, actor)
        require_times(started_at, ended_at, self._core.clock.now())
        after = replace(session, started_at=started_at, ended_at=ended_at)
        changes = []
        for record in repositories.records.of_session(session_id):
            status = after.status_at(record.marked_at)
            by_itself = record.method is not None and record.method is not Method.MANUAL
            student = repositories.students.get(record.student_id)
            if by_itself and record.status.attended and record.status is not status and student is not None:
                changes.append(StatusChange(student, record, status))
        by_name = sorted(changes, key=lambda one: name_order(one.student))
        return NewTimes(session, after, tuple(by_name))

    def _tell(self, done: tuple[ClassSession, list[RecordCorrected]]) -> None:
        session, followed = done
        for one in followed:
            self._core.events.emit(one)
        self._core.events.emit(changed_event(session))
