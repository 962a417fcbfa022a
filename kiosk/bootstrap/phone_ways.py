"""Wires how phones find the kiosk: address, certificate, the test with a phone. Making it reads nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.services.attendance.incidents import Incidents
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.phones.https import Https
from kiosk.services.phones.outsiders import Outsiders
from kiosk.services.phones.phone_test import PhoneTest
from kiosk.services.phones.school_certificate import SchoolCertificate
from kiosk.services.phones.shown_address import ShownAddress
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.web import AdapterLine
from kiosk.settings import SETTINGS_FILE, KioskSettings, WebSettings
from kiosk.storage.store import Store
from kiosk.web.http.memory import WebMemory


@dataclass(frozen=True, slots=True)
class PhoneWays:
    """What of it is used in several places.

    Attributes:
        save_settings: Refuses a certificate that phones would refuse, saves, and lets the web part follow.
        memory: What each web part remembers for the next one.
    """

    certificate: SchoolCertificate
    https: Https
    test: PhoneTest
    address: ShownAddress
    save_settings: Callable[[KioskSettings], None]
    memory: WebMemory
    outsiders: Outsiders


def build_phone_ways(
    data_dir: Path,
    *,
    store: Store,
    web: WebSettings,
    live: RunningClass,
    incidents: Incidents,
    clock: Clock,
    zone: tzinfo,
    save: Callable[[KioskSettings], None],
    restart_web: Callable[[], None],
) -> PhoneWays:
    """Wire it over a data directory.

    Args:
        data_dir: Holds the settings.
        store: Knows who may change what.
        web: As they are at start.
        live: Knows where phones reach the kiosk.
        incidents: Where phones from elsewhere are noted.
        clock: The kiosk's clocks.
        zone: The school's.
        save: Stores settings.
        restart_web: Serves phones by what is in force then; raises KioskError and serves as before where it cannot.
    """

    def load_settings() -> KioskSettings:
        return KioskSettings.load(data_dir / SETTINGS_FILE)

    certificate = school_certificate(load_settings, clock)

    def save_settings(changed: KioskSettings) -> None:
        stored = load_settings()
        if stored.web != changed.web:
            certificate.check(changed.web)
        save(changed)
        in_force = address.web
        address.follow(stored.web, changed.web)
        if in_force.served != address.web.served:
            try:
                restart_web()
            except KioskError:
                address.follow(address.web, in_force)
                save(stored)
                raise

    address = ShownAddress(
        store=store,
        web=web,
        read_adapters=_read_adapters,
        load_settings=load_settings,
        save_settings=save_settings,
    )
    test = PhoneTest(clock=clock, base_url=lambda: live.base_url, zone=zone)
    https = Https(
        store=store, certificate=certificate, load_settings=load_settings, save_settings=save_settings
    )
    return PhoneWays(
        certificate,
        https,
        test,
        address,
        save_settings,
        WebMemory.begin(clock),
        Outsiders(live=live, incidents=incidents, clock=clock),
    )


def school_certificate(load_settings: Callable[[], KioskSettings], clock: Clock) -> SchoolCertificate:
    """Checks the certificate that settings name."""
    from kiosk.web.http.certificate import read_certificate
    from kiosk.web.http.lan import shown_host

    return SchoolCertificate(
        read=read_certificate,
        load_settings=lambda: load_settings().web,
        shown_host=shown_host,
        clock=clock,
    )


def _read_adapters() -> list[AdapterLine]:
    from kiosk.web.http.lan import read_adapter_lines

    return read_adapter_lines()
