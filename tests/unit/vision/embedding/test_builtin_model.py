"""The built-in network: equal to dlib's own, made once, made anew when damaged."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import dlib
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.faces.frames import RgbImage
from kiosk.errors import ModelError
from kiosk.vision.detection.hog_detector import HogDetector
from kiosk.vision.embedding.builtin_model import (
    TOLERANCE,
    DlibNetwork,
    builtin_graph,
    check_against_dlib,
    check_chips,
    dlib_network,
)
from kiosk.vision.embedding.dlib_resnet import DlibResNetEmbedder
from kiosk.vision.embedding.onnx_session import open_session
from kiosk.vision.embedding.package_data import package_model
from kiosk.vision.models.manifest import ModelEntry, read_manifest
from kiosk.vision.pictures import read_picture
from tests.fakes.faces.drawn_face import drawn_face

NAME = "dlib-resnet-v1.onnx"


@pytest.fixture(scope="module")
def entry() -> ModelEntry:
    return read_manifest()["dlib-resnet-v1"]


@pytest.fixture(scope="module")
def weights(entry: ModelEntry) -> Path:
    return package_model(entry.file)


@pytest.fixture(scope="module")
def dlibs_own(weights: Path) -> DlibNetwork:
    return dlib_network(weights)


@pytest.fixture
def graph(embedder: DlibResNetEmbedder, models_dir: Path) -> bytes:
    return (models_dir / NAME).read_bytes()


def run(graph: bytes, chips: Sequence[RgbImage]) -> NDArray[np.float32]:
    session = open_session(graph, name="test")
    return np.asarray(session.run(None, {"chips": np.stack(chips)})[0], dtype=np.float32)


def test_result_equals_dlibs_own(graph: bytes, dlibs_own: DlibNetwork) -> None:
    chips = [*check_chips(), drawn_face(150), np.zeros((150, 150, 3), np.uint8)]
    assert np.abs(run(graph, chips) - dlibs_own(chips)).max() < 1e-5


@pytest.mark.shared_data
def test_result_equals_dlibs_own_on_photographs(
    graph: bytes,
    dlibs_own: DlibNetwork,
    embedder: DlibResNetEmbedder,
    near_hog: HogDetector,
    shared_dir: Path,
) -> None:
    chips: list[RgbImage] = []
    for path in sorted((shared_dir / "faces" / "people").glob("*/01.jpg")):
        image = read_picture(path.read_bytes())
        chips += embedder.align(image, near_hog.detect(image)[:1])
    assert len(chips) == 13
    assert np.abs(run(graph, chips) - dlibs_own(chips)).max() <= TOLERANCE


def test_several_chips_at_once_give_what_each_gives_alone(graph: bytes) -> None:
    chips = check_chips()
    alone = np.concatenate([run(graph, [chip]) for chip in chips])
    np.testing.assert_allclose(run(graph, chips), alone, atol=1e-6)


def test_model_file_is_made_once(embedder: DlibResNetEmbedder, models_dir: Path, entry: ModelEntry) -> None:
    before = (models_dir / NAME).stat().st_mtime_ns
    # Weights that are not there would be an error if it were made again.
    graph = builtin_graph(models_dir, entry, models_dir / "absent.dat")
    assert len(graph) > 20_000_000
    assert (models_dir / NAME).stat().st_mtime_ns == before


def test_damaged_model_file_is_made_anew(
    graph: bytes, entry: ModelEntry, weights: Path, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_bytes(graph[:-1] + b"?")
    (tmp_path / f"{NAME}.sha256").write_text("0", "ascii")
    assert builtin_graph(tmp_path, entry, weights) == graph
    assert (tmp_path / NAME).read_bytes() == graph


def test_directory_that_cannot_be_written_is_a_model_error(
    entry: ModelEntry, weights: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match="cannot be written"):
        builtin_graph(tmp_path / "file", entry, weights)


def test_damaged_weights_are_refused(entry: ModelEntry, weights: Path, tmp_path: Path) -> None:
    data = bytearray(weights.read_bytes())
    data[10_000_000] ^= 1
    (tmp_path / "weights.dat").write_bytes(data)
    with pytest.raises(ModelError, match="damaged"):
        builtin_graph(tmp_path / "models", entry, tmp_path / "weights.dat")
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("error", [2e-4, np.nan])
def test_graph_that_differs_from_dlib_is_refused(graph: bytes, error: float) -> None:
    def other(chips: Sequence[RgbImage]) -> NDArray[np.float64]:
        return run(graph, chips).astype(np.float64) + error

    with pytest.raises(ModelError, match="does not compute what dlib computes"):
        check_against_dlib(graph, other)


def test_chips_are_cut_as_dlib_cuts_them(embedder: DlibResNetEmbedder, near_hog: HogDetector) -> None:
    image = drawn_face(300)
    (face,) = near_hog.detect(image)
    rgb = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    predictor = dlib.shape_predictor(str(package_model("shape_predictor_5_face_landmarks.dat")))
    box = face.box
    rectangle = dlib.rectangle(
        round(box.x), round(box.y), round(box.x + box.width) - 1, round(box.y + box.height) - 1
    )
    expected = dlib.get_face_chip(rgb, predictor(rgb, rectangle), 150, 0.25)
    (chip,) = embedder.align(image, [face])
    np.testing.assert_array_equal(chip, expected)
