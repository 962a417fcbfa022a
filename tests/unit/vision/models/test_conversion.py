"""Conversion: a cut, a refusal and a death leave the old state; only the network that deepface computes is taken."""

import multiprocessing
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from kiosk.errors import InstallStoppedError, ModelError, NotFoundError
from kiosk.services.ports.model_store import InstallProgress
from kiosk.vision.embedding.converted_network import open_installed, open_network
from kiosk.vision.embedding.deepface_networks import NETWORKS
from kiosk.vision.models.conversion import DeepfaceConversions, Target
from kiosk.vision.models.conversion_process import check_against_deepface, check_inputs
from kiosk.vision.models.conversion_record import converted_model, read_record
from kiosk.vision.models.manifest import ModelEntry, read_manifest
from tests.fakes.child import run_child
from tests.fakes.models.onlooker import Onlooker
from tests.fakes.vision import conversions
from tests.fakes.vision.onnx_graphs import quantised
from tests.unit.vision.conftest import SeededModels

ENTRY = read_manifest()["facenet512"]


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "weights" / ENTRY.file
    path.parent.mkdir()
    path.write_bytes(b"weights")
    return path


@pytest.fixture
def models_dir(tmp_path: Path, weights: Path) -> Path:
    """A store in which an older conversion is installed."""
    folder = tmp_path / "models"
    DeepfaceConversions(conversions.converts).convert(ENTRY, weights, folder)
    return folder


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_conversion_is_read_back_by_its_name(models_dir: Path) -> None:
    assert converted_model(models_dir, ENTRY).read_bytes() == conversions.GRAPH
    record = read_record(models_dir, ENTRY)
    assert record is not None
    assert (record.weights_file, record.weights_size, record.cosine) == (ENTRY.file, 7, 0.99999)
    assert sorted(state(models_dir)) == [record.file, "facenet512.json"]


@pytest.mark.parametrize(
    ("target", "sentence"),
    [(conversions.is_killed, "memory ran out"), (conversions.refuses, "of another network")],
    ids=["killed", "refused"],
)
def test_a_conversion_that_fails_changes_nothing(
    models_dir: Path, weights: Path, target: Target, sentence: str
) -> None:
    before = state(models_dir)
    with pytest.raises(ModelError, match=sentence):
        DeepfaceConversions(target).convert(ENTRY, weights, models_dir)
    assert state(models_dir) == before


def test_giving_up_ends_the_process_and_changes_nothing(models_dir: Path, weights: Path) -> None:
    class GivesUp(Onlooker):
        """Cancels once the process is at work."""

        def show(self, progress: InstallProgress) -> None:
            super().show(progress)
            if progress.done == 10:
                self.cancelled = True
                processes.extend(each.pid for each in multiprocessing.active_children())

    before, processes = state(models_dir), list[int | None]()
    with pytest.raises(InstallStoppedError):
        DeepfaceConversions(conversions.never_ends).convert(ENTRY, weights, models_dir, watcher=GivesUp())
    assert len(processes) == 1
    assert not psutil.pid_exists(processes[0] or 0)
    assert state(models_dir) == before


def test_a_new_conversion_replaces_the_older_one(
    models_dir: Path, weights: Path, seeded_model: SeededModels
) -> None:
    made = seeded_model("facenet128")
    entry = read_manifest()["facenet128"]
    folder = models_dir
    assert DeepfaceConversions().adopt(entry, made.models_dir, folder) == made.record
    first = state(folder)
    assert made.record.file in first
    DeepfaceConversions(conversions.converts).convert(entry, weights, folder)
    assert converted_model(folder, entry).read_bytes() == conversions.GRAPH
    assert made.record.file not in state(folder)
    assert converted_model(folder, ENTRY).read_bytes() == conversions.GRAPH, "the other model was touched"


def test_what_an_older_kiosk_made_for_litert_is_replaced_by_what_ncnn_runs(
    tmp_path: Path, weights: Path
) -> None:
    entry = entry_of("vggface")
    DeepfaceConversions(conversions.converts).convert(
        replace(entry, converted="vggface.tflite"), weights, tmp_path
    )
    older = converted_model(tmp_path, entry)
    assert older.suffix == ".tflite"
    with pytest.raises(ModelError, match="vggface cannot be loaded"):
        open_installed(tmp_path, "vggface")  # LiteRT was asked, not ncnn, and saw that it is no network
    DeepfaceConversions(conversions.converts).convert(entry, weights, tmp_path)
    assert converted_model(tmp_path, entry).suffix == ".ncnn"
    assert not older.exists()


def test_a_published_graph_of_8_bits_becomes_one_of_plain_numbers(tmp_path: Path) -> None:
    entry = read_manifest()["sface"]
    published = tmp_path / entry.file
    published.write_bytes(quantised(side=112, dimensions=128, block=64))
    record = DeepfaceConversions().convert(entry, published, tmp_path / "models")
    assert record.file.endswith(".onnx")
    assert record.cosine >= 0.9999
    assert record.made_with.startswith("conversion 2, onnx ")
    faces = np.zeros((2, 112, 112, 3), np.float32)
    assert open_installed(tmp_path / "models", "sface").run(faces).shape == (2, 128)


