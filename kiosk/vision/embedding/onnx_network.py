"""Networks run by ONNX Runtime: SFace, and deepface's published graphs where nothing could convert its weights.

Runs on the vision thread (a second instance may serve enrolment); SFace takes 20 ms a face on one thread.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.embedding.deepface_networks import at_unit_length
from kiosk.vision.embedding.onnx_session import open_session

BATCH: Final = 8
"""Faces at a time, where the graph takes any number."""


class OnnxNetwork:
    """A network of ONNX: (n, side, side, 3) to (n, dimensions), whether it takes channels first or last itself."""

    def __init__(
        self, graph: bytes | Path, *, name: str, side: int, dimensions: int, unit_length: bool = False
    ) -> None:
        """Load it.

        Args:
            graph: The serialized model, or the file that has it.
            name: What it should be, for the sentence when it is not.
            side: Rows and columns of its input.
            dimensions: Length of an embedding.
            unit_length: Whether what it gives is divided by its Euclidean length.

        Raises:
            ModelError: It cannot be read, ONNX Runtime cannot run it, or it is another network.
        """
        self._name = name
        self._dimensions = dimensions
        self._unit_length = unit_length
        self._session = open_session(graph, name=name)
        taken, given = self._session.get_inputs(), self._session.get_outputs()
        fits = (
            len(taken) == len(given) == 1
            and any(_may_be(taken[0].shape[1:], shape) for shape in ([side, side, 3], [3, side, side]))
            and _may_be(given[0].shape[1:], [dimensions])
            and taken[0].type == given[0].type == "tensor(float)"
        )
        if not fits:
            raise self._is_another()
        self._input: str = taken[0].name
        self._channels_last = _may_be(taken[0].shape[1:], [side, side, 3])
        self._batch = 1 if taken[0].shape[0] == 1 else BATCH

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Embeddings of (n, side, side, 3), as (n, dimensions) float32.

        Raises:
            ModelError: The graph did not say what it gives, and gives something else.
        """
        starts = range(0, len(inputs), self._batch)
        parts = [self._run(inputs[start : start + self._batch]) for start in starts]
        return np.concatenate([np.empty((0, self._dimensions), np.float32), *parts])

    def _run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        taken = inputs if self._channels_last else inputs.transpose(0, 3, 1, 2)
        (found,) = self._session.run(None, {self._input: np.ascontiguousarray(taken)})
        vectors = np.asarray(found, np.float32)
        if vectors.shape != (len(inputs), self._dimensions):
            raise self._is_another()
        return at_unit_length(vectors) if self._unit_length else vectors

    def _is_another(self) -> ModelError:
        return ModelError(
            _("The converted model {name} is another network.", name=self._name),
            _("Install it again: kiosk models install {name}", name=self._name),
        )


def _may_be(said: Sequence[object], wanted: Sequence[int]) -> bool:
    """Whether the sizes that a graph says are the wanted ones; those that it leaves open have names, or none."""
    return len(said) == len(wanted) and all(
        one == right or not isinstance(one, int) for one, right in zip(said, wanted, strict=True)
    )
