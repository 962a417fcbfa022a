"""Writes down that a picture was held up instead of a face, and tells the teacher. Safe to call from any thread."""

import threading
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain.faces.liveness import SuspectedAttack
from kiosk.services.announcing import announced
from kiosk.services.events import AttackRecorded, Events
from kiosk.storage.repositories.repositories import Repositories
from kiosk.storage.store import Store

ONE_ATTACK: Final = timedelta(seconds=10)
"""Within this time of the last one it is the same picture that was lost from sight for a moment."""


class Attacks:
    """Suspected attacks of class sessions. No picture, no name and no vector is kept: nobody is accused."""

    def __init__(self, *, store: Store, events: Events) -> None:
        self._store = store
        self._on_event = events.emit
        self._lock = threading.Lock()
        self._last: dict[int, datetime] = {}

    def record(self, attack: SuspectedAttack) -> "Future[SuspectedAttack | None]":
        """Keep an attack and emit `AttackRecorded`; None for one that goes on from the last.

        Raises (out of the future):
            NotFoundError: No such session.
        """
        if self._goes_on(attack):
            same: Future[SuspectedAttack | None] = Future()
            same.set_result(None)
            return same

        def work(repositories: Repositories) -> AttackRecorded:
            repositories.attacks.add(attack)
            return AttackRecorded(attack)

        return announced(self._store.write(work), on_event=self._on_event, result=lambda told: told.attack)

    def of_session(self, session_id: int) -> list[SuspectedAttack]:
        """A session's suspected attacks, oldest first."""
        return self._store.read(lambda repositories: repositories.attacks.of_session(session_id))

    def _goes_on(self, attack: SuspectedAttack) -> bool:
        with self._lock:
            last = self._last.get(attack.session_id)
            self._last = {attack.session_id: attack.at}  # one class at a time is enough to remember
            return last is not None and attack.at - last < ONE_ATTACK
