"""Left-overs of restores and of work that was cut off: which there are, and which have become old. Any thread but the window's."""

import logging
from datetime import timedelta

from kiosk.services.core import Directories
from kiosk.services.ports.clock import Clock
from kiosk.services.school.school_settings import School
from kiosk.storage.backup.left_overs import LeftOver, LeftOverKind, left_overs, remove

log = logging.getLogger(__name__)


class LeftOvers:
    """Those of one kiosk's directories."""

    def __init__(self, *, directories: Directories, school: School, clock: Clock) -> None:
        self._directories = directories
        self._school = school
        self._clock = clock

    def found(self) -> list[LeftOver]:
        """All of them, by path."""
        return left_overs(self._directories.data, self._directories.models)

    def kept_days(self) -> int:
        """How long they are kept, by the school's rule."""
        return self._school.rules().left_overs_kept_days

    def remove_old(self) -> None:
        """Remove what is older than the school's rule, but keys; the log says what.

        Raises:
            SettingsError: A rule of the school is out of bounds.
        """
        before = self._clock.now() - timedelta(days=self._school.rules().left_overs_kept_days)
        for one in self.found():
            if one.kind is LeftOverKind.KEY or one.at_s >= before.timestamp():
                continue
            try:
                remove(one)
            except OSError as error:
                log.warning("%s is old and cannot be removed: %s", one.path, error)
            else:
                log.info("removed %s (%d bytes), which is older than %s", one.path, one.size, before.date())
