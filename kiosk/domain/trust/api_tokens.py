"""What lets another program read from this kiosk: tokens and their scopes. No secret is in these values."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MAX_NAME: Final = 64
_TEXT: Final = re.compile(r"kiosk-([1-9][0-9]{0,17})-([A-Za-z0-9_-]{43})")


class Scope(StrEnum):
    """What a token may be used for; all of them read, none changes anything."""

    COURSES_READ = "courses:read"
    SESSIONS_READ = "sessions:read"
    RECORDS_READ = "records:read"
    EXPORT_READ = "export:read"


class TokenState(StrEnum):
    """Whether a token opens anything."""

    GOOD = "good"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token, without its secret.

    Attributes:
        token_id: Key in the store; part of the token's text.
        name: What it is for, in the admin's words.
        scopes: What it may be used for; at least one.
        created_at: Aware UTC.
        created_by: User name, or ``local:<OS user>``.
        expires_at: Aware UTC; None: never.
        last_used_at: Aware UTC, exact to a minute; None: never.
        revoked_at: Aware UTC; None while it is good.
    """

    token_id: int
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> TokenState:
        """Whether it opens anything at that moment."""
        if self.revoked_at is not None:
            return TokenState.REVOKED
        if self.expires_at is not None and now >= self.expires_at:
            return TokenState.EXPIRED
        return TokenState.GOOD

    @property
    def scope_list(self) -> tuple[Scope, ...]:
        """Its scopes in the order in which they are declared."""
        return tuple(scope for scope in Scope if scope in self.scopes)


def token_text(token_id: int, secret: str) -> str:
    """What the other program sends: ``kiosk-<id>-<secret>``, the secret being 32 bytes as base64url."""
    return f"kiosk-{token_id}-{secret}"


def parse_token(text: str) -> tuple[int, str] | None:
    """Id and secret of a token's text; None when it has another form."""
    found = _TEXT.fullmatch(text)
    return (int(found[1]), found[2]) if found else None
