"""Students' PINs: made by this product, printed on slips, kept as hashes, checked with a throttle.

Hashing is slow on purpose: call from a worker thread.
"""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Final

from kiosk.domain.people import Student, fold
from kiosk.domain.throttle import FailureCount
from kiosk.errors import NotFoundError, SignInError
from kiosk.services.accounts import Throttle
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import PasswordHasher, PinSlip
from kiosk.services.ports.store import Repositories, Store

PIN_DIGITS: Final = 6

OnRest = Callable[[Student], None]

OnProgress = Callable[[int, int], None]
"""Called with (done, of)."""


class Pins:
    """Issues and checks PINs."""

    def __init__(
        self,
        *,
        store: Store,
        hasher: PasswordHasher,
        clock: Clock,
        throttle: Throttle,
        on_rest: OnRest | None = None,
    ) -> None:
        """Wire it; `on_rest` hears of each wrong PIN that makes a student's number rest."""
        self._on_rest = on_rest
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._throttle = throttle

    def prepare(
        self, course_id: int, *, on: date, actor: str, renew: bool = False, progress: OnProgress | None = None
    ) -> tuple[list[PinSlip], Callable[[], None]]:
        """Make PINs for the students of a course who have none (with `renew`: for all of them).

        Returns:
            The slips to print, and a function that puts these PINs into force. Call it when the slips are safely
            written; until then the old PINs go on working.
        """

        def wanting(repositories: Repositories) -> list[Student]:
            roster = repositories.courses.roster(course_id, on)
            return [one for one in roster if renew or repositories.students.pin_hash(one.student_id) is None]

        students = self._store.read(wanting)
        slips, hashes = [], {}
        for done, student in enumerate(students, start=1):
            pin = _new_pin()
            slips.append(PinSlip(student, pin))
            hashes[student.student_id] = self._hasher.hash(pin)
            if progress is not None:
                progress(done, len(students))

        def work(repositories: Repositories) -> None:
            for slip in slips:
                repositories.students.set_pin_hash(slip.student.student_id, hashes[slip.student.student_id])
                repositories.audit.add(
                    at=self._clock.now(), actor=actor, action="pin.issued", subject=slip.student.student_no
                )

        return slips, lambda: self._store.write(work).result()

    def sign_in(self, student_no: str, pin: str) -> Student:
        """Check a student number and PIN.

        Raises:
            SignInError: They do not belong together (the answer is the same whether the number exists or not),
                or too many wrong tries.
        """
        account = _account(student_no)
        tried = self._throttle.reserve(account, locks=True)

        def query(repositories: Repositories) -> tuple[Student | None, str | None]:
            found = repositories.students.by_no(student_no.strip())
            return found, repositories.students.pin_hash(found.student_id) if found else None

        student, known_hash = self._store.read(query)
        if not self._hasher.verify(known_hash, pin.strip()) or student is None:
            if student is not None and self._on_rest is not None and self._throttle.rests(tried):
                self._on_rest(student)
            raise SignInError(
                "That number and PIN do not belong together.", "Check your slip, or ask your teacher."
            )
        self._throttle.succeeded(account)
        if known_hash is not None and self._hasher.is_outdated(known_hash):
            self._upgrade(student, known_hash, self._hasher.hash(pin.strip()))
        return student

    def needs_unlocking(self, student_id: int) -> bool:
        """Whether a student's number rests or is locked after wrong PINs.

        Raises:
            NotFoundError: No such student.
        """
        return self._throttle.rests(
            self._throttle.wrong_tries(_account(self._student(student_id).student_no))
        )

    def unlock(self, student_id: int, *, actor: str) -> None:
        """Forgive all wrong PINs of a student; the PIN stays as it is.

        Raises:
            NotFoundError: No such student.
        """
        student = self._student(student_id)

        def work(repositories: Repositories) -> None:
            repositories.failures.put(_account(student.student_no), FailureCount())
            repositories.audit.add(
                at=self._clock.now(), actor=actor, action="pin.unlocked", subject=student.student_no
            )

        self._store.write(work).result()

    def renew(self, student_id: int, *, actor: str) -> PinSlip:
        """Make a new PIN for one student and lift the rest after wrong tries.

        Raises:
            NotFoundError: No such student.
        """
        student = self._student(student_id)
        slip = PinSlip(student, _new_pin())
        secret_hash = self._hasher.hash(slip.pin)

        def work(repositories: Repositories) -> None:
            repositories.students.set_pin_hash(student_id, secret_hash)
            repositories.audit.add(
                at=self._clock.now(), actor=actor, action="pin.issued", subject=student.student_no
            )

        self._store.write(work).result()
        self._throttle.succeeded(_account(student.student_no))
        return slip

    def _student(self, student_id: int) -> Student:
        student = self._store.read(lambda repositories: repositories.students.get(student_id))
        if student is None:
            raise NotFoundError("That student does not exist any more.")
        return student

    def _upgrade(self, student: Student, known_hash: str, new_hash: str) -> None:
        """Keep a hash of today's parameters, unless the PIN was changed meanwhile."""

        def work(repositories: Repositories) -> None:
            if repositories.students.pin_hash(student.student_id) == known_hash:
                repositories.students.set_pin_hash(student.student_id, new_hash)

        self._store.write(work).result()


def _account(student_no: str) -> str:
    return f"student:{fold(student_no)}"


def _new_pin() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