def test_a_graph_of_another_layout_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    entry = read_manifest()["sface"]
    published = tmp_path / entry.file
    published.write_bytes(quantised(side=96, dimensions=128, block=64))
    with pytest.raises(ModelError, match="sface is another network"):
        DeepfaceConversions().convert(entry, published, tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


def test_missing_weights_are_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no weights file"):
        DeepfaceConversions().convert(ENTRY, tmp_path / "nothing.h5", tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_without_tensorflow_a_person_is_told_to_bring_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError, match="without TensorFlow") as caught:
        DeepfaceConversions().require(ENTRY)
    assert "--from" in caught.value.hint


def test_too_little_memory_is_said_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    class Little:
        available, free = 3_000_000_000, 0

    monkeypatch.setattr("psutil.virtual_memory", Little)
    monkeypatch.setattr("psutil.swap_memory", Little)
    DeepfaceConversions().require(ENTRY)
    with pytest.raises(ModelError, match=r"3\.3 GB"):
        DeepfaceConversions().require(read_manifest()["vggface"])


@pytest.mark.parametrize("harm", ["cut", "swapped", "gone"])
def test_a_damaged_file_is_refused(models_dir: Path, harm: str) -> None:
    record = read_record(models_dir, ENTRY)
    assert record is not None
    path = models_dir / record.file
    if harm == "cut":
        path.write_bytes(conversions.GRAPH[: len(conversions.GRAPH) // 2])
    elif harm == "swapped":
        path.write_bytes(conversions.GRAPH[::-1])
    else:
        path.unlink()
    with pytest.raises(ModelError, match="facenet512") as caught:
        open_installed(models_dir, "facenet512")
    assert "install" in caught.value.hint.lower()


def test_what_is_not_converted_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not installed"):
        open_installed(tmp_path, "facenet512")
    with pytest.raises(NotFoundError):
        open_installed(tmp_path, "yunet-2026may")


def test_a_file_that_is_another_network_is_not_taken_over(
    models_dir: Path, tmp_path: Path, seeded_model: SeededModels
) -> None:
    made = seeded_model("facenet128")
    folder = tmp_path / "brought"
    folder.mkdir()
    (folder / made.record.file).write_bytes((made.models_dir / made.record.file).read_bytes())
    text = (made.models_dir / "facenet128.json").read_text("utf-8")
    (folder / "facenet512.json").write_text(text.replace('"facenet128"', '"facenet512"'), "utf-8")
    before = state(models_dir)
    with pytest.raises(ModelError, match="cannot be loaded"):
        DeepfaceConversions().adopt(ENTRY, folder, models_dir)
    assert state(models_dir) == before
    assert DeepfaceConversions().adopt(entry_of("vggface"), folder, models_dir) is None


class AlmostDeepface:
    """A client whose embeddings are those of a converted network, but for some noise."""

    model = None

    def __init__(self, graph: Path, noise: float) -> None:
        self._network = open_network(graph, NETWORKS["facenet128"])
        self._noise = noise

    def forward(self, img: NDArray[np.float32]) -> list[list[float]]:
        found = self._network.run(img)
        scale = self._noise * np.abs(found).mean()
        noisy = found + np.random.default_rng(1).normal(0, scale, found.shape)
        return [[float(value) for value in row] for row in noisy]


@pytest.mark.parametrize(("noise", "is_taken"), [(0.0, True), (0.005, True), (0.05, False), (np.nan, False)])
def test_a_network_that_computes_something_else_is_refused(
    seeded_model: SeededModels, noise: float, is_taken: bool
) -> None:
    graph = converted_model(seeded_model("facenet128").models_dir, entry_of("facenet128"))
    client, network = AlmostDeepface(graph, noise), NETWORKS["facenet128"]
    if is_taken:
        assert 0.9999 <= check_against_deepface(graph, client, network) <= 1
    else:
        with pytest.raises(ModelError, match="does not compute what the original computes"):
            check_against_deepface(graph, client, network)


def test_the_comparison_uses_faces_that_differ() -> None:
    inputs = check_inputs(NETWORKS["facenet128"])
    assert inputs.shape == (8, 160, 160, 3)
    for number, face in enumerate(inputs):
        assert all(np.abs(face - other).mean() > 0.02 for other in inputs[:number])


REFUSED_WEIGHTS = """
import json, sys
from pathlib import Path
from kiosk.errors import InstallStoppedError, ModelError
from kiosk.vision.embedding.deepface_client import load_client
from kiosk.vision.embedding.deepface_networks import NETWORKS

said = []
for path in sys.argv[1:]:
    try:
        load_client(NETWORKS["facenet512"], Path(path))
    except ModelError as error:
        said.append(error.user_text)
print(json.dumps(said))
"""


def test_cut_and_foreign_weights_are_refused(seeded_model: SeededModels, tmp_path: Path) -> None:
    foreign = seeded_model("facenet128").weights
    cut = tmp_path / "cut.h5"
    cut.write_bytes(foreign.read_bytes()[: foreign.stat().st_size // 2])
    no_weights = tmp_path / "page.h5"
    no_weights.write_text("<html>Not found</html>")
    said = run_child(REFUSED_WEIGHTS, foreign, cut, no_weights)
    assert len(said) == 3
    assert all("damaged or not one of facenet512" in sentence for sentence in said)


def entry_of(name: str) -> ModelEntry:
    return read_manifest()[name]
