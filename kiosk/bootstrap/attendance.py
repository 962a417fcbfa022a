"""Wires class sessions and what happens in them. Making it reads nothing."""

from kiosk.domain.phones.codes import Rotation
from kiosk.services.app import AttendanceCases
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.claims import Claims
from kiosk.services.attendance.class_clock import ClassClock
from kiosk.services.attendance.ends_elsewhere import EndsElsewhere
from kiosk.services.attendance.incidents import ClassIncidents, Incidents
from kiosk.services.attendance.marks_by_hand import MarksByHand
from kiosk.services.attendance.policy_choice import PolicyChoice
from kiosk.services.attendance.replayed_classes import ReplayedClasses
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.attendance.shown_here import SHOWN_FILE, ShownHere
from kiosk.services.core import Core
from kiosk.services.events import Event, SignInResting
from kiosk.services.school.school_settings import School


def _shown_here(core: Core) -> ShownHere | None:
    """What tells this room's classes from others; None where the database is this PC's own."""
    url = core.settings.storage.database_url
    if not url:
        return None
    from sqlalchemy import make_url

    from kiosk.storage.database.engine import place_of

    here = ShownHere(file=core.directories.data / SHOWN_FILE, place=place_of(make_url(url)))
    core.events.subscribe(Event, here.on_event)
    return here


def ends_elsewhere(core: Core, running: RunningClass) -> tuple[EndsElsewhere, ...]:
    """What notices that another kiosk ended the class that is open here; nothing where the database is this PC's own."""
    if not core.settings.storage.database_url:
        return ()
    return (EndsElsewhere(store=core.store, running=running, events=core.events),)


def build_attendance(core: Core, school: School) -> AttendanceCases:
    """Wire it over a store."""
    store, clock, events = core.store, core.clock, core.events
    class_clock = ClassClock(store=store, clock=clock, events=events)
    events.subscribe(Event, class_clock.on_event)
    awaited = AwaitedFaces(store=store, clock=clock)
    events.subscribe(Event, awaited.on_event)
    running = RunningClass(clock=clock, rotation=Rotation(core.settings.code.rotation_s))
    incidents = Incidents(store=store, clock=clock, events=events)
    in_class = ClassIncidents(running=running, incidents=incidents)
    events.subscribe(SignInResting, in_class.on_event)
    here = _shown_here(core)
    sessions = Sessions(store=store, clock=clock, school=school, zone=core.zone, events=events, here=here)
    return AttendanceCases(
        sessions=sessions,
        marks=MarksByHand(store=store, clock=clock, events=events),
        running=running,
        check_in=CheckIn(store=store, zone=core.zone, events=events, awaited=awaited),
        awaited=awaited,
        claims=Claims(store=store, clock=clock, events=events),
        attacks=Attacks(store=store, events=events),
        incidents=incidents,
        policies=PolicyChoice(store=store),
        replayed=ReplayedClasses(sessions=sessions, store=store, clock=clock),
        clock=class_clock,
    )
