"""Several networks that look at the same face, as one model. Runs on the vision thread (a second instance may serve enrolment)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import BgrImage, Detection
from kiosk.domain.faces.model_parts import joined
from kiosk.domain.faces.recognition import ModelInfo
from kiosk.services.ports.vision import Embedder


class JointEmbedder:
    """Implements the port `Embedder` with the embedders of a model's parts; `kiosk.domain.faces.model_parts` says how."""

    def __init__(self, embedders: Sequence[Embedder], *, info: ModelInfo) -> None:
        """Put the parts together.

        Args:
            embedders: In the order of the model's parts.
            info: How templates refer to the model.

        Raises:
            ValueError: They are not the model's parts.
        """
        found = [(one.info.name, one.info.dimensions) for one in embedders]
        if found != [(part.name, part.dimensions) for part in info.parts]:
            raise ValueError(f"{found} are not the parts of {info.name}")
        self._embedders = tuple(embedders)
        self._info = info

    @property
    def info(self) -> ModelInfo:
        return self._info

    def embed(self, image: BgrImage, faces: Sequence[Detection]) -> NDArray[np.float32]:
        return joined(self._info.parts, [one.embed(image, faces) for one in self._embedders])
