"""Which accounts teach a course, and what a teacher is shown because of it."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from kiosk.domain.courses.courses import Course
from kiosk.domain.people.staff import Role, User
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import NotFoundError
from kiosk.services.core import Core
from kiosk.services.trust.rights import require, require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _

if TYPE_CHECKING:
    from kiosk.services.courses.teacher_queries import TeacherQueries


class CourseTeachers:
    """Assigns accounts to courses. Whoever may hold classes may hold any: somebody has to stand in for the ill."""

    def __init__(self, core: Core) -> None:
        self._store = core.store
        self._clock = core.clock

    def taught_by(self, user_id: int) -> frozenset[int]:
        """Ids of the courses that an account teaches; none for whoever was never assigned."""
        return self._store.read(lambda repositories: teacher_queries(repositories).taught_by(user_id))

    def seen_by(self, *, actor: Actor) -> frozenset[int] | None:
        """Ids of the courses whose people, records and reports an actor is shown; None for all (`courses_seen`)."""
        require(self._store, actor, Right.SEE_RECORDS)
        return self._store.read(lambda repositories: courses_seen(repositories, actor))

    def of_course(self, course_id: int) -> list[User]:
        """Accounts that teach a course, by name; closed ones, too."""
        return self._store.read(lambda repositories: teacher_queries(repositories).of_course(course_id))

    def choices(self, *, actor: Actor) -> list[User]:
        """Accounts that can be assigned, by name: all that are not closed."""
        require(self._store, actor, Right.MANAGE_COURSES)
        return self._store.read(lambda repositories: [one for one in repositories.users.all() if one.active])

    def assign(self, course: Course, user_ids: Collection[int], *, actor: Actor) -> Sequence[User]:
        """Let exactly these accounts teach a course; returns them by name.

        Raises:
            NotFoundError: The course or an account does not exist any more.
        """

        def work(repositories: Repositories) -> Sequence[User]:
            require_within(repositories, actor, Right.MANAGE_COURSES)
            if repositories.courses.hold(course.course_id) is None:
                raise NotFoundError(_("That course does not exist any more."))
            queries = teacher_queries(repositories)
            before = queries.of_course(course.course_id)
            queries.assign(course.course_id, user_ids)
            teachers = queries.of_course(course.course_id)
            if teachers != before:
                names = ", ".join(one.name for one in teachers)
                repositories.audit.add(
                    self._clock.now(), actor.name, "course.teachers", course.code, names or "nobody"
                )
            return teachers

        return self._store.write(work)


def courses_seen(repositories: Repositories, actor: Actor) -> frozenset[int] | None:
    """Which courses' people, records and reports an actor is shown; None for all of them.

    Admins, the command line and the kiosk itself see all. So does a teacher to whom no course was ever assigned: a school
    that assigns nobody goes on as before. Who was assigned once sees the own ones alone, and none when the last one is taken.
    """
    if actor.user_id is None or repositories.users.get(actor.user_id).role is not Role.TEACHER:
        return None
    queries = teacher_queries(repositories)
    taught = queries.taught_by(actor.user_id)
    return taught if taught or queries.was_assigned(actor.user_id) else None


def teacher_queries(repositories: Repositories) -> "TeacherQueries":
    """The queries of a transaction; imported at the first use, so that the window comes without SQL."""
    from kiosk.services.courses.teacher_queries import TeacherQueries

    return TeacherQueries(db_session=repositories.db_session)
