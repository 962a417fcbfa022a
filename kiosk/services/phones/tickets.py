"""Scans that were good, kept for their browsers until they confirm. Safe to call from any thread.

In memory only and bounded: one live ticket a browser, and beyond `MAX_TICKETS` the address that has the most loses its oldest,
so that somebody who scans in a loop, ever with a new cookie, throws away only their own.
"""

import secrets
import threading
from dataclasses import dataclass
from typing import Final

from kiosk.domain.attendance.incidents import IncidentKind
from kiosk.domain.trust.throttle import Source
from kiosk.services.attendance.running_class import ShownClass
from kiosk.services.phones.bad_codes import TELL_EVERY_S, NotesIncidents
from kiosk.services.ports.clock import Clock

TICKET_S: Final = 120.0
MAX_TICKETS: Final = 5000
MANY_OF_ADDRESS: Final = 1000
"""So many live ones from one address are told to the teacher: three for each of a class of 300 behind one."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A scan that was good, kept for one browser until it confirms."""

    ticket_id: str
    browser: str
    address: str
    shown_class: ShownClass
    expires_s: float

    def held_s(self, now_s: float) -> float:
        """How long ago the code was scanned, at a moment of the monotonic clock."""
        return now_s - (self.expires_s - TICKET_S)


class Tickets:
    """All live tickets."""

    def __init__(self, *, clock: Clock, incidents: NotesIncidents) -> None:
        self._clock = clock
        self._incidents = incidents
        self._lock = threading.Lock()
        self._all: dict[str, Ticket] = {}
        self._of_browser: dict[str, str] = {}
        self._of_address: dict[str, dict[str, None]] = {}
        self._told_s = float("-inf")
        self._untold = 0

    def __len__(self) -> int:
        with self._lock:
            self._forget_expired()
            return len(self._all)

    def make(self, shown: ShownClass, source: Source) -> Ticket:
        """A new one, in the place of the one that the browser had."""
        expires_s = self._clock.monotonic() + TICKET_S
        ticket = Ticket(secrets.token_urlsafe(16), source.browser, source.address, shown, expires_s)
        with self._lock:
            self._forget_expired()
            self._drop(self._of_browser.get(source.browser, ""))
            self._keep(ticket)
            while len(self._all) > MAX_TICKETS:
                greediest = max(self._of_address.values(), key=len)
                self._drop(next(iter(greediest)))
            times = self._to_tell(len(self._of_address[source.address]))
        if times:
            self._incidents.note(shown.session.session_id, IncidentKind.MANY_SCANS, times=times)
        return ticket

    def get(self, ticket_id: str, browser: str) -> Ticket | None:
        """One that is still good for this browser."""
        with self._lock:
            self._forget_expired()
            found = self._all.get(ticket_id)
        is_good = found is not None and found.browser == browser and found.expires_s > self._clock.monotonic()
        return found if is_good else None

    def use_up(self, ticket_id: str) -> Ticket | None:
        """Take one; of many who ask at once exactly one gets it."""
        with self._lock:
            return self._drop(ticket_id)

    def give_back(self, ticket: Ticket) -> None:
        """It could not be used, through no fault of the phone."""
        with self._lock:
            if ticket.browser not in self._of_browser:
                self._keep(ticket)

    def _keep(self, ticket: Ticket) -> None:
        self._all[ticket.ticket_id] = ticket
        self._of_browser[ticket.browser] = ticket.ticket_id
        self._of_address.setdefault(ticket.address, {})[ticket.ticket_id] = None

    def _drop(self, ticket_id: str) -> Ticket | None:
        ticket = self._all.pop(ticket_id, None)
        if ticket is None:
            return None
        self._of_browser.pop(ticket.browser, None)
        of_address = self._of_address[ticket.address]
        del of_address[ticket_id]
        if not of_address:
            del self._of_address[ticket.address]
        return ticket

    def _forget_expired(self) -> None:
        """All live equally long and stand in their order, but for a few that were given back."""
        now = self._clock.monotonic()
        while self._all and (oldest := next(iter(self._all.values()))).expires_s <= now:
            self._drop(oldest.ticket_id)

    def _to_tell(self, held: int) -> int:
        """How many scans of a crowd the teacher is to hear of now; 0 for none."""
        if held <= MANY_OF_ADDRESS:
            return 0
        self._untold += 1
        now = self._clock.monotonic()
        if now - self._told_s < TELL_EVERY_S:
            return 0
        self._told_s, times, self._untold = now, self._untold, 0
        return times
