"""Networks that the folder app carries: copied once from the bundle into the models directory.

`kiosk.spec` puts in what set-up made on the PC that built the app. Called at the start of the folder app, before anything else runs.
"""

import logging
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kiosk.errors import ModelError
from kiosk.files import READ_BY_ALL, move_whole, write_whole
from kiosk.vision.embedding.package_data import bundle_folder
from kiosk.vision.models.conversion_record import converted_model, read_record, record_path
from kiosk.vision.models.manifest import ModelEntry, read_manifest

NOTE: Final = "bundled.txt"
"""What was copied before, a name a line: what an admin removed since does not come back."""

log = logging.getLogger(__name__)


def copy_bundled_models(models_dir: Path) -> list[str]:
    """Copy what the bundle has and the models directory never had; gives the models that are there now.

    Whatever goes wrong is logged and stops nothing: the built-in model works meanwhile.
    """
    bundle = bundle_folder()
    return [] if bundle is None else copy_models(bundle / "models", models_dir, read_manifest())


def copy_models(source: Path, models_dir: Path, manifest: Mapping[str, ModelEntry]) -> list[str]:
    """The same from any folder."""
    carried = [entry for entry in manifest.values() if entry.package is not None]
    copied: list[str] = []
    try:
        known = _known(models_dir)
        copied.extend(
            entry.name for entry in carried if entry.name not in known and _copy(entry, source, models_dir)
        )
        if copied:
            text = "".join(f"{name}\n" for name in sorted({*known, *copied}))
            write_whole(models_dir / NOTE, text.encode("ascii"), mode=READ_BY_ALL)
    except (OSError, ModelError) as error:
        log.warning("the networks of the bundle could not all be copied: %s", error)
    return copied


def _known(models_dir: Path) -> set[str]:
    try:
        return set((models_dir / NOTE).read_text("ascii").split())
    except (OSError, ValueError):
        return set()


def _copy(entry: ModelEntry, source: Path, models_dir: Path) -> bool:
    """Whether it is there now and was in the bundle; one that was installed otherwise stays."""
    if not entry.converted:
        if not (source / entry.file).is_file():
            return False
        models_dir.mkdir(parents=True, exist_ok=True)
        if not (models_dir / entry.file).exists():
            write_whole(models_dir / entry.file, entry.read(source / entry.file), mode=READ_BY_ALL)
        return True
    record = read_record(source, entry)
    if record is None:
        return False
    if record_path(models_dir, entry.name).exists():
        return True
    original = converted_model(source, entry)
    models_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=models_dir, prefix=".bundled-", ignore_cleanup_errors=True
    ) as folder:
        copy = Path(folder) / record.file
        shutil.copyfile(original, copy)
        move_whole(copy, models_dir / record.file)
    record.save(models_dir)
    return True
