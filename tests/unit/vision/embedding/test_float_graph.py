"""Weights of 8 bits become plain numbers, once, and the network computes what it computed before."""

import numpy as np
import onnx
import pytest

from kiosk.errors import ModelError
from kiosk.vision.embedding.float_graph import float_graph, runnable_graph
from kiosk.vision.embedding.onnx_network import OnnxNetwork
from kiosk.vision.embedding.onnx_session import open_session
from tests.fakes.vision.onnx_graphs import quantised, sface_like

FACES = np.random.default_rng(2).uniform(0, 255, (3, 4, 4, 3)).astype(np.float32)


@pytest.mark.parametrize("block", [16, 12, 7])
def test_the_network_computes_what_the_published_one_computes(block: int) -> None:
    published = quantised(block=block)
    ours = OnnxNetwork(float_graph(published, name="small"), name="small", side=4, dimensions=6).run(FACES)
    session = open_session(runnable_graph(published), name="small")
    theirs = [session.run(None, {"data": face.transpose(2, 0, 1)[None]})[0][0] for face in FACES]
    assert np.allclose(ours, theirs, rtol=1e-4, atol=1e-3)


def test_only_the_picture_is_left_as_input_and_any_number_of_faces_fits() -> None:
    made = onnx.load_model_from_string(float_graph(quantised(), name="small"))
    assert [one.name for one in made.graph.input] == ["data"]
    assert [node.op_type for node in made.graph.node] == ["Flatten", "Gemm"]
    assert made.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "faces"


@pytest.mark.parametrize("data", [b"", b"no model", quantised()[:-40]])
def test_what_is_no_such_network_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="small is no network that this kiosk can read"):
        float_graph(data, name="small")


@pytest.mark.parametrize(("side", "dimensions"), [(112, 4), (96, 3)])
def test_another_network_is_refused(side: int, dimensions: int) -> None:
    with pytest.raises(ModelError, match="sface is another network"):
        OnnxNetwork(sface_like(), name="sface", side=side, dimensions=dimensions)


def test_nobody_gives_no_embedding() -> None:
    network = OnnxNetwork(float_graph(quantised(), name="small"), name="small", side=4, dimensions=6)
    assert network.run(np.empty((0, 4, 4, 3), np.float32)).shape == (0, 6)
