"""The same picture and detection give what `DeepFace.represent` gives, for all three networks and both engines."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.services.ports.vision import Embedder
from kiosk.vision.embedding.converted_embedder import ConvertedEmbedder
from kiosk.vision.embedding.converted_network import open_installed
from kiosk.vision.embedding.deepface_alignment import DeepfaceAlignment
from kiosk.vision.embedding.deepface_networks import NETWORKS, fed_by_deepface
from kiosk.vision.factory import build_eyes
from kiosk.vision.models.manifest import read_manifest
from tests.conftest import SHARED
from tests.fakes.vision.seeded_models import IN_A_PROCESS_OF_ITS_OWN, SeededModel, compared_faces
from tests.unit.vision.conftest import SeededModels


@pytest.fixture(params=NETWORKS, scope="module")
def model(request: pytest.FixtureRequest, seeded_model: SeededModels) -> SeededModel:
    return seeded_model(request.param)


@pytest.fixture(scope="module")
def converted(model: SeededModel) -> Embedder:
    """The converted network, fed deepface's way."""
    entry = read_manifest()[model.name]
    assert entry.recognition is not None
    inputs = DeepfaceAlignment(side=NETWORKS[model.name].side, eyes=build_eyes())
    network = open_installed(model.models_dir, model.name)
    return ConvertedEmbedder(network=network, info=fed_by_deepface(entry.recognition), inputs=inputs)


def test_embeddings_are_those_of_deepface(model: SeededModel, converted: Embedder) -> None:
    faces = compared_faces(SHARED)
    assert len(faces) == len(model.theirs) >= 13
    ours = np.concatenate([converted.embed(image, [face]) for _, image, face in faces])
    assert ours.shape == (len(faces), NETWORKS[model.name].dimensions)
    assert cosines(ours, model.theirs).min() >= 0.9999
    assert np.allclose(np.linalg.norm(ours, axis=1), np.linalg.norm(model.theirs, axis=1), rtol=1e-3)
    # With weights that make all faces alike, the lines above would say nothing.
    assert np.median(cosines(ours, np.roll(model.theirs, 1, axis=0))) < 0.8


def test_the_engine_tensorflow_gives_the_same(model: SeededModel, converted: Embedder) -> None:
    assert cosines(model.engine, model.theirs[: len(model.engine)]).min() >= 0.999999
    faces = compared_faces(SHARED)[:2]
    (_, image, first), (_, _, second) = faces
    assert cosines(converted.embed(image, [first, second]), model.pair).min() >= 0.9999


def test_several_faces_at_once_give_what_each_gives_alone(model: SeededModel, converted: Embedder) -> None:
    faces = compared_faces(SHARED)[:10]
    image = faces[0][1]
    detections = [face for _, _, face in faces]
    together = converted.embed(image, detections)
    alone = np.concatenate([converted.embed(image, [face]) for face in detections])
    assert np.abs(together - alone).max() <= 1e-4 * np.abs(alone).max()


def test_nobody_gives_no_embedding(model: SeededModel, converted: Embedder) -> None:
    found = converted.embed(compared_faces(SHARED)[0][1], [])
    assert found.shape == (0, NETWORKS[model.name].dimensions)
    assert converted.info.name == model.name


def test_the_record_says_what_was_converted(model: SeededModel) -> None:
    record = model.record
    assert record.file.endswith(".ncnn" if model.name == "vggface" else ".tflite")
    assert record.cosine >= 0.9999
    assert record.weights_from == "seed 1"
    assert record.weights_size == model.weights.stat().st_size
    if model.name not in IN_A_PROCESS_OF_ITS_OWN:
        return
    assert record.made_with.startswith("conversion 2, deepface 0.0.103, tensorflow")
    assert model.steps == (0, 20, 35, 85, 100)


def cosines(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return np.asarray((ours.astype(np.float64) * theirs).sum(axis=1) / lengths, np.float64)
