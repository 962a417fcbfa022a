"""Delivers claims that were kept on this PC to the database server, as soon as it is back. Any thread.

They go in the order of keeping through the one door, each in a transaction, and leave the file only after the commit
returned. Whoever is cut off between the two delivers once more and finds the student marked: one record, whatever happens.
"""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from kiosk.domain.attendance.kept import KeptClaim, RefusedClaim
from kiosk.errors import ConflictError, KioskError, StorageError
from kiosk.services.attendance.away.keeping import Keeping
from kiosk.services.attendance.check_in import CheckIn, Delivered
from kiosk.services.events import CheckInResult, ClaimsDelivered, Events, StoreStateChanged
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Repositories, Store

AT_ONCE: Final = 64
"""So many are under way at a time, and share commits; a student who comes meanwhile waits for no more than these."""

KIOSK: Final = "the kiosk"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _UnderWay:
    claim: KeptClaim
    answer: "Future[CheckInResult]"


class Delivery:
    """Brings kept claims to the server: at the start, when it works again, and with each tick while some wait."""

    def __init__(
        self, *, keeping: Keeping, check_in: CheckIn, store: Store, clock: Clock, events: Events
    ) -> None:
        self._keeping = keeping
        self._check_in = check_in
        self._store = store
        self._clock = clock
        self._events = events
        self._turn = threading.Lock()
        """One delivery at a time."""
        self._is_closing = False
        keeping.tell_when_kept(self.tick)

    def begin(self) -> None:
        """Queue what was kept before the program was closed, ahead of everything else that is written."""
        if self._keeping.count and self._turn.acquire(blocking=False):
            first = self._queue()
            self._keeping.run(partial(self._deliver, first))

    def on_event(self, event: StoreStateChanged) -> None:
        """The database works again."""
        if not event.user_text:
            self.tick()

    def tick(self) -> None:
        """Deliver what waits, on a thread of its own, if the database works."""
        if self._is_closing or not self._keeping.count or self._store.trouble is not None:
            return
        if self._turn.acquire(blocking=False):
            self._keeping.run(partial(self._deliver, None))

    def stop(self) -> None:
        """Begin nothing more."""
        self._is_closing = True

    # -- inside --------------------------------------------------------------------------------------------------

    def _deliver(self, first: Sequence[_UnderWay] | None) -> None:
        """Deliver until nothing waits, or nothing moves any more; the turn is this thread's, and ends here."""
        try:
            under_way = self._queue() if first is None else first
            while under_way and self._collect(under_way) and not self._is_closing:
                under_way = self._queue()
        except Exception:  # the top of a thread
            log.exception("what was kept on this PC could not be delivered")
        finally:
            self._turn.release()

    def _queue(self) -> list[_UnderWay]:
        try:
            waiting = self._keeping.waiting()
        except StorageError:
            log.exception("the claims that are kept on this PC cannot be read")
            return []
        last = {(one.session_id, one.student_id): one.kept_id for one in waiting}
        return [
            _UnderWay(one, self._judge(one, is_last=last[(one.session_id, one.student_id)] == one.kept_id))
            for one in islice(waiting, AT_ONCE)
        ]

    def _judge(self, claim: KeptClaim, *, is_last: bool) -> "Future[CheckInResult]":
        delivered = Delivered(self._clock.now(), is_last)

        def work(repositories: Repositories) -> CheckInResult:
            result = self._check_in.deliver(repositories, claim, delivered)
            if result.outcome.is_refused:
                subject = f"{result.student.student_no} #{claim.session_id}"
                detail = (
                    f"{claim.method} of {claim.evidence.at.isoformat(timespec='seconds')}: {result.outcome}"
                )
                repositories.audit.add(delivered.now, KIOSK, "claim.refused", subject, detail)
            return result

        return self._store.write_later(work)

    def _collect(self, under_way: Sequence[_UnderWay]) -> bool:
        """Take the answers and tell of them; whether it is worth going on at once."""
        judged: list[KeptClaim] = []
        results: list[CheckInResult] = []
        gone: list[RefusedClaim] = []
        goes_on = True
        for one in under_way:
            error = one.answer.exception()
            if error is None:
                judged.append(one.claim)
                results.append(one.answer.result())
            elif isinstance(error, StorageError | ConflictError):
                goes_on = (
                    False  # the server is away again, or somebody else wrote at this moment: the next tick
                )
            elif isinstance(error, KioskError):
                judged.append(one.claim)
                gone.append(_refused(one.claim, None))
            else:
                log.error("a kept claim could not be delivered", exc_info=error)
                goes_on = False
        if not judged:
            return False
        marked = {one.student.student_id for one in results if not one.outcome.is_refused}
        refused = [
            RefusedClaim(one.session_id, one.student.student_id, one.method, one.at, one.outcome)
            for one in results
            if one.outcome.is_refused and one.student.student_id not in marked
        ] + gone
        try:
            self._keeping.settle(judged, refused, results)
        except StorageError:
            log.exception("claims that were delivered are kept still, and will be once more")
            return False
        self._events.emit(ClaimsDelivered(tuple(results), tuple(refused), self._keeping.count))
        return goes_on


def _refused(claim: KeptClaim, outcome: None) -> RefusedClaim:
    return RefusedClaim(claim.session_id, claim.student_id, claim.method, claim.evidence.at, outcome)
