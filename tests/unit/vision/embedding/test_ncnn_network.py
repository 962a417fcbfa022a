"""VGG-Face's kind of network in ncnn: what it computes, files that it refuses, and that others run meanwhile."""

import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.errors import ModelError
from kiosk.vision.embedding.converted_network import open_network
from kiosk.vision.embedding.deepface_networks import NETWORKS, DeepfaceNetwork
from kiosk.vision.embedding.ncnn_file import (
    INPUT,
    OUTPUT,
    VGG_FACE,
    Convolution,
    Halving,
    Plan,
    is_file_of,
    write_weights,
)
from kiosk.vision.embedding.ncnn_network import NcnnNetwork
from tests.fakes.vision import keras_layers as keras
from tests.fakes.vision.keras_layers import KerasChain

PLAN = Plan(
    16,
    (
        Convolution(3, 16, kernel=3, padding=1),
        Convolution(16, 16, kernel=3, padding=1),
        Halving(),
        Convolution(16, 24, kernel=8, padding=0, parts=3),
        Convolution(24, 10, kernel=1, padding=0),
    ),
)
FACTS = replace(NETWORKS["facenet128"], name="small", side=16, dimensions=10)


def convolution(inputs: int, outputs: int, side: int) -> keras.Conv2D:
    random = np.random.default_rng((inputs, outputs, side))
    kernel = random.standard_normal((side, side, inputs, outputs)).astype(np.float32)
    kernel *= np.float32(np.sqrt(2 / (side * side * inputs)))
    return keras.Conv2D(kernel, random.standard_normal(outputs).astype(np.float32))


@pytest.fixture(scope="module")
def model() -> KerasChain:
    return KerasChain(
        [
            keras.InputLayer(),
            keras.ZeroPadding2D(),
            convolution(3, 16, 3),
            keras.ZeroPadding2D(),
            convolution(16, 16, 3),
            keras.MaxPooling2D(),
            convolution(16, 24, 8),
            keras.Dropout(),
            convolution(24, 10, 1),
            keras.Flatten(),
        ]
    )


@pytest.fixture(scope="module")
def written(model: KerasChain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "small.ncnn"
    write_weights(model, PLAN, path)
    return path


def loaded(path: Path, facts: DeepfaceNetwork = FACTS) -> NcnnNetwork:
    return NcnnNetwork(path, facts, plan=PLAN)


def faces(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(5).random((count, 16, 16, 3), dtype=np.float32)


def test_it_computes_what_the_layers_say(model: KerasChain, written: Path) -> None:
    inputs = faces(5)
    theirs = np.array([model.compute(face) for face in inputs])
    assert (theirs > 0).mean() > 0.2, "everything behind a closed rectifier would compare nothing"
    ours = loaded(written).run(inputs)
    assert ours.shape == (5, 10)
    assert np.allclose(ours, theirs, rtol=1e-4, atol=1e-4)
    assert loaded(written).run(inputs[:0]).shape == (0, 10)


def test_vectors_have_unit_length_where_deepface_makes_them_so(written: Path) -> None:
    plain = loaded(written).run(faces(2))
    unit = loaded(written, replace(FACTS, unit_length=True)).run(faces(2))
    assert np.allclose(unit, plain / np.linalg.norm(plain, axis=1, keepdims=True), rtol=1e-5)


def test_the_plan_of_vgg_face_has_its_weights() -> None:
    assert VGG_FACE.dimensions == 4096
    weights = 14_714_688 + 512 * 49 * 4096 + 4096 + 4096 * 4096 + 4096
    assert VGG_FACE.file_bytes() == 4 * (weights + 13 + 8 + 1)
    assert len(list(VGG_FACE.tag_offsets())) == 22


@pytest.mark.parametrize("harm", ["cut", "longer", "empty", "tag", "gone", "a folder"])
def test_a_file_that_is_not_such_a_network_is_refused(written: Path, tmp_path: Path, harm: str) -> None:
    data = written.read_bytes()
    path = tmp_path / "harmed.ncnn"
    offset = list(PLAN.tag_offsets())[3]
    files = {
        "cut": data[: len(data) // 2],
        "longer": data + b"\0\0\0\0",
        "empty": b"",
        "tag": data[:offset] + b"\x47\x6b\x30\x01" + data[offset + 4 :],  # ncnn's tag for 16-bit numbers
    }
    if harm == "a folder":
        path.mkdir()
    elif harm in files:
        path.write_bytes(files[harm])
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        loaded(path)
    assert "install small" in caught.value.hint


def test_any_numbers_can_be_run(tmp_path: Path) -> None:
    path = tmp_path / "numbers.ncnn"
    for number in (0.0, np.nan, np.inf, 3e38):
        data = bytearray(np.full(PLAN.file_bytes() // 4, number, "<f4").tobytes())
        for offset in PLAN.tag_offsets():
            data[offset : offset + 4] = bytes(4)
        path.write_bytes(data)
        assert loaded(path).run(faces(1)).shape == (1, 10)


def test_another_network_is_refused(written: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        loaded(written, replace(FACTS, side=32))
    with pytest.raises(ModelError, match="vggface cannot be loaded"):
        open_network(written, NETWORKS["vggface"])
    right_size = tmp_path / "facenet512.ncnn"
    with right_size.open("wb") as file:
        file.truncate(VGG_FACE.file_bytes())
    assert is_file_of(right_size, VGG_FACE)
    with pytest.raises(ModelError, match="facenet512 cannot be loaded"):
        open_network(right_size, NETWORKS["facenet512"])
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_network(written.with_suffix(".bin"), NETWORKS["vggface"])


@pytest.mark.parametrize(
    "change", ["stride", "activation", "padding", "pool", "one less", "other layer", "wider"]
)
def test_a_network_of_other_layers_is_not_written(model: KerasChain, tmp_path: Path, change: str) -> None:
    layers = list(model.layers)
    second = layers[4]
    assert isinstance(second, keras.Conv2D)
    match change:
        case "stride":
            layers[4] = replace(second, strides=(2, 2))
        case "activation":
            layers[4] = replace(second, activation=keras.tanh)
        case "padding":
            layers[3] = keras.ZeroPadding2D(((0, 1), (0, 1)))
        case "pool":
            layers[5] = keras.MaxPooling2D(pool_size=(3, 3))
        case "one less":
            del layers[8]
        case "other layer":
            layers.append(keras.Activation())
        case "wider":
            layers[8] = convolution(24, 12, 1)
    with pytest.raises(ModelError, match="other layers"):
        write_weights(KerasChain(layers), PLAN, tmp_path / "not.ncnn")
    assert not (tmp_path / "not.ncnn").exists()


def test_others_run_while_a_face_is_computed(written: Path) -> None:
    """With a switch interval of a minute, a waiting thread goes on only where the interpreter lock is let go of."""
    net = loaded(written)._net
    planes = np.ascontiguousarray(faces(1)[0].transpose(2, 0, 1))
    extractors = [net.create_extractor() for _ in range(20_000)]
    for extractor in extractors:
        extractor.input(INPUT, sys.modules["ncnn"].Mat(planes))
    gate, went_on = threading.Lock(), []
    gate.acquire()

    def wait() -> None:
        with gate:
            went_on.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(60)
    try:
        gate.release()
        computed = 0
        for extractor in extractors:
            if went_on:
                break
            extractor.extract(OUTPUT)
            computed += 1
    finally:
        sys.setswitchinterval(interval)
        waiting.join()
    assert 0 < computed < len(extractors)
