"""Exporting a file, with sentences for what can go wrong. Any thread."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from kiosk.errors import ExportError
from kiosk.files import OWNER_ONLY, whole_file
from kiosk.translation import _

_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})


@contextmanager
def replacing(path: Path, *, suffix: str) -> Iterator[IO[bytes]]:
    """Give a stream to what takes the place of `path` when the block ends well, and stays nowhere when it fails.

    Only the owner may read the result: whatever is exported is about people.

    Args:
        path: The target.
        suffix: What the name must end in, such as ``.xlsx``.

    Raises:
        ExportError: The target cannot be written.
    """
    try:
        _check(path, suffix)
        with whole_file(path, mode=OWNER_ONLY) as stream:
            yield stream
    except OSError as error:
        raise explain(error, path) from error


def explain(error: OSError, path: Path) -> ExportError:
    """Say what a failed write means and what to do about it."""
    if error.errno in _FULL:
        return ExportError(
            _("There is no room for {name}: the disk is full.", name=path.name),
            _("Delete something or choose another place, then export again."),
        )
    if isinstance(error, PermissionError) and os.path.lexists(path):
        return ExportError(
            _("{name} cannot be replaced.", name=path.name),
            _("Close it in Excel or other programs, or choose another name."),
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return ExportError(
            _("The folder {parent} may not be written to.", parent=path.parent),
            _("Choose another folder, such as Documents."),
        )
    if error.errno == errno.ENAMETOOLONG:
        return ExportError(_("The file's name is too long."), _("Choose a shorter name."))
    return ExportError(
        _(
            "{name} could not be written ({strerror}).",
            name=path.name,
            strerror=error.strerror or _("unknown reason"),
        ),
        _("Choose another place."),
    )


def _check(path: Path, suffix: str) -> None:
    if path.is_dir():
        raise ExportError(
            _("{path} is a folder.", path=path), _("Add a file name that ends in {suffix}.", suffix=suffix)
        )
    if path.suffix.lower() != suffix:
        raise ExportError(
            _("The file's name must end in {suffix}.", suffix=suffix),
            _("Try {stem}{suffix}.", stem=path.stem or _("export"), suffix=suffix),
        )
    if not path.parent.is_dir():
        raise ExportError(
            _("The folder {parent} does not exist.", parent=path.parent),
            _("Make it first, or choose another one."),
        )
