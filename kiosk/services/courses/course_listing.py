"""Courses as a list that is searched, filtered and sorted, and what became of one course's meetings. Any thread.

A school has hundreds of courses, not thousands: they are read in a handful of queries and put in order here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from kiosk.domain.attendance.record import AttendanceCount
from kiosk.domain.courses.courses import Course
from kiosk.domain.courses.day_states import DayLine, MeetingState, day_lines
from kiosk.domain.courses.meetings import Meeting
from kiosk.domain.courses.terms import Term
from kiosk.domain.listing import ListQuestion
from kiosk.domain.people.staff import User
from kiosk.domain.people.students import Student, fold
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import NotFoundError
from kiosk.services.core import Core
from kiosk.services.courses.course_teachers import courses_seen, teacher_queries
from kiosk.services.courses.own_courses import require_course
from kiosk.services.courses.timetables import timetable_queries
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories
from kiosk.translation import _

LOOK_BACK: Final = timedelta(days=56)
"""How far back meetings are looked for that nobody held a class for."""

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class CourseFilter(StrEnum):
    """Filters of the list, by the names that a `ListQuestion` has."""

    MINE = "mine"
    ARCHIVED = "archived"
    NO_STUDENTS = "no_students"
    NO_TEACHER = "no_teacher"
    NO_TIMETABLE = "no_timetable"


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course of the list.

    Attributes:
        students: How many are registered today.
        next_meeting: That is on, or comes next; None where no timetable says one.
    """

    course: Course
    teachers: tuple[User, ...]
    students: int
    next_meeting: Meeting | None
    term: Term | None

    @property
    def teacher_names(self) -> str:
        return ", ".join(one.name for one in self.teachers)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A meeting of a course and what came of it; the count is of its class, where one was held."""

    line: DayLine
    count: AttendanceCount


class CourseListing:
    """Answers what the list of courses asks."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._clock = core.clock
        self._zone = core.zone

    def lines(self, asked: ListQuestion, *, actor: Actor) -> list[CourseLine]:
        """Courses that the actor is shown and that answer the question, by code unless it says otherwise."""
        require(self._store, actor, Right.SEE_RECORDS)
        now = self._clock.now()
        found = self._store.read(lambda repositories: self._read(repositories, actor, now))
        wanted = [one for one in found if _passes(one, asked, actor)]
        return sorted(wanted, key=_order(asked.sort), reverse=asked.descending)

    def line(self, course_id: int, *, actor: Actor) -> CourseLine:
        """One course.

        Raises:
            ForbiddenError: It is taught by somebody else.
            NotFoundError: It does not exist any more.
        """
        require(self._store, actor, Right.SEE_RECORDS)
        now = self._clock.now()

        def query(repositories: Repositories) -> CourseLine:
            require_course(repositories, actor, course_id)
            course = repositories.courses.get(course_id)
            if course is None:
                raise NotFoundError(_("That course does not exist any more."))
            return self._lines(repositories, [course], now)[0]

        return self._store.read(query)

    def students(self, course_id: int, *, actor: Actor) -> Sequence[Student]:
        """Who is in a course today, by name. Raises ForbiddenError: it is taught by somebody else."""
        require(self._store, actor, Right.SEE_RECORDS)
        day = self._clock.now().astimezone(self._zone).date()

        def query(repositories: Repositories) -> Sequence[Student]:
            require_course(repositories, actor, course_id)
            return repositories.courses.roster(course_id, day)

        return self._store.read(query)

    def held(self, course_id: int, *, actor: Actor) -> list[HeldLine]:
        """Classes of a course and meetings of the last weeks without one, newest first; those that come today, too.

        Before the first class of a course nothing was forgotten: the timetable may have been entered later.

        Raises:
            ForbiddenError: The course is taught by somebody else.
        """
        require(self._store, actor, Right.SEE_RECORDS)
        now = self._clock.now()

        def query(repositories: Repositories) -> list[HeldLine]:
            require_course(repositories, actor, course_id)
            sessions = repositories.class_sessions.of_course(course_id)
            counts = repositories.records.counts(course_id)
            first = min((one.started_at for one in sessions), default=now)
            since = max(now - LOOK_BACK, first)
            timetable = timetable_queries(repositories).timetable(
                self._zone, since=since - timedelta(days=1), course_ids=[course_id]
            )
            first_day, today = (one.astimezone(self._zone).date() for one in (since, now))
            course = repositories.courses.get(course_id)
            is_over = course is None or course.is_archived
            meetings = [] if is_over else list(timetable.between(first_day, today))
            return [
                HeldLine(one, counts.get(one.session.session_id, none) if one.session else none)
                for one in reversed(day_lines(meetings, sessions, now))
            ]

        none = AttendanceCount()
        return self._store.read(query)

    def _read(self, repositories: Repositories, actor: Actor, now: datetime) -> list[CourseLine]:
        seen = courses_seen(repositories, actor)
        courses = [one for one in repositories.courses.all() if seen is None or one.course_id in seen]
        return self._lines(repositories, courses, now)

    def _lines(
        self, repositories: Repositories, courses: Sequence[Course], now: datetime
    ) -> list[CourseLine]:
        day = now.astimezone(self._zone).date()
        ids = [one.course_id for one in courses]
        queries = timetable_queries(repositories)
        only = ids if len(ids) == 1 else None
        next_ones = queries.timetable(
            self._zone, since=now - timedelta(days=1), course_ids=only
        ).next_of_each(now)
        terms = {one.term_id: one for one in queries.terms()}
        teachers = teacher_queries(repositories).of_courses(ids)
        sizes = repositories.courses.sizes(day)
        return [
            CourseLine(
                one,
                tuple(teachers.get(one.course_id, ())),
                sizes[one.course_id],
                None if one.is_archived else next_ones.get(one.course_id),
                terms.get(one.term_id) if one.term_id is not None else None,
            )
            for one in courses
        ]


def is_forgotten(held: HeldLine) -> bool:
    """Whether no class was held for a meeting that is over."""
    return held.line.state is MeetingState.FORGOTTEN


def _passes(line: CourseLine, asked: ListQuestion, actor: Actor) -> bool:
    filters = asked.filters
    if line.course.is_archived is not (CourseFilter.ARCHIVED in filters):
        return False
    if CourseFilter.MINE in filters and all(one.user_id != actor.user_id for one in line.teachers):
        return False
    if CourseFilter.NO_STUDENTS in filters and line.students:
        return False
    if CourseFilter.NO_TEACHER in filters and line.teachers:
        return False
    if CourseFilter.NO_TIMETABLE in filters and line.next_meeting is not None:
        return False
    term = line.term.name if line.term is not None else ""
    text = fold(f"{line.course.label} {line.course.room} {line.teacher_names} {term}")
    return all(word in text for word in fold(asked.search).split())


def _order(sort: str) -> Callable[[CourseLine], Any]:
    orders: dict[str, Callable[[CourseLine], Any]] = {
        "title": lambda one: fold(one.course.title),
        "room": lambda one: fold(one.course.room),
        "teachers": lambda one: fold(one.teacher_names),
        "students": lambda one: one.students,
        "next": lambda one: one.next_meeting.begins_at if one.next_meeting is not None else _NEVER,
        "term": lambda one: one.term.span.first_day.isoformat() if one.term is not None else "",
    }
    first = orders.get(sort)
    return _code if first is None else lambda one: (first(one), _code(one))


def _code(one: CourseLine) -> str:
    return fold(one.course.code)
