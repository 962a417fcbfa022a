"""Wires how phones find the kiosk and what they do there. Making it reads nothing."""

from kiosk.bootstrap.settings import CheckedSettings
from kiosk.services.app import AttendanceCases, PeopleCases, PhoneCases
from kiosk.services.core import Core
from kiosk.services.events import PinReplaced, SessionStarted
from kiosk.services.phones.bad_codes import BadCodes
from kiosk.services.phones.https import Https
from kiosk.services.phones.known_phones import KnownPhones
from kiosk.services.phones.outsiders import Outsiders
from kiosk.services.phones.passes import Passes
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.phones.phone_enrolment import PhoneEnrolments
from kiosk.services.phones.phone_keys import PhoneKeys
from kiosk.services.phones.phone_test import PhoneTest


def build_phones(
    core: Core,
    attendance: AttendanceCases,
    people: PeopleCases,
    settings: CheckedSettings,
    *,
    known_phones_key: bytes,
) -> PhoneCases:
    """Wire it over a data directory."""
    from kiosk.codes.draw import QrCodeDrawer

    running, clock, qr = attendance.running, core.clock, QrCodeDrawer()
    phone = Phone(
        running=running,
        pins=people.pins,
        checkin=attendance.check_in,
        store=core.store,
        clock=clock,
        incidents=attendance.incidents,
    )
    core.events.subscribe(PinReplaced, phone.on_event)
    keys = PhoneKeys(store=core.store, clock=clock)
    core.events.subscribe(SessionStarted, keys.on_event)
    return PhoneCases(
        certificate=settings.certificate,
        https=Https(store=core.store, clock=core.clock, certificate=settings.certificate, settings=settings),
        test=PhoneTest(clock=clock, running=running, zone=core.zone),
        address=settings.address,
        outsiders=Outsiders(running=running, incidents=attendance.incidents, clock=clock),
        qr=qr,
        check_in=phone,
        known=KnownPhones(known_phones_key),
        enrolments=PhoneEnrolments(store=core.store, clock=clock, running=running, phone=phone),
        keys=keys,
        passes=Passes(
            running=running,
            checkin=attendance.check_in,
            clock=clock,
            qr=qr,
            bad_codes=BadCodes(running=running, incidents=attendance.incidents, clock=clock),
            events=core.events,
        ),
    )
