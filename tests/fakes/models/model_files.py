"""Small models for the model store: a manifest of three, weights that look like HDF5, and conversions without TensorFlow."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.domain.faces.recognition import Metric, ModelInfo, Thresholds
from kiosk.errors import ModelError
from kiosk.files import write_whole
from kiosk.services.ports.model_store import InstallWatcher
from kiosk.vision.models.conversion import show_share
from kiosk.vision.models.conversion_record import (
    ConversionRecord,
    converted_files,
    converted_model,
    file_sha256,
    read_record,
)
from kiosk.vision.models.manifest import ModelEntry, PublishedGraph

DETECTOR = b"the bytes of a detector"
WEIGHTS = b"\x89HDF\r\n\x1a\n" + b"weights " * 2000
GRAPH = b"\x08\x08" + b"the graph " * 1500


def write_stick(folder: Path) -> Path:
    """Make a folder with every file, as on a USB stick."""
    folder.mkdir()
    (folder / "small.onnx").write_bytes(DETECTOR)
    (folder / "net.h5").write_bytes(WEIGHTS)
    return folder


def small_manifest(base: str = "http://127.0.0.1:9") -> Mapping[str, ModelEntry]:
    """A detector, a network to convert and the built-in model; files are at `base`."""
    detector = ModelEntry(
        name="small",
        task="detection",
        builtin=False,
        file="small.onnx",
        source="the test",
        licence="MIT",
        size=len(DETECTOR),
        sha256=hashlib.sha256(DETECTOR).hexdigest(),
        input="pixels",
        recognition=None,
        urls=(f"{base}/small.onnx",),
        terms="Free to use.",
    )
    network = ModelEntry(
        name="net",
        task="recognition",
        builtin=False,
        file="net.h5",
        source="the test",
        licence="Research only",
        size=len(WEIGHTS),
        sha256="",
        input="faces",
        recognition=ModelInfo("net", 8, Metric.COSINE, Thresholds(0.2, 0.3, 0.03)),
        urls=(f"{base}/a/net.h5", f"{base}/b/net.h5"),
        converted="net.tflite",
        terms="For research.",
        graph=PublishedGraph("net_graph.onnx", (f"{base}/a/net_graph.onnx",), len(GRAPH), ""),
    )
    builtin = ModelEntry(
        "dlib-resnet-v1", "recognition", True, "dlib.dat", "dlib", "CC0-1.0", 1, "ab" * 32, "faces", None
    )
    return {entry.name: entry for entry in (builtin, network, detector)}


class Cut(BaseException):
    """The power goes: nothing catches it."""


@dataclass(slots=True)
class FakeConversions:
    """Converts by reversing the bytes; may be told to fail, or to stop at any step as a power cut would.

    Attributes:
        cosine: What the comparison gives.
        refuse: Raised instead of converting.
        missing: Raised by `require`.
        has_tensorflow: Whether weights can be converted; graphs always can.
        steps: Called with the name of each step before it is taken.
        converted: Weights that were converted, and where they came from.
    """

    cosine: float = 0.99999
    refuse: ModelError | None = None
    missing: ModelError | None = None
    has_tensorflow: bool = True
    steps: Callable[[str], None] = lambda _name: None
    converted: list[tuple[Path, str]] = field(default_factory=list)

    def has_tools(self, entry: ModelEntry) -> bool:
        return self.has_tensorflow or entry.converted.endswith(".onnx")

    def require(self, entry: ModelEntry) -> None:
        if self.missing is not None:
            raise self.missing
        if not self.has_tools(entry):
            raise ModelError("This kiosk comes without TensorFlow.")

    def convert(
        self,
        entry: ModelEntry,
        weights: Path,
        models_dir: Path,
        *,
        weights_from: str,
        watcher: InstallWatcher,
    ) -> ConversionRecord:
        self.converted.append((weights, weights_from))
        show_share(0.0, watcher)
        if self.refuse is not None:
            raise self.refuse
        show_share(0.5, watcher)
        graph = weights.read_bytes()[::-1]
        digest = hashlib.sha256(graph).hexdigest()
        record = ConversionRecord(
            model=entry.name,
            file=f"{entry.name}-{digest[:12]}{Path(entry.converted).suffix}",
            size=len(graph),
            sha256=digest,
            weights_file=entry.file,
            weights_size=weights.stat().st_size,
            weights_sha256=file_sha256(weights),
            weights_from=weights_from,
            cosine=self.cosine,
            made_at="2026-11-01T08:00:00+00:00",
            made_with="a fake",
        )
        self._put(graph, record, models_dir)
        show_share(1.0, watcher)
        return record

    def adopt(self, entry: ModelEntry, folder: Path, models_dir: Path) -> ConversionRecord | None:
        record = read_record(folder, entry)
        if record is not None:
            self._put(converted_model(folder, entry).read_bytes(), record, models_dir)
        return record

    def _put(self, graph: bytes, record: ConversionRecord, models_dir: Path) -> None:
        self.steps("file")
        write_whole(models_dir / record.file, graph)
        self.steps("record")
        record.save(models_dir)
        self.steps("old files")
        for older in converted_files(models_dir, record.model):
            if older.name != record.file:
                older.unlink()
