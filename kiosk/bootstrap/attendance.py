"""Wires class sessions and what happens in them. Making it reads nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.phones.codes import Rotation
from kiosk.domain.trust.throttle import account_of
from kiosk.services.app import AfterwardsCases, AttendanceCases
from kiosk.services.attendance.afterwards.adding import AddingSessions
from kiosk.services.attendance.afterwards.cancelling import CancellingSessions
from kiosk.services.attendance.afterwards.deleting import DeletingSessions
from kiosk.services.attendance.afterwards.held_sessions import HeldSessions
from kiosk.services.attendance.afterwards.mark_imports import MarkImports
from kiosk.services.attendance.afterwards.reopening import ReopeningSessions
from kiosk.services.attendance.afterwards.session_times import SessionTimes
from kiosk.services.attendance.attacks import Attacks
from kiosk.services.attendance.awaited_faces import AwaitedFaces
from kiosk.services.attendance.away.class_copy import ClassCopy
from kiosk.services.attendance.away.delivery import Delivery
from kiosk.services.attendance.away.keeping import Keeping
from kiosk.services.attendance.check_in import CheckIn
from kiosk.services.attendance.claims import Claims
from kiosk.services.attendance.class_clock import ClassClock
from kiosk.services.attendance.clock_correction import ClockCorrection
from kiosk.services.attendance.ends_elsewhere import EndsElsewhere
from kiosk.services.attendance.incidents import ClassIncidents, Incidents
from kiosk.services.attendance.leaving.check_outs import CheckOuts
from kiosk.services.attendance.marks_by_hand import MarksByHand
from kiosk.services.attendance.planned_absences import PlannedAbsences
from kiosk.services.attendance.policy_choice import PolicyChoice
from kiosk.services.attendance.recheck.recheck_watch import RecheckWatch, Ways
from kiosk.services.attendance.recheck.rechecks import Rechecks
from kiosk.services.attendance.replayed_classes import ReplayedClasses
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.attendance.school_statuses import SchoolStatuses
from kiosk.services.attendance.sessions import Sessions
from kiosk.services.attendance.shown_here import SHOWN_FILE, ShownHere
from kiosk.services.attendance.typed_numbers import TypedNumbers
from kiosk.services.core import Core
from kiosk.services.events import (
    ConsentWithdrawn,
    Event,
    PinsGuessed,
    SettingsChanged,
    SignInResting,
    StoreStateChanged,
)
from kiosk.services.ports.marks import MarkFile
from kiosk.services.school.school_settings import School

if TYPE_CHECKING:
    from kiosk.storage.kept_claims import KeptClaimsFile


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


def ticking_in_class(
    core: Core, attendance: AttendanceCases
) -> tuple[Delivery | ClassCopy | EndsElsewhere | RecheckWatch, ...]:
    """What does a little every few seconds: watches re-checks, delivers, remembers, and, with a server, notices ends elsewhere."""
    always = (attendance.delivery, attendance.copy, attendance.recheck_watch)
    if not core.settings.storage.database_url:
        return always
    ends = EndsElsewhere(store=core.store, running=attendance.running, events=core.events)
    return (*always, ends)


def build_attendance(
    core: Core, school: School, kept_claims: "KeptClaimsFile | None" = None
) -> AttendanceCases:
    """Wire it over a store; `kept_claims` is where claims are kept while a server is away, and None without a server."""
    store, clock, events = core.store, core.clock, core.events
    keeps = kept_claims is not None
    copy = ClassCopy(store=store, clock=clock, zone=core.zone, account_of=account_of, is_wanted=keeps)
    events.subscribe(Event, copy.on_event)
    keeping = Keeping(file=kept_claims, copy=copy, store=store, clock=clock, events=events)
    events.subscribe(ConsentWithdrawn, keeping.on_event)
    class_clock = ClassClock(store=store, clock=clock, events=events)
    events.subscribe(Event, class_clock.on_event)
    awaited = AwaitedFaces(store=store, clock=clock)
    events.subscribe(Event, awaited.on_event)
    rechecks, watch = _build_rechecks(core, awaited)
    running = RunningClass(clock=clock, rotation=Rotation(core.settings.code.rotation_s))
    events.subscribe(
        SettingsChanged, lambda event: running.rotate_by(Rotation(event.settings.code.rotation_s))
    )
    incidents = _build_incidents(core, running)
    here = _shown_here(core)
    sessions = Sessions(store=store, clock=clock, school=school, zone=core.zone, events=events, here=here)
    typed = TypedNumbers(store=store, clock=clock, running=running)
    events.subscribe(Event, typed.on_event)
    check_in = CheckIn(
        store=store,
        zone=core.zone,
        events=events,
        awaited=awaited,
        typed=typed,
        keeping=keeping,
        rechecks=watch,
    )
    delivery = Delivery(keeping=keeping, check_in=check_in, store=store, clock=clock, events=events)
    events.subscribe(StoreStateChanged, delivery.on_event)
    return AttendanceCases(
        sessions=sessions,
        afterwards=_build_afterwards(core),
        absences=PlannedAbsences(core),
        rechecks=rechecks,
        recheck_watch=watch,
        check_outs=CheckOuts(core),
        statuses=SchoolStatuses(core),
        marks=MarksByHand(store=store, clock=clock, events=events),
        running=running,
        check_in=check_in,
        awaited=awaited,
        typed=typed,
        claims=Claims(store=store, clock=clock, events=events),
        attacks=Attacks(store=store, events=events),
        incidents=incidents,
        policies=PolicyChoice(store=store, clock=clock),
        replayed=ReplayedClasses(sessions=sessions, store=store, clock=clock),
        clock_correction=ClockCorrection(store=store, clock=clock),
        clock=class_clock,
        keeping=keeping,
        delivery=delivery,
        copy=copy,
    )


def _build_incidents(core: Core, running: RunningClass) -> Incidents:
    incidents = Incidents(store=core.store, clock=core.clock, events=core.events)
    in_class = ClassIncidents(running=running, incidents=incidents)
    core.events.subscribe(SignInResting, in_class.on_event)
    core.events.subscribe(PinsGuessed, in_class.on_event)
    return incidents


def _build_rechecks(core: Core, awaited: AwaitedFaces) -> tuple[Rechecks, RecheckWatch]:
    ways = Ways(awaited)
    core.events.subscribe(Event, ways.on_event)
    rechecks = Rechecks(core, can_show_up=ways.can_show_up)
    watch = RecheckWatch(core, ways=ways)
    watch.follow(rechecks)
    core.events.subscribe(Event, watch.on_event)
    return rechecks, watch


def _build_afterwards(core: Core) -> AfterwardsCases:
    return AfterwardsCases(
        held=HeldSessions(core),
        adding=AddingSessions(core),
        times=SessionTimes(core),
        cancelling=CancellingSessions(core),
        deleting=DeletingSessions(core),
        reopening=ReopeningSessions(core),
        imports=MarkImports(core, read=_read_marks),
    )


def _read_marks(path: Path) -> MarkFile:
    from kiosk.reports.records.mark_file import read_mark_file

    return read_mark_file(path)
