"""What is left of a face after a no, and until when: in backups, which nobody can change. Any thread but the window's.

The database itself and copies kept beside it hold nothing of it any more: copies are emptied of all faces before the commit
that erases one (`kiosk.storage.backup.left_overs`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.domain.trust.backups import Origin
from kiosk.services.ports.clock import Clock
from kiosk.translation import _, ngettext
from kiosk.wording.dates import numeric_day

ROTATION: Final = timedelta(days=1)
"""The kiosk makes at least one backup a night while the PC is on, and removes the oldest of its own for it."""


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup of this school's."""

    made_at: datetime
    origin: Origin


@dataclass(frozen=True, slots=True)
class BackupsLeft:
    """The backups from before a moment.

    Attributes:
        automatic: How many of the kiosk's own.
        gone_on: On which day the last of these is replaced, at one backup a night; None: there are none.
        by_hand: How many somebody has to delete: made by hand, or left from when the kiosk still made them.
    """

    automatic: int
    gone_on: date | None
    by_hand: int


def backups_left(
    backups: Sequence[MadeBackup], *, before: datetime, keep: int, now: datetime, zone: ZoneInfo
) -> BackupsLeft:
    """Which backups may hold what was erased at `before`, and until when they are there.

    The kiosk keeps its newest `keep`: each newer one makes the oldest go, so all from before are gone after as many new
    ones as `keep` minus those that were made since.
    """
    old = [one for one in backups if one.made_at <= before]
    automatic = sum(one.origin.is_automatic for one in old)
    newer = sum(one.origin.is_automatic and one.made_at > before for one in backups)
    if not automatic:
        return BackupsLeft(0, None, len(old))
    if not keep:  # the kiosk makes none any more, so none is replaced
        return BackupsLeft(0, None, len(old))
    nights = max(1, keep - newer)
    return BackupsLeft(automatic, (now + nights * ROTATION).astimezone(zone).date(), len(old) - automatic)


class Remains:
    """Says it in sentences."""

    def __init__(
        self, *, clock: Clock, zone: ZoneInfo, backups: Callable[[], tuple[Sequence[MadeBackup], int] | None]
    ) -> None:
        """`backups` gives those of the folder and how many are kept; None: the folder cannot be read."""
        self._clock = clock
        self._zone = zone
        self._backups = backups

    def unknown(self) -> str:
        """What to say where the folder for backups cannot be read, or not in time."""
        return _(
            "The folder for backups cannot be read now: backups from before may still hold the pictures, sealed."
        )

    def sentences(self, erased_at: datetime) -> tuple[str, ...]:
        """What is left of a face that was erased at that moment; may wait for a share."""
        said = [_("In the database and in copies kept beside it nothing of the face is left.")]
        found = self._backups()
        if found is None:
            return (*said, self.unknown())
        backups, keep = found
        left = backups_left(backups, before=erased_at, keep=keep, now=self._clock.now(), zone=self._zone)
        if left.gone_on is not None:
            said.append(
                ngettext(
                    "{n} backup from before still holds the pictures, sealed; newer ones replace it by {day}, at one a night.",
                    "{n} backups from before still hold the pictures, sealed; newer ones replace them by {day}, at one a night.",
                    left.automatic,
                    n=left.automatic,
                    day=numeric_day(left.gone_on),
                )
            )
        if left.by_hand:
            said.append(
                ngettext(
                    "{n} backup from before that the kiosk never removes still holds them, until somebody deletes it.",
                    "{n} backups from before that the kiosk never removes still hold them, until somebody deletes them.",
                    left.by_hand,
                    n=left.by_hand,
                )
            )
        if len(said) > 1:
            said.append(_("Restoring one of them erases the pictures again."))
        else:
            said.append(_("No backup from before is in the folder for backups."))
        return tuple(said)
