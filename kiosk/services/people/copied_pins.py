"""Signing in on the phone while the database server is away: students of the class that is open, by what this PC remembers.

The same PINs, hashed and compared as ever, and wrong tries are counted in memory from where the database left off; what was
counted here is brought to the database with the next try there. Hashes: call from a worker thread.
"""

import threading
from dataclasses import dataclass
from typing import Final

from kiosk.domain.people.students import Student
from kiosk.domain.trust.throttle import FailureCount, ThrottleRule
from kiosk.errors import SignInError
from kiosk.services.attendance.away.class_copy import ClassCopy
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
        rule: ThrottleRule | None = None,
    ) -> None:
        self._copy = copy
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._rule = rule or ThrottleRule()
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

    def prove(self, account: str, student_no: str, pin: str) -> CopiedProof:
        """Check a number and PIN.

        Raises:
            SignInError: They do not belong together, or are of somebody who is not in this class: the answer is the same, so
                that nobody learns who is in it; or too many wrong tries.
        """
        known = self._copy.by_no(student_no.strip())
        with self._lock:
            counted = self._tried.get(account)
            if counted is None:
                counted = known.failures if known is not None else FailureCount()
            now = self._clock.now()
            refuse_while_resting(self._rule, counted, now, locks=True)
            self._tried[account] = FailureCount(counted.failures + 1, now)
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
            self._tried[account] = FailureCount()  # also what the database counted is forgiven here
        return CopiedProof(known.student, known_hash)

    def counted(self, account: str) -> FailureCount | None:
        """Wrong tries that were counted here and the database does not know yet, once; None for none."""
        with self._lock:
            counted = self._tried.pop(account, None)
        return counted if counted is not None and counted.failures else None

    def give_back(self, account: str, counted: FailureCount) -> None:
        """The database could not take it."""
        with self._lock:
            self._tried.setdefault(account, counted)
