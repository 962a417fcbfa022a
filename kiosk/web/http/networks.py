"""From which networks phones may come: a plain ASGI wrapper on the web thread's event loop.

The address is the one that the connection came from; headers that a proxy or a phone may add are not believed. The
style sheet is served to everybody, so that the refusal can be read.
"""

import ipaddress
from dataclasses import dataclass, field
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk.services.phones.outsiders import Outsiders
from kiosk.translation import N_, _
from kiosk.web.http.host_names import HostNames
from kiosk.web.http.origin import is_loopback
from kiosk.web.http.refusals import refusal
from kiosk.web.http.rendering import STATIC_PATH, Pages

OUTSIDE: Final = (
    N_("This network may not be used for attendance."),
    N_("Please connect your phone to the school’s Wi-Fi and scan the code again, or speak to your teacher."),
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class PhoneNetworks:
    """From where phones may come (empty: from everywhere), who hears of the others, and how the kiosk is called."""

    allowed: tuple[Network, ...]
    outsiders: Outsiders
    names: HostNames = field(default_factory=HostNames)


class NetworkGate:
    """Wraps the app. Without any network everybody may come; this machine itself always may,
    but no proxy on it.
    """

    def __init__(self, app: ASGIApp, *, networks: PhoneNetworks, pages: Pages) -> None:
        self._app = app
        self._networks = networks
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403."""
        if scope["type"] != "http" or scope["path"].startswith(STATIC_PATH) or self._may_come(scope):
            await self._app(scope, receive, send)
            return
        self._networks.outsiders.refused()
        await refusal(scope, self._pages, *tuple(map(_, OUTSIDE)), status_code=403)(scope, receive, send)

    def _may_come(self, scope: Scope) -> bool:
        if not self._networks.allowed:
            return True
        client = scope.get("client")
        try:
            address = ipaddress.ip_address(client[0] if client else "")
        except ValueError:
            return False
        # A socket that listens on IPv6 shows phones with IPv4 as ::ffff:10.0.0.7.
        plain = (address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None) or address
        return is_loopback(scope) or any(plain in network for network in self._networks.allowed)
