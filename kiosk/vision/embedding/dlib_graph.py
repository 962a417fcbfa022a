"""dlib's face ResNet as an ONNX graph.

Source of the network: dlib `tools/python/src/face_recognition.cpp` (`anet_type`), padding rules in `dlib/dnn/layers.h`.
The graph takes chips as they are cut, uint8 RGB, and holds the pre-processing itself: dlib's mean and scale are
folded into the first convolution (it has no padding, so that is exact), affine layers into the convolutions before
them, all in float64. Pure computation, on the thread that makes the model file.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from kiosk.vision.embedding.dlib_weights import (
    CHIP_SIDE,
    DIMENSIONS,
    STEM_CHANNELS,
    Convolution,
    ResidualBlock,
    ResNetWeights,
)

INPUT: Final = "chips"
OUTPUT: Final = "embeddings"

_OPSET: Final = 17
_IR_VERSION: Final = 8
_MEAN_RGB: Final = (122.782, 117.001, 104.298)
_SCALE: Final = 256.0
"""dlib `input_rgb_image_sized`: subtract the mean, divide by 256."""
_STEM_SIDE: Final = 35
"""Rows and columns after the stem: 150 → 72 (7×7, stride 2) → 35 (pool 3×3, stride 2)."""


def build_graph(weights: ResNetWeights) -> bytes:
    """The network as a serialized ONNX model.

    Input `chips`: (faces, 150, 150, 3) uint8 RGB. Output `embeddings`: (faces, 128) float32. The same weights give
    the same bytes.
    """
    builder = _Builder()
    builder.node("Cast", [INPUT], "cast", to=TensorProto.FLOAT)
    builder.node("Transpose", ["cast"], "planes", perm=[0, 3, 1, 2])
    stem = builder.convolution("planes", "stem", _with_input(weights.stem), stride=2)
    stem = builder.node("Relu", [stem], "stem_relu")
    value = builder.node("MaxPool", [stem], "stem_pool", kernel_shape=[3, 3], strides=[2, 2])
    channels, side = STEM_CHANNELS, _STEM_SIDE
    for number, block in enumerate(weights.blocks):
        value, side = builder.block(value, f"block{number}", block, channels, side)
        channels = len(block.first.bias)
    value = builder.node("GlobalAveragePool", [value], "average")
    value = builder.node("Flatten", [value], "flat")
    builder.constant("projection", weights.output)
    builder.node("MatMul", [value, "projection"], OUTPUT)
    return builder.finish()


def _with_input(stem: Convolution) -> Convolution:
    """The first convolution with mean and scale folded in."""
    mean = np.array(_MEAN_RGB, dtype=np.float32).astype(np.float64)
    filters = stem.filters / _SCALE
    return Convolution(filters, stem.bias - (filters * mean[None, :, None, None]).sum((1, 2, 3)))


class _Builder:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: int | Sequence[int]) -> str:
        made = helper.make_node(kind, inputs, [output], name=output)
        made.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
        self._nodes.append(made)
        return output

    def constant(self, name: str, value: NDArray[np.float32] | NDArray[np.int64]) -> str:
        self._constants.append(numpy_helper.from_array(value, name))
        return name

    def convolution(self, value: str, name: str, layer: Convolution, *, stride: int, padding: int = 0) -> str:
        filters = self.constant(f"{name}_filters", layer.filters.astype(np.float32))
        bias = self.constant(f"{name}_bias", layer.bias.astype(np.float32))
        side = layer.filters.shape[-1]
        return self.node(
            "Conv",
            [value, filters, bias],
            name,
            kernel_shape=[side, side],
            strides=[stride, stride],
            pads=[padding] * 4,
        )

    def block(self, value: str, name: str, block: ResidualBlock, channels: int, side: int) -> tuple[str, int]:
        """A residual block; returns its output and that one's rows (= columns)."""
        down = block.stride == 2
        branch = self.convolution(
            value, f"{name}_first", block.first, stride=block.stride, padding=0 if down else 1
        )
        branch = self.node("Relu", [branch], f"{name}_relu")
        branch = self.convolution(branch, f"{name}_second", block.second, stride=1, padding=1)
        shortcut = value
        if down:
            wider = len(block.first.bias) - channels
            convolved, pooled = (side - 3) // 2 + 1, side // 2
            side = max(convolved, pooled)
            shortcut = self.node("AveragePool", [value], f"{name}_pool", kernel_shape=[2, 2], strides=[2, 2])
            shortcut = self._pad(shortcut, f"{name}_wide", wider, side - pooled)
            branch = self._pad(branch, f"{name}_large", 0, side - convolved)
        total = self.node("Add", [branch, shortcut], f"{name}_sum")
        return self.node("Relu", [total], f"{name}_out"), side

    def _pad(self, value: str, name: str, channels: int, pixels: int) -> str:
        """Zeros at the end of channels, rows and columns, as dlib's `add_prev` does."""
        if channels == 0 and pixels == 0:
            return value
        ends = np.array([0, 0, 0, 0, 0, channels, pixels, pixels], dtype=np.int64)
        return self.node("Pad", [value, self.constant(f"{name}_ends", ends)], name)

    def finish(self) -> bytes:
        chips = helper.make_tensor_value_info(INPUT, TensorProto.UINT8, ["faces", CHIP_SIDE, CHIP_SIDE, 3])
        vectors = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["faces", DIMENSIONS])
        graph = helper.make_graph(self._nodes, "dlib-resnet-v1", [chips], [vectors], self._constants)
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", _OPSET)],
            ir_version=_IR_VERSION,
            producer_name="kiosk",
        )
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))
