"""Teachers and admins: accounts, passwords, sign-in and its throttle.

Hashing is slow on purpose: call from a worker thread, not from the window's.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from kiosk.domain.people.staff import Role, User
from kiosk.domain.people.students import clean_text
from kiosk.domain.trust.api_tokens import TokenState
from kiosk.domain.trust.rights import Actor, Right
from kiosk.domain.trust.throttle import (
    SHARED,
    FailureCount,
    Limit,
    Source,
    ThrottleRule,
    staff_limits,
    staff_phone_limits,
)
from kiosk.errors import ConflictError, ForbiddenError, NotFoundError, SignInError, ThrottledError
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.outputs import PasswordHasher
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _, ngettext

MIN_PASSWORD: Final = 10
"""Characters; length protects better than rules about kinds of characters (NIST SP 800-63B)."""

MAX_PASSWORD: Final = 128


class Throttle:
    """Counts wrong tries in the store and makes accounts, phones and addresses rest; shared by passwords and PINs."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def reserve(self, limits: Sequence[Limit]) -> Mapping[Limit, FailureCount]:
        """Count a try before it is made, in one step in the store thread: tries at the same time cannot exceed the rules.

        A try that turns out right is forgiven with `succeeded`.

        Returns:
            Each count with this try as a wrong one.

        Raises:
            ThrottledError: One of them rests or is locked; this try is not counted.
        """
        now = self._clock.now()

        def work(repositories: Repositories) -> Mapping[Limit, FailureCount]:
            counts = {one: one.rule.left(repositories.failures.hold(one.account), now) for one in limits}
            for limit, count in counts.items():
                refuse_while_resting(limit.rule, count, now)
            tried = {limit: FailureCount(count.failures + 1, now) for limit, count in counts.items()}
            for limit, count in tried.items():
                repositories.failures.put(limit.account, count)
            return tried

        return self._store.write(work)

    def catch_up(self, counted: Mapping[str, FailureCount]) -> None:
        """Bring what was counted while the database was away; it never becomes less by that."""

        def work(repositories: Repositories) -> None:
            for account, count in counted.items():
                if count.failures > repositories.failures.get(account).failures:
                    repositories.failures.put(account, count)

        self._store.write(work)

    def wrong_tries(self, account: str) -> FailureCount:
        return self._store.read(lambda repositories: repositories.failures.get(account))

    def succeeded(self, limits: Sequence[Limit]) -> None:
        """Forgive what was counted for who tried, and the one try for what others share.

        Nobody waits for it: the next try of this account is counted after it.
        """

        def work(repositories: Repositories) -> None:
            for limit in limits:
                count = FailureCount()
                if limit.rule in SHARED:
                    counted = repositories.failures.get(limit.account)
                    if counted.failures > 1:
                        count = FailureCount(counted.failures - 1, counted.last_failure_at)
                repositories.failures.put(limit.account, count)

        self._store.write_later(work)


SIGNED_IN: Final = "user.signed_in"
SIGNED_IN_BY_PHONE: Final = "user.signed_in_by_phone"
CONFIRMED: Final = "user.password_confirmed"
"""Of the log."""


