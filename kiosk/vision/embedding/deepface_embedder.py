"""deepface itself in the kiosk's process, for comparison: engine ``tensorflow``.

Runs on the vision thread. Loading it imports TensorFlow (6 to 9 s, half a gigabyte); a face then takes 223 ms in
FaceNet-512 and 170 ms in VGG-Face on 2 cores, so the pictures are looked at a few times a second only.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.vision.detection.eyes_and_nose import EyesAndNose
from kiosk.vision.embedding.deepface_alignment import DeepfaceAlignment
from kiosk.vision.embedding.deepface_client import forward, load_client
from kiosk.vision.embedding.deepface_networks import DeepfaceNetwork


class DeepfaceEmbedder:
    """Implements the port `Embedder` with the `forward` of deepface's own client."""

    def __init__(
        self, *, weights: Path, network: DeepfaceNetwork, info: ModelInfo, eyes: EyesAndNose
    ) -> None:
        """Load TensorFlow, the network and its weights.

        Args:
            weights: deepface's `.h5` file.
            network: What it should be.
            info: How templates refer to it.
            eyes: Finds the eyes of faces that come without.

        Raises:
            ModelError: TensorFlow is not installed, or the file is missing, damaged, or of another network.
        """
        self._info = info
        self._alignment = DeepfaceAlignment(side=network.side, eyes=eyes)
        self._client = load_client(network, weights)

    @property
    def info(self) -> ModelInfo:
        """The model, as templates refer to it: the same as with engine ``litert``, whose embeddings are the same."""
        return self._info

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        if not faces:
            return np.empty((0, self._info.dimensions), np.float32)
        return forward(self._client, np.stack([self._alignment.align(image, face) for face in faces]))
