"""Layers that look like those of Keras, as far as conversion to ncnn looks at them, and what they compute."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]


def relu() -> None:
    """Only its name is looked at."""


def tanh() -> None:
    """Only its name is looked at."""


@dataclass
class InputLayer:
    def compute(self, image: Weights) -> Weights:
        return image


class Dropout(InputLayer):
    pass


class Activation(InputLayer):
    pass


@dataclass
class ZeroPadding2D:
    padding: object = ((1, 1), (1, 1))

    def compute(self, image: Weights) -> Weights:
        return np.pad(image, ((1, 1), (1, 1), (0, 0)))


@dataclass
class Conv2D:
    """Stride 1, no padding, a rectifier."""

    kernel: Weights
    bias: Weights
    padding: str = "valid"
    strides: tuple[int, int] = (1, 1)
    dilation_rate: tuple[int, int] = (1, 1)
    activation: object = field(default=relu)

    def get_weights(self) -> list[Weights]:
        return [self.kernel, self.bias]

    def compute(self, image: Weights) -> Weights:
        side = self.kernel.shape[0]
        windows = np.lib.stride_tricks.sliding_window_view(image, (side, side), axis=(0, 1))
        found = np.einsum("hwcij,ijco->hwo", windows, self.kernel, dtype=np.float64) + self.bias
        return np.asarray(np.maximum(found, 0), np.float32)


@dataclass
class MaxPooling2D:
    padding: str = "valid"
    pool_size: tuple[int, int] = (2, 2)
    strides: tuple[int, int] = (2, 2)

    def compute(self, image: Weights) -> Weights:
        rows, columns, channels = image.shape
        return np.asarray(image.reshape(rows // 2, 2, columns // 2, 2, channels).max(axis=(1, 3)))


class Flatten(InputLayer):
    def compute(self, image: Weights) -> Weights:
        return image.reshape(-1)


Layer = InputLayer | ZeroPadding2D | Conv2D | MaxPooling2D


@dataclass
class KerasChain:
    """A network of layers one after the other."""

    layers: Sequence[Layer]

    def compute(self, image: Weights) -> Weights:
        for layer in self.layers:
            image = layer.compute(image)
        return image
