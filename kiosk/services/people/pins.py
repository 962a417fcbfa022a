"""Students' PINs: made by this product, printed on slips, kept as hashes, checked with a throttle.

Hashing is slow on purpose: call from a worker thread.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kiosk.domain.people.pins import PIN_DIGITS, pin_fault
from kiosk.domain.people.students import Student
from kiosk.domain.trust.rights import Actor, Right
from kiosk.domain.trust.throttle import (
    ADDRESS,
    ADDRESSES,
    FailureCount,
    Limit,
    Source,
    account_of,
    blocks,
    pin_limits,
)
from kiosk.errors import ConflictError, DatabaseError, NotFoundError, SignInError, ThrottledError
from kiosk.services.courses.own_courses import require_student, students_reached
from kiosk.services.events import Events, PinReplaced, PinsGuessed, SignInResting
from kiosk.services.people.accounts import Throttle
from kiosk.services.people.copied_pins import CopiedPins
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import PasswordHasher, PinSlip
from kiosk.services.ports.progress import UNWATCHED, Progress
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

NOWHERE: Final = Source()
"""Of somebody who came by no phone."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Who gave the right PIN; `mark` tells this PIN from a later one, and nothing else (see `Pins.marks`)."""

    student: Student
    mark: str


class Pins:
    """Issues, checks and changes PINs."""

    def __init__(
        self,
        *,
        store: Store,
        hasher: PasswordHasher,
        clock: Clock,
        throttle: Throttle,
        events: Events,
        copied: CopiedPins | None = None,
    ) -> None:
        """`copied` are the PINs of the class that is open, for when the database is away."""
        self._copied = copied
        self._events = events
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._throttle = throttle

    @property
    def know_the_class(self) -> bool:
        """Whether students of the class that is open can sign in without the database."""
        return self._copied is not None and self._copied.are_there

    def prepare(
        self,
        course_id: int,
        *,
        on: date,
        actor: Actor,
        renew: bool = False,
        only: int | None = None,
        progress: Progress = UNWATCHED,
    ) -> tuple[list[PinSlip], Callable[[], None]]:
        """Make PINs for the students of a course who have none (with `renew`: for all of them; `only`: for one).

        A new PIN ends the sign-ins with the old one, removes the phones that were enrolled, and lifts the rest after wrong tries.

        Returns:
            The slips to print, and a function that puts these PINs into force. Call it when the slips are safely
            written; until then the old PINs go on working.

        Raises:
            NotFoundError: `only` is not in the course.
        """
        require(self._store, actor, Right.MANAGE_PEOPLE)

        def wanting(repositories: Repositories) -> list[Student]:
            roster = repositories.courses.roster(course_id, on)
            if only is not None:
                return [one for one in roster if one.student_id == only]
            return [one for one in roster if renew or repositories.students.pin_hash(one.student_id) is None]

        students = self._store.read(wanting)
        if only is not None and not students:
            raise NotFoundError(
                _("That student is not in this course."), _("Choose the course that the student is in.")
            )
        slips, hashes = [], {}
        for done, student in enumerate(students, start=1):
            pin = _new_pin(student.student_no)
            slips.append(PinSlip(student, pin))
            hashes[student.student_id] = self._hasher.hash(pin)
            progress.report(done, len(students))

        def work(repositories: Repositories) -> None:
            for slip in slips:
                repositories.students.set_pin_hash(slip.student.student_id, hashes[slip.student.student_id])
                repositories.failures.forgive(account_of(slip.student.student_no))
                repositories.audit.add(self._clock.now(), actor.name, "pin.issued", slip.student.student_no)
                gone = repositories.enrolled_phones.remove_of(slip.student.student_id)
                if gone:
                    detail = f"{gone} with the old PIN"
                    repositories.audit.add(
                        self._clock.now(), actor.name, "phone.removed", slip.student.student_no, detail
                    )

        def keep() -> None:
            self._store.write(work)
            for slip in slips:
                self._events.emit(PinReplaced(slip.student.student_id))

        return slips, keep

    def sign_in(self, student_no: str, pin: str, *, source: Source = NOWHERE) -> Student:
        """Check a student number and PIN that come from somewhere.

        Raises:
            SignInError: They do not belong together (the answer is the same whether the number exists or not),
                or too many wrong tries.
        """
        return self.prove(student_no, pin, source=source).student

    def prove(self, student_no: str, pin: str, *, source: Source = NOWHERE) -> Proven:
        """As `sign_in`, with the mark of the PIN that was right; while the database is away, for students of the open class."""
        copied = self._copied
        limits = pin_limits(student_no, source)
        if copied is None or not copied.are_there:
            return self._prove(student_no, pin, limits)
        if not copied.are_needed:
            counted = copied.counted(limits)
            try:
                if counted:
                    self._throttle.catch_up(counted)
                return self._prove(student_no, pin, limits)
            except DatabaseError:  # said by the store
                copied.give_back(counted)
        proof = copied.prove(limits, student_no, pin)
        return Proven(proof.student, _mark(proof.pin_hash))

    def _prove(self, student_no: str, pin: str, limits: Sequence[Limit]) -> Proven:
        tried = self._throttle.reserve(limits)

        def query(repositories: Repositories) -> tuple[Student | None, str | None]:
            found = repositories.students.by_no(student_no.strip())
            return found, repositories.students.pin_hash(found.student_id) if found else None

        student, known_hash = self._store.read(query)
        if not self._hasher.verify(known_hash, pin.strip()) or student is None:
            self._tell_of_rests(student, tried)
            raise SignInError(
                _("That number and PIN do not belong together."), _("Check your slip, or ask your teacher.")
            )
        self._throttle.succeeded(limits)
        if known_hash is not None and self._hasher.is_outdated(known_hash):
            known_hash = self._upgrade(student, known_hash, self._hasher.hash(pin.strip()))
        return Proven(student, _mark(known_hash))

    def _tell_of_rests(self, student: Student | None, tried: Mapping[Limit, FailureCount]) -> None:
        resting = {limit.rule for limit, count in tried.items() if limit.rule.rests_after(count)}
        if ADDRESS in resting:
            self._events.emit(PinsGuessed())
        if student is not None and resting - {ADDRESS}:
            self._events.emit(SignInResting(student))

    def change(self, student: Student, *, old: str, new: str, source: Source = NOWHERE) -> Proven:
        """Replace a student's PIN by one of their own choice; wrong old PINs count as wrong sign-ins do.

        Raises:
            ConflictError: The new PIN is too easy to guess or is the old one, or another PIN came into force meanwhile.
            SignInError: The old PIN is wrong, or too many wrong tries.
        """
        fault = pin_fault(new, student_no=student.student_no)
        if fault is None and new == old.strip():
            fault = _("This is the PIN that you have now.")
        if fault is not None:
            raise ConflictError(fault, _("Please choose another one."))
        proven = self._prove_again(student, old, source)
        new_hash = self._hasher.hash(new)

        def work(repositories: Repositories) -> None:
            if _mark(repositories.students.pin_hash(student.student_id)) != proven.mark:
                raise ConflictError(
                    _("You got another PIN meanwhile."), _("Sign in with the one on your newest slip.")
                )
            repositories.students.set_pin_hash(student.student_id, new_hash)
            repositories.audit.add(
                self._clock.now(), f"student {student.student_no}", "pin.changed", student.student_no
            )

        self._store.write(work)
        self._events.emit(PinReplaced(student.student_id))
        return Proven(student, _mark(new_hash))

    def _prove_again(self, student: Student, pin: str, source: Source) -> Proven:
        try:
            proven = self.prove(student.student_no, pin, source=source)
        except ThrottledError:
            raise
        except SignInError as error:
            raise SignInError(_("That is not the PIN that you have now."), error.hint) from error
        if proven.student.student_id != student.student_id:  # the number went to somebody else meanwhile
            raise SignInError(_("That is not the PIN that you have now."), _("Please sign in again."))
        return proven

    def marks(self) -> Mapping[int, str]:
        """What tells each student's present PIN from others, by student id."""
        hashes = self._store.read(lambda repositories: repositories.students.pin_hashes())
        return {student_id: _mark(known_hash) for student_id, known_hash in hashes.items()}

    def needs_unlocking(self, student_id: int) -> bool:
        """Whether a student's number rests or is locked after wrong PINs.

        Raises:
            NotFoundError: No such student.
        """
        return bool(self._blocked([self._student(student_id)]))

    def blocked(self, *, actor: Actor) -> list[Student]:
        """Whom of the students that the actor reaches wrong PINs keep from signing in on a phone that is new to them."""
        require(self._store, actor, Right.CORRECT)

        def query(repositories: Repositories) -> frozenset[int]:
            return students_reached(repositories, actor).among([one.student_id for one in found])

        found = self._blocked(self._store.read(lambda repositories: repositories.students.all()))
        reached = self._store.read(query)
        return [one for one in found if one.student_id in reached]

    def resting_places(self, *, actor: Actor) -> int:
        """From how many network addresses so many wrong PINs came that everybody there has to wait between tries."""
        require(self._store, actor, Right.CORRECT)
        now = self._clock.now()
        counts = self._store.read(lambda repositories: repositories.failures.below([ADDRESSES]))
        return sum(ADDRESS.rests_after(ADDRESS.left(one, now)) for one in counts.get(ADDRESSES, ()))

    def _blocked(self, students: Sequence[Student]) -> list[Student]:
        accounts = {account_of(one.student_no): one for one in students}
        now = self._clock.now()

        def query(repositories: Repositories) -> list[Student]:
            own, below = repositories.failures.among(accounts), repositories.failures.below(accounts)
            return [
                one
                for account, one in accounts.items()
                if blocks(own.get(account, FailureCount()), below.get(account, ()), now)
            ]

        return self._store.read(query)

    def unlock_all(self, students: Sequence[Student], *, actor: Actor) -> None:
        """Forgive all wrong PINs of some students, and of all addresses: whoever sits behind a locked one is not the guesser.

        Raises:
            ForbiddenError: A student is in none of the actor's courses.
        """
        require(self._store, actor, Right.CORRECT)

        def work(repositories: Repositories) -> None:
            for student in students:
                require_student(repositories, actor, student.student_id)
            repositories.failures.forgive(ADDRESSES)
            for student in students:
                repositories.failures.forgive(account_of(student.student_no))
            numbers = ", ".join(one.student_no for one in students)
            repositories.audit.add(self._clock.now(), actor.name, "pin.all_unlocked", "students", numbers)

        self._store.write(work)

    def unlock(self, student_id: int, *, actor: Actor) -> None:
        """Forgive all wrong PINs of a student; the PIN stays as it is.

        Raises:
            ForbiddenError: The student is in none of the actor's courses.
            NotFoundError: No such student.
        """
        require(self._store, actor, Right.CORRECT)
        student = self._student(student_id)

        def work(repositories: Repositories) -> None:
            require_student(repositories, actor, student_id)
            repositories.failures.forgive(account_of(student.student_no))
            repositories.audit.add(self._clock.now(), actor.name, "pin.unlocked", student.student_no)

        self._store.write(work)

    def _student(self, student_id: int) -> Student:
        student = self._store.read(lambda repositories: repositories.students.get(student_id))
        if student is None:
            raise NotFoundError(_("That student does not exist any more."))
        return student

    def _upgrade(self, student: Student, known_hash: str, new_hash: str) -> str:
        """Keep a hash of today's parameters, unless the PIN was changed meanwhile; returns the one of this PIN."""

        def work(repositories: Repositories) -> str:
            if repositories.students.pin_hash(student.student_id) != known_hash:
                return known_hash
            repositories.students.set_pin_hash(student.student_id, new_hash)
            return new_hash

        return self._store.write(work)


def _new_pin(student_no: str) -> str:
    while True:
        pin = "".join(secrets.choice("0123456789") for _unused in range(PIN_DIGITS))
        if pin_fault(pin, student_no=student_no) is None:
            return pin


def _mark(pin_hash: str | None) -> str:
    """A digest of the salted hash: as good for telling PINs apart, and of no use for guessing them."""
    return "" if pin_hash is None else hashlib.sha256(pin_hash.encode()).hexdigest()
