"""The list of known models, `models/manifest.toml`, and the check of a file against it.

Read once at start, from any thread.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.faces.recognition import Metric, ModelInfo, Thresholds
from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.embedding.package_data import bundle_folder


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """What the manifest says of one model.

    Attributes:
        name: Stable identifier.
        task: ``recognition``, ``landmarks``, ``detection`` or ``liveness``.
        builtin: Whether its file comes with a Python package; others are installed into the models directory.
        file: File name, without a folder.
        source: Who made it and where it comes from, in words.
        licence: SPDX identifier.
        size: Bytes; approximate where `sha256` is empty.
        sha256: Of the whole file, lower-case hexadecimal; empty where its publisher gives none.
        input: What goes in, in words.
        recognition: For recognition models, how templates refer to it.
        urls: Where `file` is published, to be tried in order.
        converted: What is made from `file` at install and run by the kiosk, LiteRT's ``.tflite`` or ncnn's ``.ncnn``; empty
            when `file` is run.
        terms: What the licence means for a school, shown before installing.
        good_for: One sentence for who chooses.
        title: What people call it; its name where the manifest has none.
    """

    name: str
    task: str
    builtin: bool
    file: str
    source: str
    licence: str
    size: int
    sha256: str
    input: str
    recognition: ModelInfo | None
    urls: tuple[str, ...] = ()
    converted: str = ""
    terms: str = ""
    good_for: str = ""
    title: str = ""

    def read(self, path: Path) -> bytes:
        """The bytes of the model's file, checked against size and SHA-256; not for converted models.

        Raises:
            ModelError: The file is missing, cannot be read, or differs.
        """
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise ModelError(
                _("The model {name} is not installed.", name=self.name),
                _("Put {file} into {parent}.", file=self.file, parent=path.parent),
            ) from None
        except OSError as error:
            raise ModelError(
                _("The model file {path} cannot be read ({strerror}).", path=path, strerror=error.strerror),
                _("Check the rights of that file."),
            ) from error
        if len(data) != self.size or hashlib.sha256(data).hexdigest() != self.sha256:
            raise ModelError(
                _(
                    "The model file {name} is damaged or another version: it is not the {self_name} "
                    "that this kiosk was made for.",
                    name=path.name,
                    self_name=self.name,
                ),
                _("Delete {path} and install the model again.", path=path),
            )
        return data


def manifest_path() -> Path:
    """`models/manifest.toml` of this checkout, or of the bundle when frozen."""
    root = bundle_folder() or Path(__file__).resolve().parents[3]
    return root / "models" / "manifest.toml"


def read_manifest(path: Path | None = None) -> Mapping[str, ModelEntry]:
    """All known models by name, in the order of the file; `path` by default the kiosk's own manifest.

    Raises:
        ModelError: The manifest is missing or says something impossible.
    """
    path = path or manifest_path()
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        entries = [_entry(row) for row in table["model"]]
    except OSError as error:
        raise ModelError(
            _("The list of models {path} cannot be read ({strerror}).", path=path, strerror=error.strerror),
            _("Reinstall the kiosk."),
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            _("The list of models {path} is damaged ({error}).", path=path, error=error),
            _("Reinstall the kiosk."),
        ) from error
    return {entry.name: entry for entry in entries}


def _entry(row: Mapping[str, object]) -> ModelEntry:
    return ModelEntry(
        name=str(row["name"]),
        task=str(row["task"]),
        builtin=bool(row["builtin"]),
        file=Path(str(row["file"])).name,
        source=str(row["source"]),
        licence=str(row["licence"]),
        size=int(str(row["size"])),
        sha256=str(row["sha256"]),
        input=str(row["input"]),
        recognition=_recognition(row) if row["task"] == "recognition" else None,
        urls=_addresses(row.get("urls", [])),
        converted=Path(str(row.get("converted", ""))).name,
        terms=" ".join(str(row.get("terms", "")).split()),
        good_for=str(row.get("good_for", "")),
        title=str(row.get("title", row["name"])),
    )


def _addresses(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(url, str) for url in value):
        raise TypeError("urls is no list of addresses")
    return tuple(value)


def _recognition(row: Mapping[str, object]) -> ModelInfo:
    accept, reject, margin = (float(str(row[field])) for field in ("accept", "reject", "margin"))
    return ModelInfo(
        name=str(row["name"]),
        dimensions=int(str(row["dimensions"])),
        metric=Metric(str(row["metric"])),
        thresholds=Thresholds(accept, reject, margin),
    )
