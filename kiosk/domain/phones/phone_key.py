"""The key that a phone makes for one kiosk and keeps in its hardware (Web Authentication, WebAuthn). Pure.

The phone signs what the kiosk asks it to, and tells nobody the key; so what can be copied out of its browser is not enough to
pass for it. Browsers let only pages of HTTPS ask, and only such that have a name: an address is nobody's for long.
"""

import ipaddress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PhoneKey:
    """What the kiosk keeps of a phone's key.

    Attributes:
        credential_id: By which the phone finds the key again; random.
        public_key: With which its signatures are checked, as COSE (RFC 9052) writes it.
        sign_count: How often the phone signed with it; 0 where it does not count.
    """

    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int


@dataclass(frozen=True, slots=True)
class Site:
    """As whom a browser knows the kiosk.

    Attributes:
        origin: Such as ``https://kiosk.school.example:8443``.
        name: Its host, to which a key is bound.
    """

    origin: str
    name: str


def site_of(scheme: str, host: str) -> Site | None:
    """The site of a request by its scheme and ``Host`` header; None where no browser would make a key for it."""
    host = host.strip().lower()
    name = host.partition(":")[0]
    if scheme != "https" or not name or host.startswith("[") or _is_address(name):
        return None
    return Site(f"https://{host.removesuffix(':443')}", name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