class Accounts:
    """Who may sign in at the kiosk."""

    def __init__(self, *, store: Store, hasher: PasswordHasher, clock: Clock, throttle: Throttle) -> None:
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._throttle = throttle

    def needs_first_admin(self) -> bool:
        """Whether nobody can administer this kiosk yet."""
        return not any(user.role is Role.ADMIN and user.active for user in self._all())

    def all(self, *, actor: Actor) -> list[User]:
        """All accounts, by name."""
        require(self._store, actor, Right.ADMINISTER)
        return self._all()

    def add(self, *, name: str, role: Role, password: str, actor: Actor) -> User:
        """Make an account.

        Raises:
            ConflictError: The name is empty or taken.
            SignInError: The password is too short or too long.
        """
        require(self._store, actor, Right.ADMINISTER)
        name = clean_text(name)
        if not 1 <= len(name) <= 64:
            raise ConflictError(_("A name must have 1 to 64 characters."), _("Please choose another name."))
        secret_hash = self._hash(password)

        def work(repositories: Repositories) -> User:
            user = repositories.users.add(name=name, role=role, password_hash=secret_hash)
            repositories.audit.add(self._clock.now(), actor.name, "user.added", name, role.value)
            return user

        return self._store.write(work)

    def sign_in(self, name: str, password: str, *, again: bool = False, source: Source | None = None) -> User:
        """Check a name and password.

        Args:
            name: Of the account.
            password: As typed.
            source: From which phone or tablet; None: at the kiosk.
            again: Whether somebody who is signed in was asked for the own password once more, which the log tells apart.

        Raises:
            SignInError: Wrong name or password (the answer is the same for both), or too many tries.
        """
        limits = staff_limits(name) if source is None else staff_phone_limits(name, source)
        self._throttle.reserve(limits)

        def query(repositories: Repositories) -> tuple[User | None, str | None]:
            found = repositories.users.by_name(name)
            return found, repositories.users.password_hash(found.user_id) if found else None

        user, known_hash = self._store.read(query)
        if not self._hasher.verify(known_hash, password) or user is None or not user.active:
            raise SignInError(_("That name and password do not belong together."), _("Please try again."))
        self._throttle.succeeded(limits)
        self._note(user, SIGNED_IN_BY_PHONE if source is not None else CONFIRMED if again else SIGNED_IN)
        if known_hash is not None and self._hasher.is_outdated(known_hash):
            self._store_hash(user, self._hasher.hash(password))
        return user

    def mark(self, user_id: int) -> str:
        """What a sign-in is good for: it changes with the password and the role, and is empty for a closed account.

        Whoever keeps a sign-in compares it now and then, for another program may have changed the account.
        """

        def query(repositories: Repositories) -> str:
            user = repositories.users.get(user_id)
            said = f"{user.role.value}\0{repositories.users.password_hash(user_id)}"
            return hashlib.sha256(said.encode()).hexdigest() if user.active else ""

        try:
            return self._store.read(query)
        except NotFoundError:
            return ""

    def _note(self, user: User, action: str) -> None:
        """Nobody waits for it: a database that is away keeps no teacher out."""
        now = self._clock.now()
        self._store.write_later(
            lambda repositories: repositories.audit.add(now, user.name, action, user.name)
        )

    def change_password(self, user_id: int, new_password: str, *, actor: Actor) -> None:
        """Set a new password, one's own or as an admin.

        Raises:
            NotFoundError: No such account.
            SignInError: The password is too short or too long.
        """
        require(self._store, actor, Right.OWN_ACCOUNT if actor.user_id == user_id else Right.ADMINISTER)
        secret_hash = self._hash(new_password)
        user = self._user(user_id)
        self._store_hash(user, secret_hash, actor=actor.name)

    def set_active(self, user_id: int, active: bool, *, actor: Actor) -> None:
        """Close or reopen an account; the last admin cannot be closed. Closing revokes the tokens that it made.

        Raises:
            ForbiddenError: It is the last active admin.
        """
        require(self._store, actor, Right.ADMINISTER)
        user = self._user(user_id)
        admins = [other for other in self._all() if other.role is Role.ADMIN and other.active]
        if not active and user in admins and len(admins) == 1:
            raise ForbiddenError(_("The last admin cannot be closed."), _("Make another admin first."))
        action = "user.reopened" if active else "user.closed"

        def work(repositories: Repositories) -> None:
            now = self._clock.now()
            repositories.users.set_active(user_id, active)
            repositories.audit.add(now, actor.name, action, user.name)
            if not active:
                _revoke_tokens(repositories, user, now, actor)

        self._store.write(work)

    def set_role(self, user_id: int, role: Role, *, actor: Actor) -> None:
        """Let a teacher administer the kiosk, or an admin no longer; whoever is signed in with the account signs in again.

        Raises:
            ForbiddenError: It is the last active admin.
            NotFoundError: No such account.
        """
        require(self._store, actor, Right.ADMINISTER)

        def work(repositories: Repositories) -> None:
            user = repositories.users.get(user_id)
            if user.role is role:
                return
            admins = [one for one in repositories.users.all() if one.role is Role.ADMIN and one.active]
            if user in admins and len(admins) == 1:
                raise ForbiddenError(_("The last admin stays an admin."), _("Make another admin first."))
            repositories.users.set_role(user_id, role)
            repositories.audit.add(
                self._clock.now(), actor.name, "user.role_changed", user.name, f"{user.role} → {role}"
            )

        self._store.write(work)

    def _all(self) -> list[User]:
        return self._store.read(lambda repositories: repositories.users.all())

    def _hash(self, password: str) -> str:
        if len(password) > MAX_PASSWORD:
            raise SignInError(
                ngettext(
                    "A password can have at most {n} character.",
                    "A password can have at most {n} characters.",
                    MAX_PASSWORD,
                    n=MAX_PASSWORD,
                ),
                _("Please choose a shorter one."),
            )
        if len(password) < MIN_PASSWORD:
            raise SignInError(
                ngettext(
                    "A password must have at least {n} character.",
                    "A password must have at least {n} characters.",
                    MIN_PASSWORD,
                    n=MIN_PASSWORD,
                ),
                _("Please choose a longer one."),
            )
        return self._hasher.hash(password)

    def _user(self, user_id: int) -> User:
        for user in self._all():
            if user.user_id == user_id:
                return user
        raise NotFoundError(_("That account does not exist any more."))

    def _store_hash(self, user: User, secret_hash: str, *, actor: str | None = None) -> None:
        def work(repositories: Repositories) -> None:
            repositories.users.set_password_hash(user.user_id, secret_hash)
            if actor is not None:
                for limit in staff_limits(
                    user.name
                ):  # who got a new password need not wait for the old one's mistakes
                    repositories.failures.put(limit.account, FailureCount())
                repositories.audit.add(self._clock.now(), actor, "user.password_changed", user.name)

        self._store.write(work)


