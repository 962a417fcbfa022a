"""Model files that the kiosk makes itself: written whole or not at all, and noticed when damaged.

Beside `<name>` stands `<name>.sha256` with the digest of what was written and the recipe it was made by. A file whose
digest or recipe differs counts as absent. Called at start, from any thread; two processes at once do no harm.
"""

import errno
import hashlib
from pathlib import Path

from kiosk.errors import ModelError
from kiosk.files import READ_BY_ALL, write_whole
from kiosk.translation import _


def load_made(models_dir: Path, name: str, *, recipe: str) -> bytes | None:
    """The bytes of a file made before; None when it is missing, damaged, or made by another recipe."""
    try:
        data = (models_dir / name).read_bytes()
        record = _record_path(models_dir, name).read_text("ascii")
    except (OSError, ValueError):
        return None
    return data if record == _record(data, name, recipe) else None


def save_made(models_dir: Path, name: str, data: bytes, *, recipe: str) -> None:
    """Write a file and its record, each through a temporary file and a rename.

    Raises:
        ModelError: The models directory cannot be made or written.
    """
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        record = _record(data, name, recipe).encode("ascii")
        write_whole(models_dir / name, data, mode=READ_BY_ALL)
        write_whole(_record_path(models_dir, name), record, mode=READ_BY_ALL)
    except OSError as error:
        raise cannot_write(models_dir, error) from error


def cannot_write(folder: Path, error: OSError) -> ModelError:
    """What to say when the models directory cannot be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return ModelError(
            _("The disk is full."), _("Make room where {folder} is, and try again.", folder=folder)
        )
    return ModelError(
        _(
            "The models directory {folder} cannot be written ({strerror}).",
            folder=folder,
            strerror=error.strerror or error,
        ),
        _("Check its rights and the free disk space, or name another one with KIOSK_MODELS_DIR."),
    )


def _record_path(models_dir: Path, name: str) -> Path:
    return models_dir / f"{name}.sha256"


def _record(data: bytes, name: str, recipe: str) -> str:
    return f"{hashlib.sha256(data).hexdigest()}  {name}  {recipe}\n"
