"""The embedder for converted networks: faces cut out and fed as the network was trained, and no TensorFlow.

Runs on the vision thread (a second instance may serve enrolment).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.vision.embedding.converted_network import ConvertedNetwork
from kiosk.vision.embedding.face_inputs import FaceInputs


class ConvertedEmbedder:
    """Implements the port `Embedder` with a converted network."""

    def __init__(self, *, network: ConvertedNetwork, info: ModelInfo, inputs: FaceInputs) -> None:
        """Put the parts together.

        Args:
            network: Loaded.
            info: How templates refer to it.
            inputs: Cuts faces out for it.
        """
        self._info = info
        self._inputs = inputs
        self._network = network

    @property
    def info(self) -> ModelInfo:
        return self._info

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        if not faces:
            return np.empty((0, self._info.dimensions), np.float32)
        return self._network.run(np.stack([self._inputs.align(image, face) for face in faces]))
