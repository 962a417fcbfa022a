"""The PIN of the class that this kiosk shows, in place of the teacher's password. In memory only. Any thread.

It opens what a teacher does during the class at this kiosk, and nothing else: no sign-in, no other class, no other kiosk.
Hashing is slow on purpose: call `choose` and `check` from a worker thread, not from the window's.
"""

import threading
from dataclasses import dataclass, field, replace
from typing import Final

from kiosk.domain.attendance.lesson_pin import RULE, digits_of, lesson_pin_fault
from kiosk.domain.people.staff import User
from kiosk.domain.people.students import fold
from kiosk.domain.trust.rights import Actor, Right
from kiosk.domain.trust.throttle import FailureCount
from kiosk.errors import ConflictError, SignInError
from kiosk.services.courses.own_courses import reaches_session
from kiosk.services.events import Event, RuntimeStopped, SessionEnded, SessionStarted
from kiosk.services.people.accounts import Accounts, refuse_while_resting
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import PasswordHasher
from kiosk.services.school.school_settings import School
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

CHOSEN: Final = "lesson_pin.chosen"
CONFIRMED: Final = "lesson_pin.confirmed"
TURNED_OFF: Final = "lesson_pin.turned_off"
"""Of the log."""

WAITS_S: Final = 60.0
"""A PIN is for the class that begins right after it was chosen."""

NO_TRIES: Final = FailureCount()


@dataclass(frozen=True, slots=True)
class _LessonPin:
    """One teacher's PIN.

    Attributes:
        mark: What the account was when the PIN was chosen; another password, role or a closed account ends the PIN.
        session_id: Of the class that it is for; None until that begins.
        until_s: Until when a class may begin with it, by the monotonic clock.
        tries: Wrong ones.
    """

    user: User
    mark: str
    secret_hash: str = field(repr=False)
    until_s: float
    session_id: int | None = None
    tries: FailureCount = NO_TRIES


class LessonPins:
    """Holds at most one PIN: that of the class that is shown here."""

    def __init__(
        self, *, store: Store, hasher: PasswordHasher, clock: Clock, school: School, accounts: Accounts
    ) -> None:
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._school = school
        self._accounts = accounts
        self._lock = threading.Lock()
        self._pin: _LessonPin | None = None

    def is_offered(self) -> bool:
        """Whether the school lets teachers choose one."""
        return self._school.rules().lesson_pin

    @property
    def holder(self) -> str:
        """Whose PIN opens the class that is shown; empty where there is none."""
        pin = self._pin
        return pin.user.name if pin is not None and pin.session_id is not None else ""

    def choose(self, pin: str, *, actor: Actor) -> None:
        """Take a PIN for the class that the actor begins next, or goes on with.

        Raises:
            ConflictError: The school has turned it off, or this PIN is too easy to guess.
        """
        require(self._store, actor, Right.TAKE)
        self.forget()
        user_id = actor.user_id
        if not self.is_offered() or user_id is None:
            raise ConflictError(
                _("This school uses no PIN for the lesson."),
                _("Leave the field empty, and type your password."),
            )
        if (fault := lesson_pin_fault(pin)) is not None:
            raise ConflictError(fault, _("Choose another one, or leave the field empty."))
        chosen = _LessonPin(
            self._store.read(lambda repositories: repositories.users.get(user_id)),
            self._accounts.mark(user_id),
            self._hasher.hash(digits_of(pin)),
            self._clock.monotonic() + WAITS_S,
        )
        with self._lock:
            self._pin = chosen

    def forget(self) -> None:
        """There is no PIN any more; the password opens."""
        with self._lock:
            self._pin = None

    def on_event(self, event: Event) -> None:
        """A PIN belongs to the class that begins after it was chosen, and dies with it."""
        match event:
            case SessionStarted(session=session):
                with self._lock:
                    self._pin = self._for_class(self._pin, session.session_id)
                    begun = self._pin
                if begun is not None:
                    self._note(CHOSEN, begun)
            case SessionEnded(session_id=session_id):
                with self._lock:
                    if self._pin is not None and self._pin.session_id == session_id:
                        self._pin = None
            case RuntimeStopped():
                self.forget()

    def check(self, pin: str, *, name: str) -> User:
        """Whose PIN this is, for the class that is shown; every try counts before it is made.

        Raises:
            SignInError: It is not, or there is none for this class, or it is somebody else's than `name`'s.
            ThrottledError: There were too many wrong ones just now.
        """
        known = self._counted(name)
        if not self._hasher.verify(known.secret_hash, digits_of(pin)):
            self._refuse(known)
        is_same = self._accounts.mark(known.user.user_id) == known.mark
        if not self.is_offered() or not is_same or not self._is_theirs(known):
            self.forget()
            raise _no_pin()
        with self._lock:
            if self._pin is None or self._pin.session_id != known.session_id:
                raise _no_pin()  # the class has ended meanwhile
            self._pin = replace(self._pin, tries=NO_TRIES)
        self._note(CONFIRMED, known)
        return known.user

    def _is_theirs(self, pin: _LessonPin) -> bool:
        """Whether whoever chose it began this class, or teaches its course."""
        session_id = pin.session_id

        def query(repositories: Repositories) -> bool:
            session = repositories.class_sessions.get(session_id) if session_id is not None else None
            return session is not None and reaches_session(repositories, Actor.of(pin.user), session)

        return self._store.read(query)

    def _counted(self, name: str) -> _LessonPin:
        """The PIN with this try as a wrong one."""
        now = self._clock.now()
        with self._lock:
            known = self._pin
            if known is None or known.session_id is None or fold(known.user.name) != fold(name):
                raise _no_pin()
            refuse_while_resting(RULE, known.tries, now)
            self._pin = replace(known, tries=FailureCount(known.tries.failures + 1, now))
            return self._pin

    def _refuse(self, tried: _LessonPin) -> None:
        if RULE.is_locked(tried.tries):
            self.forget()
            self._note(TURNED_OFF, tried)
            raise SignInError(
                _("That was wrong too often: this PIN opens nothing any more."),
                _("Please type your password."),
            )
        raise SignInError(_("That is not the PIN of this lesson."), _("Try again, or type your password."))

    def _for_class(self, pin: _LessonPin | None, session_id: int) -> _LessonPin | None:
        if pin is None or (pin.session_id is None and self._clock.monotonic() > pin.until_s):
            return None
        return replace(pin, session_id=session_id) if pin.session_id in {None, session_id} else None

    def _note(self, action: str, pin: _LessonPin) -> None:
        """Nobody waits for it: a database that is away keeps no teacher out."""
        now, name, about = self._clock.now(), pin.user.name, f"#{pin.session_id}"
        self._store.write_later(lambda repositories: repositories.audit.add(now, name, action, about))


def _no_pin() -> SignInError:
    return SignInError(_("No PIN of yours opens this class."), _("Please type your password."))
