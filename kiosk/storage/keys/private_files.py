"""Small files that only their owner may read, written completely or not at all. Any thread.

The mode is that of POSIX systems; on Windows a file inherits the rights of the user's profile.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.errors import StorageError


@contextmanager
def storage_errors(place: Path) -> Iterator[None]:
    """Turn what the operating system refuses into words about `place`."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The data directory cannot be used: {error.strerror or error} ({place}).",
            "Check that the folder exists, belongs to you and has free space, or choose another with --data-dir.",
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
            path.chmod(0o600)
        return path.read_bytes()


def write_private(path: Path, content: bytes) -> None:
    """Replace or make `path` atomically, readable for the owner only."""
    with storage_errors(path):
        staged = _staged(path, content)
        staged.replace(path)
        sync_folder(path.parent)


def create_private(path: Path, content: bytes) -> bool:
    """Make `path` with `content`; False when somebody else made it first (and nothing is changed)."""
    with storage_errors(path):
        staged = _staged(path, content)
        try:
            os.link(staged, path)
        except FileExistsError:
            return False
        finally:
            staged.unlink()
        sync_folder(path.parent)
        return True


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last through a power cut (Windows does so by itself)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _staged(path: Path, content: bytes) -> Path:
    staged = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    return staged
