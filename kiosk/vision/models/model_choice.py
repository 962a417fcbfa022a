"""Which recognition model a kiosk uses: the chosen one where it is installed, the built-in one otherwise.

Quick: no model file is read and no library is loaded. From any thread.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.domain.faces.recognition import BUILTIN_MODEL, BUILTIN_TEMPLATES, ModelInfo
from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.models.conversion_record import is_of_known_training, read_record, templates_of
from kiosk.vision.models.manifest import ModelEntry, entry_for, read_manifest

AUTO: Final = "auto"
"""The best model that is installed, until faces are enrolled."""

PREFERRED: Final = ("facenet-sface", "sface", "facenet128")
"""What `AUTO` takes: the first that is installed. In the order of how little they err (docs/recognition.md)."""


DetectorFiles = tuple[tuple[str, int], ...]
InstalledFiles = tuple[tuple[str, int, int], ...]


def wanted_model(models_dir: Path, model: str) -> str:
    """The model that a setting asks for: `AUTO` asks for the first of `PREFERRED` that was installed, damaged or not.

    Weights of an unknown training run are used only where somebody chose them.
    """
    if model != AUTO:
        return model
    manifest = read_manifest()
    for name in PREFERRED:
        if all(_was_installed(models_dir, manifest[part]) for part in manifest[name].parts or (name,)):
            return name
    return BUILTIN_MODEL


def settled_model(models_dir: Path, templates: Mapping[str, int]) -> str:
    """What `AUTO` comes to: the installed model that knows most of the enrolled faces, and that of `wanted_model` where none does.

    So a model that is installed later is not used before somebody chooses it: it may err more on this school's people.

    Args:
        models_dir: The model store.
        templates: How many are enrolled, by model as templates refer to it.
    """
    known = {name: _enrolled(models_dir, name, templates) for name in (*PREFERRED, BUILTIN_MODEL)}
    most = max(known, key=lambda name: known[name])
    return most if known[most] else wanted_model(models_dir, AUTO)


def _enrolled(models_dir: Path, name: str, templates: Mapping[str, int]) -> int:
    """How many faces a model knows, or will once they are measured anew: by its plain name are those of a way it was fed before."""
    there = _there(models_dir, name)
    return max(templates.get(there, 0), templates.get(name, 0)) if there else 0


def _there(models_dir: Path, name: str) -> str:
    """How templates refer to a model that is there; empty for one that is not."""
    found = model_in_use(models_dir, name)
    return found if name == BUILTIN_MODEL or found != BUILTIN_TEMPLATES else ""


def model_in_use(models_dir: Path, model: str = AUTO) -> str:
    """The model that `factory.build_embedder` would use, unless its file turns out to be damaged; as templates refer to it."""
    entry = entry_for(wanted_model(models_dir, model))
    info = None if entry is None else _seen(models_dir, entry)
    return BUILTIN_TEMPLATES if info is None else info.name


def detector_files(models_dir: Path) -> DetectorFiles:
    """The installed face detectors' file names and when they were written: another answer asks for a new look."""
    found = []
    for entry in read_manifest().values():
        if entry.task == "detection":
            with suppress(OSError):
                found.append((entry.file, (models_dir / entry.file).stat().st_mtime_ns))
    return tuple(found)


def installed_as(models_dir: Path, name: str) -> InstalledFiles:
    """What lies in the store for a model: digest in the record, size and time of each converted file; empty for nothing.

    It changes when the model, or a part of it, is installed again.
    """
    manifest = read_manifest()
    entry = entry_for(name, manifest)
    found = []
    for part in () if entry is None else entry.parts or (entry.name,):
        with suppress(ModelError, OSError):
            if (record := read_record(models_dir, manifest[part])) is not None:
                seen = (models_dir / record.file).stat()
                found.append((record.sha256, seen.st_size, seen.st_mtime_ns))
    return tuple(found)


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


def _was_installed(models_dir: Path, entry: ModelEntry) -> bool:
    """Whether a model was installed with weights that go by its name, damaged or not."""
    try:
        record = read_record(models_dir, entry)
    except ModelError:
        return True
    return record is not None and is_of_known_training(record, entry)


def _seen(models_dir: Path, entry: ModelEntry) -> ModelInfo | None:
    """A converted model that is there in its right size, as templates refer to it; its bytes are not read."""
    if entry.parts and entry.recognition is not None:
        manifest = read_manifest()
        parts = [_seen(models_dir, manifest[part]) for part in entry.parts]
        names = [None if part is None else part.name for part in parts]
        return entry.recognition if names == [part.name for part in entry.recognition.parts] else None
    try:
        record = read_record(models_dir, entry)
        if record is None or (models_dir / record.file).stat().st_size != record.size:
            return None
    except (ModelError, OSError):
        return None
    return templates_of(record, entry)
