"""Test with a phone: a code that needs no class, and what usually keeps a phone away. Any thread."""

import base64
import hmac
import ipaddress
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from kiosk.errors import ExpiredCodeError
from kiosk.services.attendance.running_class import RunningClass, is_in_network
from kiosk.services.ports.clock import Clock
from kiosk.settings import WebSettings
from kiosk.translation import _

HELLO_PATH: Final = "/hello/"
PATIENCE_S: Final = 30.0
"""Longer than anybody needs to scan a code and wait for a page."""

_TOKEN_BYTES: Final = 5
"""Eight letters of base 32. A guess shows a page that says "It works" and turns a card green."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone reached the kiosk: when (aware UTC), and from which address."""

    at: datetime
    address: str
    is_this_pc: bool


@dataclass(frozen=True, slots=True)
class PhoneTestState:
    """How the test stands.

    Attributes:
        base_url: Where phones reach the kiosk; empty while they cannot.
        url: What the code says; empty while no phone can connect, and while no test is shown.
        contact: The first phone that came; None before that. This PC's own browser proves nothing about the network
            and gives way to a phone.
        waited_s: Seconds since the code was first shown at this address.
        reached: The last phone that reached this address today, in this test or in an earlier one.
        is_shown: Whether a test is under way.
    """

    base_url: str
    url: str
    contact: Contact | None
    waited_s: float
    reached: Contact | None
    is_shown: bool

    @property
    def is_in_network(self) -> bool:
        """Whether the address is one that other devices can reach at all."""
        return is_in_network(self.base_url)

    @property
    def needs_help(self) -> bool:
        """Whether it is time to say what usually keeps a phone away."""
        reached = self.contact is not None and not self.contact.is_this_pc
        return not reached and (not self.url or self.waited_s >= PATIENCE_S)


@dataclass(frozen=True, slots=True)
class Cause:
    """What may keep a phone away, and what to do about it."""

    what: str
    remedy: str


class PhoneTest:
    """One test at a time: `begin` shows another code. The last success is remembered for the day."""

    def __init__(self, *, clock: Clock, running: RunningClass, zone: tzinfo = UTC) -> None:
        self._clock = clock
        self._running = running
        self._zone = zone
        self._lock = threading.Lock()
        self._token = ""
        self._seen_url = ""
        self._began_s = 0.0
        self._contact: Contact | None = None
        self._reached: tuple[str, Contact] | None = None

    def begin(self) -> None:
        """Show a new code; one from before counts no more."""
        token = base64.b32encode(secrets.token_bytes(_TOKEN_BYTES)).decode()
        with self._lock:
            self._token, self._contact = token, None
            self._began_s = self._clock.monotonic()

    def end(self) -> None:
        """Show none any more."""
        with self._lock:
            self._token, self._contact = "", None

    def state(self) -> PhoneTestState:
        """How it stands now. At another address than before the wait begins anew."""
        base_url = self._running.base_url
        with self._lock:
            if base_url != self._seen_url:
                self._seen_url, self._began_s = base_url, self._clock.monotonic()
            url = f"{base_url}{HELLO_PATH}{self._token}" if base_url and self._token else ""
            waited_s = self._clock.monotonic() - self._began_s
            reached = self._reached_today(base_url)
            return PhoneTestState(base_url, url, self._contact, waited_s, reached, bool(self._token))

    def arrived(self, token: str, *, address: str, is_this_pc: bool) -> None:
        """A browser opened the code's address. Raises ExpiredCodeError: no test is shown, or another one."""
        with self._lock:
            if not self._token or not hmac.compare_digest(token.upper().encode(), self._token.encode()):
                raise ExpiredCodeError(
                    _("This test is over."), _("Your teacher can show a new code at the kiosk.")
                )
            contact = Contact(self._clock.now(), address, is_this_pc)
            if self._contact is None or (self._contact.is_this_pc and not is_this_pc):
                self._contact = contact
            if not is_this_pc:
                self._reached = (self._seen_url, contact)

    def _reached_today(self, base_url: str) -> Contact | None:
        """At another address an earlier success proves nothing, and on another day the network may be another."""
        if self._reached is None or self._reached[0] != base_url:
            return None
        contact = self._reached[1]
        days = (contact.at.astimezone(self._zone).date(), self._clock.now().astimezone(self._zone).date())
        return contact if days[0] == days[1] else None


def usual_causes(settings: WebSettings) -> tuple[Cause, ...]:
    """What usually keeps a phone away with these settings, the likeliest first."""
    causes = [
        Cause(
            _("The phone is in another Wi-Fi, or in a guest Wi-Fi that keeps devices apart."),
            _(
                "Connect it to the school’s own Wi-Fi. If that is a guest network, ask for “client isolation” to be lifted "
                "for this PC."
            ),
        ),
        Cause(
            _("A firewall blocks port {port} of this PC.", port=settings.port),
            _(
                "Allow incoming TCP connections to port {port}; docs/it.md has the command.",
                port=settings.port,
            ),
        ),
        Cause(_("The phone uses mobile data."), _("Turn mobile data off on the phone and try again.")),
        Cause(_("The code shows an address that phones cannot reach."), _("Choose another network below.")),
    ]
    if settings.address and not _is_number(settings.address):
        causes.insert(
            1,
            Cause(
                _("The phone’s network does not know the name “{address}”.", address=settings.address),
                _("Ask who runs the school’s network to enter it with this PC’s address."),
            ),
        )
    if settings.allowed_subnets:
        causes.insert(
            1,
            Cause(
                _("The phone is in none of the allowed networks."),
                _("These are set under Phones: {allowed_subnets}.", allowed_subnets=settings.allowed_subnets),
            ),
        )
    return tuple(causes)


def _is_number(address: str) -> bool:
    try:
        ipaddress.ip_address(address.strip())
    except ValueError:
        return False
    return True
