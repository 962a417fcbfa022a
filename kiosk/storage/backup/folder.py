"""The folder that backups are kept in, and what the kiosk remembers of them beside its database. Any thread.

The memory is ``backups.json`` in the data directory: a restored database must not forget what worked since.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from kiosk.domain.trust.backups import BackupHistory, BackupState, Origin, outlived
from kiosk.errors import ExportError, FileFormatError
from kiosk.storage.backup.bundle import Manifest, opened
from kiosk.storage.keys.key_ring import KeyRing
from kiosk.storage.keys.private_files import read_private, write_private
from kiosk.translation import _

SUFFIX: Final = ".kiosk-backup"
AT_WORK_S: Final = 3600.0
"""So long a half-written file may be somebody's who still writes: another kiosk may use the same share."""

HISTORY_FILE: Final = "backups.json"


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """One file of the folder.

    Attributes:
        made_at: As it says itself; when the file was last written, where it says nothing.
        manifest: None where the file is damaged.
        state: None where the file is damaged.
    """

    path: Path
    size: int
    made_at: datetime
    manifest: Manifest | None
    state: BackupState | None


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered.

    Attributes:
        verified: When each backup, by its salt, was last restored to see whether it can be.
        followed: What each backup, by its salt, has taken out of it (`forgetting.forgotten_mark`), and since when.
    """

    history: BackupHistory
    verified: dict[str, datetime] = field(default_factory=dict)
    followed: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    @classmethod
    def load(cls, data_dir: Path, now: datetime) -> Self:
        """What is kept; from now on, where nothing usable is."""
        try:
            said = json.loads(read_private(data_dir / HISTORY_FILE)) if _is_there(data_dir) else {}
            history = BackupHistory(
                datetime.fromisoformat(said["since"]) if "since" in said else now,
                datetime.fromisoformat(said["good"]) if said.get("good") else None,
                str(said.get("trouble", "")),
            )
            verified = {salt: datetime.fromisoformat(at) for salt, at in said.get("verified", {}).items()}
            followed = {
                salt: (str(mark), datetime.fromisoformat(at))
                for salt, (mark, at) in said.get("followed", {}).items()
            }
        except (ValueError, TypeError, AttributeError):
            return cls(BackupHistory(now))
        return cls(history, verified, followed)

    def save(self, data_dir: Path) -> None:
        """Keep it. Raises StorageError: that does not work."""
        history = self.history
        said = {
            "since": history.since.isoformat(),
            "good": history.good.isoformat() if history.good else None,
            "trouble": history.trouble,
            "verified": {salt: at.isoformat() for salt, at in self.verified.items()},
            "followed": {salt: (mark, at.isoformat()) for salt, (mark, at) in self.followed.items()},
        }
        write_private(data_dir / HISTORY_FILE, json.dumps(said, indent=2).encode())


def listed(folder: Path, keys: KeyRing | None) -> list[KeptBackup]:
    """All backups in a folder, newest first; none where the folder is not there.

    Raises:
        ExportError: The folder cannot be read.
    """
    try:
        if not folder.is_dir():
            return []
        found = [_look(path, keys) for path in folder.iterdir() if path.suffix == SUFFIX and path.is_file()]
    except OSError as error:
        raise unusable(folder, error) from error
    return sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True)


def ready(folder: Path) -> Path:
    """The folder, made where it is missing but its parent is there: a share that is away is never made here.

    Raises:
        ExportError: It cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error
    return folder


def name_of(origin: Origin, at: datetime) -> str:
    """The name of a new one's file."""
    return f"kiosk-{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}-{origin.value}{SUFFIX}"


def tidy(folder: Path, keys: KeyRing, *, keep: int, now: datetime, spare: Path) -> Sequence[Path]:
    """Remove this school's own automatic backups that newer ones have replaced, and what was cut off; returns which.

    Raises:
        ExportError: One of them cannot be removed.
    """
    ours = [one for one in listed(folder, keys) if one.state is BackupState.OURS]
    gone = outlived(
        [(one.made_at, one.manifest.origin, one.path) for one in ours if one.manifest is not None],
        keep=keep,
        now=now,
    )
    removed = [path for path in gone if path != spare]
    try:
        removed += [one for one in folder.glob(".kiosk-*.part") if _is_left_over(one, now)]
        for path in removed:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error
    return removed


def unusable(folder: Path, error: OSError) -> ExportError:
    """Says that the folder cannot be used."""
    return ExportError(
        _(
            "The folder for backups cannot be used: {strerror} ({folder}).",
            strerror=error.strerror or error,
            folder=folder,
        ),
        _("Connect the disk or share, or choose another folder in the settings."),
    )


def _look(path: Path, keys: KeyRing | None) -> KeptBackup:
    about = path.stat()
    try:
        with opened(path) as bundle:
            manifest = bundle.manifest
            return KeptBackup(path, about.st_size, manifest.created_at, manifest, bundle.state(keys))
    except FileFormatError:
        return KeptBackup(path, about.st_size, datetime.fromtimestamp(about.st_mtime, UTC), None, None)


def _is_left_over(half: Path, now: datetime) -> bool:
    """Whether nobody writes it any more."""
    return not 0 <= now.timestamp() - half.stat().st_mtime < AT_WORK_S


def _is_there(data_dir: Path) -> bool:
    return (data_dir / HISTORY_FILE).is_file()
