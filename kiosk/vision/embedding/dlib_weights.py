"""The weights of dlib's face ResNet, read from dlib's own serialization.

Source: dlib `dlib/serialize.h` (integers), `dlib/cuda/tensor.h` (tensors) and `tools/python/src/face_recognition.cpp`
(`anet_type`, the network). An integer is a control byte (low four bits: number of bytes, bit 7: sign) and that many
bytes, little-endian. A tensor is version 2, four sizes (samples, k, rows, columns), then that many little-endian
float32. Layers stand innermost first, so the parameter tensors come in the order of computation, with small headers
between them. Pure computation, on the thread that makes the model file.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError
from kiosk.translation import _

CHIP_SIDE: Final = 150
"""Rows and columns of the aligned face that goes in."""
DIMENSIONS: Final = 128
STEM_CHANNELS: Final = 32
BLOCKS: Final = (
    *((32, 1),) * 3,
    (64, 2),
    *((64, 1),) * 3,
    (128, 2),
    *((128, 1),) * 2,
    (256, 2),
    *((256, 1),) * 2,
    (256, 2),
)
"""(channels, stride) of the 14 residual blocks, from the input on."""

_TENSOR_VERSION: Final = 2
_HEADER_LIMIT: Final = 1024
"""Bytes searched for the next tensor; the largest gap in the published file is 341."""


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """A convolution with the affine layer behind it folded in.

    Attributes:
        filters: (out, in, rows, columns) float64.
        bias: (out,) float64.
    """

    filters: NDArray[np.float64]
    bias: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ResidualBlock:
    """Two convolutions; `stride` is that of the first one."""

    first: Convolution
    second: Convolution
    stride: int


@dataclass(frozen=True, slots=True, eq=False)
class ResNetWeights:
    """The whole network. `output` is (256, 128) float32, applied as a product from the right."""

    stem: Convolution
    blocks: tuple[ResidualBlock, ...]
    output: NDArray[np.float32]


def parse_weights(data: bytes) -> ResNetWeights:
    """Take the network out of the bytes of `dlib_face_recognition_resnet_model_v1.dat`.

    Raises:
        ModelError: The bytes are not that network.
    """
    reader = _TensorReader(data)
    stem = reader.convolution(STEM_CHANNELS, 3, 7)
    blocks: list[ResidualBlock] = []
    channels = STEM_CHANNELS
    for wider, stride in BLOCKS:
        first = reader.convolution(wider, channels, 3)
        second = reader.convolution(wider, wider, 3)
        blocks.append(ResidualBlock(first, second, stride))
        channels = wider
    output = reader.tensor(channels, DIMENSIONS, 1, 1).reshape(channels, DIMENSIONS)
    return ResNetWeights(stem, tuple(blocks), output)


class _TensorReader:
    """Walks over the file from one parameter tensor to the next."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def convolution(self, outputs: int, inputs: int, side: int) -> Convolution:
        count = outputs * inputs * side * side
        plain = self.tensor(count + outputs, 1, 1, 1).astype(np.float64)
        affine = self.tensor(2 * outputs, 1, 1, 1).astype(np.float64)
        scale, offset = affine[:outputs], affine[outputs:]
        filters = plain[:count].reshape(outputs, inputs, side, side)
        return Convolution(filters * scale[:, None, None, None], plain[count:] * scale + offset)

    def tensor(self, *shape: int) -> NDArray[np.float32]:
        """The next tensor of exactly these four sizes, flat."""
        mark = b"".join(_integer(value) for value in (_TENSOR_VERSION, *shape))
        found = self._data.find(mark, self._position, self._position + _HEADER_LIMIT + len(mark))
        begin = found + len(mark)
        count = int(np.prod(shape))
        if found < 0 or begin + 4 * count > len(self._data):
            raise ModelError(
                _("The built-in face model's weights are not in the expected form."),
                _("Install the Python package face_recognition_models again."),
            )
        self._position = begin + 4 * count
        values = np.frombuffer(self._data, "<f4", count, begin)
        if not np.isfinite(values).all():
            raise ModelError(
                _("The built-in face model's weights are damaged."),
                _("Install the Python package face_recognition_models again."),
            )
        return values.astype(np.float32)


def _integer(value: int) -> bytes:
    """A positive integer as dlib writes it."""
    digits = value.to_bytes((value.bit_length() + 7) // 8, "little")
    return bytes([len(digits)]) + digits
