"""Courses that go on: nothing is planned or held in one that is archived. Any thread; runs inside the caller's transaction."""

from kiosk.domain.courses.courses import Course
from kiosk.errors import ConflictError, NotFoundError
from kiosk.storage.store import Repositories
from kiosk.translation import _


def archived(course: Course) -> ConflictError:
    """What to say to whoever wants something of a course that is over."""
    return ConflictError(
        _("{code} is archived.", code=course.code), _("Reopen the course first: Courses, Archived.")
    )


def going_on(repositories: Repositories, course_id: int) -> Course:
    """A course that nobody else changes until the transaction ends.

    Raises:
        ConflictError: It is archived.
        NotFoundError: It does not exist any more.
    """
    course = repositories.courses.hold(course_id)
    if course is None:
        raise NotFoundError(_("That course does not exist any more."))
    if course.is_archived:
        raise archived(course)
    return course
