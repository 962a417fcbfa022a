"""Signing in on the phone while the database server is away: students of the class that is open, by what this PC remembers.

The same PINs, hashed and compared as ever, and wrong tries are counted in memory from where the database left off; what was
counted here is brought to the database with the next try there. Hashes: call from a worker thread.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.domain.people.students import Student
from kiosk.domain.trust.throttle import SHARED, FailureCount, Limit, account_of
from kiosk.errors import SignInError
from kiosk.services.attendance.away.class_copy import ClassCopy, CopiedStudent
from kiosk.services.people.accounts import refuse_while_resting
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import PasswordHasher
from kiosk.storage.store import Store
from kiosk.translation import _

MAX_ACCOUNTS: Final = 5000
"""Bounds memory against somebody who types numbers in a loop; the oldest go first."""


@dataclass(frozen=True, slots=True)
class CopiedProof:
    """Who gave the right PIN, and that PIN's hash."""

    student: Student
    pin_hash: str


class CopiedPins:
    """Checks PINs against the copy of the class."""

    def __init__(
        self,
        *,
        copy: ClassCopy,
        store: Store,
        hasher: PasswordHasher,
        clock: Clock,
    ) -> None:
        self._copy = copy
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._lock = threading.Lock()
        self._tried: dict[str, FailureCount] = {}

    @property
    def are_needed(self) -> bool:
        """Whether the database is known to be away, and a class is remembered."""
        return self._store.trouble is not None and self.are_there

    @property
    def are_there(self) -> bool:
        """Whether a class is remembered."""
        return self._copy.session is not None

    def prove(self, limits: Sequence[Limit], student_no: str, pin: str) -> CopiedProof:
        """Check a number and PIN.

        Raises:
            SignInError: They do not belong together, or are of somebody who is not in this class: the answer is the same, so
                that nobody learns who is in it; or too many wrong tries.
        """
        known = self._copy.by_no(student_no.strip())
        with self._lock:
            now = self._clock.now()
            counts = {limit: limit.rule.left(self._count(limit, known), now) for limit in limits}
            for limit, count in counts.items():
                refuse_while_resting(limit.rule, count, now)
            for limit, count in counts.items():
                self._tried[limit.account] = FailureCount(count.failures + 1, now)
            while len(self._tried) > MAX_ACCOUNTS:
                del self._tried[next(iter(self._tried))]
        known_hash = known.pin_hash if known is not None else None
        if not self._hasher.verify(known_hash, pin.strip()) or known is None or known_hash is None:
            raise SignInError(
                _("That number and PIN do not belong together, or are of somebody who is not in this class."),
                _(
                    "The school’s server is away, so only students of this class can sign in. Check your slip."
                ),
            )
        with self._lock:
            for limit, count in counts.items():  # also what the database counted is forgiven here
                self._tried[limit.account] = count if limit.rule in SHARED else FailureCount()
        return CopiedProof(known.student, known_hash)

    def counted(self, limits: Sequence[Limit]) -> dict[str, FailureCount]:
        """Wrong tries that were counted here and the database does not know yet, once."""
        with self._lock:
            found = {one.account: self._tried.pop(one.account, FailureCount()) for one in limits}
        return {account: count for account, count in found.items() if count.failures}

    def give_back(self, counted: Mapping[str, FailureCount]) -> None:
        """The database could not take it."""
        with self._lock:
            for account, count in counted.items():
                self._tried.setdefault(account, count)

    def _count(self, limit: Limit, known: CopiedStudent | None) -> FailureCount:
        counted = self._tried.get(limit.account)
        if counted is not None:
            return counted
        is_own = known is not None and limit.account == account_of(known.student.student_no)
        return known.failures if known is not None and is_own else FailureCount()
