"""Graphs of ONNX take a face however their channels lie, and are refused when they are another network's."""

from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import ModelError
from kiosk.vision.embedding import onnx_session
from kiosk.vision.embedding.onnx_network import OnnxNetwork
from tests.fakes.vision.onnx_graphs import published

FACES = np.random.default_rng(2).uniform(0, 255, (11, 8, 8, 3)).astype(np.float32)


def network(graph: bytes | Path, *, unit_length: bool = False, dimensions: int = 6) -> OnnxNetwork:
    return OnnxNetwork(graph, name="net", side=8, dimensions=dimensions, unit_length=unit_length)


def test_channels_may_come_first_or_last() -> None:
    last = network(published(side=8, dimensions=6)).run(FACES)
    first = network(published(side=8, dimensions=6, last=False)).run(FACES)
    assert last.shape == (11, 6)
    assert np.allclose(last, first, rtol=1e-5)
    assert not np.allclose(last, network(published(side=8, dimensions=6)).run(FACES.transpose(0, 2, 1, 3)))


@pytest.mark.parametrize("batch", [1, "n"])
def test_a_graph_for_one_face_takes_several_one_by_one(batch: int | str) -> None:
    found = network(published(side=8, dimensions=6, batch=batch)).run(FACES)
    assert np.allclose(found, network(published(side=8, dimensions=6)).run(FACES), rtol=1e-5)


def test_a_graph_that_says_no_sizes_is_taken_as_deepface_publishes_them() -> None:
    vague = published(side=8, dimensions=6, fault="vague")
    assert np.allclose(
        network(vague).run(FACES), network(published(side=8, dimensions=6)).run(FACES), rtol=1e-5
    )
    with pytest.raises(ModelError, match="net is another network"):
        network(vague, dimensions=7).run(FACES)


@pytest.mark.parametrize(("side", "dimensions"), [(4, 6), (8, 5)])
@pytest.mark.parametrize("last", [True, False])
def test_a_graph_of_other_sizes_is_refused(side: int, dimensions: int, last: bool) -> None:
    with pytest.raises(ModelError, match="net is another network"):
        network(published(side=side, dimensions=dimensions, last=last))


def test_embeddings_are_of_unit_length_where_deepface_makes_them_so() -> None:
    graph = published(side=8, dimensions=6)
    plain, scaled = network(graph).run(FACES), network(graph, unit_length=True).run(FACES)
    assert np.allclose(np.linalg.norm(scaled, axis=1), 1, rtol=1e-5)
    assert np.allclose(scaled, plain / np.linalg.norm(plain, axis=1, keepdims=True), rtol=1e-5)


def test_a_large_graph_in_a_file_computes_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(published(side=8, dimensions=6))
    small = network(path).run(FACES)
    monkeypatch.setattr(onnx_session, "LARGE", 10)
    assert np.allclose(network(path).run(FACES), small, rtol=1e-5)


def test_a_file_that_is_no_graph_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    with pytest.raises(ModelError, match="net cannot be loaded"):
        network(path)
    whole = published(side=8, dimensions=6)
    for data in (b"", b"no graph", whole[: len(whole) // 2]):
        path.write_bytes(data)
        with pytest.raises(ModelError, match="net cannot be loaded"):
            network(path)
