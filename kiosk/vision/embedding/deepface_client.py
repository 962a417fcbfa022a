"""deepface's own TensorFlow clients, loaded from a weights file that lies anywhere, without a download.

Importing TensorFlow takes 6 to 9 seconds and half a gigabyte: only the process that converts a model, the engine
``tensorflow``, and benchmarks call this. One at a time in a process: deepface finds its weights by a variable of the
environment.
"""

import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.embedding.deepface_networks import DeepfaceNetwork

HOME: Final = "DEEPFACE_HOME"


class DeepfaceClient(Protocol):
    """What we use of `deepface.models.FacialRecognition`."""

    model: Any
    """The Keras network."""

    def forward(self, img: NDArray[np.float32]) -> list[float] | list[list[float]]:
        """(n, side, side, 3) BGR 0-1 to one embedding, or a list of n when n > 1."""


def client_module(network: DeepfaceNetwork) -> ModuleType:
    """The module of deepface's that makes this network; imports TensorFlow.

    Raises:
        ModelError: TensorFlow or deepface is not installed here, as in the packaged app.
    """
    # As `deepface.DeepFace` sets it before it imports TensorFlow: deepface's users get Keras 2.
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        return importlib.import_module(network.client[0])
    except ImportError as error:
        raise ModelError(
            _("This kiosk comes without TensorFlow, so it cannot load deepface's networks."),
            _("Convert {name} on a PC that has it, and bring its two files here.", name=network.name),
        ) from error


def load_client(network: DeepfaceNetwork, weights: Path) -> DeepfaceClient:
    """The client of deepface's for a network, with the weights in a file.

    Raises:
        ModelError: TensorFlow is not installed, or the file is missing, damaged, or of another network.
    """
    module = client_module(network)
    if not weights.is_file():
        raise ModelError(
            _("There is no weights file {weights}.", weights=weights),
            _("Install {name} again.", name=network.name),
        )
    with _deepface_home(network, weights):
        try:
            client = getattr(module, network.client[1])()
        except (ValueError, OSError) as error:
            raise ModelError(
                _(
                    "The weights file {name} is damaged or not one of {network_name}.",
                    name=weights.name,
                    network_name=network.name,
                ),
                _("Delete it and install the model again."),
            ) from error
    return cast(DeepfaceClient, client)


def forward(client: DeepfaceClient, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Embeddings of (n, side, side, 3) BGR 0-1 as deepface's users get them, (n, dimensions) float32."""
    found = np.asarray(client.forward(inputs), dtype=np.float32)
    return found.reshape(len(inputs), -1)


@contextmanager
def _deepface_home(network: DeepfaceNetwork, weights: Path) -> Iterator[None]:
    """A throw-away home in which deepface finds the file under its own name."""
    before = os.environ.get(HOME)
    with tempfile.TemporaryDirectory(prefix="deepface-", ignore_cleanup_errors=True) as home:
        folder = Path(home) / ".deepface" / "weights"
        folder.mkdir(parents=True)
        _link(weights.absolute(), folder / network.weights_file)
        os.environ[HOME] = home
        try:
            yield
        finally:
            if before is None:
                del os.environ[HOME]
            else:
                os.environ[HOME] = before


def _link(original: Path, place: Path) -> None:
    try:
        place.symlink_to(original)
    except OSError:  # Windows asks for a right to make links
        shutil.copyfile(original, place)
