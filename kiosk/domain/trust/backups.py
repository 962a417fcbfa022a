"""What a backup is: where it came from, and when the kiosk makes one by itself. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

NIGHT: Final = time(2, 0)
"""From this time of the school's day on the nightly one is due; a PC that was off makes it when it is on again."""

OVERDUE: Final = timedelta(days=3)
"""Who works with the kiosk is told when no backup has worked for so long."""


class Origin(StrEnum):
    """Why a backup was made."""

    BY_HAND = "hand"
    AFTER_CLASS = "class"
    NIGHTLY = "night"
    BEFORE_MIGRATION = "migration"

    @property
    def is_automatic(self) -> bool:
        """Whether the kiosk made it by itself, and may remove it for newer ones."""
        return self is not Origin.BY_HAND


class BackupState(StrEnum):
    """Whether a file can be trusted, as far as its beginning says."""

    OURS = "ours"
    OLD_FORMAT = "old_format"
    OTHER_KEY = "other_key"
    FORGED = "forged"


class FolderDoubt(StrEnum):
    """What speaks against keeping backups in a folder that can be used."""

    INSIDE = "inside"
    SAME_DISK = "same_disk"
    LITTLE_ROOM = "little_room"


@dataclass(frozen=True, slots=True)
class FolderOpinion:
    """What was found of a folder for backups that can be used.

    Attributes:
        free: Bytes that are free there.
        needed: Bytes that the backups to come will take, about.
    """

    doubts: tuple[FolderDoubt, ...]
    free: int
    needed: int


class Part(StrEnum):
    """What a restore brings back or loses."""

    CLASSES = "classes"
    RECORDS = "records"
    CHANGED = "changed"
    STUDENTS = "students"
    COURSES = "courses"
    FACES = "faces"
    ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True)
class Difference:
    """How many of a part are in the backup alone, and how many in the present database alone.

    Of `Part.CHANGED`, the records that are in both and stand differently, both numbers are the same.
    """

    back: int
    lost: int


B = TypeVar("B")


def outlived(backups: Iterable[tuple[datetime, Origin, B]], *, keep: int, now: datetime) -> Sequence[B]:
    """Those of the kiosk's own backups that newer ones have replaced; never one that a person made.

    One from a time that is still to come was made under a wrong clock: it must not push out those that are made now.
    """
    automatic = sorted(
        (
            (made <= now + timedelta(days=1), made, one)
            for made, origin, one in backups
            if origin.is_automatic
        ),
        key=lambda found: found[:2],
        reverse=True,
    )
    return [one for _past, _made, one in automatic[keep:]]


@dataclass(frozen=True, slots=True)
class BackupHistory:
    """What became of the kiosk's own backups.

    Attributes:
        since: When the kiosk first looked after them.
        good: When the newest one was made and verified; None for none yet.
        trouble: Why the last try failed, in words; empty when it did not.
    """

    since: datetime
    good: datetime | None = None
    trouble: str = ""

    def is_nightly_due(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether none was made since the last night began; one of a day to come was made while the PC's clock was wrong."""
        local = now.astimezone(zone)
        night = datetime.combine(local.date(), NIGHT, zone)
        if night > local:
            night -= timedelta(days=1)
        return self.good is None or not night <= self.good <= now

    def is_overdue(self, now: datetime) -> bool:
        """Whether trying has failed for so long that somebody must look at it."""
        last = self.good or self.since
        return bool(self.trouble) and not last <= now < last + OVERDUE
