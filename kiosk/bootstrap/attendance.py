"""Wires class sessions and what happens in them. Making it reads nothing."""

from kiosk.domain.phones.codes import Rotation
from kiosk.services.app import AttendanceCases
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.claims import Claims
from kiosk.services.attendance.class_clock import ClassClock
from kiosk.services.attendance.incidents import ClassIncidents, Incidents
from kiosk.services.attendance.marks_by_hand import MarksByHand
from kiosk.services.attendance.policy_choice import PolicyChoice
from kiosk.services.attendance.replayed_classes import ReplayedClasses
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.core import Core
from kiosk.services.events import Event, SignInResting
from kiosk.services.school.school_settings import School


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
    sessions = Sessions(store=store, clock=clock, school=school, zone=core.zone, events=events)
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
