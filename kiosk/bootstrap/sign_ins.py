"""Wires how people sign in: accounts, PINs with the throttle that both share, and phones. Making it reads nothing."""

from dataclasses import dataclass

from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.people.students import Student
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.incidents import Incidents
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.people.accounts import Accounts, Throttle
from kiosk.services.people.pins import Pins
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Store


@dataclass(frozen=True, slots=True)
class SignIns:
    """Who may sign in, and the students' phones; a PIN that is replaced ends its sign-ins at once."""

    accounts: Accounts
    pins: Pins
    phone: Phone


def build_sign_ins(
    store: Store, clock: Clock, incidents: Incidents, live: RunningClass, checkin: CheckIn
) -> SignIns:
    """Wire it over a store."""
    from kiosk.storage.keys.hashing import Argon2Hasher

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
