"""A PC without TensorFlow takes the network's published graph; only one that computes what it should is installed.

The published files cannot be had here. FaceNet-128's true architecture, with seeded weights, is written as such a graph.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import ModelError
from kiosk.services.ports.model_store import ModelState
from kiosk.services.ports.vision import Embedder
from kiosk.vision.embedding.converted_embedder import ConvertedEmbedder
from kiosk.vision.embedding.converted_network import open_installed
from kiosk.vision.embedding.face_inputs import TrainedInputs
from kiosk.vision.embedding.onnx_network import OnnxNetwork
from kiosk.vision.factory import build_eyes
from kiosk.vision.models.conversion import DeepfaceConversions
from kiosk.vision.models.conversion_process import check_alone
from kiosk.vision.models.conversion_record import read_record, templates_of
from kiosk.vision.models.installer import LocalModelStore
from kiosk.vision.models.manifest import ModelEntry, PublishedGraph, read_manifest
from tests.conftest import SHARED
from tests.fakes.models.file_server import Served, file_server
from tests.fakes.models.onlooker import Onlooker
from tests.fakes.vision.onnx_graphs import Fault, published
from tests.fakes.vision.seeded_models import compared_faces
from tests.unit.vision.conftest import SeededModels

ENTRY = read_manifest()["facenet512"]


def hide_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    hidden = {"tensorflow", "deepface"}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name in hidden else find(name))


@pytest.fixture
def served() -> Iterator[Served]:
    with file_server(Served(b"")) as made:
        yield made


def published_at(served: Served, entry: ModelEntry, graph: bytes) -> ModelEntry:
    """The model, its graph at a server of our own."""
    served.data = graph
    assert entry.graph is not None
    there = PublishedGraph(entry.graph.file, (f"{served.base}/{entry.graph.file}",), len(graph), "")
    return replace(entry, graph=there)


def installed(entry: ModelEntry, models_dir: Path, origin: Path | None = None) -> LocalModelStore:
    store = LocalModelStore(
        models_dir=models_dir, conversions=DeepfaceConversions(), manifest={entry.name: entry}
    )
    store.accept_licence(entry.name, by="Ada")
    store.install(entry.name, origin=origin, keep_weights=False, watcher=Onlooker())
    return store


def embedder(entry: ModelEntry, models_dir: Path) -> Embedder:
    assert entry.recognition is not None
    assert entry.fed is not None
    network, inputs = open_installed(models_dir, entry.name), TrainedInputs(entry.fed, eyes=build_eyes())
    return ConvertedEmbedder(network=network, info=entry.recognition, inputs=inputs)


def test_the_graph_of_facenet_gives_what_its_converted_file_gives(
    seeded_model: SeededModels, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = seeded_model("facenet128")
    hide_tensorflow(monkeypatch)
    entry = published_at(served, read_manifest()["facenet128"], made.graph.read_bytes())
    assert entry.graph is not None
    (row,) = installed(entry, tmp_path).models(chosen="facenet128")
    assert (row.state, row.obstacle, row.title) == (ModelState.INSTALLED, "", "FaceNet-128")
    record = read_record(tmp_path, entry)
    assert record is not None
    assert record.cosine >= 0.9999
    assert record.made_with.startswith("conversion 2, onnxruntime ")
    assert record.weights_from == entry.graph.urls[0]
    assert templates_of(record, entry) == entry.recognition, "templates go from one PC to the other"
    assert sorted(path.suffix for path in tmp_path.glob("facenet*")) == [".json", ".onnx"]

    ours, theirs = embedder(entry, tmp_path), embedder(entry, made.models_dir)
    for name, image, face in compared_faces(SHARED):
        (one,), (other,) = ours.embed(image, [face]), theirs.embed(image, [face])
        cosine = float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
        assert cosine >= 0.99999, name
        assert np.linalg.norm(one) == pytest.approx(np.linalg.norm(other), rel=1e-3), name


def test_a_graph_that_is_handed_in_is_checked_and_named_by_its_checksum(tmp_path: Path) -> None:
    assert ENTRY.graph is not None
    file = tmp_path / ENTRY.graph.file
    file.write_bytes(published(side=160, dimensions=512, last=False))
    entry = replace(ENTRY, graph=replace(ENTRY.graph, size=file.stat().st_size))
    installed(entry, tmp_path / "models", file)
    record = read_record(tmp_path / "models", entry)
    assert record is not None
    info = templates_of(record, entry)
    assert info is not None
    assert info.name == f"facenet512-centred-{record.sha256[:8]}", "nobody knows what it was trained on"
    assert (tmp_path / "models" / record.file).read_bytes() == file.read_bytes()
    assert open_installed(tmp_path / "models", "facenet512").run(
        np.zeros((2, 160, 160, 3), np.float32)
    ).shape == (2, 512)


def test_a_graph_of_another_network_is_said_and_changes_nothing(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide_tensorflow(monkeypatch)
    entry = published_at(served, ENTRY, published(side=160, dimensions=512))
    store = installed(entry, tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    other = published_at(served, ENTRY, published(side=112, dimensions=128))
    with pytest.raises(ModelError, match=r"facenet512_weights\.onnx is damaged or no graph of facenet512"):
        installed(other, tmp_path)
    (row,) = store.models(chosen="")
    assert row.state is ModelState.INSTALLED
    after = {path.name for path in tmp_path.iterdir()}
    assert after - before == {"facenet512_weights.onnx", "facenet512_weights.onnx.sha256"}, (
        "only the download"
    )


@pytest.mark.parametrize("fault", ["", "constant", "nan", "random"])
def test_only_a_graph_that_tells_faces_apart_and_repeats_itself_is_taken(fault: Fault) -> None:
    graph = published(side=160, dimensions=512, fault=fault)
    network = OnnxNetwork(graph, name="facenet512", side=160, dimensions=512)
    if not fault:
        assert 0.9999 <= check_alone(network, ENTRY) <= 1
    else:
        with pytest.raises(ModelError, match="cannot tell faces apart, or not twice in the same way"):
            check_alone(network, ENTRY)
