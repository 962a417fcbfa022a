"""Tokens of the REST API: made by an admin, shown once, kept as a hash, revocable. Any thread.

A secret has 256 random bits, so a plain SHA-256 of it is enough: nobody can try so many, and no slow hash is paid at
each request.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.domain.people.students import clean_text, fold
from kiosk.domain.trust.api_tokens import MAX_NAME, ApiToken, Scope, TokenState, parse_token, token_text
from kiosk.domain.trust.rights import Actor, Right
from kiosk.errors import ConflictError, NotFoundError, SignInError
from kiosk.services.ports.clock import Clock
from kiosk.services.trust.rights import require
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _, ngettext

if TYPE_CHECKING:
    from kiosk.services.trust.api_token_queries import ApiTokenQueries

SECRET_BYTES: Final = 32
USED_EVERY: Final = timedelta(minutes=1)
"""The last use is written no more often: a program that polls must not keep the disk busy."""

MAX_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token and its text, which is shown now and never again."""

    token: ApiToken
    text: str = field(repr=False)


class ApiTokens:
    """Makes, lists, revokes and checks them."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def make(self, *, name: str, scopes: Iterable[Scope], actor: Actor, days: int | None = None) -> MadeToken:
        """Make a token.

        Args:
            name: What it is for; 1 to 64 characters, not that of a token that is still good.
            scopes: At least one.
            actor: Who makes it.
            days: It ends after so many days, 1 to 3650; None: never.

        Raises:
            ConflictError: A name that is empty, too long or taken; no scope; days out of bounds.
        """
        require(self._store, actor, Right.ADMINISTER)
        name, chosen = clean_text(name), frozenset(scopes)
        if not 1 <= len(name) <= MAX_NAME:
            raise ConflictError(
                ngettext(
                    "A token’s name must have 1 to {n} character.",
                    "A token’s name must have 1 to {n} characters.",
                    MAX_NAME,
                    n=MAX_NAME,
                ),
                _("Say what it is for."),
            )
        if not chosen:
            raise ConflictError(
                _("A token that may do nothing is of no use."), _("Choose at least one scope.")
            )
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise ConflictError(
                ngettext("A token lasts 1 to {n} day.", "A token lasts 1 to {n} days.", MAX_DAYS, n=MAX_DAYS),
                _("Choose another number, or none for one without end."),
            )
        secret, now = secrets.token_urlsafe(SECRET_BYTES), self._clock.now()
        expires_at = now + timedelta(days=days) if days is not None else None

        def work(repositories: Repositories) -> ApiToken:
            self._refuse_taken(repositories, name, now)
            made = _queries(repositories).add(
                name=name,
                scopes=chosen,
                secret_hash=_hash(secret),
                created_at=now,
                created_by=actor.name,
                expires_at=expires_at,
            )
            listed = " ".join(made.scope_list)
            repositories.audit.add(now, actor.name, "token.made", f"{made.token_id} {name}", listed)
            return made

        token = self._store.write(work)
        return MadeToken(token, token_text(token.token_id, secret))

    def all(self, *, actor: Actor) -> list[ApiToken]:
        """All that were ever made, the newest first."""
        require(self._store, actor, Right.ADMINISTER)
        return self._store.read(lambda repositories: _queries(repositories).all())

    def state(self, token: ApiToken) -> TokenState:
        """Whether a token opens anything now."""
        return token.state(self._clock.now())

    def revoke(self, token_id: int, *, actor: Actor) -> ApiToken:
        """End a token at once and for ever; one that was revoked before stays as it is.

        Raises:
            NotFoundError: No such token.
        """
        require(self._store, actor, Right.ADMINISTER)
        now = self._clock.now()

        def work(repositories: Repositories) -> ApiToken:
            found = _queries(repositories).get(token_id)
            if found is None:
                raise NotFoundError(_("There is no such token."), _("“kiosk tokens list” shows all."))
            if found.revoked_at is not None:
                return found
            _queries(repositories).revoke(token_id, now)
            repositories.audit.add(now, actor.name, "token.revoked", f"{token_id} {found.name}")
            return _queries(repositories).get(token_id) or found

        return self._store.write(work)

    def check(self, text: str) -> ApiToken:
        """The token that a text is; notes that it was used, which nobody waits for.

        Raises:
            SignInError: It is none, or revoked, or expired: the answer is the same.
        """
        parsed = parse_token(text)
        if parsed is None:
            raise _refusal()
        token_id, secret = parsed

        def query(repositories: Repositories) -> tuple[ApiToken | None, str | None]:
            return _queries(repositories).get(token_id), _queries(repositories).secret_hash(token_id)

        token, known = self._store.read(query)
        fits = hmac.compare_digest(known or "", _hash(secret))
        now = self._clock.now()
        if token is None or not fits or token.state(now) is not TokenState.GOOD:
            raise _refusal()
        if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
            self._store.write_later(lambda repositories: _queries(repositories).used(token_id, now))
        return token

    @staticmethod
    def _refuse_taken(repositories: Repositories, name: str, now: datetime) -> None:
        for other in _queries(repositories).all():
            if fold(other.name) == fold(name) and other.state(now) is TokenState.GOOD:
                raise ConflictError(
                    _("There is a token “{name}” already.", name=other.name),
                    _("Choose another name, or revoke that one."),
                )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _refusal() -> SignInError:
    return SignInError(
        _("This token does not open anything here."),
        _("It may have been revoked, or have expired: ask an admin."),
    )


def _queries(repositories: Repositories) -> "ApiTokenQueries":
    from kiosk.services.trust.api_token_queries import ApiTokenQueries

    return ApiTokenQueries(db_session=repositories.db_session)
