"""Exporting a file, with sentences for what can go wrong. Any thread."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from kiosk.errors import ExportError
from kiosk.files import OWNER_ONLY, whole_file

_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})


@contextmanager
def replacing(path: Path, *, suffix: str, private: bool = False) -> Iterator[IO[bytes]]:
    """Give a stream to what takes the place of `path` when the block ends well, and stays nowhere when it fails.

    Args:
        path: The target.
        suffix: What the name must end in, such as ``.xlsx``.
        private: Only the owner may read the result (for files with secrets).

    Raises:
        ExportError: The target cannot be written.
    """
    try:
        _check(path, suffix)
        with whole_file(path, mode=OWNER_ONLY if private else None) as stream:
            yield stream
    except OSError as error:
        raise explain(error, path) from error


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
