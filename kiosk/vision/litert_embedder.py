"""The embedder for deepface's networks: deepface's alignment, and the network run by LiteRT without TensorFlow.

Runs on the vision thread (a second instance may serve enrolment). LiteRT releases the interpreter lock while it
computes; on 2 cores a face takes FaceNet-512 10 ms and VGG-Face 78 ms, against 223 ms and 170 ms of deepface's `forward`.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from kiosk.domain.frames import BgrImage, Detection
from kiosk.domain.recognition import ModelInfo
from kiosk.errors import ModelError
from kiosk.vision.deepface_alignment import DeepfaceAlignment
from kiosk.vision.deepface_networks import DeepfaceNetwork
from kiosk.vision.eyes_and_nose import EyesAndNose

THREADS: Final = 2
"""Threads within the network. More make a face faster and leave less of a small machine to camera and window."""

BATCH: Final = 8
"""Faces at a time: memory grows with them (4 MB a face in FaceNet-512, 20 MB in VGG-Face), time a face hardly falls."""

TINY: Final = 1e-10
"""What deepface adds to a vector's length before it divides by it (`verification.l2_normalize`)."""


class LiteRtNetwork:
    """A converted network: inputs to embeddings, both as deepface's `forward` takes and gives them."""

    def __init__(self, graph: bytes, network: DeepfaceNetwork) -> None:
        """Load it.

        Args:
            graph: The LiteRT file as conversion made it.
            network: What it should be.

        Raises:
            ModelError: LiteRT cannot run it, or it is another network.
        """
        self._network = network
        try:
            self._interpreter = Interpreter(model_content=graph, num_threads=THREADS)
            taken, given = self._interpreter.get_input_details(), self._interpreter.get_output_details()
            fits = (
                [tuple(one["shape"])[1:] for one in taken] == [(network.side, network.side, 3)]
                and [tuple(one["shape"])[1:] for one in given] == [(network.dimensions,)]
                and all(one["dtype"] is np.float32 for one in (*taken, *given))
            )
            self._input, self._output = int(taken[0]["index"]), int(given[0]["index"])
            self._faces = 0
            self._resize(1)
        except (ValueError, RuntimeError, IndexError) as error:
            raise _refused(network) from error
        if not fits:
            raise _refused(network)

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Embeddings of (n, side, side, 3) BGR 0-1, as (n, dimensions) float32."""
        parts = [self._run(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
        return np.concatenate([np.empty((0, self._network.dimensions), np.float32), *parts])

    def _run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        self._resize(len(inputs))
        self._interpreter.set_tensor(self._input, inputs)
        self._interpreter.invoke()
        vectors = np.asarray(self._interpreter.get_tensor(self._output), dtype=np.float32)
        if self._network.unit_length:
            vectors = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + np.float32(TINY))
        return vectors

    def _resize(self, faces: int) -> None:
        if faces == self._faces:
            return
        side = self._network.side
        self._interpreter.resize_tensor_input(self._input, (faces, side, side, 3))
        self._interpreter.allocate_tensors()
        self._faces = faces


class LiteRtEmbedder:
    """Implements the port `Embedder` with one of deepface's networks."""

    def __init__(self, *, graph: bytes, network: DeepfaceNetwork, info: ModelInfo, eyes: EyesAndNose) -> None:
        """Load the network.

        Args:
            graph: The LiteRT file as conversion made it.
            network: What it should be.
            info: How templates refer to it.
            eyes: Finds the eyes of faces that come without.

        Raises:
            ModelError: LiteRT cannot run it, or it is another network.
        """
        self._info = info
        self._alignment = DeepfaceAlignment(side=network.side, eyes=eyes)
        self._network = LiteRtNetwork(graph, network)

    @property
    def info(self) -> ModelInfo:
        """The model, as templates refer to it."""
        return self._info

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        """One embedding a face, as (faces, dimensions) float32, in the order given; faces may reach beyond the edge."""
        if not faces:
            return np.empty((0, self._info.dimensions), np.float32)
        return self._network.run(np.stack([self._alignment.align(image, face) for face in faces]))


def _refused(network: DeepfaceNetwork) -> ModelError:
    return ModelError(
        f"The converted model {network.name} cannot be loaded.",
        f"Install it again: kiosk models install {network.name}",
    )
