"""Opening an ended class again, so that students can show up by face or code. Any thread but the store's.

Marks by hand need no open class. A class that is open again ends by itself when its window of time is over, and whoever is then
still missing stays absent.
"""

from datetime import timedelta
from typing import Final

from kiosk.domain.attendance.class_session import ClassSession
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.attendance.afterwards.held_sessions import changed_event, held_and_ended, queries
from kiosk.services.core import Core
from kiosk.services.courses.going_on import archived
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _

LONGEST_AGO: Final = timedelta(hours=24)
WINDOW_MIN: Final = 15
"""Minutes for which a class is opened again unless somebody says otherwise."""

MAX_WINDOW_MIN: Final = 240


class ReopeningSessions:
    """Takes the end of a session back for a while."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def open_again(self, session_id: int, *, minutes: int = WINDOW_MIN, actor: Actor) -> ClassSession:
        """Open a session again; it ends by itself after so many minutes, or when somebody ends it.

        Raises:
            ConflictError: It is open, cancelled, over for more than a day, was never held with the kiosk, the course is
                archived or another session of it open, or the window is too long.
            NotFoundError: No such session.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> ClassSession:
            require_within(repositories, actor, Right.TAKE)
            session, ended_at = held_and_ended(repositories, session_id, actor)
            by_hand = _("Its students can still be marked by hand.")
            if not 1 <= minutes <= MAX_WINDOW_MIN:
                raise ConflictError(
                    _("A class can be opened again for 1 to {most} minutes.", most=MAX_WINDOW_MIN)
                )
            if not session.counts:
                raise ConflictError(_("This session is cancelled."), _("Let it count again first."))
            if session.added_at is not None:
                raise ConflictError(_("This session was held without the kiosk."), by_hand)
            if now - ended_at > LONGEST_AGO:
                raise ConflictError(_("This class ended more than a day ago."), by_hand)
            course = repositories.courses.hold(session.course_id)
            if course is not None and course.is_archived:
                raise archived(course)
            if any(one.course_id == session.course_id for one in repositories.class_sessions.open_ones()):
                raise ConflictError(
                    _("Another session of this course is open."), _("Go on with it, or end it first.")
                )
            opened = queries(repositories).open_again(session_id, now + timedelta(minutes=minutes))
            detail = f"for {minutes} minutes"
            repositories.audit.add(now, actor.name, "session.opened_again", f"#{session_id}", detail)
            return opened

        return self._core.store.write(work, then=lambda one: self._core.events.emit(changed_event(one)))
