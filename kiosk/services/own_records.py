"""A student's own attendance, and what is kept about them. Reads only; any thread."""

from dataclasses import dataclass
from typing import Final

from kiosk.errors import NotFoundError
from kiosk.services.ports.own_place import OwnCourse, OwnRecord, StoredAboutStudent
from kiosk.services.ports.store import Repositories, Store

LATEST: Final = 5
"""Records that the overview shows."""

PAGE: Final = 20
"""Records on one page of a course."""


@dataclass(frozen=True, slots=True)
class OwnOverview:
    """The student's courses, and the newest records of all of them."""

    courses: tuple[OwnCourse, ...]
    latest: tuple[OwnRecord, ...]


@dataclass(frozen=True, slots=True)
class OwnCourseRecords:
    """One page of the student's records in one course; pages count from 1, newest first."""

    course: OwnCourse
    records: tuple[OwnRecord, ...]
    page: int
    pages: int


class OwnRecords:
    """What a signed-in student reads; each call is about that student only."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def overview(self, student_id: int) -> OwnOverview:
        """Courses by code, records newest first."""

        def query(repositories: Repositories) -> OwnOverview:
            own = repositories.own_place
            return OwnOverview(tuple(own.courses(student_id)), tuple(own.records(student_id, limit=LATEST)))

        return self._store.read(query)

    def course(self, student_id: int, course_id: int, *, page: int = 1) -> OwnCourseRecords:
        """All own records in a course; a page beyond the last is the last.

        Raises:
            NotFoundError: The student was never in that course, or there is no such course: both are said alike.
        """

        def query(repositories: Repositories) -> OwnCourseRecords:
            own = repositories.own_place
            mine = next((one for one in own.courses(student_id) if one.course.course_id == course_id), None)
            if mine is None:
                raise NotFoundError("You are in no such course.", "Go back to your attendance.")
            number = mine.count.expected + mine.count.excused
            pages = max(1, -(-number // PAGE))
            shown = min(max(page, 1), pages)
            found = own.records(student_id, course_id=course_id, limit=PAGE, offset=PAGE * (shown - 1))
            return OwnCourseRecords(mine, tuple(found), shown, pages)

        return self._store.read(query)

    def stored(self, student_id: int) -> StoredAboutStudent:
        """Everything that is kept about the student, counted."""
        return self._store.read(lambda repositories: repositories.own_place.stored(student_id))
