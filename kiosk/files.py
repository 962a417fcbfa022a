"""Files that are written whole or not at all, and last through a power cut. Any thread; failures are `OSError`s.

Whoever writes a file says in words what failed: the sentences belong to the subject, not to the disk.
"""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

OWNER_ONLY: Final = 0o600
"""The mode of files with secrets. Modes are those of POSIX systems; Windows gives the rights of the folder."""

READ_BY_ALL: Final = 0o644
"""The mode of files that one account of the PC writes and another one reads."""

_NO_SYNC: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EACCES})
"""What network file systems, and folders that may be written but not listed, say to a folder's fsync."""

_NAME_CHARACTERS: Final = 40
"""Of the target's name that a temporary name repeats: in no script do they fill the 255 bytes that a name may have."""


@contextmanager
def whole_file(path: Path, *, mode: int | None = None) -> Iterator[IO[bytes]]:
    """Give a stream to a temporary file beside `path`; when the block ends well, it takes the place of `path`.

    When anything fails, the temporary file is removed and an old `path` stays as it was.

    Args:
        path: The target; its folder is there.
        mode: The result's mode, never wider on the way; None: as the system makes files.

    Raises:
        OSError: The file cannot be written.
    """
    temporary = _beside(path)
    try:
        with _synced(temporary, mode) as stream:
            yield stream
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Make or replace `path`, as `whole_file` does."""
    with whole_file(path, mode=mode) as stream:
        stream.write(content)


def create_whole(path: Path, content: bytes, *, mode: int | None = None) -> bool:
    """Make `path`; False when somebody else made it first, and nothing is changed then.

    Raises:
        OSError: The file cannot be written.
    """
    temporary = _beside(path)
    try:
        with _synced(temporary, mode) as stream:
            stream.write(content)
        os.link(temporary, path)
        sync_folder(path.parent)
    except FileExistsError:
        return False
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return True


def move_whole(made: Path, path: Path) -> None:
    """Give a finished file the name `path` on the same disk, in place of an older one.

    Raises:
        OSError: It cannot be read or renamed; an old `path` stays as it was.
    """
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    made.replace(path)
    sync_folder(path.parent)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:_NAME_CHARACTERS]}.{secrets.token_hex(8)}.part")


@contextmanager
def _synced(path: Path, mode: int | None) -> Iterator[IO[bytes]]:
    """Give a stream to a new file, never through a link that somebody put there; its bytes last when the block ends."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666 if mode is None else mode), "w+b") as stream:
        if mode is not None and mode != OWNER_ONLY:
            path.chmod(mode)  # whatever the account's umask took away
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename last, where the system lets folders be opened (Windows does so by itself)."""
    if os.name != "posix":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
