"""When the database's pages are looked at for damage: a moment at start, the rest once a day on the housekeeping thread.

Never during a class, which would have to share the disk with it. Which table comes next stands in the school's settings, so
that short evenings get round a large database, too.
"""

import logging
from typing import TYPE_CHECKING, Final

from kiosk.errors import DamageError
from kiosk.services.attendance.running_class import RunningClass
from kiosk.services.events import Events, WorkerFailed
from kiosk.services.ports.clock import Clock
from kiosk.storage.store import Store

if TYPE_CHECKING:
    from kiosk.storage.database.page_check import PageCheck

START_S: Final = 0.2
"""How long the start waits: for about 200,000 records on an ordinary PC."""

SLICE_S: Final = 1.0
"""How long the housekeeping does nothing else; twice as long after a table that did not fit in."""

EVERY_S: Final = 24 * 3600.0
AGAIN_S: Final = 3600.0
"""After a look that failed for another reason than damage."""

_LAST: Final = "pages.last_table"

log = logging.getLogger(__name__)


class DatabaseChecks:
    """Looks, and remembers what was found."""

    def __init__(
        self, *, pages: "PageCheck", store: Store, clock: Clock, running: RunningClass, events: Events
    ) -> None:
        self._pages = pages
        self._store = store
        self._clock = clock
        self._running = running
        self._events = events
        self._slice_s = SLICE_S
        self._next_s = 0.0
        self._stored = ""
        self._damage: DamageError | None = None

    @property
    def damage(self) -> DamageError | None:
        """What was found since the program started. Any thread."""
        return self._damage

    def begin(self) -> None:
        """Look for a moment, before anything else runs.

        Raises:
            DamageError: There is damage; who goes on writing makes it worse.
            StorageError: The database cannot be read.
        """
        stored = self._store.read(lambda repositories: repositories.school_settings.get(_LAST))
        self._pages.last = self._stored = stored or ""
        if self._pages.look(START_S):
            self._next_s = self._clock.monotonic() + EVERY_S

    def tick(self) -> None:
        """Look on if a round is due and no class is open.

        Raises:
            StorageError: The database cannot be read or written; the next try is an hour later.
        """
        now_s = self._clock.monotonic()
        if self._damage is not None or now_s < self._next_s or self._running.is_open:
            return
        self._next_s = now_s + AGAIN_S
        before = self._pages.last
        try:
            complete = self._pages.look(self._slice_s, go_on=lambda: not self._running.is_open)
        except DamageError as error:
            self._damage = error
            self._events.emit(WorkerFailed("database", error.user_text, error.hint))
            return
        self._slice_s = SLICE_S if complete or self._pages.last != before else 2 * self._slice_s
        self._next_s = now_s + EVERY_S if complete else now_s
        self._remember()

    def _remember(self) -> None:
        last = self._pages.last
        if last != self._stored:
            self._store.write(lambda repositories: repositories.school_settings.put(_LAST, last))
            self._stored = last
