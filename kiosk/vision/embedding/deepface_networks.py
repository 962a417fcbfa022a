"""The face networks that deepface makes and this kiosk runs: what they are called there and what goes in and out.

Plain facts, nothing heavy is imported; any thread. Source: deepface 0.0.103, `models/facial_recognition/tf`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.recognition import ModelInfo, Thresholds
from kiosk.errors import ModelError, NotFoundError
from kiosk.translation import _

TINY: Final = 1e-10
"""What deepface adds to a vector's length before it divides by it (`verification.l2_normalize`)."""


@dataclass(frozen=True, slots=True)
class DeepfaceNetwork:
    """One network of deepface's.

    Attributes:
        name: As in the manifest and in templates.
        deepface_name: What `DeepFace.represent(model_name=…)` calls it.
        client: Module and class of deepface's TensorFlow client.
        weights_file: Name of the file in deepface's folder of weights; a legacy Keras `.h5`.
        side: Rows and columns of the input, BGR, 0-1, float32.
        dimensions: Length of an embedding.
        unit_length: Whether deepface divides the network's output by its Euclidean length.
        conversion_gb: Memory that converting it takes at its peak, with a little to spare.
        graph_gb: The same for checking its published graph.
        threshold: Largest cosine distance of one person's two pictures, as deepface publishes it for its own way of feeding
            (`config/threshold.py`).
    """

    name: str
    deepface_name: str
    client: tuple[str, str]
    weights_file: str
    side: int
    dimensions: int
    unit_length: bool
    conversion_gb: float
    graph_gb: float
    threshold: float


_FACENET: Final = "deepface.models.facial_recognition.tf.Facenet"
_VGGFACE: Final = "deepface.models.facial_recognition.tf.VGGFace"

NETWORKS: Final[Mapping[str, DeepfaceNetwork]] = {
    network.name: network
    for network in (
        DeepfaceNetwork(
            name="facenet512",
            deepface_name="Facenet512",
            client=(_FACENET, "FaceNet512dClient"),
            weights_file="facenet512_weights.h5",
            side=160,
            dimensions=512,
            unit_length=False,
            conversion_gb=2.5,
            graph_gb=0.5,
            threshold=0.30,
        ),
        DeepfaceNetwork(
            name="facenet128",
            deepface_name="Facenet",
            client=(_FACENET, "FaceNet128dClient"),
            weights_file="facenet_weights.h5",
            side=160,
            dimensions=128,
            unit_length=False,
            conversion_gb=2.5,
            graph_gb=0.5,
            threshold=0.40,
        ),
        DeepfaceNetwork(
            name="vggface",
            deepface_name="VGG-Face",
            client=(_VGGFACE, "VggFaceClient"),
            weights_file="vgg_face_weights.h5",
            side=224,
            dimensions=4096,
            unit_length=True,
            conversion_gb=3.3,
            graph_gb=1.5,
            threshold=0.68,
        ),
    )
}


def network_named(name: str) -> DeepfaceNetwork:
    """The network of this name. Raises NotFoundError: there is none."""
    network = NETWORKS.get(name)
    if network is None:
        raise NotFoundError(
            _("{name} is not a network of deepface's.", name=name),
            _("Known: {networks}.", networks=", ".join(NETWORKS)),
        )
    return network


def fed_by_deepface(info: ModelInfo) -> ModelInfo:
    """How templates refer to a network that is fed deepface's way, BGR 0-1: by its plain name, as they always did.

    Accept is 0.85 of deepface's threshold, which was chosen for comparing two pictures, not for finding one person among
    hundreds.
    """
    threshold = network_named(info.known_as).threshold
    margin = min(0.05, math.ceil(8.5 * threshold) / 100)
    return replace(
        info, name=info.known_as, thresholds=Thresholds(round(0.85 * threshold, 4), threshold, margin)
    )


def scaled(vectors: NDArray[np.float32], network: DeepfaceNetwork) -> NDArray[np.float32]:
    """What the network gives, (n, dimensions), as deepface's `forward` hands it out."""
    return at_unit_length(vectors) if network.unit_length else vectors


def at_unit_length(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors, (n, dimensions), divided by their lengths as deepface does."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) + np.float32(TINY)
    return np.asarray(vectors / lengths, np.float32)


def cannot_load(network: DeepfaceNetwork) -> ModelError:
    """The refusal of a converted file that is damaged or another network's."""
    return ModelError(
        _("The converted model {name} cannot be loaded.", name=network.name),
        _("Install it again: kiosk models install {name}", name=network.name),
    )