def _revoke_tokens(repositories: Repositories, user: User, now: datetime, actor: Actor) -> None:
    """A program that somebody let in goes with them; another admin can let it in again."""
    from kiosk.services.trust.api_token_queries import ApiTokenQueries

    tokens = ApiTokenQueries(db_session=repositories.db_session)
    for token in tokens.all():
        if token.created_by == user.name and token.state(now) is TokenState.GOOD:
            tokens.revoke(token.token_id, now)
            repositories.audit.add(
                now, actor.name, "token.revoked", f"{token.token_id} {token.name}", user.name
            )


def refuse_while_resting(rule: ThrottleRule, count: FailureCount, now: datetime) -> None:
    """Stop here while an account rests. Raises ThrottledError: it rests, or (where accounts do) is locked."""
    if rule.is_locked(count):
        raise ThrottledError(_("Too many wrong tries."), _("Please ask your teacher to unlock the sign-in."))
    rest = rule.rest(count, now)
    seconds = int(rest.total_seconds()) + (1 if rest.microseconds else 0)
    if seconds > 0:
        raise ThrottledError(_("Too many wrong tries."), _wait_words(seconds))


def _wait_words(seconds: int) -> str:
    if seconds < 90:
        return ngettext(
            "Please wait {n} second and try again.",
            "Please wait {n} seconds and try again.",
            seconds,
            n=seconds,
        )
    minutes = round(seconds / 60)
    return ngettext(
        "Please wait {n} minute and try again.", "Please wait {n} minutes and try again.", minutes, n=minutes
    )
