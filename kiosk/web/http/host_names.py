"""By which names browsers may ask for the kiosk: a plain ASGI wrapper on the web thread's event loop.

A web page from elsewhere can let its own name lead to the kiosk's address ("DNS rebinding") and then reads the answers as its own.
Its name gives it away. Addresses cannot be made to lead elsewhere, so any of them will do. The style sheet is served to
everybody, so that the refusal can be read.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk.translation import N_, _
from kiosk.web.http.certificate import matches
from kiosk.web.http.refusals import refusal
from kiosk.web.http.rendering import STATIC_PATH, Pages

MISDIRECTED: Final = (
    N_("This kiosk has another address."),
    N_("Please scan the code on the kiosk’s screen again, or type the address that stands there."),
)


def this_pc() -> tuple[str, ...]:
    """How this PC is called in its own network, asking nobody."""
    name = socket.gethostname()
    return name, f"{name.partition('.')[0]}.local", "localhost"


@dataclass(frozen=True, slots=True)
class HostNames:
    """The names of the kiosk, besides addresses.

    Attributes:
        shown: Those that phones are shown now.
        certified: Those in the certificate; a star stands for one label.
        own: This PC's.
    """

    shown: Callable[[], Sequence[str]] = tuple
    certified: tuple[str, ...] = ()
    own: tuple[str, ...] = field(default_factory=this_pc)

    def has(self, host: str) -> bool:
        """Whether a ``Host`` header means this kiosk."""
        name = name_of(host)
        if _is_address(name):
            return True
        return any(matches(known, name) for known in (*self.own, *self.shown(), *self.certified) if known)


class HostGate:
    """Wraps the app."""

    def __init__(self, app: ASGIApp, *, names: HostNames, pages: Pages) -> None:
        self._app = app
        self._names = names
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 421 (RFC 9110)."""
        if scope["type"] == "http" and not scope["path"].startswith(STATIC_PATH):
            hosts = Headers(scope=scope).getlist("host")
            if len(hosts) != 1 or not self._names.has(hosts[0]):
                answer = refusal(scope, self._pages, *tuple(map(_, MISDIRECTED)), status_code=421)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def name_of(host: str) -> str:
    """The name or address of a ``Host`` header, without port and brackets, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
