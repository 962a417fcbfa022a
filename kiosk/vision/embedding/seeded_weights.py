"""Random weights for deepface's networks, for tests and benchmarks only: right architecture, time and layout, no skill.

They are spread so that faces differ, as plain random weights do not (all faces within a cosine of 0.95): batch
normalisation gets its statistics, and VGG-Face its scales and biases, from a few sketched faces. Runs on the caller's
thread and imports TensorFlow; takes 15 s and, for VGG-Face, 3 GB.
"""

from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.embedding.deepface_client import client_module
from kiosk.vision.embedding.deepface_networks import DeepfaceNetwork, network_named
from kiosk.vision.embedding.sketched_faces import sketch_face

_FACES: Final = 16
"""Sketches that the statistics come from."""


def write_seeded_weights(name: str, path: Path) -> None:
    """Write a network's weights file in deepface's layout (legacy Keras HDF5).

    Args:
        name: ``facenet512``, ``facenet128`` or ``vggface``.
        path: The file to write; deepface finds it under `DeepfaceNetwork.weights_file` in its folder of weights.

    Raises:
        NotFoundError: No such network.
        ModelError: TensorFlow is not installed.
    """
    network = network_named(name)
    module = client_module(network)
    random = np.random.default_rng(1)
    if network.name == "vggface":
        model = module.base_model()
        _fill_vggface(model, random, _inputs(network))
    else:
        model = module.InceptionResNetV1(dimension=network.dimensions)
        _fill_facenet(model, random, _inputs(network))
    path.parent.mkdir(parents=True, exist_ok=True)
    # deepface's own files carry the class scores of VGG-Face too: the whole network is saved, as there.
    model.save_weights(str(path), save_format="h5")


def _inputs(network: DeepfaceNetwork) -> NDArray[np.float32]:
    """(faces, side, side, 3) BGR 0-1: the boxes of sketched faces, without alignment."""
    size = network.side, network.side
    crops = []
    for number in range(_FACES):
        image, face = sketch_face(1000 + number)
        left, top = round(face.box.x), round(face.box.y)
        crop = image[top : top + round(face.box.height), left : left + round(face.box.width)]
        crops.append(cv2.resize(crop, size, interpolation=cv2.INTER_AREA))
    return np.stack(crops).astype(np.float32) / np.float32(255)


def _he(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """He's initialisation for layers followed by a rectifier: variance 2 / inputs (He et al. 2015)."""
    kernel = random.standard_normal(shape, dtype=np.float32)
    kernel *= np.float32(np.sqrt(2 / np.prod(shape[:-1])))
    return kernel


def _fill_facenet(model: Any, random: np.random.Generator, inputs: NDArray[np.float32]) -> None:
    """He kernels, then one pass in training mode in which batch normalisation takes over the statistics it sees."""
    momenta = {}
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            weights = layer.get_weights()
            weights[0] = _he(random, weights[0].shape)
            layer.set_weights(weights)
        if hasattr(layer, "momentum"):
            momenta[layer] = layer.momentum
            layer.momentum = 0.0
        if hasattr(layer, "rate"):
            layer.rate = 0.0  # dropout would disturb the statistics
    model(inputs, training=True)
    for layer, momentum in momenta.items():
        layer.momentum = momentum


def _fill_vggface(model: Any, random: np.random.Generator, inputs: NDArray[np.float32]) -> None:
    """Layer by layer: He kernels, scaled and shifted so that each channel has mean 0 and deviation 1 before it."""
    import tensorflow as tf

    value = tf.constant(inputs)
    for layer in model.layers:
        if not hasattr(layer, "kernel"):
            value = layer(value)
            continue
        kernel = _he(random, tuple(layer.kernel.shape))
        plain = tf.nn.conv2d(value, kernel, strides=1, padding="VALID")
        mean = tf.reduce_mean(plain, axis=(0, 1, 2)).numpy()
        deviation = np.maximum(tf.math.reduce_std(plain, axis=(0, 1, 2)).numpy(), 1e-6)
        kernel /= deviation
        layer.set_weights([kernel, -mean / deviation])
        value = layer.activation((plain - mean) / deviation)
