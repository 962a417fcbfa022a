"""Where the files of the package `face_recognition_models` are.

The package is data only, and importing it needs `pkg_resources`, which current setuptools no longer has. So
its files are found without importing it: beside the module that the import system would load, or in the
bundle of a frozen program. Called once at start, from any thread.
"""

import importlib.util
import sys
from pathlib import Path
from typing import Final

from kiosk.errors import ModelError
from kiosk.translation import _

PACKAGE: Final = "face_recognition_models"


def package_model(file_name: str) -> Path:
    """Path of one model file of `face_recognition_models`.

    Raises:
        ModelError: The package or the file is not installed.
    """
    for folder in _folders():
        path = folder / "models" / file_name
        if path.is_file():
            return path
    raise ModelError(
        _("The built-in face model file {file_name} is missing.", file_name=file_name),
        _("Install the Python package {package} again, or reinstall the kiosk.", package=PACKAGE),
    )


def bundle_folder() -> Path | None:
    """Where PyInstaller unpacked the program's data; None when not frozen."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) if bundle is not None else None


def _folders() -> list[Path]:
    found: list[Path] = []
    bundle = bundle_folder()
    if bundle is not None:
        found.append(bundle / PACKAGE)
    spec = importlib.util.find_spec(PACKAGE)
    if spec is not None and spec.submodule_search_locations is not None:
        found.extend(Path(place) for place in spec.submodule_search_locations)
    return found
