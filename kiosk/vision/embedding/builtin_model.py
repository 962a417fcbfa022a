"""The built-in network as a model file: made once from dlib's weights, checked against dlib, kept in the models directory.

Making it takes about a second (dlib's own call for the check holds the interpreter lock, a tenth of a second for each
chip); from then on it is read back. Called at start, from any thread.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray

from kiosk.domain.faces.frames import RgbImage
from kiosk.errors import ModelError
from kiosk.translation import _
from kiosk.vision.embedding.dlib_weights import CHIP_SIDE, parse_weights
from kiosk.vision.embedding.onnx_session import open_session
from kiosk.vision.models.manifest import ModelEntry
from kiosk.vision.models.model_files import load_made, save_made

GRAPH_VERSION: Final = 1
"""Count it up whenever `dlib_graph` or `dlib_weights` changes what they make: older files are then made anew."""

TOLERANCE: Final = 1e-4
"""Largest allowed difference of one number of an embedding to dlib's own; 3e-7 is what is seen."""

DlibNetwork = Callable[[Sequence[RgbImage]], NDArray[np.float64]]
"""dlib's own computation: 150-pixel RGB chips to (chips, 128)."""


def builtin_graph(models_dir: Path, entry: ModelEntry, weights: Path) -> bytes:
    """The serialized ONNX model, from the models directory or made now.

    Args:
        models_dir: Where it is kept; made when missing.
        entry: The manifest's entry of the built-in network.
        weights: dlib's own weight file, which `entry` describes.

    Raises:
        ModelError: The weights are missing or damaged, the result differs from dlib's, or the directory cannot be
            written.
    """
    name = f"{entry.name}.onnx"
    recipe = f"graph-{GRAPH_VERSION}"
    kept = load_made(models_dir, name, recipe=recipe)
    if kept is not None:
        return kept
    # Here, not above: a kiosk that has its model file does without the 0.2 s of importing onnx.
    from kiosk.vision.embedding.dlib_graph import build_graph

    graph = build_graph(parse_weights(entry.read(weights)))
    check_against_dlib(graph, dlib_network(weights))
    save_made(models_dir, name, graph, recipe=recipe)
    return graph


def dlib_network(weights: Path) -> DlibNetwork:
    """Load dlib's own runtime with the same weights: slow, and holding the interpreter lock; for checks only."""
    network = dlib.face_recognition_model_v1(str(weights))

    def run(chips: Sequence[RgbImage]) -> NDArray[np.float64]:
        return np.array([network.compute_face_descriptor(chip) for chip in chips])

    return run


def check_against_dlib(graph: bytes, network: DlibNetwork) -> float:
    """Compare both on a few drawn chips and return the largest difference of one number.

    Raises:
        ModelError: It is larger than `TOLERANCE`.
    """
    chips = check_chips()
    session = open_session(graph, name="dlib-resnet-v1")
    (found,) = session.run(None, {session.get_inputs()[0].name: np.stack(chips)})
    difference = float(np.abs(found - network(chips)).max())
    if not difference <= TOLERANCE:
        raise ModelError(
            _(
                "The built-in face model does not compute what dlib computes (difference {difference:.1e}).",
                difference=difference,
            ),
            _("Please report this with the program's version; FaceNet-512 can be installed instead."),
        )
    return difference


def check_chips() -> list[RgbImage]:
    """Three chips of coloured noise, from smooth to rough: no photograph, the same each time."""
    random = np.random.default_rng(29)
    sides = (5, 15, CHIP_SIDE)
    return [
        np.asarray(
            cv2.resize(
                random.integers(0, 256, (side, side, 3), dtype=np.uint8),
                (CHIP_SIDE, CHIP_SIDE),
                interpolation=cv2.INTER_LINEAR,
            ),
            dtype=np.uint8,
        )
        for side in sides
    ]
