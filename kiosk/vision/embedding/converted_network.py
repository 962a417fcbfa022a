"""An installed network, by whatever runs it: the ending of its file says which.

LiteRT runs the FaceNets, ncnn VGG-Face, ONNX Runtime SFace and what was installed from a published graph; the manifest's `converted` names the
ending that a conversion makes. A VGG-Face that an older kiosk converted for LiteRT goes on working, only slower, until it is installed again. Any
thread.
"""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError, NotFoundError
from kiosk.translation import _
from kiosk.vision.embedding.deepface_networks import NETWORKS, DeepfaceNetwork, cannot_load, network_named
from kiosk.vision.models.conversion_record import converted_model
from kiosk.vision.models.manifest import ModelEntry, read_manifest


class ConvertedNetwork(Protocol):
    """Inputs to embeddings; of deepface's networks both as its `forward` takes and gives them. One thread at a time."""

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Embeddings of (n, side, side, 3), as (n, dimensions) float32."""


def open_installed(models_dir: Path, name: str) -> ConvertedNetwork:
    """The network of an installed model, its file checked against its record and loaded.

    Raises:
        NotFoundError: No such model.
        ModelError: The model is not installed, or its file is missing, cut, damaged, swapped, or another network.
    """
    entry = read_manifest().get(name)
    if entry is None or not entry.converted:
        raise NotFoundError(
            _("There is no converted model {name}.", name=name), _("See `kiosk models list`.")
        )
    return open_converted(converted_model(models_dir, entry), entry)


def open_converted(path: Path, entry: ModelEntry) -> ConvertedNetwork:
    """Load a converted file of a model. Raises ModelError: it cannot be read, is damaged, or is another network."""
    if path.suffix != ".onnx":
        return open_network(path, network_named(entry.name))
    from kiosk.vision.embedding.onnx_network import OnnxNetwork

    if entry.fed is None or entry.recognition is None:
        raise ModelError(_("{name} is no recognition model.", name=entry.name))
    network = NETWORKS.get(entry.name)
    return OnnxNetwork(
        path,
        name=entry.name,
        side=entry.fed.side,
        dimensions=entry.recognition.dimensions,
        unit_length=network is not None and network.unit_length,
    )


def open_network(path: Path, network: DeepfaceNetwork) -> ConvertedNetwork:
    """Load a converted file of one of deepface's networks. Raises ModelError: it cannot be read, is damaged, or is another network."""
    if path.suffix == ".tflite":
        from kiosk.vision.embedding.litert_network import LiteRtNetwork

        return LiteRtNetwork(path, network)
    if path.suffix == ".ncnn":
        from kiosk.vision.embedding.ncnn_network import NcnnNetwork

        return NcnnNetwork(path, network)
    raise cannot_load(network)
