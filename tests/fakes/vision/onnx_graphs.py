"""Small ONNX networks made by hand."""

from typing import Any, Literal

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


Fault = Literal["", "constant", "nan", "random", "vague"]


def published(
    *, side: int, dimensions: int, last: bool = True, batch: int | str = "n", fault: Fault = ""
) -> bytes:
    """Takes faces of (batch, side, side, 3), or channels first; gives random projections of a face's sixteen parts.

    Args:
        side: Rows and columns.
        dimensions: Length of an embedding.
        last: Whether channels come last.
        batch: How many faces, or a name for any number.
        fault: All faces give the same, numbers that are none, or something new each time; ``vague`` says no sizes.
    """
    random = np.random.default_rng(5)
    spread = random.normal(size=(48, dimensions)).astype(np.float32)
    part = side // 4
    nodes = [
        helper.make_node("Transpose" if last else "Identity", ["faces"], ["first"]),
        helper.make_node(
            "AveragePool", ["first"], ["parts"], kernel_shape=[part, part], strides=[part, part]
        ),
        helper.make_node("Flatten", ["parts"], ["flat"]),
        helper.make_node("MatMul", ["flat", "spread"], ["plain"]),
    ]
    if last:
        nodes[0].attribute.append(helper.make_attribute("perm", [0, 3, 1, 2]))
    match fault:
        case "constant":
            nodes += [
                helper.make_node("Sub", ["plain", "plain"], ["zero"]),
                helper.make_node("Exp", ["zero"], ["embedding"]),
            ]
        case "nan":
            nodes.append(helper.make_node("Sqrt", ["plain"], ["embedding"]))
        case "random":
            nodes += [
                helper.make_node("RandomNormalLike", ["plain"], ["noise"]),
                helper.make_node("Add", ["plain", "noise"], ["embedding"]),
            ]
        case "" | "vague":
            nodes.append(helper.make_node("Identity", ["plain"], ["embedding"]))
    shape: list[int | str] = [side, side, 3] if last else [3, side, side]
    open_shape: list[int | str] = [f"size {number}" for number in range(3)]
    graph = helper.make_graph(
        nodes,
        "published",
        [
            helper.make_tensor_value_info(
                "faces", TensorProto.FLOAT, [batch, *(open_shape if fault == "vague" else shape)]
            )
        ],
        [
            helper.make_tensor_value_info(
                "embedding", TensorProto.FLOAT, [batch, "length" if fault == "vague" else dimensions]
            )
        ],
        [numpy_helper.from_array(spread, "spread")],
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
