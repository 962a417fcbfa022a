"""What is left of a face after a no, and until when: in backups. Any thread but the window's.

The database itself holds nothing of it any more. Copies kept beside it are emptied of all faces before the commit that erases
one (`kiosk.storage.backup.left_overs`); whether they are is looked at each time. The kiosk's own backups lose it after the next one
was made and proved (`kiosk.storage.backup.renewing`); those made by hand are nobody's but the admin's.
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
"""The kiosk makes at least one backup a night while the PC is on."""

NAMED: Final = 5
"""Files whose names are said in one sentence."""


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup of this school's.

    Attributes:
        name: Of its file.
        follows_until: Up to when it holds nothing that was erased before; None: that is not known.
    """

    made_at: datetime
    origin: Origin
    name: str = ""
    follows_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BackupsLeft:
    """The backups that may hold what was erased at a moment.

    Attributes:
        automatic: How many of the kiosk's own.
        gone_on: On which day it is taken out of these, at one backup a night; None: there are none.
        by_hand: Those that somebody has to delete: made by hand, or left from when the kiosk still made them.
    """

    automatic: int
    gone_on: date | None
    by_hand: tuple[str, ...]


def backups_left(
    backups: Sequence[MadeBackup], *, before: datetime, keep: int, now: datetime, zone: ZoneInfo
) -> BackupsLeft:
    """Which backups may hold what was erased at `before`, and until when they do; after the next backup its own ones do not."""
    old = [
        one
        for one in backups
        if one.made_at <= before and (one.follows_until is None or one.follows_until <= before)
    ]
    automatic = sum(one.origin.is_automatic for one in old)
    if not automatic or not keep:  # where the kiosk makes none any more, it changes none either
        return BackupsLeft(0, None, tuple(one.name for one in old))
    by_hand = tuple(one.name for one in old if not one.origin.is_automatic)
    return BackupsLeft(automatic, (now + ROTATION).astimezone(zone).date(), by_hand)


class Remains:
    """Says it in sentences."""

    def __init__(
        self,
        *,
        clock: Clock,
        zone: ZoneInfo,
        backups: Callable[[], tuple[Sequence[MadeBackup], int] | None],
        copies: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """`backups` gives those of the folder and how many are kept; None: the folder cannot be read.

        `copies` gives the names of databases beside this one that may hold faces still.
        """
        self._clock = clock
        self._zone = zone
        self._backups = backups
        self._copies = copies

    def unknown(self) -> str:
        """What to say where the folder for backups cannot be read, or not in time."""
        return _(
            "The folder for backups cannot be read now: backups from before may still hold the pictures, sealed."
        )

    def sentences(self, erased_at: datetime) -> tuple[str, ...]:
        """What is left of a face that was erased at that moment; may wait for a share."""
        beside = self._beside()
        found = self._backups()
        if found is None:
            return (beside, self.unknown())
        backups, keep = found
        left = backups_left(backups, before=erased_at, keep=keep, now=self._clock.now(), zone=self._zone)
        said = [*self._of_its_own(left), *self._by_hand(left)]
        if said:
            said.append(_("Restoring one of them erases the pictures again."))
        else:
            said.append(_("No backup in the folder for backups holds them."))
        return (beside, *said)

    def _beside(self) -> str:
        copies = self._copies()
        if not copies:
            return _("In the database and in copies kept beside it nothing of the face is left.")
        return ngettext(
            "In the database nothing of the face is left. {n} copy kept beside it may hold it and could not be emptied: {names}.",
            "In the database nothing of the face is left. {n} copies kept beside it may hold it and could not be emptied: {names}.",
            len(copies),
            n=len(copies),
            names=_listed(copies),
        )

    def _of_its_own(self, left: BackupsLeft) -> Sequence[str]:
        if left.gone_on is None:
            return ()
        return (
            ngettext(
                "{n} backup from before still holds the pictures, sealed; they are taken out of it after the next one, by {day}"
                " if this PC is on at night.",
                "{n} backups from before still hold the pictures, sealed; they are taken out of these after the next one, by"
                " {day} if this PC is on at night.",
                left.automatic,
                n=left.automatic,
                day=numeric_day(left.gone_on),
            ),
        )

    def _by_hand(self, left: BackupsLeft) -> Sequence[str]:
        if not left.by_hand:
            return ()
        return (
            ngettext(
                "{n} backup from before that the kiosk never changes still holds them, until somebody deletes it: {names}.",
                "{n} backups from before that the kiosk never changes still hold them, until somebody deletes them: {names}.",
                len(left.by_hand),
                n=len(left.by_hand),
                names=_listed(left.by_hand),
            ),
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
