"""A student's own attendance, and what is kept about them. Reads only; any thread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.domain.records.stored import StoredAboutStudent, StudentCourse, StudentRecord
from kiosk.errors import NotFoundError
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.services.records.student_queries import StudentQueries

LATEST: Final = 5
"""Records that the overview shows."""

PAGE: Final = 20
"""Records on one page of a course."""


@dataclass(frozen=True, slots=True)
class StudentOverview:
    """The student's courses, and the newest records of all of them."""

    courses: tuple[StudentCourse, ...]
    latest: tuple[StudentRecord, ...]


@dataclass(frozen=True, slots=True)
class StudentCourseRecords:
    """One page of the student's records in one course; pages count from 1, newest first."""

    course: StudentCourse
    records: tuple[StudentRecord, ...]
    page: int
    pages: int


class StudentData:
    """What a signed-in student reads; each call is about that student only."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def overview(self, student_id: int) -> StudentOverview:
        """Courses by code, records newest first."""

        def query(repositories: Repositories) -> StudentOverview:
            own = student_queries(repositories)
            return StudentOverview(
                tuple(own.courses(student_id)), tuple(own.records(student_id, limit=LATEST))
            )

        return self._store.read(query)

    def course(self, student_id: int, course_id: int, *, page: int = 1) -> StudentCourseRecords:
        """All own records in a course; a page beyond the last is the last.

        Raises:
            NotFoundError: The student was never in that course, or there is no such course: both are said alike.
        """

        def query(repositories: Repositories) -> StudentCourseRecords:
            own = student_queries(repositories)
            mine = next((one for one in own.courses(student_id) if one.course.course_id == course_id), None)
            if mine is None:
                raise NotFoundError(_("You are in no such course."), _("Go back to your attendance."))
            number = own.number(student_id, course_id)
            pages = max(1, -(-number // PAGE))
            shown = min(max(page, 1), pages)
            found = own.records(student_id, course_id=course_id, limit=PAGE, offset=PAGE * (shown - 1))
            return StudentCourseRecords(mine, tuple(found), shown, pages)

        return self._store.read(query)

    def stored(self, student_id: int) -> StoredAboutStudent:
        """Everything that is kept about the student, counted."""
        return self._store.read(lambda repositories: student_queries(repositories).stored(student_id))


def student_queries(repositories: Repositories) -> "StudentQueries":
    """What may be asked about one student in a transaction."""
    from kiosk.services.records.student_queries import StudentQueries

    return StudentQueries(db_session=repositories.db_session)
