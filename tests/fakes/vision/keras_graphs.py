"""Writes deepface's TensorFlow networks as ONNX graphs that take channels last, as deepface publishes them.

The published files cannot be had here: these have the same layers, weights, input and output. Imports no TensorFlow itself.
"""

from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ACTIVATIONS: Final = {"relu": "Relu", "linear": "Identity"}


def onnx_of(model: Any) -> bytes:
    """The serialized graph of a Keras network, (n, side, side, 3) to (n, dimensions)."""
    return _Writer().write(model)


class _Writer:
    """Nodes and weights so far; a node's output bears the name of its Keras tensor."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def write(self, model: Any) -> bytes:
        for layer in model.layers:
            taken = layer.input if isinstance(layer.input, list) else [layer.input]
            self._layer(layer, [one.name for one in taken], layer.output.name)
        side, dimensions = model.input_shape[1], model.output_shape[-1]
        given = model.output.name
        graph = helper.make_graph(
            self._nodes,
            "published",
            [helper.make_tensor_value_info("faces", TensorProto.FLOAT, ["n", side, side, 3])],
            [helper.make_tensor_value_info(given, TensorProto.FLOAT, ["n", dimensions])],
            self._weights,
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        return bytes(made.SerializeToString())

    def _layer(self, layer: Any, taken: list[str], given: str) -> None:
        match type(layer).__name__:
            case "InputLayer":
                self._node("Transpose", ["faces"], given, perm=[0, 3, 1, 2])
            case "Conv2D":
                self._convolution(layer, taken, given)
            case "BatchNormalization":
                self._normalisation(layer, taken, given)
            case "Activation":
                self._node(ACTIVATIONS[layer.activation.__name__], taken, given)
            case "MaxPooling2D":
                self._node("MaxPool", taken, given, kernel_shape=layer.pool_size, strides=layer.strides)
            case "Concatenate":
                self._node("Concat", taken, given, axis=1)
            case "GlobalAveragePooling2D":
                self._node("ReduceMean", taken, given, axes=[2, 3], keepdims=0)
            case "Flatten":
                self._node("Transpose", taken, given + "/last", perm=[0, 2, 3, 1])
                self._node("Flatten", [given + "/last"], given)
            case "Add" | "Dropout" as kind:
                self._node("Add" if kind == "Add" else "Identity", taken, given)
            case kind:
                self._with_a_weight(kind, layer, taken, given)

    def _with_a_weight(self, kind: str, layer: Any, taken: list[str], given: str) -> None:
        match kind:
            case "Dense":
                operator, value = "MatMul", layer.kernel
            case "Lambda":
                operator, value = "Mul", np.float32(layer.arguments["scale"])
            case "ZeroPadding2D":
                (top, bottom), (left, right) = layer.padding
                operator, value = "Pad", np.array([0, 0, top, left, 0, 0, bottom, right])
            case _:
                raise NotImplementedError(kind)
        self._node(operator, [*taken, self._weight(given + "/weight", value)], given)

    def _convolution(self, layer: Any, taken: list[str], given: str) -> None:
        kernel = np.ascontiguousarray(np.asarray(layer.kernel).transpose(3, 2, 0, 1))
        weights = [self._weight(given + "/kernel", kernel)]
        if layer.use_bias:
            weights.append(self._weight(given + "/bias", layer.bias))
        padding = {"same": "SAME_UPPER", "valid": "VALID"}[layer.padding]
        self._node("Conv", [*taken, *weights], given + "/plain", auto_pad=padding, strides=layer.strides)
        self._node(ACTIVATIONS[layer.activation.__name__], [given + "/plain"], given)

    def _normalisation(self, layer: Any, taken: list[str], given: str) -> None:
        shift = np.asarray(layer.beta)
        scale = np.asarray(layer.gamma) if layer.scale else np.ones_like(shift)
        values = (scale, shift, layer.moving_mean, layer.moving_variance)
        weights = [self._weight(f"{given}/{number}", value) for number, value in enumerate(values)]
        self._node("BatchNormalization", [*taken, *weights], given, epsilon=layer.epsilon)

    def _node(self, kind: str, taken: list[str], given: str, **attributes: Any) -> None:
        self._nodes.append(helper.make_node(kind, taken, [given], **attributes))

    def _weight(self, name: str, value: Any) -> str:
        self._weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name
