"""Which models of the manifest are installed, and installing one from a file on disk. Any thread."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kiosk.errors import ModelError, NotFoundError
from kiosk.vision.manifest import ModelEntry, read_manifest


class ModelState(StrEnum):
    """Whether a model can be used."""

    BUILT_IN = "built in"
    INSTALLED = "installed"
    MISSING = "not installed"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """One row of ``kiosk models list``."""

    name: str
    task: str
    state: ModelState
    licence: str
    size: int
    source: str


def installed_models(models_dir: Path) -> list[InstalledModel]:
    """All known models; installed files are read whole and checked."""
    return [
        InstalledModel(
            entry.name, entry.task, _state(entry, models_dir), entry.licence, entry.size, entry.source
        )
        for entry in read_manifest().values()
    ]


def install_model(name: str, origin: Path, models_dir: Path) -> Path:
    """Copy a model's file into the model store, after checking size and SHA-256; the old state stays on failure.

    Args:
        name: As in the manifest.
        origin: The file, or a folder that has it under the manifest's file name.
        models_dir: The model store.

    Raises:
        NotFoundError: No such model.
        ModelError: The file is missing, another one or damaged, or the store cannot be written.
    """
    manifest = read_manifest()
    entry = manifest.get(name)
    if entry is None:
        raise NotFoundError(f"There is no model {name}.", f"Known models: {', '.join(manifest)}.")
    if entry.builtin:
        raise ModelError(f"{name} is built in.", "There is nothing to install.")
    source = origin / entry.file if origin.is_dir() else origin
    entry.read(source)
    target = models_dir / entry.file
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=models_dir, prefix=entry.file, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file, source.open("rb") as original:
                shutil.copyfileobj(original, file)
                file.flush()
                os.fsync(file.fileno())
            entry.read(Path(part))
            Path(part).replace(target)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        raise ModelError(
            f"The model cannot be written to {models_dir} ({error.strerror}).", "Check rights and free space."
        ) from error
    return target


def _state(entry: ModelEntry, models_dir: Path) -> ModelState:
    if entry.builtin:
        return ModelState.BUILT_IN
    path = models_dir / entry.file
    if not path.exists():
        return ModelState.MISSING
    try:
        entry.read(path)
    except ModelError:
        return ModelState.DAMAGED
    return ModelState.INSTALLED
