"""Writing a file all or not at all, with sentences for what can go wrong. Any thread."""

import contextlib
import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from kiosk.errors import ExportError

_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})


@contextmanager
def replacing(
    path: Path,
    *,
    suffix: str,
    private: bool = False,
    replace: Callable[[Path, Path], None] = os.replace,
) -> Iterator[IO[bytes]]:
    """Give a stream to a temporary file beside `path`; when the block ends well it takes the place of `path`.

    When anything fails, the temporary file is removed and an old `path` stays as it was.

    Args:
        path: The target.
        suffix: What the name must end in, such as ``.xlsx``.
        private: Only the owner may read the result (for files with secrets).
        replace: Puts the first file in the place of the second.

    Raises:
        ExportError: The target cannot be written.
    """
    try:
        _check(path, suffix)
    except OSError as error:
        raise explain(error, path) from error
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        # As `open` would, but never through a link that somebody put there, and with the rights asked for.
        descriptor = os.open(
            temporary,
            os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0),
            0o600 if private else 0o666,
        )
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise explain(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def explain(error: OSError, path: Path) -> ExportError:
    """Say what a failed write means and what to do about it."""
    if error.errno in _FULL:
        return ExportError(
            f"There is no room for {path.name}: the disk is full.",
            "Delete something or choose another place, then export again.",
        )
    if isinstance(error, PermissionError) and os.path.lexists(path):
        return ExportError(
            f"{path.name} cannot be replaced.",
            "Close it in Excel or other programs, or choose another name.",
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return ExportError(
            f"The folder {path.parent} may not be written to.", "Choose another folder, such as Documents."
        )
    if error.errno == errno.ENAMETOOLONG:
        return ExportError("The file's name is too long.", "Choose a shorter name.")
    return ExportError(
        f"{path.name} could not be written ({error.strerror or 'unknown reason'}).", "Choose another place."
    )


def _check(path: Path, suffix: str) -> None:
    if path.is_dir():
        raise ExportError(f"{path} is a folder.", f"Add a file name that ends in {suffix}.")
    if path.suffix.lower() != suffix:
        raise ExportError(f"The file's name must end in {suffix}.", f"Try {path.stem or 'export'}{suffix}.")
    if not path.parent.is_dir():
        raise ExportError(
            f"The folder {path.parent} does not exist.", "Make it first, or choose another one."
        )


def _sync_folder(folder: Path) -> None:
    """Make the rename itself lasting, where the system lets folders be opened (not on Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # network file systems
            raise
    finally:
        os.close(descriptor)
