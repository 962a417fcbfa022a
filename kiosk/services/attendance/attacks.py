"""Writes down that a picture was held up instead of a face, and tells the teacher. Safe to call from any thread."""

import threading
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.domain.trust.rights import Actor, Right
from kiosk.services.courses.own_courses import require_session_id
from kiosk.services.events import AttackRecorded, Events
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store

if TYPE_CHECKING:
    from kiosk.services.attendance.attack_queries import AttackQueries

ONE_ATTACK: Final = timedelta(seconds=10)
"""Within this time of the last one it is the same picture that was lost from sight for a moment."""


class Attacks:
    """Suspected attacks of class sessions. No picture, no name and no vector is kept: nobody is accused."""

    def __init__(self, *, store: Store, events: Events) -> None:
        self._store = store
        self._events = events
        self._lock = threading.Lock()
        self._last: dict[int, datetime] = {}

    def record_later(self, attack: SuspectedAttack) -> "Future[AttackRecorded] | None":
        """Keep an attack and emit `AttackRecorded`, without waiting; None for one that goes on from the last.

        Raises (out of the future):
            NotFoundError: No such session.
        """
        if self._goes_on(attack):
            return None

        def work(repositories: Repositories) -> AttackRecorded:
            _queries(repositories).add(attack)
            return AttackRecorded(attack)

        return self._store.write_later(work, then=self._events.emit)

    def of_session(self, session_id: int, *, actor: Actor) -> list[SuspectedAttack]:
        """A session's suspected attacks, oldest first. Raises ForbiddenError: it is of a course of somebody else's."""
        require(self._store, actor, Right.SEE_RECORDS)

        def query(repositories: Repositories) -> list[SuspectedAttack]:
            require_session_id(repositories, actor, session_id)
            return _queries(repositories).of_session(session_id)

        return self._store.read(query)

    def _goes_on(self, attack: SuspectedAttack) -> bool:
        with self._lock:
            last = self._last.get(attack.session_id)
            self._last = {attack.session_id: attack.at}  # one class at a time is enough to remember
            return last is not None and attack.at - last < ONE_ATTACK


def _queries(repositories: Repositories) -> "AttackQueries":
    from kiosk.services.attendance.attack_queries import AttackQueries

    return AttackQueries(db_session=repositories.db_session)
