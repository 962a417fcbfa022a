"""Sessions that do not count, with the reason that students read. Any thread but the store's."""

from kiosk.domain.attendance.class_session import MAX_NOTE, Cancellation, ClassSession
from kiosk.domain.people.students import clean_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError
from kiosk.services.attendance.afterwards.held_sessions import (
    changed_event,
    held,
    held_and_ended,
    queries,
    too_long,
)
from kiosk.services.core import Core
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories
from kiosk.translation import _


class CancellingSessions:
    """Cancels sessions and takes that back. Their records stay as they are, and count for nobody meanwhile."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def cancel(self, session_id: int, *, reason: str, actor: Actor) -> ClassSession:
        """Let a session not count.

        Raises:
            ConflictError: It is still open, cancelled already, or there is no reason or one that is too long.
            NotFoundError: No such session.
        """
        now = self._core.clock.now()

        def work(repositories: Repositories) -> ClassSession:
            require_within(repositories, actor, Right.CORRECT)
            words = clean_text(reason)
            if not words:
                raise ConflictError(
                    _("Please say why the session does not count."), _("The students read the reason.")
                )
            if len(words) > MAX_NOTE:
                raise too_long(MAX_NOTE)
            session, _ended_at = held_and_ended(repositories, session_id, actor)
            if not session.counts:
                raise ConflictError(_("This session is cancelled already."))
            changed = queries(repositories).set_cancelled(session_id, Cancellation(now, actor.name, words))
            repositories.audit.add(now, actor.name, "session.cancelled", f"#{session_id}", words)
            return changed

        return self._core.store.write(work, then=lambda one: self._core.events.emit(changed_event(one)))

    def take_back(self, session_id: int, *, actor: Actor) -> ClassSession:
        """Let a cancelled session count again; one that counts stays as it is. Raises NotFoundError: no such session."""
        now = self._core.clock.now()

        def work(repositories: Repositories) -> ClassSession:
            require_within(repositories, actor, Right.CORRECT)
            session = held(repositories, session_id, actor)
            if session.counts:
                return session
            changed = queries(repositories).set_cancelled(session_id, None)
            repositories.audit.add(now, actor.name, "session.cancel_taken_back", f"#{session_id}")
            return changed

        return self._core.store.write(work, then=lambda one: self._core.events.emit(changed_event(one)))
