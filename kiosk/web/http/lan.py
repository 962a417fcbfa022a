"""Which of this PC's addresses phones can reach.

A classroom PC may have a cable, Wi-Fi, a VPN, container bridges and virtual machines' networks at once; only one of
them is the school's network. `choose` is a pure rule over `Adapter` values; `read_adapters` and `route_address` read
the machine and send nothing. Runs on any thread.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import psutil

from kiosk.services.ports.web import AdapterLine
from kiosk.settings import WebSettings

LOOPBACK: Final = "127.0.0.1"

_EVERY_ADAPTER: Final = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to

_ELSEWHERE: Final = ("203.0.113.1", 9)
"""An address for documentation (RFC 5737, TEST-NET-3) that no machine has."""

_PRIVATE: Final = tuple(
    ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
"""RFC 1918."""

_TUNNEL: Final = re.compile(
    r"tun\d|tap\d|utun|ppp\d|wg\d|tailscale|zt[a-z0-9]|ipsec|nordlynx|proton"
    r"|.*(vpn|wireguard|wintun|tap-windows|zerotier|openconnect|anyconnect)",
    re.IGNORECASE,
)
"""Names of VPN adapters: other phones never stand at their other end, even where they carry the default route."""

_HOST_ONLY: Final = re.compile(
    r"docker|br-[0-9a-f]{8}|veth|virbr|vmnet|vboxnet|lxc|lxd|podman|cni|flannel|cali|kube|awdl|llw|ifb|dummy"
    r"|vEthernet|.*(virtualbox|vmware|hyper-v|wsl)",
    re.IGNORECASE,
)
"""Names of networks inside this PC. A bridge that carries the default route is the way out all the same (Hyper-V)."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """One IPv4 address of one network adapter, as the operating system names it."""

    name: str
    address: str
    up: bool = True


def choose(adapters: Sequence[Adapter], route: str | None) -> str:
    """The address to show in the QR code.

    Left out: adapters that are down, loopback, link-local addresses (169.254/16: no network answered), VPNs, and
    networks inside the PC. Of the rest, the one with the default route wins, then private addresses, then names
    and addresses in order, so that the answer is the same each time.

    Args:
        adapters: All IPv4 addresses of this PC.
        route: The PC's own address on the way to other networks; None without a default route.

    Returns:
        An IPv4 address; loopback only when nothing else is left.
    """
    usable = [one for one in adapters if _is_usable(one, route)]
    if not usable:
        return LOOPBACK

    def rank(one: Adapter) -> tuple[bool, bool, str, int]:
        number = ipaddress.IPv4Address(one.address)
        return (one.address != route, not _is_private(number), one.name, int(number))

    return min(usable, key=rank).address


def read_adapters() -> list[Adapter]:
    """All IPv4 addresses of this PC."""
    states = psutil.net_if_stats()
    return [
        Adapter(name, entry.address, name not in states or states[name].isup)
        for name, entries in psutil.net_if_addrs().items()
        for entry in entries
        if entry.family is socket.AF_INET
    ]


def route_address() -> str | None:
    """The PC's own address on the default route; None without one.

    Connecting a UDP socket only asks the system which way it would go: nothing is sent.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_ELSEWHERE)
            return str(probe.getsockname()[0])
    except OSError:
        return None


def chosen(adapters: Sequence[Adapter], name: str) -> str:
    """The address of the adapter of a name; empty without one that is up."""
    addresses = [
        one.address
        for one in adapters
        if one.name == name and one.up and not ipaddress.IPv4Address(one.address).is_link_local
    ]
    return min(addresses, key=ipaddress.IPv4Address, default="")


def adapter_lines(adapters: Sequence[Adapter], route: str | None) -> list[AdapterLine]:
    """What a person can choose from: the recommended one first, then those that phones may reach, then the rest.

    Loopback is left out, and so is what is down: no phone is there.
    """
    best = choose(adapters, route)
    lines = [
        AdapterLine(one.name, one.address, _is_usable(one, route), one.address == best)
        for one in adapters
        if one.up and not ipaddress.IPv4Address(one.address).is_loopback
    ]
    return sorted(lines, key=lambda line: (not line.is_recommended, not line.is_usable, line.name))


def read_adapter_lines() -> list[AdapterLine]:
    """`adapter_lines` of this PC now."""
    return adapter_lines(read_adapters(), route_address())


class ReachedAddress(Protocol):
    """The address that phones reach."""

    def now(self, adapter: str) -> str:
        """Its IPv4 address with an adapter chosen, or the one that fits best."""


class LanAddress:
    """Of this PC in its network."""

    def now(self, adapter: str) -> str:
        """The chosen adapter's address, or the best while it has none; ask again to follow the PC to another network."""
        adapters = read_adapters()
        return chosen(adapters, adapter) or choose(adapters, route_address())


LAN_ADDRESS: Final = LanAddress()


def shown_host(settings: WebSettings, reached: ReachedAddress = LAN_ADDRESS) -> str:
    """The name or address that phones are shown: the one set, else the one listened on, else the adapter's now."""
    host = settings.address.strip()
    if not host:
        every = settings.host in _EVERY_ADAPTER
        host = reached.now(settings.adapter) if every else settings.host
    return host


def _is_usable(adapter: Adapter, route: str | None) -> bool:
    number = ipaddress.IPv4Address(adapter.address)
    if not adapter.up or number.is_loopback or number.is_link_local or number.is_unspecified:
        return False
    if _TUNNEL.match(adapter.name):
        return False
    return adapter.address == route or _HOST_ONLY.match(adapter.name) is None


def _is_private(number: ipaddress.IPv4Address) -> bool:
    return any(number in network for network in _PRIVATE)
