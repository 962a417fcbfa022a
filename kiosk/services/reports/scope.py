"""Which courses somebody may see in reports and exports: teachers their own, admins all. Runs inside the caller's view."""

from dataclasses import replace

from kiosk.domain.people.staff import Role
from kiosk.domain.records.filters import ReportFilter
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ForbiddenError
from kiosk.services.courses.course_teachers import courses_seen
from kiosk.services.courses.own_courses import course_of_others
from kiosk.storage.store import Repositories
from kiosk.translation import _


def within(repositories: Repositories, actor: Actor, chosen: ReportFilter) -> ReportFilter:
    """The same filter, of what the actor may see.

    Raises:
        ForbiddenError: It names a course that the actor does not teach.
    """
    seen = courses_seen(repositories, actor)
    if seen is None:
        return chosen
    if chosen.course_id is not None and chosen.course_id not in seen:
        raise course_of_others()
    return replace(chosen, courses=seen)


def to_take_along(repositories: Repositories, actor: Actor, chosen: ReportFilter) -> ReportFilter:
    """The same for what leaves the kiosk as a file: a teacher takes records of courses that somebody assigned, and of no other.

    Raises:
        ForbiddenError: It names a course that the actor does not teach, or the actor teaches none.
    """
    is_teacher = actor.user_id is not None and repositories.users.get(actor.user_id).role is Role.TEACHER
    if is_teacher and not courses_seen(repositories, actor):
        raise ForbiddenError(
            _("Only courses that you teach can be taken along, and nobody has assigned you to one."),
            _("An admin can assign you, under Courses."),
        )
    return within(repositories, actor, chosen)
