"""Phones that sign to count: a cookie that was copied into another browser is not enough. Safe to call from any thread.

Whoever is asked gets a challenge of 256 random bits that is good for one answer, within a minute, from the browser and for the
matter that asked. A phone without a key, and one that comes by plain HTTP or to an address, is asked nothing here: the one door
decides on it (`kiosk.services.attendance.devices`). While the database is away, keys are those that were read last.
"""

import secrets
import threading
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from kiosk.domain.phones.enrolled import EnrolledPhone
from kiosk.domain.phones.phone_key import PhoneKey, Site
from kiosk.errors import ConflictError, DatabaseError, StorageError
from kiosk.services.events import SessionStarted
from kiosk.services.phones import key_answers
from kiosk.services.ports.clock import Clock
from kiosk.settings import SchoolRules
from kiosk.storage.store import Repositories, Store
from kiosk.translation import _

K = TypeVar("K")
V = TypeVar("V")

CHALLENGE_S: Final = 60.0
PASS_S: Final = 120.0
"""How long a pass is shown until its phone signs again; as long as a scan is kept."""

MOST: Final = 5000
"""Bounds memory; the oldest go first."""


@dataclass(frozen=True, slots=True)
class _Challenge:
    text: bytes = field(repr=False)
    site: Site
    expires_s: float


@dataclass(frozen=True, slots=True)
class _OpenPass:
    browser: str
    credential: str
    expires_s: float


class PhoneKeys:
    """Asks phones for their keys, and checks what they answer."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._challenges: dict[tuple[str, str], _Challenge] = {}
        self._made: dict[tuple[str, str], PhoneKey] = {}
        self._passes: dict[str, _OpenPass] = {}
        self._known: dict[str, EnrolledPhone] = {}
        self._is_demanded = False

    def on_event(self, event: SessionStarted) -> None:
        """Read all keys as a class begins, for the case that the database goes away in it."""
        del event
        try:
            demanded, known = self._store.read(
                lambda repositories: (_is_demanded(repositories), repositories.enrolled_phones.with_keys())
            )
        except DatabaseError:  # said by the store
            return
        with self._lock:
            self._is_demanded, self._known = demanded, known

    # -- enrolling -----------------------------------------------------------------------------------------------

    def to_make(self, form: str, browser: str, site: Site) -> str:
        """What a phone is asked so that it makes a key, as JSON."""
        return key_answers.to_make(site, self._challenge(form, browser, site))

    def take_made(self, form: str, browser: str, answer: str) -> None:
        """Check what it answered, and keep the key until its form is done with.

        Raises:
            ConflictError: It is no answer to what was asked, or came too late.
        """
        asked = self._asked(form, browser)
        key = key_answers.made(answer, asked.site, asked.text) if asked is not None else None
        if key is None:
            raise ConflictError(
                _("The key of this phone did not arrive whole, or too late."), _("Please try once more.")
            )
        with self._lock:
            _put(self._made, (form, browser), key)

    def made(self, form: str, browser: str) -> PhoneKey | None:
        """The key that a phone made for a form."""
        return self._made.get((form, browser))

    def forget(self, form: str, browser: str) -> None:
        """The form is done with."""
        with self._lock:
            self._made.pop((form, browser), None)

    # -- counting ------------------------------------------------------------------------------------------------

    def wanted_of(self, credential: str | None) -> EnrolledPhone | None:
        """The phone, where the school demands enrolled ones and it has a key to sign with; reads the store."""
        if credential is None:
            return None
        if self._store.trouble is None:
            try:
                demanded, phone = self._store.read(
                    lambda repositories: (
                        _is_demanded(repositories),
                        repositories.enrolled_phones.by_hash(credential),
                    )
                )
            except DatabaseError:  # said by the store
                pass
            else:
                self._remember(credential, demanded, phone)
                return phone if demanded and phone is not None and phone.key is not None else None
        return self.remembered(credential)

    def remembered(self, credential: str) -> EnrolledPhone | None:
        """The same as `wanted_of`, as last read: no store is asked."""
        return self._known.get(credential) if self._is_demanded else None

    def to_show(self, matter: str, browser: str, site: Site, phone: EnrolledPhone) -> str:
        """What a phone is asked so that it signs, as JSON; `matter` is what for. Raises ConflictError: it has no key."""
        if phone.key is None:
            raise ConflictError(_("This phone has no key."))
        return key_answers.to_show(site, self._challenge(matter, browser, site), phone.key)

    def is_shown(self, matter: str, browser: str, credential: str | None, answer: str) -> bool:
        """Whether this very phone signed what it was asked last on this matter; the challenge is used up. Writes its count."""
        asked = self._asked(matter, browser)
        phone = self.wanted_of(credential)
        if asked is None or credential is None or phone is None or phone.key is None:
            return False
        count = key_answers.shown(answer, asked.site, asked.text, phone.key)
        if count is None or not self._is_counted(phone, count):
            return False
        if count:
            later = replace(phone, key=replace(phone.key, sign_count=count))
            self._remember(credential, self._is_demanded, later)
        return True

    def open_pass(self, browser: str, credential: str) -> str:
        """Let a browser show its pass for `PASS_S`; returns what it must say, which is in no cookie."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            _put(self._passes, name, _OpenPass(browser, credential, self._clock.monotonic() + PASS_S))
        return name

    def is_open(self, name: str, browser: str, credential: str | None) -> bool:
        """Whether a pass may be shown still."""
        found = self._passes.get(name)
        if found is None or self._clock.monotonic() >= found.expires_s:
            return False
        return (found.browser, found.credential) == (browser, credential)

    # -- inside --------------------------------------------------------------------------------------------------

    def _challenge(self, matter: str, browser: str, site: Site) -> bytes:
        made = _Challenge(secrets.token_bytes(32), site, self._clock.monotonic() + CHALLENGE_S)
        with self._lock:
            _put(self._challenges, (matter, browser), made)
        return made.text

    def _asked(self, matter: str, browser: str) -> _Challenge | None:
        """What was asked last, once."""
        with self._lock:
            found = self._challenges.pop((matter, browser), None)
        return found if found is not None and self._clock.monotonic() < found.expires_s else None

    def _is_counted(self, phone: EnrolledPhone, count: int) -> bool:
        """Whether nobody else signed as often; many phones do not count at all and say 0."""
        if count == 0 or self._store.trouble is not None:
            return True
        try:
            return self._store.write(
                lambda repositories: repositories.enrolled_phones.count(phone.phone_id, count)
            )
        except StorageError:  # said by the store; what was signed is good
            return True

    def _remember(self, credential: str, demanded: bool, phone: EnrolledPhone | None) -> None:
        with self._lock:
            self._is_demanded = demanded
            if phone is None or phone.key is None:
                self._known.pop(credential, None)
            else:
                _put(self._known, credential, phone)


def _put(kept: dict[K, V], name: K, value: V) -> None:
    kept.pop(name, None)
    kept[name] = value
    while len(kept) > MOST:
        del kept[next(iter(kept))]


def _is_demanded(repositories: Repositories) -> bool:
    return SchoolRules.from_texts(repositories.school_settings.all()).enrolled_phones_only
