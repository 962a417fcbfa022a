"""Whether a request comes from this PC itself, or through a proxy on it. Pure."""

import ipaddress
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from kiosk.web.http.host_names import name_of

FORWARDED: Final = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
)
"""What proxies add. They are never believed, but whoever sends one does not speak for this PC."""


def is_loopback(scope: Scope) -> bool:
    """Whether the connection comes from this PC, and nothing says that it is another one's behind a proxy."""
    client = scope.get("client")
    if not _is_loopback_address(client[0] if client else ""):
        return False
    headers = Headers(scope=scope)
    return not any(name in headers for name in FORWARDED)


def is_asked_here(scope: Scope) -> bool:
    """Whether besides a loopback address was asked for, which a proxy that keeps ``Host`` does not."""
    host = name_of(Headers(scope=scope).get("host", ""))
    return is_loopback(scope) and (host == "localhost" or _is_loopback_address(host))


def _is_loopback_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    # A socket that listens on IPv6 shows IPv4 as ::ffff:127.0.0.1.
    plain = (address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None) or address
    return plain.is_loopback
