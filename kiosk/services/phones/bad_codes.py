"""Codes that were no good, told to the teacher when they come in bulk. Safe to call from any thread.

One expired or mistyped code is nobody's business: a phone was slow, a letter was wrong. Many of one kind from one place
within a minute are a picture of the screen that is passed on, or somebody who guesses. They become one incident of the
class, which counts up; where they came from is not kept.
"""

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Final, Protocol

from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.errors import ExpiredCodeError, KioskError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.ports.clock import Clock

WINDOW_S: Final = 60.0
"""Codes that lie farther apart belong to no bulk."""

LEAST_OF_BROWSER: Final = 5
"""So many from one browser within the window are a bulk."""

LEAST_OF_ADDRESS: Final = 15
"""So many from phones without a cookie at one address: a school may sit behind one, and first scans can be late."""

TELL_EVERY_S: Final = 10.0
"""However many come, the teacher's list is written to no more often than this for each kind. What comes after the last
writing is told with the next code of a bulk, so the number may stay a little too low, never too high."""

MOST_SENDERS: Final = 2000
"""Bounds memory against somebody who takes ever new identifiers; who was quiet for longest is forgotten first."""


class NotesIncidents(Protocol):
    """The part of `Incidents` that this needs."""

    def note(self, session_id: int, kind: IncidentKind, *, times: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """Where codes come from, as far as this can be told.

    Attributes:
        name: The browser's identifier, or the network address of one that sent no cookie.
        is_shared: Whether several phones may stand behind it.
    """

    name: str
    is_shared: bool


@dataclass(slots=True)
class _Bulk:
    """Codes of one kind from one sender: when the newest came, and how many are not told yet."""

    when: deque[float]
    untold: int = 0

    def add(self, now_s: float) -> bool:
        """Count one more; whether so many came within the window that they are worth telling."""
        if self.when and now_s - self.when[-1] > WINDOW_S:
            self.untold = 0
        self.when.append(now_s)
        self.untold += 1
        return len(self.when) == self.when.maxlen and now_s - self.when[0] <= WINDOW_S


@dataclass(slots=True)
class _OfClass:
    """What is counted for the class that is open."""

    session_id: int
    bulks: dict[tuple[IncidentKind, Sender], _Bulk] = field(default_factory=dict)
    due: dict[IncidentKind, int] = field(default_factory=dict)
    told_s: dict[IncidentKind, float] = field(default_factory=dict)


class BadCodes:
    """Counts refused codes and notes an incident when they come in bulk."""

    def __init__(self, *, running: RunningClass, incidents: NotesIncidents, clock: Clock) -> None:
        self._running = running
        self._incidents = incidents
        self._clock = clock
        self._lock = threading.Lock()
        self._of_class = _OfClass(0)

    def refused(self, error: KioskError, sender: Sender, *, typed: bool) -> None:
        """Count a code that was refused with `error`; between classes nobody is there to tell."""
        shown = self._running.current
        if shown is None:
            return
        kind = IncidentKind.MISTYPED_CODES if typed else IncidentKind.FOREIGN_CODES
        if isinstance(error, ExpiredCodeError):
            kind = IncidentKind.EXPIRED_CODES
        session_id = shown.session.session_id
        with self._lock:
            if self._of_class.session_id != session_id:
                self._of_class = _OfClass(session_id)
            times = self._counted(self._of_class, kind, sender)
        if times:
            self._incidents.note(session_id, kind, times=times)

    def _counted(self, known: _OfClass, kind: IncidentKind, sender: Sender) -> int:
        """How many are to be told now; 0 for none."""
        now_s = self._clock.monotonic()
        least = LEAST_OF_ADDRESS if sender.is_shared else LEAST_OF_BROWSER
        bulk = known.bulks.pop((kind, sender), None) or _Bulk(deque(maxlen=least))
        known.bulks[kind, sender] = bulk  # the newest stands last
        while len(known.bulks) > MOST_SENDERS:
            del known.bulks[next(iter(known.bulks))]
        if not bulk.add(now_s):
            return 0
        known.due[kind] = known.due.get(kind, 0) + bulk.untold
        bulk.untold = 0
        if now_s - known.told_s.get(kind, float("-inf")) < TELL_EVERY_S:
            return 0
        known.told_s[kind] = now_s
        return known.due.pop(kind)
