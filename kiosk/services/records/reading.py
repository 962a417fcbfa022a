"""What other programs may read of a school: courses, sessions, records, page by page. Any thread but the window's."""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.domain.attendance.choices import Status
from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.attendance.record import Correction
from kiosk.domain.courses.courses import Course
from kiosk.domain.people.students import Student
from kiosk.domain.records.filters import Days, ListedRecord, RecordFilter
from kiosk.errors import NotFoundError
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.services.records.listing_queries import ListingQueries


@dataclass(frozen=True, slots=True)
class Slice:
    """At most `limit` things whose id comes after `after_id`."""

    after_id: int
    limit: int


@dataclass(frozen=True, slots=True)
class SessionOfCourse:
    """A class session with its course."""

    session: ClassSession
    course: Course


class Reading:
    """Lists come by id; an id never changes and the newest thing has the highest."""

    def __init__(self, *, store: Store, clock: Clock, zone: ZoneInfo) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone

    def courses(self, wanted: Slice) -> list[Course]:
        """A slice of all courses."""
        courses = self._store.read(lambda repositories: repositories.courses.all())
        after = [course for course in courses if course.course_id > wanted.after_id]
        return sorted(after, key=attrgetter("course_id"))[: wanted.limit]

    def course(self, course_id: int) -> Course:
        """Raises NotFoundError for an unknown id."""
        return self._store.read(lambda repositories: _course(repositories, course_id))

    def students(self, course_id: int, on: date | None, wanted: Slice) -> list[Student]:
        """A slice of those registered in a course on a day; None: today.

        Raises:
            NotFoundError: No such course.
        """
        day = on or self._clock.now().astimezone(self._zone).date()

        def query(repositories: Repositories) -> list[Student]:
            _course(repositories, course_id)
            return repositories.courses.roster(course_id, day)

        after = [student for student in self._store.read(query) if student.student_id > wanted.after_id]
        return sorted(after, key=attrgetter("student_id"))[: wanted.limit]

    def sessions(self, days: Days, *, is_open: bool | None, wanted: Slice) -> list[SessionOfCourse]:
        """A slice of the class sessions that began on these days."""

        def query(repositories: Repositories) -> list[SessionOfCourse]:
            courses = {course.course_id: course for course in repositories.courses.all()}
            found = _queries(repositories).sessions(
                days.filter(self._zone), is_open=is_open, after_id=wanted.after_id, limit=wanted.limit
            )
            return [SessionOfCourse(session, courses[session.course_id]) for session in found]

        return self._store.read(query)

    def session(self, session_id: int) -> SessionOfCourse:
        """Raises NotFoundError for an unknown id."""

        def query(repositories: Repositories) -> SessionOfCourse:
            session = repositories.class_sessions.get(session_id)
            if session is None:
                raise NotFoundError(_("There is no such class session."))
            return SessionOfCourse(session, _course(repositories, session.course_id))

        return self._store.read(query)

    def records(
        self,
        days: Days,
        *,
        wanted: Slice,
        session_id: int | None = None,
        student_id: int | None = None,
        status: Status | None = None,
    ) -> list[ListedRecord]:
        """A slice of the records of class sessions that began on these days."""
        chosen = RecordFilter(days.filter(self._zone), session_id, student_id, status)
        return self._store.read(
            lambda repositories: _queries(repositories).records(
                chosen, after_id=wanted.after_id, limit=wanted.limit
            )
        )

    def record(self, record_id: int) -> tuple[ListedRecord, list[Correction]]:
        """One record, and what it was before each correction, oldest first.

        Raises:
            NotFoundError: No such record.
        """

        def query(repositories: Repositories) -> tuple[ListedRecord, list[Correction]]:
            found = _queries(repositories).record(record_id)
            if found is None:
                raise NotFoundError(_("There is no such record."))
            return found, repositories.records.history(record_id)

        return self._store.read(query)


def _course(repositories: Repositories, course_id: int) -> Course:
    course = repositories.courses.get(course_id)
    if course is None:
        raise NotFoundError(_("There is no such course."))
    return course


def _queries(repositories: Repositories) -> "ListingQueries":
    from kiosk.services.records.listing_queries import ListingQueries

    return ListingQueries(db_session=repositories.db_session)
