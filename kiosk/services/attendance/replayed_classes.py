"""Classes that were never held: a recording made them, and they can be taken back. Any thread."""

from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError
from kiosk.services.attendance.sessions import Sessions, take_back
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require_within
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _


class ReplayedClasses:
    """Classes that `kiosk replay` made. What a teacher held is never taken back: its records are corrected."""

    def __init__(self, *, sessions: Sessions, store: Store, clock: Clock) -> None:
        self.sessions = sessions
        self._store = store
        self._clock = clock

    def take_back(self, session_id: int, *, actor: Actor) -> int:
        """Remove such a class with all of its records; the log says so. Returns how many records went.

        Raises:
            NotFoundError: No such session.
            ConflictError: It was not made by a replay.
        """

        def work(repositories: Repositories) -> int:
            require_within(repositories, actor, Right.ADMINISTER)
            session = repositories.class_sessions.hold(session_id)
            if session is None:
                raise NotFoundError(_("That class session does not exist any more."))
            if not session.is_replay:
                raise ConflictError(
                    _("Class session {n} was held in a room, and is not taken back.", n=session_id),
                    _("Correct its records one by one, with a reason for each."),
                )
            return take_back(repositories, session_id, at=self._clock.now(), actor=actor.name)

        return self._store.write(work)
