"""Teachers who signed in on a phone or tablet. In memory only: a restart signs everybody out. Any thread.

`sign_in` hashes and must not run on an event loop; `signed_in` reads a row.
"""

import secrets
import threading
from dataclasses import dataclass
from typing import Final

from kiosk.domain.people.staff import User
from kiosk.domain.trust.throttle import Source
from kiosk.errors import ForbiddenError
from kiosk.services.people.accounts import Accounts
from kiosk.services.ports.clock import Clock
from kiosk.services.school.school_settings import School
from kiosk.translation import _

SIGN_IN_S: Final = 4 * 3600.0
MAX_EACH: Final = 3
"""Browsers in which one account is signed in at a time; the oldest is signed out first."""


@dataclass(frozen=True, slots=True)
class _SignIn:
    user: User
    mark: str
    browser: str
    expires_s: float


class StaffSignIns:
    """Whose browser it is, for as long as the account stays what it was."""

    def __init__(self, *, accounts: Accounts, school: School, clock: Clock) -> None:
        self._accounts = accounts
        self._school = school
        self._clock = clock
        self._lock = threading.Lock()
        self._signed_in: dict[str, _SignIn] = {}

    def is_offered(self) -> bool:
        """Whether the school lets teachers work from a phone or tablet."""
        return self._school.rules().teach_by_phone

    def sign_in(self, name: str, password: str, *, source: Source) -> str:
        """Check name and password; returns the secret of this sign-in, which is good in this browser alone.

        Raises:
            SignInError: Wrong name or password, or too many tries from this place or for this name.
            ForbiddenError: The school does not use it.
        """
        if not self.is_offered():
            raise ForbiddenError(_("This school uses the kiosk alone."), _("Open the roster at the kiosk."))
        user = self._accounts.sign_in(name, password, source=source)
        mark, token = self._accounts.mark(user.user_id), secrets.token_urlsafe(32)
        now_s = self._clock.monotonic()
        with self._lock:
            self._signed_in = {key: one for key, one in self._signed_in.items() if one.expires_s > now_s}
            same = [key for key, one in self._signed_in.items() if one.user.user_id == user.user_id]
            for old in same[: max(0, len(same) + 1 - MAX_EACH)]:
                del self._signed_in[old]
            self._signed_in[token] = _SignIn(user, mark, source.browser, now_s + SIGN_IN_S)
        return token

    def signed_in(self, token: str, browser: str) -> User | None:
        """Who signed in; None where nobody did, it was too long ago, or the account was closed or changed since."""
        with self._lock:
            found = self._signed_in.get(token)
        if found is None or found.browser != browser:
            return None
        is_same = self._accounts.mark(found.user.user_id) == found.mark
        if found.expires_s > self._clock.monotonic() and is_same and self.is_offered():
            return found.user
        self.sign_out(token)
        return None

    def sign_out(self, token: str) -> None:
        """Forget a sign-in."""
        with self._lock:
            self._signed_in.pop(token, None)
