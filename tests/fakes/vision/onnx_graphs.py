"""Small ONNX networks made by hand."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper


def sface_like() -> bytes:
    """Takes what SFace takes, (1, 3, 112, 112), and gives (1, 3): the mean of each colour."""
    node = helper.make_node("ReduceMean", ["data", "axes"], ["fc1"], keepdims=0)
    graph = helper.make_graph(
        [node],
        "sface",
        [helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 112, 112])],
        [helper.make_tensor_value_info("fc1", TensorProto.FLOAT, [1, 3])],
        [numpy_helper.from_array(np.array([2, 3], np.int64), "axes")],
    )
    return serialized(graph)


def quantised(
    *, side: int = 4, dimensions: int = 6, block: int = 16, layer: str = "DequantizeLinear"
) -> bytes:
    """A layer from (1, 3, side, side) to (1, dimensions) with weights of 8 bits and a scale for each `block` of them.

    Its weights stand among the graph's inputs, as in OpenCV Zoo's files.
    """
    values: tuple[NDArray[Any], ...] = quantised_weights(side=side, dimensions=dimensions, block=block)
    names = ("quantised", "scales", "zeros", "shape", "bias")
    tensors = [numpy_helper.from_array(value, name) for name, value in zip(names, values, strict=True)]
    nodes = [
        helper.make_node(layer, ["quantised", "scales", "zeros"], ["dequantised"], axis=1, block_size=block),
        helper.make_node("Reshape", ["dequantised", "shape"], ["weight"]),
        helper.make_node("Flatten", ["data"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weight", "bias"], ["fc1"], transB=1),
    ]
    picture = helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, side, side])
    weight = helper.make_tensor_value_info(
        "weight_of_training", TensorProto.FLOAT, [dimensions, 3 * side * side]
    )
    others = [helper.make_tensor_value_info(one.name, one.data_type, list(one.dims)) for one in tensors]
    found = helper.make_tensor_value_info("fc1", TensorProto.FLOAT, [1, dimensions])
    return serialized(helper.make_graph(nodes, "quantised", [picture, weight, *others], [found], tensors))


def quantised_weights(
    *, side: int, dimensions: int, block: int
) -> tuple[NDArray[np.int8], NDArray[np.float32], NDArray[np.int8], NDArray[np.int64], NDArray[np.float32]]:
    """Weights, scales, zero points, shape and bias of `quantised`."""
    random = np.random.default_rng(11)
    length = 3 * side * side
    blocks = -(-length // block)
    return (
        random.integers(-128, 128, (dimensions, length), dtype=np.int8),
        random.uniform(0.001, 0.02, (dimensions, blocks)).astype(np.float32),
        random.integers(-5, 6, (dimensions, blocks), dtype=np.int8),
        np.array([dimensions, length], np.int64),
        random.normal(size=dimensions).astype(np.float32),
    )


def serialized(graph: onnx.GraphProto) -> bytes:
    """As OpenCV Zoo's files are: opset 21."""
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return bytes(model.SerializeToString())
