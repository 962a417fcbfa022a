"""Which courses somebody may see in reports and exports: teachers their own, admins all. Runs inside the caller's view."""

from dataclasses import replace

from kiosk.domain.records.filters import ReportFilter
from kiosk.domain.trust.rights import Actor
from kiosk.errors import ForbiddenError
from kiosk.services.courses.course_teachers import courses_seen
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
        raise ForbiddenError(
            _("This course is taught by somebody else."), _("An admin can assign you to it, under Courses.")
        )
    return replace(chosen, courses=seen)
