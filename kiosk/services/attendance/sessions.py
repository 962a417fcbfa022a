"""Class sessions: today's courses, start, live roster, headcount, end."""

import secrets
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import LivenessMode, ProofPolicy, Status
from kiosk.domain.attendance.class_session import SESSION_STARTED, ClassSession
from kiosk.domain.attendance.class_tally import ClassTally, standing
from kiosk.domain.attendance.record import AttendanceRecord, Correction
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.names import name_order
from kiosk.domain.people.students import Student
from kiosk.domain.phones.codes import KEY_BYTES
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.leaving.staying import settle_stays
from kiosk.services.attendance.planned_absences import planned_evidence, planned_on, settle_undecided
from kiosk.services.attendance.recheck.judging import close_with_class
from kiosk.services.attendance.shown_here import ShownHere
from kiosk.services.courses.going_on import archived
from kiosk.services.courses.own_courses import require_may_end, require_session_id
from kiosk.services.courses.todays_courses import CourseToday, TodaysCourses
from kiosk.services.events import Events, HeadcountChanged, SessionEnded
from kiosk.services.people.notices import end_old_answers
from kiosk.services.ports.clock import SteadyClock
from kiosk.services.school.school_settings import School
from kiosk.services.trust.rights import require, require_within
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _
from kiosk.wording.dates import day_and_time, day_of

