"""The embedder for deepface's networks: deepface's alignment, and the converted network without TensorFlow.

Runs on the vision thread (a second instance may serve enrolment).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.vision.detection.eyes_and_nose import EyesAndNose
from kiosk.vision.embedding.converted_network import ConvertedNetwork
from kiosk.vision.embedding.deepface_alignment import DeepfaceAlignment
from kiosk.vision.embedding.deepface_networks import network_named


class ConvertedEmbedder:
    """Implements the port `Embedder` with one of deepface's networks."""

    def __init__(self, *, network: ConvertedNetwork, info: ModelInfo, eyes: EyesAndNose) -> None:
        """Put the parts together.

        Args:
            network: Loaded.
            info: How templates refer to it.
            eyes: Finds the eyes of faces that come without.
        """
        self._info = info
        self._alignment = DeepfaceAlignment(side=network_named(info.name).side, eyes=eyes)
        self._network = network

    @property
    def info(self) -> ModelInfo:
        return self._info

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        if not faces:
            return np.empty((0, self._info.dimensions), np.float32)
        return self._network.run(np.stack([self._alignment.align(image, face) for face in faces]))
