"""Small files that only their owner may read, written completely or not at all. Any thread.

The mode is that of POSIX systems; on Windows a file inherits the rights of the user's profile.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.errors import StorageError
from kiosk.files import OWNER_ONLY, create_whole, write_whole
from kiosk.translation import _


@contextmanager
def storage_errors(place: Path) -> Iterator[None]:
    """Turn what the operating system refuses into words about `place`."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            _(
                "The data directory cannot be used: {strerror} ({place}).",
                strerror=error.strerror or error,
                place=place,
            ),
            _(
                "Check that the folder exists, belongs to you and has free space, or choose another with --data-dir."
            ),
        ) from error


def private_folder(folder: Path) -> None:
    """Make a folder (with its parents) that only the owner may enter; an existing one keeps its mode."""
    with storage_errors(folder):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def read_private(path: Path) -> bytes:
    """The whole content; a file that others could read is closed to them first."""
    with storage_errors(path):
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(OWNER_ONLY)
        return path.read_bytes()


def write_private(path: Path, content: bytes) -> None:
    """Replace or make `path` atomically, readable for the owner only."""
    with storage_errors(path):
        write_whole(path, content, mode=OWNER_ONLY)


def create_private(path: Path, content: bytes) -> bool:
    """Make `path` with `content`; False when somebody else made it first (and nothing is changed)."""
    with storage_errors(path):
        return create_whole(path, content, mode=OWNER_ONLY)