MAX_HEADCOUNT = 9999
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One student in the live roster; `record` is None while nothing is known, `is_planned`: announced to be away."""

    student: Student
    record: AttendanceRecord | None
    is_planned: bool = False


class Sessions:
    """Starts, shows and ends class sessions."""

    def __init__(
        self,
        *,
        store: Store,
        clock: SteadyClock,
        school: School,
        zone: ZoneInfo,
        events: Events,
        here: ShownHere | None = None,
    ) -> None:
        """Without `here` every session is this kiosk's own."""
        self._store = store
        self._clock = clock
        self._school = school
        self._zone = zone
        self._events = events
        self._here = here

    def today(self, *, user_id: int | None = None) -> list[CourseToday]:
        """All courses that are not archived: what is open first, then the one of the hour, then those that `user_id` teaches.

        The timetable says which is the one of the hour; where it says nothing, it is learned from when classes began.
        """
        now = self._clock.now()
        return self._store.read(
            lambda repositories: TodaysCourses(repositories, self._zone, self._is_elsewhere).listed(
                now, user_id=user_id
            )
        )

    def start(
        self,
        course_id: int,
        *,
        actor: Actor,
        model: str,
        policy: ProofPolicy = ProofPolicy.EITHER,
        liveness: LivenessMode = LivenessMode.OFF,
        is_replay: bool = False,
    ) -> ClassSession:
        """Open a class session now, with a new secret for its codes.

        Raises:
            NotFoundError: No such course.
            ConflictError: The course has a session that is still open or is archived, or the PC's clock is wrong beyond doubt.
        """
        now = self._clock.now()
        late_after = timedelta(minutes=self._school.rules().late_after_min)

        def work(repositories: Repositories) -> ClassSession:
            require_within(repositories, actor, Right.TAKE)
            course = repositories.courses.hold(course_id)
            if course is None:
                raise NotFoundError(_("That course does not exist any more."))
            if course.is_archived:
                raise archived(course)
            if any(one.course_id == course_id for one in repositories.class_sessions.open_ones()):
                raise ConflictError(
                    _("{code} has a session that is still open.", code=course.code),
                    _("Go on with it, or end it first."),
                )
            self._refuse_wrong_clock(repositories, course, now)
            end_old_answers(repositories, self._day(now), now)
            session = repositories.class_sessions.add(
                course_id=course_id,
                started_at=now,
                late_after=late_after,
                policy=policy,
                liveness=liveness,
                started_by=actor.name,
                model=model,
                code_key=secrets.token_bytes(KEY_BYTES),
            )
            if is_replay:
                session = repositories.class_sessions.note_replay(session.session_id)
            repositories.audit.add(now, actor.name, SESSION_STARTED, f"{course.code} #{session.session_id}")
            return session

        return self._store.write(work)

    def _refuse_wrong_clock(self, repositories: Repositories, course: Course, now: datetime) -> None:
        """Begin no class on a day before the kiosk's own past, on which nobody was in the course yet."""
        newest = max((entry.at for entry in repositories.audit.entries(1)), default=now)
        if newest - now < ONE_DAY or repositories.courses.roster(course.course_id, self._day(now)):
            return
        said = {"now": day_and_time(now, self._zone), "newest": day_of(newest, self._zone)}
        raise ConflictError(
            _("The clock of this PC says {now}, but its records go on to {newest}.", **said),
            _("Set the clock of this PC to the right day and time, then start the class."),
        )

    def require_holder(self, actor: Actor) -> None:
        """Refuse whoever may not hold classes. Raises ForbiddenError: the actor does not have the right."""
        require(self._store, actor, Right.TAKE)

    def require_reached(self, session_id: int, actor: Actor) -> None:
        """Refuse whoever does not hold this class, nor teaches its course.

        Raises:
            ForbiddenError: Somebody else holds it, in a course that the actor does not teach.
        """

        def query(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.TAKE)
            require_session_id(repositories, actor, session_id)

        self._store.read(query)

    def require_may_end(self, session_id: int, actor: Actor) -> None:
        """Refuse whoever may not end this class now. Raises ForbiddenError: as `end`."""
        now = self._clock.now()

        def query(repositories: Repositories) -> None:
            require_within(repositories, actor, Right.TAKE)
            session = repositories.class_sessions.get(session_id)
            if session is not None:
                require_may_end(repositories, actor, session, now)

        self._store.read(query)

    def end(self, session_id: int, *, actor: Actor, at: datetime | None = None) -> SessionEnded:
        """Close a session and write down as absent whoever is registered and has no record.

        Ending an ended session changes nothing.

        Raises:
            ForbiddenError: Somebody else holds it, in a course that the actor does not teach, and for less than a lesson.
            NotFoundError: No such session.
        """
        ended_at = at or self._clock.now()
        return self._store.write(
            lambda repositories: _end(repositories, session_id, actor, ended_at, self._zone),
            then=self._events.emit,
        )

    def end_forgotten(self, *, shown: int | None = None) -> list[int]:
        """End every session that has been open for longer than the school's rule; returns their ids.

        They end at the moment the rule says, not at the moment somebody noticed. `shown` is the one by whose time the
        kiosk's clock goes now.
        """
        if not self._store.read(lambda repositories: self._forgotten(repositories, shown)):
            return []
        return [ended.session_id for ended in self.end_forgotten_later(shown=shown).result()]

    def end_forgotten_later(self, *, shown: int | None = None) -> "Future[list[SessionEnded]]":
        """The same without waiting: whatever is written after it finds them ended."""

        def work(repositories: Repositories) -> list[SessionEnded]:
            kiosk = Actor.system("the kiosk")
            forgotten = self._forgotten(repositories, shown)
            for one in forgotten:
                # It was cut short, so who is missing from it was not absent.
                if one.is_replay and repositories.class_sessions.hold(one.session_id) is not None:
                    take_back(repositories, one.session_id, at=self._clock.now(), actor=kiosk.name)
            return [
                _end(repositories, one.session_id, kiosk, at, self._zone)
                for one, at in forgotten.items()
                if not one.is_replay
            ]

        return self._store.write_later(work, then=self._tell_all)

    def _forgotten(self, repositories: Repositories, shown: int | None) -> dict[ClassSession, datetime]:
        """Sessions that are open for too long by their own time, and when each should have ended."""
        rules = SchoolRules.from_texts(repositories.school_settings.all())
        limit, now = timedelta(hours=rules.auto_end_h), self._clock.now()
        # Nothing ends because this PC's clock leapt ahead, or is ahead of the other rooms'.
        cautious = min(now, self._clock.unmoved, repositories.class_sessions.server_time() or now)
        return {
            one: one.ends_by_itself(limit)
            for one in repositories.class_sessions.open_ones()
            if one.outlived(now if one.session_id == shown else cautious - one.clock_moved, limit)
        }

    def _tell_all(self, ended: list[SessionEnded]) -> None:
        for event in ended:
            self._events.emit(event)

    def session(self, session_id: int) -> ClassSession:
        """One session. Raises NotFoundError: no such session."""
        found = self._store.read(lambda repositories: repositories.class_sessions.get(session_id))
        if found is None:
            raise NotFoundError(_("That class session does not exist any more."))
        return found

    def of_course(self, course_id: int) -> list[ClassSession]:
        """A course's sessions, newest first."""
        return self._store.read(lambda repositories: repositories.class_sessions.of_course(course_id))

    def still_open(self) -> list[Course]:
        """Courses of this room's sessions that are open, the newest session first."""

        def query(repositories: Repositories) -> list[Course]:
            own = [one for one in repositories.class_sessions.open_ones() if not self._is_elsewhere(one)]
            courses = (repositories.courses.get(one.course_id) for one in reversed(own))
            return [course for course in courses if course is not None]

        return self._store.read(query)

    def course_of(self, session: ClassSession) -> Course:
        """What a session teaches."""
        course = self._store.read(lambda repositories: repositories.courses.get(session.course_id))
        if course is None:
            raise NotFoundError(_("That course does not exist any more."))
        return course

    def roster(self, session_id: int) -> list[RosterEntry]:
        """Everybody registered or recorded in a session, by name."""

        def query(repositories: Repositories) -> list[RosterEntry]:
            session = repositories.class_sessions.get(session_id)
            if session is None:
                raise NotFoundError(_("That class session does not exist any more."))
            records = {one.student_id: one for one in repositories.records.of_session(session_id)}
            people = {one.student_id: one for one in session_roster(repositories, session, self._zone)}
            for student_id in records:
                student = people.get(student_id) or repositories.students.get(student_id)
                if student is not None:
                    people[student_id] = student
            by_name = sorted(people.values(), key=name_order)
            planned = planned_on(repositories, self._day(session.started_at), people)
            return [
                RosterEntry(
                    one,
                    standing(records.get(one.student_id), is_open=session.is_open),
                    one.student_id in planned,
                )
                for one in by_name
            ]

        return self._store.read(query)

    def set_headcount(self, session_id: int, headcount: int | None, *, actor: Actor) -> ClassSession:
        """Keep how many people a teacher counted in the room; None takes the number back. Also after the end.

        Raises:
            ConflictError: No room holds so many.
            NotFoundError: No such session.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> HeadcountChanged:
            require_within(repositories, actor, Right.TAKE)
            if headcount is not None and not 0 <= headcount <= MAX_HEADCOUNT:
                raise ConflictError(
                    _("A headcount is a number from 0 to {max_headcount}.", max_headcount=MAX_HEADCOUNT),
                    _("Type how many people are in the room."),
                )
            require_session_id(repositories, actor, session_id)
            session = repositories.class_sessions.set_headcount(session_id, headcount)
            detail = "taken back" if headcount is None else str(headcount)
            repositories.audit.add(now, actor.name, "session.headcount", f"#{session_id}", detail)
            return HeadcountChanged(session)

        return self._store.write(work, then=self._events.emit).session

    def history(self, record_id: int, *, actor: Actor) -> list[Correction]:
        """What a record was before each correction, oldest first.

        Raises:
            ForbiddenError: The record is of a course of somebody else's.
        """
        require(self._store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> list[Correction]:
            record = repositories.records.get(record_id)
            if record is not None:
                require_session_id(repositories, actor, record.session_id)
            return repositories.records.history(record_id)

        return self._store.read(query)

    def _is_elsewhere(self, session: ClassSession | None) -> bool:
        return session is not None and self._here is not None and not self._here.has(session.session_id)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()


def _end(
    repositories: Repositories, session_id: int, actor: Actor, ended_at: datetime, zone: ZoneInfo
) -> SessionEnded:
    """End a session within a transaction: who is in the roster and has no record was absent, or excused if that was announced."""
    require_within(repositories, actor, Right.TAKE)
    session = repositories.class_sessions.hold(session_id)
    if session is None:
        raise NotFoundError(_("That class session does not exist any more."))
    require_may_end(repositories, actor, session, ended_at)
    if session.ended_at is not None:
        return ended_as_told(repositories, session, session.ended_at)
    ended_at, day = max(ended_at, session.started_at), session.started_at.astimezone(zone).date()
    close_with_class(repositories, session_id, ended_at)
    records = settle_undecided(
        repositories, repositories.records.of_session(session_id), day, at=ended_at, actor=actor.name
    )
    recorded = {record.student_id for record in records}
    roster = [one.student_id for one in session_roster(repositories, session, zone)]
    missing = [student_id for student_id in roster if student_id not in recorded]
    planned = planned_on(repositories, day, missing)
    for student_id in missing:
        away = planned.get(student_id)
        missed = repositories.records.add(
            session_id=session_id,
            student_id=student_id,
            status=Status.ABSENT if away is None else Status.EXCUSED,
            method=None,
            marked_at=ended_at,
            evidence=[] if away is None else [planned_evidence(away)],
        )
        records.append(missed)
    tally = ClassTally.of(records, is_open=False)
    repositories.claims.clear(session_id)
    repositories.class_sessions.end(session_id, ended_at)
    if settle_stays(repositories, replace(session, ended_at=ended_at), at=ended_at):
        tally = ClassTally.of(repositories.records.of_session(session_id), is_open=False)
    repositories.audit.add(ended_at, actor.name, "session.ended", f"#{session_id}", f"{tally.absent} absent")
    return SessionEnded(session_id, ended_at, tally)


def ended_as_told(repositories: Repositories, session: ClassSession, ended_at: datetime) -> SessionEnded:
    """How a session ended, as whoever ended it told."""
    records = repositories.records.of_session(session.session_id)
    return SessionEnded(session.session_id, ended_at, ClassTally.of(records, is_open=False))


def session_roster(repositories: Repositories, session: ClassSession, zone: ZoneInfo) -> Sequence[Student]:
    """Who is expected in a session, by name."""
    day = session.started_at.astimezone(zone).date()
    if session.added_at is not None:
        day = roster_day(repositories, session.course_id, day)
    return repositories.courses.roster(session.course_id, day)


def roster_day(repositories: Repositories, course_id: int, day: date) -> date:
    """Whose list a session that was added afterwards has: of its day, or of the first day after it that has one.

    A school that begins with the kiosk on a Wednesday writes Monday's session down with Wednesday's list.
    """
    if repositories.courses.roster(course_id, day):
        return day
    return repositories.courses.next_beginning(course_id, day) or day


def take_back(repositories: Repositories, session_id: int, *, at: datetime, actor: str) -> int:
    """Remove a replayed session within a transaction and say so in the log; returns how many records it had."""
    records = len(repositories.records.of_session(session_id))
    repositories.class_sessions.remove(session_id)
    repositories.audit.add(at, actor, "session.taken_back", f"#{session_id}", f"a replay, {records} records")
    return records
