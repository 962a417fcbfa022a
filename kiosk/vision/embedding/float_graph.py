"""Turns an ONNX network with block-quantised weights into the same network of 32-bit numbers, once, at install.

OpenCV Zoo publishes SFace also with weights of 8 bits and a scale a block (10.7 MB instead of 38.7); run as it is, each
picture would turn them back anew. Pure computation on the caller's thread, a second; `onnx` is imported by the call.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError
from kiosk.translation import _

BATCH: Final = "faces"
"""Name of the first dimension, which is of any length."""


def float_graph(model: bytes, *, name: str) -> bytes:
    """The serialized network with plain weights, its inputs only, and a batch of any size.

    Args:
        model: A serialized ONNX model.
        name: For the sentence when it is none.

    Raises:
        ModelError: It is no ONNX model, or is quantised in another way.
    """
    import onnx

    try:
        proto = _read(model)
        _put_weights_back(proto.graph)
        _free_batch(proto.graph)
        onnx.checker.check_model(proto)
    except (KeyError, ValueError, IndexError, onnx.checker.ValidationError) as error:
        raise ModelError(
            _("The file of {name} is no network that this kiosk can read ({error}).", name=name, error=error),
            _("Delete it and install the model again."),
        ) from error
    return bytes(proto.SerializeToString())


def runnable_graph(model: bytes) -> bytes:
    """The same network as it was published, without weights among its inputs: ONNX Runtime refuses those; for comparison."""
    proto = _read(model)
    read = {name for node in proto.graph.node for name in node.input}
    weights = {tensor.name for tensor in proto.graph.initializer}
    _keep(proto.graph.input, [one for one in proto.graph.input if one.name in read - weights])
    return bytes(proto.SerializeToString())


def _read(model: bytes) -> Any:
    """Raises ValueError: it is no ONNX model."""
    import onnx

    try:
        proto = onnx.load_model_from_string(model)
    except Exception as error:  # protobuf's own errors, which differ between its versions
        raise ValueError(str(error)) from error
    if not proto.graph.node:
        raise ValueError("it has no layers")
    return proto


def _put_weights_back(graph: Any) -> None:
    """Replace what the quantisation put before the layers by what it computes."""
    from onnx import numpy_helper

    weights = {tensor.name: tensor for tensor in graph.initializer}
    made: dict[str, NDArray[np.float32]] = {}
    nodes = []
    for node in graph.node:
        if node.op_type == "DequantizeLinear":
            parts = [numpy_helper.to_array(weights[one]) for one in node.input]
            values = {one.name: int(one.i) for one in node.attribute}
            made[node.output[0]] = _plain(
                parts, axis=values.get("axis", 1), block=values.get("block_size", 0)
            )
        elif node.op_type == "Reshape" and node.input[0] in made:
            shape = numpy_helper.to_array(weights[node.input[1]])
            made[node.output[0]] = made.pop(node.input[0]).reshape(shape)
        else:
            nodes.append(node)
    used = {name for node in nodes for name in node.input}
    kept = [tensor for name, tensor in weights.items() if name in used and name not in made]
    plain = [numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in made.items()]
    known = {tensor.name for tensor in (*kept, *plain)}
    _keep(graph.node, nodes)
    _keep(graph.initializer, [*kept, *plain])
    _keep(graph.input, [one for one in graph.input if one.name in used and one.name not in known])
    _keep(graph.value_info, [])


def _plain(parts: list[NDArray[Any]], *, axis: int, block: int) -> NDArray[np.float32]:
    """(quantised - zero point) * scale; scales and zero points stand for `block` numbers each along `axis`."""
    quantised, scales, *zeros = parts
    if block:
        places = np.arange(quantised.shape[axis])
        scales = np.take(np.repeat(scales, block, axis=axis), places, axis=axis)
        zeros = [np.take(np.repeat(zero, block, axis=axis), places, axis=axis) for zero in zeros]
    elif scales.ndim == 1:
        shape = [1] * quantised.ndim
        shape[axis] = -1
        scales, zeros = scales.reshape(shape), [zero.reshape(shape) for zero in zeros]
    centred = quantised.astype(np.float32) - (zeros[0].astype(np.float32) if zeros else np.float32(0))
    return np.asarray(centred * scales, np.float32)


def _free_batch(graph: Any) -> None:
    for one in (*graph.input, *graph.output):
        one.type.tensor_type.shape.dim[0].dim_param = BATCH


def _keep(field: Any, items: list[Any]) -> None:
    del field[:]
    field.extend(items)
