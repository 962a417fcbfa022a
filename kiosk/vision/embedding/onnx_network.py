"""SFace run by ONNX Runtime. Runs on the vision thread (a second instance may serve enrolment); 20 ms a face on one thread."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.embedding.onnx_session import open_session

BATCH: Final = 8
"""Faces at a time."""


class OnnxNetwork:
    """A network of ONNX: (n, side, side, 3) to (n, dimensions); it takes channels first itself."""

    def __init__(self, graph: bytes, *, name: str, side: int, dimensions: int) -> None:
        """Load it.

        Args:
            graph: The serialized model.
            name: What it should be, for the sentence when it is not.
            side: Rows and columns of its input.
            dimensions: Length of an embedding.

        Raises:
            ModelError: ONNX Runtime cannot run it, or it is another network.
        """
        self._dimensions = dimensions
        self._session = open_session(graph, name=name)
        taken, given = self._session.get_inputs(), self._session.get_outputs()
        fits = (
            len(taken) == len(given) == 1
            and list(taken[0].shape[1:]) == [3, side, side]
            and list(given[0].shape[1:]) == [dimensions]
            and taken[0].type == given[0].type == "tensor(float)"
        )
        if not fits:
            raise ModelError(
                _("The converted model {name} is another network.", name=name),
                _("Install it again: kiosk models install {name}", name=name),
            )
        self._input: str = taken[0].name

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Embeddings of (n, side, side, 3), as (n, dimensions) float32."""
        parts = [self._run(inputs[start : start + BATCH]) for start in range(0, len(inputs), BATCH)]
        return np.concatenate([np.empty((0, self._dimensions), np.float32), *parts])

    def _run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        (found,) = self._session.run(None, {self._input: np.ascontiguousarray(inputs.transpose(0, 3, 1, 2))})
        return np.asarray(found, np.float32)


def read_network(path: Path, *, name: str, side: int, dimensions: int) -> OnnxNetwork:
    """Load a file. Raises ModelError: it cannot be read, ONNX Runtime cannot run it, or it is another network."""
    try:
        graph = path.read_bytes()
    except OSError as error:
        raise ModelError(
            _("The converted model {name} cannot be loaded.", name=name),
            _("Install it again: kiosk models install {name}", name=name),
        ) from error
    return OnnxNetwork(graph, name=name, side=side, dimensions=dimensions)
