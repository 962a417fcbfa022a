"""Whether backups can be kept in a folder, before one is made, and what speaks against it. Any thread but the window's."""

import errno
import os
import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile

from kiosk.domain.trust.backups import FolderDoubt, FolderOpinion
from kiosk.storage.backup.folder import SUFFIX, unusable


def judge(folder: Path, data_dir: Path, database: Path, *, keep: int) -> FolderOpinion:
    """Look at a folder, and write an empty file there for a moment; one that is not there yet is judged by the one around it.

    Raises:
        ExportError: It cannot be used: it or the disk is not there, or nothing can be written.
    """
    try:
        place = folder if folder.exists() else folder.parent
        if not place.is_dir():
            missing = errno.ENOTDIR if place.exists() else errno.ENOENT
            raise OSError(missing, os.strerror(missing))
        with NamedTemporaryFile(dir=place, prefix=".kiosk-", suffix=".part"):
            free = shutil.disk_usage(place).free
        sizes = [one.stat().st_size for one in folder.glob(f"*{SUFFIX}")]
        needed = max(sizes, default=database.stat().st_size) * max(keep - len(sizes), 1)
        doubts = (*_near(folder, place, data_dir), *((FolderDoubt.LITTLE_ROOM,) if free < needed else ()))
    except OSError as error:
        raise unusable(folder, error) from error
    return FolderOpinion(doubts, free, needed)


def _near(folder: Path, place: Path, data_dir: Path) -> tuple[FolderDoubt, ...]:
    if folder.resolve().is_relative_to(data_dir.resolve()):
        return (FolderDoubt.INSIDE,)
    return (FolderDoubt.SAME_DISK,) if place.stat().st_dev == data_dir.stat().st_dev else ()
