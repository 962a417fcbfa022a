"""Several networks that look at one face, as one model."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.model_parts import ModelPart
from kiosk.domain.faces.recognition import Metric, ModelInfo, Thresholds
from kiosk.vision.embedding.joint_embedder import JointEmbedder
from kiosk.vision.embedding.sketched_faces import sketch_face

LIMITS = Thresholds(0.3, 0.4, 0.05)
INFO = ModelInfo(
    "both", 5, Metric.COSINE, LIMITS, parts=(ModelPart("a", "a", 2, 0.36), ModelPart("b", "b", 3, 0.64))
)


class Constant:
    """An embedder that sees the same in every face."""

    def __init__(self, name: str, *vector: float) -> None:
        self._vector = np.array(vector, np.float32)
        self.info = ModelInfo(name, len(vector), Metric.COSINE, LIMITS)

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        return np.tile(self._vector, (len(faces), 1))


def test_each_network_has_its_share_of_every_face() -> None:
    image, face = sketch_face(1)
    both = JointEmbedder([Constant("a", 5, 0), Constant("b", 0, 0, 0.1)], info=INFO)
    assert both.info is INFO
    assert both.embed(image, [face, face]) == pytest.approx(np.array([[0.6, 0, 0, 0, 0.8]] * 2), abs=1e-6)
    assert both.embed(image, []).shape == (0, 5)


@pytest.mark.parametrize("names", [("b", "a"), ("a",), ("a", "c")])
def test_other_networks_than_the_models_parts_are_refused(names: tuple[str, ...]) -> None:
    vectors = {"a": (1.0, 0.0), "b": (1.0, 0.0, 0.0), "c": (0.0, 0.0, 1.0)}
    with pytest.raises(ValueError, match="not the parts of both"):
        JointEmbedder([Constant(name, *vectors[name]) for name in names], info=INFO)
