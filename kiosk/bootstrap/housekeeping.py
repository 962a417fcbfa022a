"""Wires what the housekeeping thread does every few seconds beside its own work. Making it reads nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.faces.ambiguous_memory import AmbiguousMemory
from kiosk.services.phones.phone_check_in import Phone
from kiosk.services.ports.clock import Clock
from kiosk.services.school.retention import Retention
from kiosk.services.school.retention_rounds import RetentionRounds
from kiosk.storage.store import Store


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """What is deleted when it is no longer needed, and `tick`, which forgets what is too old by now."""

    retention: Retention
    rounds: RetentionRounds
    tick: Callable[[], None]


def build_housekeeping(
    store: Store,
    clock: Clock,
    zone: ZoneInfo,
    live: RunningClass,
    *,
    doubtful_faces: AmbiguousMemory,
    phone: Phone,
) -> Housekeeping:
    """Wire it over a store."""
    retention = Retention(store=store, clock=clock, zone=zone)
    rounds = RetentionRounds(
        retention=retention,
        store=store,
        clock=clock,
        zone=zone,
        class_is_open=lambda: live.current is not None,
    )

    def tick() -> None:
        doubtful_faces.tidy()
        phone.follow_pins()
        rounds.tick()

    return Housekeeping(retention, rounds, tick)
