"""When the kiosk itself deletes what is no longer needed: at start and once a day, never during a class. Housekeeping thread.

What a former round knew stands in the school's settings, so that a restart forgets nothing.
"""

import logging
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.school.retention import Watch, next_watch
from kiosk.domain.trust.rights import Actor
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.ports.clock import Clock
from kiosk.services.ports.progress import Progress
from kiosk.services.school.kept_data import KeptData
from kiosk.services.school.left_overs import LeftOvers
from kiosk.services.school.retention import ExpiredData, Retention
from kiosk.storage.store import Repositories, Store

ACTOR: Final = "the kiosk"
EVERY_S: Final = 24 * 3600.0
AGAIN_S: Final = 3600.0
"""After a round that failed, or that a class cut short."""

_LAST: Final = "retention.last_round"
_HELD: Final = "retention.held_until"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RetentionRound:
    """What the newest round deleted; with `held_until`: what is due, and will go from that day on."""

    due: ExpiredData
    held_until: date | None


class RetentionRounds:
    """Called every few seconds; a round is due once a day."""

    def __init__(
        self,
        *,
        retention: Retention,
        left_overs: LeftOvers,
        kept: KeptData,
        store: Store,
        clock: Clock,
        zone: ZoneInfo,
        running: RunningClass,
    ) -> None:
        self._retention = retention
        self._left_overs = left_overs
        self._kept = kept
        self._store = store
        self._clock = clock
        self._zone = zone
        self._running = running
        self._next_s = 0.0
        self._newest: RetentionRound | None = None

    @property
    def newest(self) -> RetentionRound | None:
        """What there is to say of the newest round since the program started; None: nothing. Any thread."""
        return self._newest

    def tick(self) -> None:
        """Make a round if one is due and no class is open.

        Raises:
            StorageError: Something could not be written; the next try is an hour later.
        """
        now_s = self._clock.monotonic()
        if now_s < self._next_s or self._running.is_open:
            return
        self._next_s = now_s + AGAIN_S
        today = self._clock.now().astimezone(self._zone).date()
        actor = Actor.system(ACTOR)
        watch = self._store.write(lambda repositories: _follow(repositories, today))
        if watch.held_until is not None and today < watch.held_until:
            due, held_until = self._retention.due(actor=actor), watch.held_until
            if due:
                log.info(
                    "%d faces and %d traces of phones are due to be deleted; held until %s",
                    len(due.faces),
                    due.traces.device_uses + due.traces.incidents,
                    held_until,
                )
        else:
            held_until = None
            due = gone = self._retention.delete(actor=actor, progress=_UntilClass(self._running))
            if gone:
                log.info(
                    "deleted %d faces, %d check-ins by phone and %d notes that were no longer needed",
                    len(gone.faces),
                    gone.traces.device_uses,
                    gone.traces.incidents,
                )
            self._left_overs.remove_old()
            self._kept.remove_old(actor=actor)
        self._newest = RetentionRound(due, held_until) if due else None
        if not self._running.is_open:
            self._next_s = now_s + EVERY_S


@dataclass(frozen=True, slots=True)
class _UntilClass(Progress):
    """Cancels what a class would have to share the disk with."""

    running: RunningClass

    def is_cancelled(self) -> bool:
        return self.running.is_open


def _follow(repositories: Repositories, today: date) -> Watch:
    settings = repositories.school_settings
    before = Watch(_day(settings.get(_LAST)), _day(settings.get(_HELD)))
    watch = next_watch(before, today)
    settings.put(_LAST, today.isoformat())
    if watch.held_until is not None:
        settings.put(_HELD, watch.held_until.isoformat())
    return watch


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
