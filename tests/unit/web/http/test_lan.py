import ipaddress

import pytest

from kiosk.web.http.lan import LAN_ADDRESS, LOOPBACK, Adapter, adapter_lines, choose, chosen, read_adapters

CABLE = Adapter("eth0", "10.20.4.17")
WIFI = Adapter("wlan0", "192.168.1.30")
LOOP = Adapter("lo", LOOPBACK)
DOCKER = Adapter("docker0", "172.17.0.1")


def test_the_adapter_of_the_default_route_is_shown() -> None:
    assert choose([LOOP, CABLE, WIFI, DOCKER], WIFI.address) == WIFI.address
    assert choose([LOOP, CABLE, WIFI, DOCKER], CABLE.address) == CABLE.address


def test_a_public_address_of_a_university_is_fine_on_the_default_route() -> None:
    campus = Adapter("eth0", "141.20.5.8")
    assert choose([LOOP, WIFI, campus], campus.address) == campus.address


def test_without_a_default_route_a_private_address_comes_first() -> None:
    campus = Adapter("a0", "141.20.5.8")
    assert choose([campus, LOOP, WIFI], None) == WIFI.address


def test_the_choice_does_not_depend_on_the_order() -> None:
    assert choose([WIFI, CABLE], None) == choose([CABLE, WIFI], None) == CABLE.address


@pytest.mark.parametrize(
    "name",
    ["docker0", "br-3f1c5d8e9a01", "veth12ab", "virbr0", "vmnet8", "vboxnet0", "podman0", "vEthernet (WSL)",
     "VirtualBox Host-Only Network", "VMware Network Adapter VMnet8", "awdl0"],
)  # fmt: skip
def test_networks_inside_the_pc_are_skipped(name: str) -> None:
    inside = Adapter(name, "10.0.0.1")
    assert choose([inside, WIFI], None) == WIFI.address
    assert choose([inside, LOOP], None) == LOOPBACK


@pytest.mark.parametrize(
    "name", ["tun0", "utun3", "wg0", "tailscale0", "ppp0", "Contoso VPN", "ZeroTier One"]
)
def test_a_vpn_is_skipped_even_when_it_takes_all_traffic(name: str) -> None:
    vpn = Adapter(name, "10.8.0.2")
    assert choose([vpn, WIFI, LOOP], vpn.address) == WIFI.address


def test_a_bridge_with_the_default_route_is_the_way_out() -> None:
    switch = Adapter("vEthernet (External)", "192.168.7.9")
    assert choose([LOOP, switch, DOCKER], switch.address) == switch.address


@pytest.mark.parametrize(
    "useless",
    [Adapter("eth0", "10.20.4.17", up=False), Adapter("eth0", "169.254.10.1"), Adapter("eth0", "0.0.0.0")],
)
def test_adapters_without_a_network_are_skipped(useless: Adapter) -> None:
    assert choose([useless, WIFI], None) == WIFI.address
    assert choose([useless, LOOP], useless.address) == LOOPBACK


def test_loopback_is_the_last_resort() -> None:
    assert choose([LOOP], None) == LOOPBACK
    assert choose([], None) == LOOPBACK


def test_this_machine_has_an_address() -> None:
    found = LAN_ADDRESS.now("")
    ipaddress.IPv4Address(found)
    assert found == LOOPBACK or found in {one.address for one in read_adapters()}


def test_a_chosen_adapter_is_shown_while_it_has_an_address() -> None:
    assert chosen([LOOP, CABLE, WIFI], "wlan0") == WIFI.address
    assert chosen([LOOP, CABLE, Adapter("wlan0", "192.168.1.99")], "wlan0") == "192.168.1.99"


@pytest.mark.parametrize(
    "gone", [[], [Adapter("wlan0", "192.168.1.30", up=False)], [Adapter("wlan0", "169.254.3.3")]]
)
def test_without_one_the_kiosk_chooses(gone: list[Adapter]) -> None:
    assert chosen([LOOP, CABLE, *gone], "wlan0") == ""
    assert LAN_ADDRESS.now("no such adapter") == LAN_ADDRESS.now("")


def test_the_list_begins_with_the_recommended_and_ends_with_what_phones_hardly_reach() -> None:
    lines = adapter_lines([DOCKER, LOOP, CABLE, WIFI, Adapter("eth9", "10.9.9.9", up=False)], WIFI.address)
    assert [(line.name, line.is_recommended, line.is_usable) for line in lines] == [
        ("wlan0", True, True),
        ("eth0", False, True),
        ("docker0", False, False),
    ]
