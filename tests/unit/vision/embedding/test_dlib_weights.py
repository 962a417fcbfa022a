"""dlib's serialization is read, and anything else is refused."""

import numpy as np
import pytest

from kiosk.errors import ModelError
from kiosk.vision.embedding.dlib_weights import BLOCKS, ResNetWeights, parse_weights
from kiosk.vision.embedding.package_data import package_model


@pytest.fixture(scope="module")
def data() -> bytes:
    return package_model("dlib_face_recognition_resnet_model_v1.dat").read_bytes()


@pytest.fixture(scope="module")
def weights(data: bytes) -> ResNetWeights:
    return parse_weights(data)


def test_network_has_29_layers_in_the_order_of_computation(weights: ResNetWeights) -> None:
    assert weights.stem.filters.shape == (32, 3, 7, 7)
    assert [(len(block.first.bias), block.stride) for block in weights.blocks] == list(BLOCKS)
    assert len(weights.blocks) * 2 + 1 == 29
    assert weights.blocks[3].first.filters.shape == (64, 32, 3, 3)
    assert weights.output.shape == (256, 128)


def test_affine_layers_are_folded_in_double_precision(weights: ResNetWeights) -> None:
    assert weights.stem.filters.dtype == np.float64
    assert np.isfinite(weights.stem.filters).all()
    # Trained filters, not the zeros or noise of a wrong offset.
    assert 1e-3 < float(np.abs(weights.stem.filters).mean()) < 1.0


def test_cut_off_file_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="not in the expected form"):
        parse_weights(data[: len(data) // 2])


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ModelError, match="not in the expected form"):
        parse_weights(bytes(100_000))


def test_values_that_are_no_numbers_are_refused(data: bytes) -> None:
    spoilt = bytearray(data)
    spoilt[5000:5200] = b"\xff" * 200
    with pytest.raises(ModelError, match="damaged"):
        parse_weights(bytes(spoilt))
