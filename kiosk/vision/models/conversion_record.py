"""What is kept beside a converted model: which file it is, which weights it came from, how well it agrees with them.

`<model>.json` in the models directory names the converted file, whose own name carries the beginning of its SHA-256. So a
new conversion never overwrites the file that is in use, and replacing the record, in one rename, is the moment at which
a model becomes installed. Read at start and when a model is chosen, from any thread.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kiosk.domain.faces.recognition import ModelInfo
from kiosk.errors import ModelError
from kiosk.files import READ_BY_ALL, write_whole
from kiosk.translation import _
from kiosk.vision.models.manifest import ModelEntry

BLOCK: Final = 1 << 20
"""Bytes hashed at a time."""

ENDINGS: Final = frozenset({".tflite", ".ncnn", ".onnx"})
"""Of converted files: for LiteRT, ncnn and ONNX Runtime."""


@dataclass(frozen=True, slots=True)
class ConversionRecord:
    """One converted model.

    Attributes:
        model: Its name in the manifest.
        file: Name of the converted file beside this record; its ending says what runs it.
        size: Of that file, bytes.
        sha256: Of that file, lower-case hexadecimal.
        weights_file: Name of the weights file that it was made from.
        weights_size: Of the weights, bytes.
        weights_sha256: Of the weights, lower-case hexadecimal.
        weights_from: The address that they were loaded from, or the name of the file on disk.
        cosine: Smallest cosine between its embeddings and those of deepface's own `forward`, or of the published graph; of a
            graph that is run as published, between its own of faces one by one and all at once.
        made_at: When, ISO 8601 in UTC.
        made_with: Names and versions of the programs that converted it.
    """

    model: str
    file: str
    size: int
    sha256: str
    weights_file: str
    weights_size: int
    weights_sha256: str
    weights_from: str
    cosine: float
    made_at: str
    made_with: str

    def save(self, models_dir: Path) -> None:
        """Write it, whole or not at all. Raises OSError: the models directory cannot be written."""
        text = json.dumps(dataclasses.asdict(self), indent=2, ensure_ascii=False)
        write_whole(record_path(models_dir, self.model), text.encode("utf-8"), mode=READ_BY_ALL)


def is_of_known_training(record: ConversionRecord, entry: ModelEntry) -> bool:
    """Whether the weights are those that go by the model's name: by checksum, or loaded from where they are published.

    Anybody's weights fit a network; those of another training run tell people apart otherwise, and their templates must not
    pass for the model's.
    """
    ways = [way for way in (entry, entry.package, entry.graph) if way is not None]
    urls = (*entry.urls, *(entry.graph.urls if entry.graph is not None else ()))
    return record.weights_sha256 in {way.sha256 for way in ways if way.sha256} or record.weights_from in urls


def templates_of(record: ConversionRecord, entry: ModelEntry) -> ModelInfo | None:
    """How templates refer to what is installed: weights of an unknown training run have a name of their own."""
    info = entry.recognition
    if info is None or is_of_known_training(record, entry):
        return info
    return replace(info, name=f"{info.name}-{record.weights_sha256[:8]}", clarity=None)


def record_path(models_dir: Path, model: str) -> Path:
    """Where the record of a model is kept."""
    return models_dir / f"{model}.json"


def read_record(models_dir: Path, entry: ModelEntry) -> ConversionRecord | None:
    """The record of a converted model; None when it is not installed.

    Raises:
        ModelError: There is one, but it is damaged or another model's.
    """
    path = record_path(models_dir, entry.name)
    try:
        record = _record(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ModelError(
            _("The record {path} cannot be read ({strerror}).", path=path, strerror=error.strerror),
            _("Check the rights of that file."),
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            _("The record of the model {name} is damaged.", name=entry.name),
            _("Install the model again: kiosk models install {name}", name=entry.name),
        ) from error
    if record.model != entry.name:
        raise ModelError(
            _("The record {name} belongs to the model {model}.", name=path.name, model=record.model),
            _("Install the model again: kiosk models install {name}", name=entry.name),
        )
    return record


def converted_model(models_dir: Path, entry: ModelEntry) -> Path:
    """The converted file of an installed model, its size and SHA-256 checked; about 0.3 s for 95 MB.

    Raises:
        ModelError: The model is not installed, or its file is missing, damaged or swapped.
    """
    again = _("Install the model again: kiosk models install {name}", name=entry.name)
    record = read_record(models_dir, entry)
    if record is None:
        raise ModelError(
            _("The model {name} is not installed.", name=entry.name),
            _("Install it: kiosk models install {name}", name=entry.name),
        )
    path = models_dir / record.file
    try:
        whole = path.stat().st_size == record.size and file_sha256(path) == record.sha256
    except OSError as error:
        raise ModelError(
            _(
                "The model file {file} cannot be read ({strerror}).",
                file=record.file,
                strerror=error.strerror,
            ),
            again,
        ) from error
    if not whole:
        raise ModelError(
            _(
                "The model file {file} is damaged or was swapped: it is not the {name} that was installed.",
                file=record.file,
                name=entry.name,
            ),
            again,
        )
    return path


def converted_files(models_dir: Path, model: str) -> list[Path]:
    """All converted files of a model: the installed one, and any that a cut left behind."""
    return sorted(path for path in models_dir.glob(f"{model}-*") if path.suffix in ENDINGS)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read block by block; lower-case hexadecimal. Raises OSError: it cannot be read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _record(row: Mapping[str, object]) -> ConversionRecord:
    values = {field.name: row[field.name] for field in dataclasses.fields(ConversionRecord)}
    text = {name: str(value) for name, value in values.items()}
    return ConversionRecord(
        model=text["model"],
        file=Path(text["file"]).name,
        size=int(text["size"]),
        sha256=text["sha256"],
        weights_file=text["weights_file"],
        weights_size=int(text["weights_size"]),
        weights_sha256=text["weights_sha256"],
        weights_from=text["weights_from"],
        cosine=float(text["cosine"]),
        made_at=text["made_at"],
        made_with=text["made_with"],
    )
