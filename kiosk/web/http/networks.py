"""From which networks phones may come: a plain ASGI wrapper on the web thread's event loop.

The address is the one that the connection came from; headers that a proxy or a phone may add are not believed. The
style sheet is served to everybody, so that the refusal can be read.
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk.services.events import Events, OutsiderRefused
from kiosk.services.ports.clock import Clock
from kiosk.web.http.refusals import refusal
from kiosk.web.http.rendering import STATIC_PATH, Pages

TELL_EVERY_S: Final = 10.0
"""However many requests come, the teacher's list is written to no more often than this."""

OUTSIDE: Final = (
    "This network may not be used for attendance.",
    "Please connect your phone to the school’s Wi-Fi and scan the code again, or speak to your teacher.",
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NetworkGate:
    """Wraps the app. Without any network everybody may come; this machine itself always may."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        allowed: Sequence[Network],
        pages: Pages,
        clock: Clock,
        events: Events,
    ) -> None:
        """Wire it.

        Args:
            app: What is behind the gate.
            allowed: Networks from which phones may come; empty: all.
            pages: Draws the refusal.
            clock: Tells how long it was quiet.
            events: Are told that a phone was refused, at most once in `TELL_EVERY_S`.
        """
        self._app = app
        self._allowed = tuple(allowed)
        self._pages = pages
        self._clock = clock
        self._events = events
        self._quiet_until_s = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403."""
        if scope["type"] != "http" or scope["path"].startswith(STATIC_PATH) or self._may_come(scope):
            await self._app(scope, receive, send)
            return
        now_s = self._clock.monotonic()
        if now_s >= self._quiet_until_s:
            self._quiet_until_s = now_s + TELL_EVERY_S
            self._events.emit(OutsiderRefused())
        await refusal(scope, self._pages, *OUTSIDE, status_code=403)(scope, receive, send)

    def _may_come(self, scope: Scope) -> bool:
        if not self._allowed:
            return True
        client = scope.get("client")
        try:
            address = ipaddress.ip_address(client[0] if client else "")
        except ValueError:
            return False
        # A socket that listens on IPv6 shows phones with IPv4 as ::ffff:10.0.0.7.
        plain = (address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None) or address
        return plain.is_loopback or any(plain in network for network in self._allowed)
