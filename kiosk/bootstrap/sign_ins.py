"""Wires how people sign in: accounts, PINs with the throttle that both share, and phones. Making it reads nothing."""

from dataclasses import dataclass

from kiosk.domain.incidents import IncidentKind
from kiosk.domain.people import Student
from kiosk.services.accounts import Accounts, Throttle
from kiosk.services.checkin import CheckIn
from kiosk.services.incidents import Incidents
from kiosk.services.live import Live
from kiosk.services.phone import Phone
from kiosk.services.pins import Pins
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.store import Store


@dataclass(frozen=True, slots=True)
class SignIns:
    """Who may sign in, and the students' phones; a PIN that is replaced ends its sign-ins at once."""

    accounts: Accounts
    pins: Pins
    phone: Phone


def build_sign_ins(store: Store, clock: Clock, incidents: Incidents, live: Live, checkin: CheckIn) -> SignIns:
    """Wire it over a store."""
    from kiosk.storage.hashing import Argon2Hasher

    def tell_teacher(student: Student) -> None:
        shown = live.current
        if shown is not None:  # without a class nobody is there to tell
            session_id = shown.session.session_id
            incidents.note(session_id, IncidentKind.SIGN_IN_RESTS, student_id=student.student_id)

    def sign_out(student_id: int) -> None:
        phone.end_sign_ins(student_id)

    hasher = Argon2Hasher()
    throttle = Throttle(store=store, clock=clock)
    pins = Pins(
        store=store,
        hasher=hasher,
        clock=clock,
        throttle=throttle,
        on_rest=tell_teacher,
        on_replaced=sign_out,
    )
    phone = Phone(live=live, pins=pins, checkin=checkin, store=store, clock=clock, incidents=incidents)
    return SignIns(Accounts(store=store, hasher=hasher, clock=clock, throttle=throttle), pins, phone)
