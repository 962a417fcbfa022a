"""deepface's FaceNets run by LiteRT, without TensorFlow; VGG-Face, too, where an older kiosk converted it.

Runs on the vision thread (a second instance may serve enrolment). LiteRT releases the interpreter lock while it
computes; on 2 cores a face takes FaceNet-512 10 ms, against 223 ms of deepface's `forward`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from kiosk.vision.embedding.deepface_networks import DeepfaceNetwork, cannot_load, scaled

THREADS: Final = 2
"""Threads within the network. More make a face faster and leave less of a small machine to camera and window."""

BATCH: Final = 8
"""Faces at a time: memory grows with them (4 MB a face in FaceNet-512, 20 MB in VGG-Face), time a face hardly falls."""


class _Greeting:
    """LiteRT says once a process on standard error what it computes with, past Python."""

    was_said = False


@contextmanager
def _without_greeting() -> Iterator[None]:
    """Keep that from whoever started a command; errors come as exceptions."""
    if _Greeting.was_said:
        yield
        return
    _Greeting.was_said = True
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


class LiteRtNetwork:
    """A converted network: inputs to embeddings, both as deepface's `forward` takes and gives them."""

    def __init__(self, graph: Path, network: DeepfaceNetwork) -> None:
        """Load it.

        Args:
            graph: The LiteRT file as conversion made it.
            network: What it should be.

        Raises:
            ModelError: It cannot be read, LiteRT cannot run it, or it is another network.
        """
        self._network = network
        try:
            self._interpreter = Interpreter(model_content=graph.read_bytes(), num_threads=THREADS)
            taken, given = self._interpreter.get_input_details(), self._interpreter.get_output_details()
            fits = (
                [tuple(one["shape"])[1:] for one in taken] == [(network.side, network.side, 3)]
                and [tuple(one["shape"])[1:] for one in given] == [(network.dimensions,)]
                and all(one["dtype"] is np.float32 for one in (*taken, *given))
            )
            self._input, self._output = int(taken[0]["index"]), int(given[0]["index"])
            self._faces = 0
            with _without_greeting():
                self._resize(1)
        except (OSError, ValueError, RuntimeError, IndexError) as error:
            raise cannot_load(network) from error
        if not fits:
            raise cannot_load(network)

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Embeddings of (n, side, side, 3) BGR 0-1, as (n, dimensions) float32."""
        parts = [self._run(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
        return np.concatenate([np.empty((0, self._network.dimensions), np.float32), *parts])

    def _run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        self._resize(len(inputs))
        self._interpreter.set_tensor(self._input, inputs)
        self._interpreter.invoke()
        return scaled(np.asarray(self._interpreter.get_tensor(self._output), dtype=np.float32), self._network)

    def _resize(self, faces: int) -> None:
        if faces == self._faces:
            return
        side = self._network.side
        self._interpreter.resize_tensor_input(self._input, (faces, side, side, 3))
        self._interpreter.allocate_tensors()
        self._faces = faces
