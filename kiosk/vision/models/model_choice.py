"""Which recognition model a kiosk uses: the chosen one where it is installed, the built-in one otherwise.

Quick: no model file is read and no library is loaded. From any thread.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.domain.faces.recognition import BUILTIN_MODEL
from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.models.conversion_record import read_record
from kiosk.vision.models.manifest import ModelEntry, read_manifest

AUTO: Final = "auto"
"""The best model that is installed."""

PREFERRED: Final = "facenet512"
"""What `AUTO` takes once it is installed."""


DetectorFiles = tuple[tuple[str, int], ...]


def wanted_model(models_dir: Path, model: str) -> str:
    """The model that a setting asks for: `AUTO` asks for facenet512 once it was installed, damaged or not."""
    if model != AUTO:
        return model
    try:
        installed = read_record(models_dir, read_manifest()[PREFERRED]) is not None
    except ModelError:
        installed = True
    return PREFERRED if installed else BUILTIN_MODEL


def model_in_use(models_dir: Path, model: str = AUTO) -> str:
    """The model that `factory.build_embedder` would use, unless its file turns out to be damaged."""
    wanted = wanted_model(models_dir, model)
    entry = read_manifest().get(wanted)
    return wanted if entry is not None and _seems_installed(models_dir, entry) else BUILTIN_MODEL


def detector_files(models_dir: Path) -> DetectorFiles:
    """The installed face detectors' file names and when they were written: another answer asks for a new look."""
    found = []
    for entry in read_manifest().values():
        if entry.task == "detection":
            with suppress(OSError):
                found.append((entry.file, (models_dir / entry.file).stat().st_mtime_ns))
    return tuple(found)


def installed_as(models_dir: Path, name: str) -> tuple[str, int, int] | None:
    """What lies in the store for a converted model: digest in its record, size and time of its file; None for nothing.

    It changes when the model is installed again.
    """
    entry = read_manifest().get(name)
    try:
        record = read_record(models_dir, entry) if entry is not None else None
        if record is None:
            return None
        seen = (models_dir / record.file).stat()
    except (ModelError, OSError):
        return None
    return record.sha256, seen.st_size, seen.st_mtime_ns


def kept_weights(models_dir: Path, entry: ModelEntry) -> Path:
    """The weights file that a model was converted from, where it was kept at install.

    Raises:
        ModelError: It was not, or another file lies there.
    """
    path = models_dir / entry.file
    again = _("Install it again: kiosk models install {name} --keep-weights", name=entry.name)
    if not path.is_file():
        raise ModelError(
            _("The engine tensorflow needs the weights of {name}, which were not kept.", name=entry.name),
            again,
        )
    record = read_record(models_dir, entry)
    if record is not None and path.stat().st_size != record.weights_size:
        raise ModelError(
            _(
                "The file {name} is not the one that {entry_name} was converted from.",
                name=path.name,
                entry_name=entry.name,
            ),
            again,
        )
    return path


def _seems_installed(models_dir: Path, entry: ModelEntry) -> bool:
    """Whether a converted model is there in its right size; its bytes are not read."""
    try:
        record = read_record(models_dir, entry)
        return record is not None and (models_dir / record.file).stat().st_size == record.size
    except (ModelError, OSError):
        return False
